package main

import (
	"fmt"

	"github.com/spf13/cobra"
)

func newQueueAcknowledge() *cobra.Command {
	var target client
	cmd := &cobra.Command{
		Use:   "acknowledge",
		Short: "Say that you have looked at the dead letters",
		Long: "Say that you have looked at the dead letters that there are. Revenue among them degrades the health of the host\n" +
			"until they are put back or dropped, or until this is said. The dead letters stay.",
		Args: usage(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := target.admin().Acknowledge(cmd.Context()); err != nil {
				return err
			}
			_, err := fmt.Fprintln(cmd.OutOrStdout(), "acknowledged")
			return err
		},
	}
	target.flags(cmd.Flags())
	return cmd
}

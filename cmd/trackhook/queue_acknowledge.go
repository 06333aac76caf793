package main

import (
	"fmt"

	"github.com/spf13/cobra"
)

func newQueueAcknowledge() *cobra.Command {
	var target client
	cmd := &cobra.Command{
		Use:   "acknowledge",
		Short: "Say that you have looked at the dead letters, and at what plugins have lost",
		Long: "Say that you have looked at the dead letters that there are, and at what plugins have lost. Revenue that died\n" +
			"degrades the health of the host until it is put back or dropped, or until this is said; so do responses that were\n" +
			"gone from the log before a plugin came to them, which `trackhook plugin list` counts. The dead letters stay.",
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

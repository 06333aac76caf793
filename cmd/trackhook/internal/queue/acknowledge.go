package queue

import (
	"fmt"

	"github.com/spf13/cobra"

	"trackhook/cmd/trackhook/internal/command"
)

func newAcknowledge() *cobra.Command {
	var target command.Client
	cmd := &cobra.Command{
		Use:   "acknowledge",
		Short: "Say that you have looked at the dead letters",
		Long: "Say that you have looked at the dead letters that there are. Revenue among them degrades the health of the host\n" +
			"until they are put back or dropped, or until this is said. The dead letters stay.",
		Args: command.Args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := target.Admin().Acknowledge(cmd.Context()); err != nil {
				return err
			}
			_, err := fmt.Fprintln(cmd.OutOrStdout(), "acknowledged")
			return err
		},
	}
	target.Flags(cmd.Flags())
	return cmd
}

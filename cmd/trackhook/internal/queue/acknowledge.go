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
		Short: "Say that you have looked at the dead letters, and at what plugins have lost",
		Long: "Say that you have looked at the dead letters that there are, and at what plugins have lost. Revenue that died\n" +
			"degrades the health of the host until it is put back or dropped, or until this is said; so do responses that were\n" +
			"gone from the log before a plugin came to them, which `trackhook plugin list` counts. The dead letters stay.",
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

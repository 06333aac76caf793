package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"trackhook/cmd/trackhook/internal/command"
	"trackhook/cmd/trackhook/internal/terminal"
)

func newPluginForget() *cobra.Command {
	var target command.Client
	var sure command.Confirm
	cmd := &cobra.Command{
		Use:   "forget NAME...",
		Short: "Give up what a running host keeps of plugins that were removed",
		Long: "Give up what a running host keeps of plugins that are not in its plugins folder any more: the place in the log,\n" +
			"with the answers that still wait for it, the localStorage, and the sources of the versions that ran. Should such a\n" +
			"plugin come back, it is new and begins with the next answer. `plugin list` shows them as removed.\n\nIt asks first. Where nobody can be asked, --yes is needed.",
		Args: command.Args(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, names []string) error {
			if goOn, err := sure.Agreed(cmd, "give up what is kept of "+terminal.Number(len(names), "plugin")+": "+strings.Join(names, ", ")); !goOn || err != nil {
				return err
			}
			for _, name := range names {
				if err := target.Admin().ForgetPlugin(cmd.Context(), name); err != nil {
					return err
				}
				if _, err := fmt.Fprintln(cmd.OutOrStdout(), "forgot", terminal.OneLine(name)); err != nil {
					return err
				}
			}
			return nil
		},
	}
	target.Flags(cmd.Flags())
	sure.Flags(cmd.Flags())
	return cmd
}

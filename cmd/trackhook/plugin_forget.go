package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

func newPluginForget() *cobra.Command {
	var target client
	var sure confirm
	cmd := &cobra.Command{
		Use:   "forget NAME...",
		Short: "Give up what a running host keeps of plugins that were removed",
		Long: "Give up what a running host keeps of plugins that are not in its plugins folder any more: the place in the log,\n" +
			"with the answers that still wait for it, the localStorage, and the sources of the versions that ran. Should such a\n" +
			"plugin come back, it is new and begins with the next answer. `plugin list` shows them as removed.\n\nIt asks first. Where nobody can be asked, --yes is needed.",
		Args: usage(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, names []string) error {
			if goOn, err := sure.agreed(cmd, "give up what is kept of "+number(len(names), "plugin")+": "+strings.Join(names, ", ")); !goOn || err != nil {
				return err
			}
			for _, name := range names {
				if err := target.admin().ForgetPlugin(cmd.Context(), name); err != nil {
					return err
				}
				if _, err := fmt.Fprintln(cmd.OutOrStdout(), "forgot", oneLine(name)); err != nil {
					return err
				}
			}
			return nil
		},
	}
	target.flags(cmd.Flags())
	sure.flags(cmd.Flags())
	return cmd
}

package main

import (
	"fmt"

	"github.com/spf13/cobra"
)

func newPluginForget() *cobra.Command {
	var target client
	cmd := &cobra.Command{
		Use:   "forget NAME...",
		Short: "Give up what a running host keeps of plugins that were removed",
		Long: "Give up what a running host keeps of plugins that are not in its plugins folder any more: the place in the log,\n" +
			"with the answers that still wait for it, the localStorage, and the sources of the versions that ran. Should such a\n" +
			"plugin come back, it is new and begins with the next answer. `plugin list` shows them as removed.",
		Args: usage(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, names []string) error {
			for _, name := range names {
				if err := target.admin().ForgetPlugin(cmd.Context(), name); err != nil {
					return err
				}
				if _, err := fmt.Fprintln(cmd.OutOrStdout(), "forgot", name); err != nil {
					return err
				}
			}
			return nil
		},
	}
	target.flags(cmd.Flags())
	return cmd
}

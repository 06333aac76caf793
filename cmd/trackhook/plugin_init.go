package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"trackhook/cmd/trackhook/internal/command"
	"trackhook/cmd/trackhook/internal/terminal"
	"trackhook/plugins"
	"trackhook/scripting"
)

func newPluginInit() *cobra.Command {
	dir := "plugins"
	cmd := &cobra.Command{
		Use:   "init",
		Short: "Make a plugins folder with a first script, and help editors to complete names",
		Long: "Make the plugins folder with a first script and the guide where there is none, and write trackhook.d.ts and\n" +
			"jsconfig.json into it, so that editors complete names in plain JavaScript. A jsconfig.json that is there stays.",
		Args: command.Args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			created, err := plugins.Create(dir)
			if err != nil {
				return err
			}
			if created {
				fmt.Fprintf(cmd.OutOrStdout(), "made %s with a first script, outcomes.js, and the guide, README.md\n", terminal.OneLine(dir))
			}
			written, err := scripting.WriteEditorFiles(dir)
			for _, name := range written {
				fmt.Fprintln(cmd.OutOrStdout(), "wrote", terminal.OneLine(name))
			}
			return err
		},
	}
	cmd.Flags().StringVar(&dir, "plugins", dir, "folder of the scripts")
	return cmd
}

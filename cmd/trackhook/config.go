package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"trackhook/cmd/trackhook/internal/command"
	"trackhook/cmd/trackhook/internal/config"
	"trackhook/cmd/trackhook/internal/host"
	"trackhook/cmd/trackhook/internal/terminal"
)

func newConfig() *cobra.Command {
	return command.Group("config", "See what can be set, what is set, and whether it is right",
		newConfigReference(), newConfigShow(), newConfigCheck(), newConfigSchema())
}

func newConfigReference() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "reference",
		Short: "List all keys of the configuration file, with their defaults, flags and variables",
		Args:  command.Args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			keys := config.Reference()
			if asJSON {
				return terminal.JSON(cmd.OutOrStdout(), keys)
			}
			table := terminal.NewTable(cmd.OutOrStdout())
			table.Row("KEY", "TYPE", "DEFAULT", "RELOAD", "FLAG", "VARIABLE", "MEANING")
			for i := range keys {
				k := &keys[i]
				table.Row(k.Name, k.Type, k.Default, map[bool]string{true: "yes", false: "no"}[k.Live], k.Flag, k.Variable, k.Meaning)
			}
			return table.Flush()
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func newConfigShow() *cobra.Command {
	var asJSON bool
	var flags *config.Flags
	cmd := &cobra.Command{
		Use:   "show",
		Short: "Print the settings that a host would run with, and where each comes from",
		Long: "Print the settings that a host would run with, and where each comes from: a flag, a variable, a line of the\n" +
			"file, or the default. Secrets are not read, only named; passwords in URLs are masked.",
		Args: command.Args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if _, err := command.LoadSettings(cmd, flags); err != nil {
				return err
			}
			shown := flags.Show()
			if asJSON {
				return terminal.JSON(cmd.OutOrStdout(), shown)
			}
			table := terminal.NewTable(cmd.OutOrStdout())
			table.Row("KEY", "VALUE", "FROM")
			for _, s := range shown {
				table.Row(s.Key, s.Value, s.From)
			}
			return table.Flush()
		},
	}
	flags = config.Bind(cmd.Flags(), "configuration file in YAML")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func newConfigCheck() *cobra.Command {
	var flags *config.Flags
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Say whether a host could run with this configuration",
		Long: "Say whether a host could run with this configuration: the settings, the files and variables that they name, and\n" +
			"what those hold. Nothing is started, and nothing is sent. The exit code is 2 when something is wrong.",
		Args: command.Args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := command.LoadSettings(cmd, flags)
			if err != nil {
				return err
			}
			if err := host.Check(cfg, os.LookupEnv); err != nil {
				return err
			}
			_, err = fmt.Fprintln(cmd.OutOrStdout(), "the configuration is right:", terminal.Number(len(cfg.Apps), "app"))
			return err
		},
	}
	flags = config.Bind(cmd.Flags(), "configuration file in YAML")
	return cmd
}

func newConfigSchema() *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON Schema of the configuration file, for editors",
		Args:  command.Args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return terminal.JSON(cmd.OutOrStdout(), config.Schema())
		},
	}
}

package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"trackhook/cmd/trackhook/internal/config"
	"trackhook/cmd/trackhook/internal/host"
)

func newConfig() *cobra.Command {
	return newGroup("config", "See what can be set, what is set, and whether it is right",
		newConfigReference(), newConfigShow(), newConfigCheck(), newConfigSchema())
}

func newConfigReference() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "reference",
		Short: "List all keys of the configuration file, with their defaults, flags and variables",
		Args:  usage(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			keys := config.Reference()
			if asJSON {
				return printJSON(cmd.OutOrStdout(), keys)
			}
			table := newTable(cmd.OutOrStdout())
			table.row("KEY", "TYPE", "DEFAULT", "FLAG", "VARIABLE", "MEANING")
			for i := range keys {
				k := &keys[i]
				table.row(k.Name, k.Type, k.Default, k.Flag, k.Variable, k.Meaning)
			}
			return table.flush()
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
		Args: usage(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if _, err := loadSettings(cmd, flags); err != nil {
				return err
			}
			shown := flags.Show()
			if asJSON {
				return printJSON(cmd.OutOrStdout(), shown)
			}
			table := newTable(cmd.OutOrStdout())
			table.row("KEY", "VALUE", "FROM")
			for _, s := range shown {
				table.row(s.Key, s.Value, s.From)
			}
			return table.flush()
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
		Args: usage(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := loadSettings(cmd, flags)
			if err != nil {
				return err
			}
			if err := host.Check(cfg, os.LookupEnv); err != nil {
				return err
			}
			_, err = fmt.Fprintln(cmd.OutOrStdout(), "the configuration is right:", number(len(cfg.Apps), "app"))
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
		Args:  usage(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return printJSON(cmd.OutOrStdout(), config.Schema())
		},
	}
}

package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"trackhook/cmd/trackhook/internal/command"
	"trackhook/cmd/trackhook/internal/config"
	"trackhook/cmd/trackhook/internal/store"
	"trackhook/cmd/trackhook/internal/terminal"
	"trackhook/engine/postgres"
)

func newStoreCheck() *cobra.Command {
	var flags *config.Flags
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Say whether hosts can work with a PostgreSQL database",
		Long: "Say whether hosts can work with a PostgreSQL database: whether it can be reached, and whether its schema is of this\n" +
			"version. It changes nothing, and hosts may run. The exit code is 1 when something is to be done.",
		Args: command.Args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, name, err := databaseConfig(flags)
			if err != nil {
				return err
			}
			found, err := postgres.CheckSchema(cmd.Context(), cfg)
			switch {
			case err != nil:
				return err
			case found.Version == 0:
				return fmt.Errorf("%s has no schema %s yet; the first host makes it, or `trackhook store migrate`", name, found.Name)
			case found.Version < found.Known:
				return fmt.Errorf("the schema %s of %s has version %d, and this program has %d; `trackhook store migrate`, or the next host that "+
					"starts, brings it up to date", found.Name, name, found.Version, found.Known)
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "the schema %s of %s is right: version %d, %s\n",
				found.Name, terminal.OneLine(name), found.Version, terminal.Number(found.Partitions, "partition"))
			return err
		},
	}
	flags = bindDatabase(cmd.Flags())
	return cmd
}

func newStoreMigrate() *cobra.Command {
	var flags *config.Flags
	cmd := &cobra.Command{
		Use:   "migrate",
		Short: "Make the schema of a PostgreSQL database, or bring it up to date",
		Long: "Make the schema of a PostgreSQL database, or bring it up to date. Hosts do it by themselves when they start; this is for\n" +
			"databases where they may not. Hosts of the version before may run meanwhile. A schema that is newer than this program\n" +
			"is left as it is.",
		Args: command.Args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, name, err := databaseConfig(flags)
			if err != nil {
				return err
			}
			taken, err := postgres.MigrateSchema(cmd.Context(), cfg)
			if err != nil {
				return err
			}
			text := "up to date already"
			if len(taken) > 0 {
				text = fmt.Sprintf("version %d now, after %s", taken[len(taken)-1], terminal.Number(len(taken), "step"))
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "the schema of %s is %s\n", terminal.OneLine(name), text)
			return err
		},
	}
	flags = bindDatabase(cmd.Flags())
	return cmd
}

// bindDatabase adds the flags that say which database is meant. Those of a running host are taken and not shown.
func bindDatabase(set *pflag.FlagSet) *config.Flags {
	flags := config.Bind(set, "configuration file in YAML, for its database")
	set.VisitAll(func(f *pflag.Flag) {
		f.Hidden = f.Name != "postgres" && f.Name != "postgres-env" && f.Name != "postgres-file" && f.Name != "config"
	})
	return flags
}

// databaseConfig says which database is meant, and what people are shown of its address.
func databaseConfig(flags *config.Flags) (cfg postgres.Config, name string, err error) {
	settings, err := flags.Load(os.LookupEnv)
	if err != nil {
		return cfg, "", err
	}
	if !settings.OnPostgres() {
		return cfg, "", command.Usage(errors.New("no database is named: name it with --postgres, --postgres-env, --postgres-file, or in the configuration"))
	}
	if err := store.Check(&settings); err != nil {
		return cfg, "", err
	}
	cfg, err = store.Postgres(&settings, store.About{})
	return cfg, settings.DatabaseName(), err
}

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/rs/zerolog"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"trackhook/cmd/trackhook/internal/command"
	"trackhook/cmd/trackhook/internal/config"
	"trackhook/cmd/trackhook/internal/store"
	"trackhook/cmd/trackhook/internal/terminal"
)

// storeCopy is `trackhook store copy` as typed.
type storeCopy struct {
	flags             *config.Flags
	from              string
	to, toEnv, toFile string
	dryRun            bool
	told              time.Time
}

func newStoreCopy() *cobra.Command {
	var c storeCopy
	cmd := &cobra.Command{
		Use:   "copy --from DIR",
		Short: "Move what a data folder holds into a PostgreSQL database",
		Long: "Move what a data folder holds into a PostgreSQL database, for several hosts: what is queued, in its order and with what came\n" +
			"of it so far, dead letters, answers, places of plugins and what they keep, devices, counts, and the IDs that are known.\n\n" +
			"The host must be stopped, and no host may have the schema of the database open, which must be empty. When it was\n" +
			"interrupted, the same command goes on where it was, and nothing is there twice; until it is complete, hosts start with\n" +
			"neither. Afterwards the folder is as it was, save for a file MOVED, which keeps hosts from sending from it as well.\n\n" +
			"The database is that of the configuration, or is named with one of --to, --to-env and --to-file; an address with a\n" +
			"password belongs into a variable or a file.",
		Example: "  trackhook store copy --from .trackhook --to-env DATABASE_URL --dry-run\n" +
			"  trackhook store copy --from .trackhook --to-env DATABASE_URL",
		Args: command.Args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.run(cmd.Context(), cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	set := cmd.Flags()
	c.flags = config.Bind(set, "configuration file in YAML, for its apps, its database and its schema")
	set.VisitAll(func(f *pflag.Flag) { f.Hidden = f.Name != "config" })
	set.StringVar(&c.from, "from", "", "data folder to move")
	set.StringVar(&c.to, "to", "", "database to move it to: postgres://USER@HOST/DATABASE")
	set.StringVar(&c.toEnv, "to-env", "", "environment variable that holds the address of the database, with its password")
	set.StringVar(&c.toFile, "to-file", "", "file that holds the address of the database, with its password")
	set.BoolVar(&c.dryRun, "dry-run", false, "only look at both sides, and say what would be moved")
	return cmd
}

func (c *storeCopy) run(ctx context.Context, out, progress io.Writer) error {
	settings, err := c.settings()
	if err != nil {
		return err
	}
	log := zerolog.Nop()
	folder := settings.StoreConfig(log)
	folder.Dir = c.from
	database, err := store.Postgres(&settings, store.About{Version: version(), Log: log})
	if err != nil {
		return err
	}
	where := settings.DatabaseName()
	if schema := settings.Cluster.Schema; schema != "" {
		where += ", schema " + schema
	}
	copying := store.Copy{
		From: folder, To: database, Where: where, Configured: len(settings.Apps) > 0, DryRun: c.dryRun,
		Progress: func(what string, done uint64) { c.tell(progress, what, done) },
	}
	done, err := copying.Run(ctx)
	if err != nil {
		return err
	}
	return c.print(out, &done, where)
}

// settings are those of the configuration, with the database that is named.
func (c *storeCopy) settings() (config.Config, error) {
	settings, err := c.flags.Load(os.LookupEnv)
	if err != nil {
		return settings, err
	}
	named := 0
	for _, value := range []string{c.to, c.toEnv, c.toFile} {
		if value != "" {
			named++
		}
	}
	switch {
	case c.from == "":
		return settings, command.Usage(errors.New("name the data folder with --from"))
	case named > 1:
		return settings, command.Usage(errors.New("give one of --to, --to-env and --to-file"))
	case named == 1:
		settings.Postgres, settings.PostgresEnv, settings.PostgresFile = c.to, c.toEnv, c.toFile
	case !settings.OnPostgres():
		return settings, command.Usage(errors.New("name the database with --to-env, --to-file or --to, or in the configuration"))
	}
	return settings, store.Check(&settings)
}

// tell tells how far it is, every few seconds.
func (c *storeCopy) tell(out io.Writer, what string, done uint64) {
	const often = 2 * time.Second
	if now := time.Now(); now.Sub(c.told) >= often {
		c.told = now
		fmt.Fprintf(out, "trackhook: %d %s so far\n", done, what)
	}
}

// print says what was moved, or would be.
func (c *storeCopy) print(out io.Writer, done *store.Copied, where string) error {
	t, moved := &done.Totals, done.Moved
	var err error
	line := func(text string, args ...any) {
		if err == nil {
			_, err = fmt.Fprintf(out, text+"\n", args...)
		}
	}
	for _, row := range []struct {
		what string
		n    uint64
	}{
		{"queued packages", t.Queued},
		{"dead letters", t.Dead},
		{"responses", t.Responses},
		{"devices", t.Devices},
		{"values of plugins", t.Values},
		{"counts", t.Counts},
		{"cursors", t.Listeners},
	} {
		switch there, again := moved[row.what], c.dryRun && done.Again; {
		case again:
			line("%d of %d %s are moved", there, row.n, row.what)
		default:
			line("%d %s", row.n, row.what)
		}
	}
	from, to := terminal.OneLine(terminal.Shorter(c.from)), terminal.OneLine(where)
	switch {
	case c.dryRun && done.Again:
		line("the same command without --dry-run moves the rest of %s to %s", from, to)
	case c.dryRun:
		line("nothing was moved: without --dry-run all of that goes from %s to %s", from, to)
	default:
		line("all of that was moved from %s to %s; start hosts with that, and with the folder no more", from, to)
	}
	return err
}

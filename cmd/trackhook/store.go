package main

import (
	"fmt"
	"io"
	"os"

	"github.com/rs/zerolog"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"trackhook/cmd/trackhook/internal/command"
	"trackhook/cmd/trackhook/internal/config"
	"trackhook/cmd/trackhook/internal/terminal"
	"trackhook/engine/disk"
)

func newStore() *cobra.Command {
	return command.Group("store", "Look after the data folder of a host that does not run, or after a database", newStoreVerify(), newStoreRepair(), newStoreCheck(), newStoreMigrate(), newStoreCopy())
}

// bindStore adds the flags that say which data folder is meant. Those of a running host are taken and not shown.
func bindStore(set *pflag.FlagSet) *config.Flags {
	flags := config.Bind(set, "configuration file in YAML, for its data folder")
	set.VisitAll(func(f *pflag.Flag) { f.Hidden = f.Name != "data" && f.Name != "config" })
	return flags
}

// storeConfig says which store is meant.
func storeConfig(flags *config.Flags) (disk.Config, error) {
	cfg, err := flags.Load(os.LookupEnv)
	if err != nil {
		return disk.Config{}, err
	}
	if cfg.OnPostgres() {
		return disk.Config{}, errOnPostgres(&cfg, "`trackhook store check` looks at its schema, and the tools of PostgreSQL, such as pg_amcheck, at what it holds")
	}
	return cfg.StoreConfig(zerolog.Nop()), nil
}

// errOnPostgres is the mistake of asking for a data folder where there is a database; instead is what to do.
func errOnPostgres(cfg *config.Config, instead string) error {
	return &config.Error{Err: fmt.Errorf("the configuration keeps the queue and the log in a PostgreSQL database (%s), and not in a data folder: %s", cfg.DatabaseName(), instead)}
}

// printFound prints what was found in a store.
func printFound(out io.Writer, r *disk.Report) error {
	var err error
	line := func(text string, args ...any) {
		if err == nil {
			_, err = fmt.Fprintf(out, text+"\n", args...)
		}
	}
	for _, file := range r.Files {
		line("damaged    %s", terminal.OneLine(file))
	}
	for _, what := range r.Unreadable {
		line("unreadable some %s", terminal.OneLine(what))
	}
	for _, wrong := range r.Wrong {
		line("wrong      %s", terminal.OneLine(wrong))
	}
	if more := r.WrongCount - len(r.Wrong); more > 0 {
		line("wrong      and %d more", more)
	}
	for _, row := range []struct {
		what        string
		found, lost uint64
	}{
		{"queued packages", r.Packages, r.LostPackages},
		{"dead letters", r.DeadLetters, r.LostDeadLetters},
		{"responses", r.Responses, r.LostResponses},
	} {
		least := ""
		if r.Uncounted {
			least = "at least "
		}
		line("%d %s can be read, %s%d are lost", row.found, row.what, least, row.lost)
	}
	line("%d values of plugins can be read", r.Values)
	if r.Uncounted {
		line("how much there was cannot be read, so more may be lost than is known")
	}
	return err
}

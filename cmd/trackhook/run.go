package main

import (
	"context"
	"errors"
	"os"

	"github.com/spf13/cobra"

	"trackhook/cmd/trackhook/internal/command"
	"trackhook/cmd/trackhook/internal/config"
	"trackhook/cmd/trackhook/internal/host"
)

func newRun() *cobra.Command {
	var flags *config.Flags
	cmd := &cobra.Command{
		Use:   "run",
		Short: "Take packages in, send them, and run the scripts in plugins/",
		Long: "Take packages in, send them, and run the scripts in plugins/, until SIGINT or SIGTERM.\n\n" +
			"Without any configuration this is the demo: a sandbox server in the same process plays Adjust, and nothing\n" +
			"leaves this machine. Each flag can also be set by an environment variable, TRACKHOOK_ and the flag's name in\n" +
			"capitals, and by a key of the configuration file. Relative paths in the file begin at its folder; ~ and $NAME stand\n" +
			"for the home folder and the environment variable.",
		Args: command.Args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := flags.Load(os.LookupEnv)
			if err != nil {
				return err
			}
			log, flush, err := newLog(cmd.ErrOrStderr(), cfg.LogFormat, cfg.LogLevel)
			if err != nil {
				return err
			}
			defer flush()
			for _, warning := range flags.Warnings(os.Environ()) {
				log.Warn().Msg(warning)
			}
			return run(cmd.Context(), host.Config{Settings: cfg, Version: version(), Log: log})
		},
	}
	flags = config.Bind(cmd.Flags(), "configuration file in YAML")
	return cmd
}

// run opens a host, serves until ctx ends, and closes it.
func run(ctx context.Context, cfg host.Config) error {
	h, err := host.Open(ctx, cfg)
	if err != nil {
		return err
	}
	return errors.Join(h.Serve(ctx), h.Close())
}

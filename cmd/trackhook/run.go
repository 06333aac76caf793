package main

import (
	"context"
	"errors"
	"os"
	"os/signal"

	"github.com/spf13/cobra"

	"trackhook/cmd/trackhook/internal/command"
	"trackhook/cmd/trackhook/internal/config"
	"trackhook/cmd/trackhook/internal/host"
	"trackhook/cmd/trackhook/internal/notify"
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
			"for the home folder and the environment variable.\n\n" +
			"SIGHUP, or `trackhook reload`, reads the configuration again and puts in force what can change while the host runs;\n" +
			"`trackhook config reference` says for each key whether it can. Files with secrets are read again when they change.\n" +
			"When the terminal is closed that the host was started from, it stops; with nohup it does not.",
		Args: command.Args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			hup := catchHangups()
			defer signal.Stop(hup.signals)
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
			ctx, stop := context.WithCancel(cmd.Context())
			defer stop()
			go hup.follow(ctx.Done(), func() {
				log.Warn().Msg("the terminal that this host was started from has gone, so it stops; start it with nohup or as a service to have it go on")
				stop()
			})
			return run(ctx, host.Config{
				Settings: cfg, Version: version(), Log: log, SetLogLevel: setLogLevel, Asked: hup.reload,
				Worker: workerProcess(), Show: flags.ShowOf,
				Again: func() (config.Config, error) { return flags.Again(os.LookupEnv) },
			})
		},
	}
	flags = config.Bind(cmd.Flags(), "configuration file in YAML")
	return cmd
}

// run opens a host, serves until ctx ends, and closes it. The service manager, if there is one, is told.
func run(ctx context.Context, cfg host.Config) error {
	manager, err := notify.New(os.LookupEnv)
	if err != nil {
		return command.Usage(err)
	}
	cfg.Ready, cfg.Reloading, cfg.Stopping = manager.Ready, manager.Reloading, manager.Stopping
	h, err := host.Open(ctx, cfg)
	switch {
	case err != nil && errors.Is(err, ctx.Err()):
		// A manager would take anything else for a failure of what it has stopped by itself.
		cfg.Log.Info().Msg("stopped before it had started")
		return nil
	case err != nil:
		return err
	}
	defer manager.Watch(h.Alive)()
	return errors.Join(h.Serve(ctx), h.Close())
}

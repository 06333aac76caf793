package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"trackhook/cmd/trackhook/internal/command"
	"trackhook/cmd/trackhook/internal/config"
	"trackhook/cmd/trackhook/internal/terminal"
	"trackhook/engine/admin"
)

// healthTimeout is less than whoever probes waits.
const healthTimeout = 5 * time.Second

func newHealth() *cobra.Command {
	var target command.Client
	var flags *config.Flags
	var ready, asJSON bool
	cmd := &cobra.Command{
		Use:   "health",
		Short: "Say whether the host works, for probes",
		Long: "Say whether the host works, as GET /healthz does, or whether it takes packages in, as GET /readyz does. The exit code\n" +
			"is 0 for ok, ready and degraded, which a restart would not mend, and 1 when it fails or does not answer.\n\n" +
			"The host is asked at the address that it would listen on with the same configuration, or at --host. Without a\n" +
			"token, one that has tokens does not tell its reasons.",
		Args: command.Args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if !target.Named(cmd.Flags()) {
				cfg, err := flags.Load(os.LookupEnv)
				if err != nil {
					return err
				}
				target.Listening(&cfg)
			}
			asked := target.Admin()
			asked.Timeout = healthTimeout
			ask := asked.Health
			if ready {
				ask = asked.Ready
			}
			health, err := ask(cmd.Context())
			if err != nil {
				return err
			}
			return printHealth(cmd.OutOrStdout(), &health, asJSON)
		},
	}
	flags = config.Bind(cmd.Flags(), "configuration file in YAML, for the address of the host")
	cmd.Flags().VisitAll(func(f *pflag.Flag) { f.Hidden = f.Name != "listen" && f.Name != "config" })
	target.Flags(cmd.Flags())
	cmd.Flags().BoolVar(&ready, "ready", false, "ask whether it takes packages in")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func printHealth(out io.Writer, health *admin.Health, asJSON bool) error {
	if asJSON {
		if err := terminal.JSON(out, health); err != nil {
			return err
		}
	} else {
		fmt.Fprintln(out, terminal.Visible(health.Status))
		for _, reason := range health.Reasons {
			fmt.Fprintln(out, terminal.Visible(reason))
		}
	}
	switch health.Status {
	case "ok", "ready", "degraded":
		return nil
	default:
		return command.Silent(errors.New(health.Status))
	}
}

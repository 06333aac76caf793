package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"trackhook/cmd/trackhook/internal/command"
	"trackhook/cmd/trackhook/internal/config"
	"trackhook/cmd/trackhook/internal/demo"
	"trackhook/engine/sandbox"
)

// sandboxFlags is `trackhook sandbox` as typed.
type sandboxFlags struct {
	listen, logFormat, logLevel string
	cfg                         sandbox.Config
	tokensEnv                   string
	fail                        float64
	kinds                       []string
	latency                     string
}

func newSandbox() *cobra.Command {
	f := &sandboxFlags{}
	cmd := &cobra.Command{
		Use:   "sandbox",
		Short: "Play Adjust's server, with a memory for devices and faults on demand",
		Long: "Play Adjust's server, until SIGINT or SIGTERM. Nothing leaves this machine.\n\n" +
			"While it runs: GET /sandbox/requests lists what arrived, GET /sandbox/devices what it remembers,\n" +
			"POST /sandbox/forget forgets a device, POST /sandbox/faults breaks something, PUT /sandbox/pace changes latency,\n" +
			"rate and connections, POST /sandbox/reset forgets all.",
		Args: command.Args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return f.run(cmd) },
	}
	flags := cmd.Flags()
	flags.StringVar(&f.listen, "listen", demo.SandboxAddress, "address to listen on")
	flags.StringSliceVar(&f.cfg.AllowedHosts, "allowed-hosts", nil, "names to answer to beside localhost and the address")
	flags.StringVar(&f.logFormat, "log-format", "auto", "auto, console or json")
	flags.StringVar(&f.logLevel, "log-level", "info", "one of "+strings.Join(config.LogLevels(), ", "))
	flags.Uint64Var(&f.cfg.Seed, "seed", 0, "makes chance and ids repeatable")
	flags.Float64Var(&f.fail, "fail", 0, "share of requests that fail, 0 to 1; a status is 503")
	flags.StringSliceVar(&f.kinds, "fail-with", []string{string(sandbox.FaultStatus)}, "how they fail: "+strings.Join(faultNames(), ", "))
	flags.StringVar(&f.latency, "latency", "0s", `how long answers take: 150ms, 50ms..400ms, or "50ms..400ms x5" with one in a hundred five times as long`)
	flags.IntVar(&f.cfg.Pace.Rate, "rate", 0, "requests a second that are taken; those above are answered 429 with Retry-After (default: all are taken)")
	flags.IntVar(&f.cfg.Pace.Connections, "connections", 0, "connections that may be open at once; those above are reset (default: no bound)")
	flags.StringSliceVar(&f.cfg.AppTokens, "app-token", nil, "apps that exist (default: all)")
	flags.StringSliceVar(&f.cfg.EventTokens, "event-token", nil, "events that exist (default: all)")
	flags.StringSliceVar(&f.cfg.UniqueEvents, "unique-event", nil, "events that count once for each device")
	flags.StringVar(&f.tokensEnv, "tokens-env", "", "environment variable with the S2S tokens that are accepted (default: none is asked for)")
	flags.DurationVar(&f.cfg.SessionSpacing, "session-spacing", sandbox.DefaultSessionSpacing, "least time between two sessions of a device; negative for none")
	flags.BoolVar(&f.cfg.LiteralOK, "literal-ok", false, "answer counted events with the text OK")
	return cmd
}

func (f *sandboxFlags) run(cmd *cobra.Command) error {
	log, flush, err := newLog(cmd.ErrOrStderr(), f.logFormat, f.logLevel)
	if err != nil {
		return err
	}
	defer flush()
	if err := f.faults(); err != nil {
		return command.Usage(err)
	}
	if f.tokensEnv != "" {
		for token := range strings.FieldsSeq(os.Getenv(f.tokensEnv)) {
			f.cfg.Tokens = append(f.cfg.Tokens, sandbox.Token{Value: token})
		}
		if len(f.cfg.Tokens) == 0 {
			return command.Usage(fmt.Errorf("--tokens-env: %s is empty or not set", f.tokensEnv))
		}
	}
	if _, err := sandbox.New(f.cfg); err != nil { // else Start would say it, among what is wrong with the address
		return command.Usage(cmp.Or(errors.Unwrap(err), err))
	}
	// It ends by Close, not by the context, so that it says goodbye after its last answer.
	server, err := sandbox.Start(context.WithoutCancel(cmd.Context()), f.listen, f.cfg)
	if err != nil {
		return config.ListenError("--listen", f.listen, err)
	}
	log.Info().Str("url", server.URL).Msg("the sandbox listens; point a host at it with --endpoint")
	select {
	case <-cmd.Context().Done():
	case <-server.Done():
	}
	totals := server.Totals()
	log.Info().Interface("totals", totals).Msg("the sandbox stops")
	return server.Close()
}

// faults turns --fail into faults of the sandbox, and --latency into its pace.
func (f *sandboxFlags) faults() error {
	if !(f.fail >= 0 && f.fail <= 1) { // NaN is no share either
		return fmt.Errorf("--fail %v must be between 0 and 1", f.fail)
	}
	var err error
	if f.cfg.Pace.Latency, err = sandbox.ParseLatency(f.latency); err != nil {
		return fmt.Errorf("--latency: %w", err)
	}
	if f.cfg.Pace.Rate < 0 || f.cfg.Pace.Connections < 0 {
		return errors.New("--rate and --connections must not be negative")
	}
	for _, kind := range f.kinds {
		if err := config.OneOf(kind, faultNames()); err != nil {
			return fmt.Errorf("--fail-with: %w", err)
		}
	}
	if f.fail > 0 {
		// Each has its share of what the ones before it have left.
		for i, kind := range f.kinds {
			share := f.fail / float64(len(f.kinds))
			left := 1 - share*float64(i)
			fault := sandbox.Fault{Kind: sandbox.FaultKind(kind), Probability: min(1, share/left)}
			if fault.Kind == sandbox.FaultStatus {
				fault.Status = http.StatusServiceUnavailable
			}
			f.cfg.Faults = append(f.cfg.Faults, fault)
		}
	}
	return nil
}

func faultNames() []string {
	var names []string
	for _, kind := range sandbox.FaultKinds() {
		names = append(names, string(kind))
	}
	return names
}

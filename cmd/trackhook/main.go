// Command trackhook keeps sessions and events on disk, sends them to Adjust in order, and runs callbacks.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"trackhook/cmd/trackhook/internal/config"
)

// Exit codes of the command.
const (
	exitOK      = 0
	exitFailure = 1
	exitUsage   = 2
)

func main() { os.Exit(command(os.Args[1:])) }

// command runs one command line and returns the exit code.
func command(args []string) int {
	boundMemory()
	ctx, stop := untilSignal(context.Background())
	defer stop()
	root := newRoot()
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitOK
	}
	if _, quiet := errors.AsType[silentError](err); !quiet {
		fmt.Fprintln(os.Stderr, "trackhook:", err)
	}
	if isUsage(err) {
		return exitUsage
	}
	return exitFailure
}

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:   "trackhook",
		Short: "Track what is not a phone: a durable queue for Adjust, with live-edited callbacks",
		Long: "Trackhook takes sessions and events from applications, games and servers, keeps them on disk, sends them\n" +
			"in order to Adjust's server-to-server API until they are confirmed, and runs the JavaScript callbacks\n" +
			"in plugins/, which may be edited while it runs.\n\n" +
			"Start with: trackhook run",
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          func(_ *cobra.Command, args []string) error { return unknownCommand(args) },
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.CompletionOptions.HiddenDefaultCmd = true
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return usageError{fmt.Errorf("%w; see `%s --help`", err, cmd.CommandPath())}
	})
	root.AddCommand(newRun(), newTrack(), newPlugin(), newQueue(), newReport(), newSandbox(), newVersion())
	return root
}

func unknownCommand(args []string) error {
	if len(args) == 0 {
		return nil
	}
	return usageError{fmt.Errorf("unknown command %q; see `trackhook --help`", args[0])}
}

// Signals that come as close together as this are one: timeout(1) and some supervisors signal the process and its group.
const sameSignal = 250 * time.Millisecond

// untilSignal returns a context that ends with the first SIGINT or SIGTERM. The second one ends the process at once:
// what is in flight is then sent again by the next start.
func untilSignal(parent context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancel(parent)
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	over := make(chan struct{})
	go func() {
		select {
		case <-signals:
			cancel()
		case <-over:
			return
		}
		first := time.Now()
		for {
			select {
			case <-signals:
				if time.Since(first) > sameSignal {
					fmt.Fprintln(os.Stderr, "trackhook: second signal, stopping at once; everything accepted is on disk")
					os.Exit(exitFailure)
				}
			case <-over:
				return
			}
		}
	}()
	return ctx, func() {
		signal.Stop(signals)
		close(over)
		cancel()
	}
}

// usageError is a mistake of the person who typed the command; the exit code is 2.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

// isUsage tells mistakes in the command line and in the configuration from failures.
func isUsage(err error) bool {
	_, usage := errors.AsType[usageError](err)
	_, mistake := errors.AsType[*config.Error](err)
	return usage || mistake
}

// silentError is an error that has been reported already.
type silentError struct{ error }

func (e silentError) Unwrap() error { return e.error }

// usage wraps the checks of arguments, so that they count as usage errors.
func usage(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if err := check(cmd, args); err != nil {
			return usageError{fmt.Errorf("%w; see `%s --help`", err, cmd.CommandPath())}
		}
		return nil
	}
}

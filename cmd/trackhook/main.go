package main

import (
	"context"
	"errors"
	"os"

	"github.com/spf13/cobra"
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
	if _, silent := errors.AsType[silentError](err); !silent {
		say("trackhook: " + err.Error())
	}
	if isUsage(err) {
		return exitUsage
	}
	return exitFailure
}

func newRoot() *cobra.Command {
	root := newGroup("trackhook", "Track what is not a phone: a durable queue for Adjust, with live-edited callbacks",
		newRun(), newReload(), newTrack(), newPlugin(), newQueue(), newReport(), newStore(), newSandbox(), newConfig(), newVersion())
	root.Long = "Trackhook takes sessions and events from applications, games and servers, keeps them on disk, sends them\n" +
		"in order to Adjust's server-to-server API until they are confirmed, and runs the JavaScript callbacks\n" +
		"in plugins/, which may be edited while it runs.\n\n" +
		"Start with: trackhook run"
	root.SilenceErrors, root.SilenceUsage = true, true
	root.CompletionOptions.HiddenDefaultCmd = true
	root.SetFlagErrorFunc(flagError)
	root.Version = version()
	root.SetVersionTemplate("trackhook {{.Version}}\n")
	return root
}

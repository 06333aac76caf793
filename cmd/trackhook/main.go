package main

import (
	"context"
	"os"

	"github.com/spf13/cobra"

	"trackhook/cmd/trackhook/internal/command"
	"trackhook/cmd/trackhook/internal/queue"
	"trackhook/engine/console"
	"trackhook/scripting"
)

// Exit codes of the command.
const (
	exitOK      = 0
	exitFailure = 1
	exitUsage   = 2
)

func main() {
	if len(os.Args) == 2 && os.Args[1] == workerCommand {
		// Before all else: what other commands need is not made in the process of a script.
		os.Exit(scripting.Work(os.Stdin, os.Stdout))
	}
	os.Exit(execute(os.Args[1:]))
}

// workerCommand is the command by which a host starts the process of a plugin. It is not for people.
const workerCommand = "worker"

// workerProcess is the command line of a worker: this binary's. Nil: the system does not say where it is.
func workerProcess() []string {
	self, err := os.Executable()
	if err != nil {
		return nil
	}
	return []string{self, workerCommand}
}

// execute runs one command line and returns the exit code.
func execute(args []string) int {
	boundMemory()
	ctx, stop := untilSignal(context.Background())
	defer stop()
	root := newRoot()
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitOK
	}
	if !command.IsSilent(err) {
		say("trackhook: " + err.Error())
	}
	if command.IsUsage(err) {
		return exitUsage
	}
	return exitFailure
}

func newRoot() *cobra.Command {
	root := command.Group("trackhook", "Track what is not a phone: a durable queue for Adjust, with live-edited callbacks",
		newRun(), newHost(), newReload(), newTrack(), newPlugin(), queue.Command(), newApp(), newEndpoint(), newTail(), newReport(), newHealth(), newBackup(), newStore(), newSandbox(), newConfig(), newVersion())
	if console.Built() {
		root.AddCommand(newOpen())
	}
	root.Long = "Trackhook takes sessions and events from applications, games and servers, keeps them on disk, sends them\n" +
		"in order to Adjust's server-to-server API until they are confirmed, and runs the JavaScript callbacks\n" +
		"in plugins/, which may be edited while it runs.\n\n" +
		"Start with: trackhook run"
	root.SilenceErrors, root.SilenceUsage = true, true
	root.CompletionOptions.HiddenDefaultCmd = true
	root.SetFlagErrorFunc(command.FlagError)
	root.Version = version()
	root.SetVersionTemplate("trackhook {{.Version}}\n")
	return root
}

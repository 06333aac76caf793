package scripting

import (
	"os"
	"runtime/debug"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	if len(os.Args) == 2 && os.Args[1] == "worker" { // the process of a plugin, see isolated
		os.Exit(Work(os.Stdin, os.Stdout))
	}
	debug.SetGCPercent(400) // what tests make is garbage at once, and small
	goleak.VerifyTestMain(m)
}

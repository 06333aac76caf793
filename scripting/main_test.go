package scripting

import (
	"flag"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	if len(os.Args) == 2 && os.Args[1] == "worker" { // the process of a plugin, see isolated
		os.Exit(Work(os.Stdin, os.Stdout))
	}
	// Many wait for what scripts do, and for their processes, and keep no processor busy meanwhile.
	if err := flag.Set("test.parallel", strconv.Itoa(2*runtime.GOMAXPROCS(0))); err != nil {
		panic(err)
	}
	debug.SetGCPercent(400) // what tests make is garbage at once, and small
	goleak.VerifyTestMain(m)
}

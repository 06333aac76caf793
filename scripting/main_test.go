package scripting

import (
	"os"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	if len(os.Args) == 2 && os.Args[1] == "worker" { // the process of a plugin, see isolated
		os.Exit(Work(os.Stdin, os.Stdout))
	}
	goleak.VerifyTestMain(m)
}

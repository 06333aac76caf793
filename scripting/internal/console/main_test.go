package console

import (
	"flag"
	"os"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	flag.Parse()
	if checks := flag.Lookup("rapid.checks"); os.Getenv("TRACKHOOK_LONG") == "" && checks.Value.String() == checks.DefValue {
		flag.Set("rapid.checks", "30")
	}
	goleak.VerifyTestMain(m)
}

package proctest_test

import (
	"runtime"
	"testing"

	"trackhook/engine/proctest"
)

func TestCPU(t *testing.T) {
	t.Parallel()
	if used := proctest.CPU("nobody"); used != 0 {
		t.Errorf("nobody has run for %v", used)
	}
	if runtime.GOOS != "linux" {
		t.Skip("this system does not tell")
	}
	// Whoever asks runs: the time grows as long as this goes on.
	for before := proctest.CPU("self"); proctest.CPU("self") == before; {
		if t.Context().Err() != nil {
			t.Fatal("this process does not run")
		}
	}
}

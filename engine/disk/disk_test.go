package disk_test

import (
	"flag"
	"os"
	"runtime"
	"strconv"
	"testing"
	"time"

	"trackhook/engine"
	"trackhook/engine/disk"
	"trackhook/engine/storetest"

	"github.com/cockroachdb/pebble/v2/vfs"
	"go.uber.org/goleak"
)

// keepCounts keeps the counts of packages that the suite has made in the past.
const keepCounts = 50 * 365 * 24 * time.Hour

func TestMain(m *testing.M) {
	// Tests on real files wait for the disk, and keep no processor busy meanwhile.
	if err := flag.Set("test.parallel", strconv.Itoa(2*runtime.GOMAXPROCS(0))); err != nil {
		panic(err)
	}
	flag.Parse()
	if checks := flag.Lookup("rapid.checks"); os.Getenv("TRACKHOOK_LONG") == "" && checks.Value.String() == checks.DefValue {
		flag.Set("rapid.checks", fewChecks)
	}
	goleak.VerifyTestMain(m)
}

// fewChecks are the random histories of the model in a run that TRACKHOOK_LONG does not make long.
const fewChecks = "12"

func TestStore(t *testing.T) {
	storetest.Run(t, func(testing.TB) storetest.Opener {
		files := vfs.NewMem()
		return func() (engine.Store, error) {
			return disk.Open(disk.Config{RetainCounts: keepCounts, Dir: "data/store", FS: files})
		}
	})
}

func TestStoreOnRealFiles(t *testing.T) {
	if testing.Short() {
		t.Skip("the same suite in memory has run")
	}
	t.Parallel()
	// TestStore, which is over, has made all random histories that there are; here each step waits for the disk.
	switch checks := flag.Lookup("rapid.checks"); checks.Value.String() {
	case checks.DefValue:
		flag.Set("rapid.checks", "25")
	case fewChecks:
		flag.Set("rapid.checks", "3")
	}
	storetest.Run(t, func(tb testing.TB) storetest.Opener {
		tb.Helper()
		dir := tb.TempDir()
		return func() (engine.Store, error) { return disk.Open(disk.Config{RetainCounts: keepCounts, Dir: dir}) }
	})
}

// TestAlone shows that a folder has one owner.
func TestAlone(t *testing.T) {
	storetest.RunAlone(t, func(tb testing.TB) storetest.Opener {
		tb.Helper()
		dir := tb.TempDir()
		return func() (engine.Store, error) { return disk.Open(disk.Config{Dir: dir}) }
	})
}

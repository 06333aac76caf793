package guard_test

import (
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"trackhook/engine/disk/internal/guard"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// TestLogsAreNamed follows the life of logs: what the file of logs names is there at every crash, and a log whose content is
// durable is named.
func TestLogsAreNamed(t *testing.T) {
	t.Parallel()
	disk := vfs.NewCrashableMem()
	if err := disk.MkdirAll("data", 0o700); err != nil {
		t.Fatal(err)
	}
	root, err := disk.OpenDir("/")
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(root.Sync(), root.Close()); err != nil {
		t.Fatal(err)
	}
	open := func(files vfs.FS) (*guard.FS, []string) {
		guarded := guard.New(files, func(err error) { t.Errorf("frozen: %v", err) })
		missing, err := guarded.KeepLogs("data")
		if err != nil {
			t.Fatal(err)
		}
		return guarded, missing
	}
	guarded, _ := open(disk)
	check := func(step string, want ...string) {
		t.Helper()
		for seed := range uint64(20) {
			left := disk.CrashClone(vfs.CrashCloneCfg{UnsyncedDataPercent: 50, RNG: rand.New(rand.NewPCG(seed, 2))})
			if _, missing := open(left); len(missing) > 0 {
				t.Errorf("%s: after a crash %q are missing", step, missing)
			}
		}
		for _, name := range want {
			if !strings.Contains(read(t, disk, "data/LOGS"), name+"\n") {
				t.Errorf("%s: %s is not named", step, name)
			}
		}
	}
	make1 := func(name string) {
		t.Helper()
		f, err := guarded.Create("data/"+name, vfs.WriteCategoryUnspecified)
		if err != nil {
			t.Fatal(err)
		}
		check("created " + name)
		syncDir(t, guarded)
		write(t, f, "text")
		if err := f.Sync(); err != nil {
			t.Fatal(err)
		}
		check("synced "+name, name)
	}
	make1("000002.log")
	make1("000004.log")
	f, err := guarded.ReuseForWrite("data/000002.log", "data/000006.log", vfs.WriteCategoryUnspecified)
	if err != nil {
		t.Fatal(err)
	}
	check("reused", "000004.log")
	syncDir(t, guarded)
	write(t, f, "text")
	if err := f.Sync(); err != nil {
		t.Fatal(err)
	}
	check("synced", "000004.log", "000006.log")
	if err := guarded.Remove("data/000004.log"); err != nil {
		t.Fatal(err)
	}
	check("removed", "000006.log")
	if err := disk.Remove("data/000006.log"); err != nil {
		t.Fatal(err)
	}
	if _, missing := open(disk); !slices.Equal(missing, []string{"000006.log"}) {
		t.Errorf("missing are %q", missing)
	}
}

func syncDir(t *testing.T, files vfs.FS) {
	t.Helper()
	dir, err := files.OpenDir("data")
	if err != nil {
		t.Fatal(err)
	}
	if err := dir.Sync(); err != nil {
		t.Fatal(err)
	}
	_ = dir.Close()
}

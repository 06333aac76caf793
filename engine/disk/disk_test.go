package disk_test

import (
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"
	"go.uber.org/goleak"

	"trackhook/engine"
	"trackhook/engine/disk"
	"trackhook/engine/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestStore(t *testing.T) {
	storetest.Run(t, func(testing.TB) storetest.Opener {
		files := vfs.NewMem()
		return func() (engine.Store, error) { return disk.Open(disk.Config{Dir: "data/store", FS: files}) }
	})
}

func TestStoreOnRealFiles(t *testing.T) {
	if testing.Short() {
		t.Skip("the same suite in memory has run")
	}
	storetest.Run(t, func(t testing.TB) storetest.Opener {
		dir := t.TempDir()
		return func() (engine.Store, error) { return disk.Open(disk.Config{Dir: dir}) }
	})
}

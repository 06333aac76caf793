package guard_test

import (
	"errors"
	"fmt"
	"sync/atomic"

	"trackhook/engine/disk/internal/guard"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/cockroachdb/pebble/v2/vfs/errorfs"
	"github.com/rs/zerolog"
)

// A database on a disk that becomes full goes on without an error and without a panic, and is closed in order. The owner
// is told, and finds what was synced before the failure when the database is opened again.
func Example() {
	var full atomic.Bool
	disk := vfs.NewMem()
	broken := errorfs.Wrap(disk, errorfs.InjectorFunc(func(op errorfs.Op) error {
		if full.Load() && op.Kind.ReadOrWrite() == errorfs.OpIsWrite && op.Kind != errorfs.OpFileClose {
			return errors.New("no space left on device")
		}
		return nil
	}))
	open := func(files vfs.FS) *pebble.DB {
		db, err := pebble.Open("data", &pebble.Options{FS: files, Logger: guard.NewLogger(zerolog.Nop())})
		if err != nil {
			panic(err)
		}
		return db
	}

	files := guard.New(broken, func(err error) { fmt.Println("told:", errors.Unwrap(err)) })
	db := open(files)
	fmt.Println("first:", db.Set([]byte("first"), nil, pebble.Sync), files.Failure() != nil)
	full.Store(true)
	// Pebble believes that it has written this; the owner must not acknowledge it.
	fmt.Println("second:", db.Set([]byte("second"), nil, pebble.Sync), files.Failure() != nil)
	fmt.Println("close:", db.Close())

	db = open(disk)
	for _, key := range []string{"first", "second"} {
		_, closer, err := db.Get([]byte(key))
		fmt.Println(key, "is there:", err == nil)
		if err == nil {
			_ = closer.Close() // it was only read
		}
	}
	fmt.Println("close:", db.Close())
	// Output:
	// first: <nil> false
	// told: no space left on device
	// second: <nil> true
	// close: <nil>
	// first is there: true
	// second is there: false
	// close: <nil>
}

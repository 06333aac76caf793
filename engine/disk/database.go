package disk

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"syscall"
	"time"

	"trackhook/engine"
	"trackhook/engine/disk/internal/folder"
	"trackhook/engine/disk/internal/format"
	"trackhook/engine/disk/internal/guard"
	"trackhook/engine/disk/internal/live"
	"trackhook/engine/disk/internal/read"

	"github.com/cockroachdb/pebble/v2"
)

// database is the database from the moment it is open until it fails or is closed, with everything that is in memory about
// it. After a failure the store opens another, which knows exactly what is on disk.
type database struct {
	cfg    Config
	folder *folder.Folder
	guard  *guard.FS
	pebble *pebble.DB
	clock  clock
	memory *live.Memory
	fresh  *live.Fresh // packages that came in of late
	// mark is owned by the goroutine that opens, then by maintain, then by Close. What it says to be missing does not change
	// after the opening: a backup reads that alone, whoever owns it.
	mark   folder.Mark
	missed string    // what the mark knows to be missing; set before anything is called
	inbox  inbox     // what waits for the writer
	spaces sync.Pool // of *[]byte, to encode settlements in
	rot    *read.Rot // what is known of damaged files
	// withdrew tells that the opening has written to what was stored.
	withdrew bool

	endOnce    sync.Once
	ended      chan struct{}  // closed by end
	calls      sync.WaitGroup // calls in hand; added to under Store.mu
	quit       chan struct{}  // closed when no call is in hand any more
	goroutines sync.WaitGroup // the writer and the syncer
	leaseSlot  chan struct{}  // cap 1: one Lease at a time looks into the windows
}

// newDatabase makes one that is not open yet.
func newDatabase(cfg Config, locked *folder.Folder) *database {
	db := &database{
		cfg:       cfg,
		folder:    locked,
		memory:    live.New(live.Marks(cfg.HighWater)),
		fresh:     live.NewFresh(),
		inbox:     newInbox(),
		rot:       read.NewRot(cfg.Log),
		ended:     make(chan struct{}),
		quit:      make(chan struct{}),
		leaseSlot: make(chan struct{}, 1),
	}
	db.guard = guard.New(cfg.FS, func(error) { db.end() })
	return db
}

// end ends what goes on. Calls that wait for something to happen return; those that wait for the disk get their answer
// from it, which after a failure is an error.
func (db *database) end() { db.endOnce.Do(func() { close(db.ended) }) }

// fail ends what goes on because of an error, and freezes the disk as it is.
func (db *database) fail(err error) { db.guard.Freeze(err) }

// look ends the database when its folder is not there any more.
func (db *database) look() {
	if err := db.folder.Look(); err != nil {
		db.fail(err)
	}
}

// setMark notes what is durable, for the next opening. It is no harm when that fails: less is known then.
func (db *database) setMark() {
	counts := db.counts()
	if db.failed() != nil || counts.Packages == db.mark.Packages && counts.Last == db.mark.Last {
		return
	}
	db.mark.Packages, db.mark.Last = counts.Packages, counts.Last
	if err := db.mark.Write(db.cfg.FS, db.cfg.Dir); err != nil {
		db.cfg.Log.Debug().Err(err).Msg("cannot write the mark of what is on disk")
	}
}

// cause returns why the database ended, as an error for calls; nil while it goes on.
func (db *database) cause() error {
	if err := db.failed(); err != nil {
		return err
	}
	select {
	case <-db.ended:
		return fmt.Errorf("store %w", engine.ErrClosed)
	default:
		return nil
	}
}

// failed returns the failure, as an error for calls; nil while there is none.
func (db *database) failed() error {
	if err := db.guard.Failure(); err != nil {
		return fmt.Errorf("store %s failed: %w", db.cfg.Dir, withDiskFull(err))
	}
	return nil
}

// withDiskFull says of an error of the system that the disk is full, where that is so.
func withDiskFull(err error) error {
	const handleDiskFull, diskFull = syscall.Errno(39), syscall.Errno(112) // of Windows
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) ||
		runtime.GOOS == "windows" && (errors.Is(err, handleDiskFull) || errors.Is(err, diskFull)) {
		return fmt.Errorf("%w: %w", engine.ErrDiskFull, err)
	}
	return err
}

// counts returns what is durable.
func (db *database) counts() format.State { return db.memory.Counts() }

// submit hands a request to the writer and waits for the answer. When ctx ends before the writer has taken it, it is
// withdrawn; later its outcome is waited for, so that an error always means that nothing was stored.
func (db *database) submit(ctx context.Context, r request) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	db.inbox.add(r)
	t := r.state()
	select {
	case err := <-t.done:
		return err
	case <-ctx.Done():
		if t.status.CompareAndSwap(statusWaiting, statusWithdrawn) {
			return ctx.Err()
		}
		return <-t.done
	}
}

// wait waits for news, for the reading next of the clock (0: never), or for the end.
func (db *database) wait(ctx context.Context, news <-chan struct{}, next int64) error {
	var due <-chan time.Time
	if next > 0 {
		timer := time.NewTimer(time.Duration(next - db.clock.now()))
		defer timer.Stop()
		due = timer.C
	}
	select {
	case <-news:
		return nil
	case <-due:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-db.ended:
		return db.cause()
	}
}

// close waits for calls in hand and closes the database. end must have been called.
func (db *database) close() error {
	db.calls.Wait()
	close(db.quit)
	db.goroutines.Wait()
	// What is in memtables goes into tables now, so that the next opening has no log to replay: a start waits for that,
	// an end need not be quick. After a failure there is nothing that counts.
	var err error
	if db.guard.Failure() == nil {
		err = db.pebble.Flush()
	}
	return errors.Join(err, db.closePebble(), db.guard.Failure())
}

// closePebble closes the files. Pebble panics at the end of Close when an error path of its own has left a reference to a
// file; by then everything that matters is released.
func (db *database) closePebble() (err error) {
	defer guard.Recover("close database", &err)
	return db.pebble.Close()
}

package disk

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"trackhook/engine"
	"trackhook/engine/disk/internal/format"
	"trackhook/engine/disk/internal/guard"

	"github.com/cockroachdb/pebble/v2"
)

// database is the database from the moment it is open until it fails or is closed, with everything that is in memory about
// it. After a failure the store opens another, which knows exactly what is on disk.
type database struct {
	cfg    Config
	lock   *pebble.Lock
	guard  *guard.FS
	pebble *pebble.DB
	clock  clock

	endOnce    sync.Once
	ended      chan struct{}  // closed by end
	calls      sync.WaitGroup // calls in hand; added to under Store.mu
	quit       chan struct{}  // closed when no call is in hand any more
	goroutines sync.WaitGroup // the two goroutines of write.go

	wake      chan struct{} // cap 1: requests or cursors wait for the writer
	groups    chan *group   // from the writer to the syncer
	leaseSlot chan struct{} // cap 1: one Lease at a time looks into the window

	mu           sync.Mutex    // guards what follows; nothing waits, reads or writes while holding it
	requests     []*request    // for the writer
	inFlight     int           // groups between the writer and their answer
	expected     int           // requests that the next group waits for
	fsync        time.Duration // what one took lately
	waitingBytes int           // in requests
	admitting    uint64        // packages in requests that have not been answered
	durable      format.State  // what is durable
	apps         map[string]*app
	rotation     []*app               // all apps, those that were served last at the end
	leases       map[uint64]*lease    // by handle
	claims       map[string]laneClaim // lanes that cannot be leased
	handles      uint64               // the newest handle
	listeners    map[string]*listener
	damaged      map[uint64]damage   // packages that hold their lanes because they cannot be read, by number
	moved        map[string]struct{} // cursors that the writer has not seen
	dueNews      chan struct{}       // closed when there may be more to lease; nil: nobody waits
	logNews      chan struct{}       // closed when the log gets a response; nil: nobody waits
	full         string              // why nothing is taken in; "": it is
	fullOfDead   bool                // full because of the dead letters
}

// lease is a lease.
type lease struct {
	lane, id string
	number   uint64
	accepted time.Time
	last     uint64 // sequence number of the response before, since it was queued
	previous uint64 // and from before it was queued
	session  bool
	settling bool // a settlement is on its way to the disk
}

// listener is the cursor of a listener, as its listener sees it, and what the writer has not seen of its runs.
type listener struct {
	format.Cursor
	finished []format.Stretch
	failures []failure
	gone     bool // it was warned that the listener is gone
}

// openDatabase opens the database. before is the one before, whose leases go on; nil at the first opening.
func openDatabase(cfg Config, lock *pebble.Lock, before *database) (*database, error) {
	db := &database{
		cfg:       cfg,
		lock:      lock,
		ended:     make(chan struct{}),
		quit:      make(chan struct{}),
		wake:      make(chan struct{}, 1),
		groups:    make(chan *group, groupsInFlight),
		leaseSlot: make(chan struct{}, 1),
		apps:      make(map[string]*app),
		leases:    make(map[uint64]*lease),
		claims:    make(map[string]laneClaim),
		listeners: make(map[string]*listener),
		moved:     make(map[string]struct{}),
		damaged:   make(map[uint64]damage),
	}
	db.guard = guard.New(cfg.FS, func(error) { db.end() })
	compactions := &compactionScheduler{}
	opened, err := pebble.Open(cfg.Dir, pebbleOptions(cfg, db.guard, lock, compactions))
	if err != nil {
		return nil, errors.Join(db.guard.Failure(), err)
	}
	compactions.open()
	db.pebble = opened
	if err := db.load(before); err != nil {
		return nil, errors.Join(db.guard.Failure(), err, db.closeDB())
	}
	// What failed while opening was not told to Pebble.
	if err := db.guard.Failure(); err != nil {
		return nil, errors.Join(err, db.closeDB())
	}
	db.checkMarks()
	db.start()
	return db, nil
}

// load reads what is small, and nothing that grows with the queue: the format, the counts and the cursors.
func (db *database) load(before *database) error {
	if err := db.loadFormat(); err != nil {
		return err
	}
	value, closer, err := db.pebble.Get(format.StateKey(nil))
	if err != nil {
		return fmt.Errorf("read state: %w", err)
	}
	db.durable, err = format.DecodeState(value)
	if err := errors.Join(err, closer.Close()); err != nil {
		return err
	}
	db.clock = newClock(db.durable.Clock)
	if err := db.loadCursors(); err != nil {
		return err
	}
	if before != nil {
		if err := db.withdraw(before.durable.Packages); err != nil {
			return err
		}
	}
	if err := db.loadApps(); err != nil {
		return err
	}
	if before != nil {
		return db.inherit(before)
	}
	return nil
}

// loadFormat refuses a store that a newer program has written, and marks a new one.
func (db *database) loadFormat() error {
	key := format.FormatKey(nil)
	value, closer, err := db.pebble.Get(key)
	if errors.Is(err, pebble.ErrNotFound) {
		batch := db.pebble.NewBatch()
		first := format.State{First: 1}
		err := errors.Join(
			batch.Set(key, format.AppendVersion(nil), nil),
			batch.Set(format.StateKey(nil), format.AppendState(nil, &first), nil),
			batch.Commit(pebble.Sync),
		)
		if err != nil {
			return fmt.Errorf("write format: %w", err)
		}
		return nil
	}
	if err != nil {
		return fmt.Errorf("read format: %w", err)
	}
	version, err := format.DecodeVersion(value)
	if err := errors.Join(err, closer.Close()); err != nil {
		return err
	}
	switch {
	case version == format.Version:
		return nil
	case version < format.Version:
		return fmt.Errorf("the store has format %d, and this program knows only format %d; send what is queued with the program that wrote it, then start with an empty data directory", version, format.Version)
	default:
		return fmt.Errorf("the store has format %d, and this program knows format %d; use the program that wrote it, or a newer one", version, format.Version)
	}
}

func (db *database) loadCursors() error {
	return scan(db.pebble, allOf(format.Cursors), func(key, value []byte) error {
		c, err := format.DecodeCursor(value)
		if err != nil {
			return fmt.Errorf("cursor of %q: %w", key[1:], err)
		}
		// After a crash a cursor could only be ahead of the log if the disk had lost a synced write. Then the listener
		// must not miss what will get those numbers.
		c.Seq = min(c.Seq, db.durable.Last)
		c.Since = min(c.Since, c.Seq+1)
		db.listeners[string(key[1:])] = &listener{Cursor: c}
		return nil
	})
}

// allOf bounds an iterator to the keys of a prefix.
func allOf(prefix format.Prefix) *pebble.IterOptions {
	lower, upper := prefix.Bounds()
	return &pebble.IterOptions{LowerBound: lower, UpperBound: upper}
}

// startingWith bounds an iterator to the keys that begin with start.
func startingWith(start []byte) *pebble.IterOptions {
	return &pebble.IterOptions{LowerBound: start, UpperBound: format.After(start)}
}

// scan calls visit for each key within bounds.
func scan(db pebble.Reader, bounds *pebble.IterOptions, visit func(key, value []byte) error) error {
	it, err := db.NewIter(bounds)
	if err != nil {
		return fmt.Errorf("read store: %w", err)
	}
	for valid := it.First(); valid; valid = it.Next() {
		value, err := it.ValueAndErr()
		if err == nil {
			err = visit(it.Key(), value)
		}
		if err != nil {
			return errors.Join(err, it.Close())
		}
	}
	if err := errors.Join(it.Error(), it.Close()); err != nil {
		return fmt.Errorf("read store: %w", err)
	}
	return nil
}

// end ends what goes on. Calls that wait for something to happen return; those that wait for the disk get their answer
// from it, which after a failure is an error.
func (db *database) end() { db.endOnce.Do(func() { close(db.ended) }) }

// fail ends what goes on because of an error, and freezes the disk as it is.
func (db *database) fail(err error) { db.guard.Freeze(err) }

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
		return fmt.Errorf("store %s failed: %w", db.cfg.Dir, err)
	}
	return nil
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
	return errors.Join(err, db.closeDB(), db.guard.Failure())
}

// closeDB closes the database. Pebble panics at the end of Close when an error path of its own has left a reference to
// a file; by then everything that matters is released.
func (db *database) closeDB() (err error) {
	defer guard.Recover("close database", &err)
	return db.pebble.Close()
}

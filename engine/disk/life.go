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

// life is one opening of the database, from the moment it is open until it fails or is closed. Everything that is in
// memory belongs to a life, so that a new one knows exactly what is on disk.
type life struct {
	cfg   Config
	lock  *pebble.Lock
	guard *guard.FS
	db    *pebble.DB
	clock clock

	endOnce sync.Once
	ended   chan struct{}  // closed by end
	calls   sync.WaitGroup // calls in hand; added to under Store.mu
	quit    chan struct{}  // closed when no call is in hand any more
	wrote   sync.WaitGroup // the two goroutines of write.go

	wake      chan struct{} // cap 1: requests or cursors wait for the writer
	groups    chan *group   // from the writer to the syncer
	leaseSlot chan struct{} // cap 1: one Lease at a time looks into the window

	mu           sync.Mutex    // guards what follows; nothing waits, reads or writes while holding it
	requests     []*request    // for the writer
	inFlight     int           // groups between the writer and their answer
	crowd        int           // requests that the next group waits for
	fsync        time.Duration // what one took lately
	waitingBytes int           // in requests
	taking       uint64        // packages in requests that have not been answered
	state        format.State  // what is durable
	apps         map[string]*app
	turns        []*app           // all apps, those that were served last at the end
	leases       map[uint64]*held // by handle
	busy         map[string]busy  // lanes that cannot be leased
	handles      uint64           // the newest handle
	cursors      map[string]*position
	damaged      map[uint64]damage   // packages that hold their lanes because they cannot be read, by number
	moved        map[string]struct{} // cursors that the writer has not seen
	dueNews      chan struct{}       // closed when there may be more to lease; nil: nobody waits
	logNews      chan struct{}       // closed when the log gets a response; nil: nobody waits
	full         string              // why nothing is taken in; "": it is
	graves       bool                // full because of the dead letters
}

// held is a lease.
type held struct {
	lane, id string
	number   uint64
	accepted time.Time
	last     uint64 // sequence number of the response before, since it was queued
	previous uint64 // and from before it was queued
	session  bool
	settling bool // a settlement is on its way to the disk
}

// position is the cursor of a listener, as its listener sees it, and what the writer has not seen of its runs.
type position struct {
	format.Cursor
	closed   []format.Stretch
	failures []failure
	gone     bool // it was warned that the listener is gone
}

// begin opens the database. before is the life before this one, whose leases go on; nil at the first opening.
func begin(cfg Config, lock *pebble.Lock, before *life) (*life, error) {
	l := &life{
		cfg:       cfg,
		lock:      lock,
		ended:     make(chan struct{}),
		quit:      make(chan struct{}),
		wake:      make(chan struct{}, 1),
		groups:    make(chan *group, groupsInFlight),
		leaseSlot: make(chan struct{}, 1),
		apps:      make(map[string]*app),
		leases:    make(map[uint64]*held),
		busy:      make(map[string]busy),
		cursors:   make(map[string]*position),
		moved:     make(map[string]struct{}),
		damaged:   make(map[uint64]damage),
	}
	l.guard = guard.New(cfg.FS, func(error) { l.end() })
	compactions := &scheduler{}
	db, err := pebble.Open(cfg.Dir, pebbleOptions(cfg, l.guard, lock, compactions))
	if err != nil {
		return nil, errors.Join(l.guard.Failure(), err)
	}
	compactions.open()
	l.db = db
	if err := l.load(before); err != nil {
		return nil, errors.Join(l.guard.Failure(), err, l.closeDB())
	}
	// What failed while opening was not told to Pebble.
	if err := l.guard.Failure(); err != nil {
		return nil, errors.Join(err, l.closeDB())
	}
	l.watch()
	l.start()
	return l, nil
}

// load reads what is small, and nothing that grows with the queue: the format, the counts and the cursors.
func (l *life) load(before *life) error {
	if err := l.loadFormat(); err != nil {
		return err
	}
	value, closer, err := l.db.Get(format.StateKey(nil))
	if err != nil {
		return fmt.Errorf("read state: %w", err)
	}
	l.state, err = format.DecodeState(value)
	if err := errors.Join(err, closer.Close()); err != nil {
		return err
	}
	l.clock = newClock(l.state.Clock)
	if err := l.loadCursors(); err != nil {
		return err
	}
	if before != nil {
		if err := l.withdraw(before.state.Packages); err != nil {
			return err
		}
	}
	if err := l.loadApps(); err != nil {
		return err
	}
	if before != nil {
		return l.inherit(before)
	}
	return nil
}

// loadFormat refuses a store that a newer program has written, and marks a new one.
func (l *life) loadFormat() error {
	key := format.FormatKey(nil)
	value, closer, err := l.db.Get(key)
	if errors.Is(err, pebble.ErrNotFound) {
		batch := l.db.NewBatch()
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

func (l *life) loadCursors() error {
	return scan(l.db, allOf(format.Cursors), func(key, value []byte) error {
		c, err := format.DecodeCursor(value)
		if err != nil {
			return fmt.Errorf("cursor of %q: %w", key[1:], err)
		}
		// After a crash a cursor could only be ahead of the log if the disk had lost a synced write. Then the listener
		// must not miss what will get those numbers.
		c.Seq = min(c.Seq, l.state.Last)
		c.Since = min(c.Since, c.Seq+1)
		l.cursors[string(key[1:])] = &position{Cursor: c}
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

// end ends the life. Calls that wait for something to happen return; those that wait for the disk get their answer
// from it, which after a failure is an error.
func (l *life) end() { l.endOnce.Do(func() { close(l.ended) }) }

// fail ends the life because of an error, and freezes the disk as it is.
func (l *life) fail(err error) { l.guard.Freeze(err) }

// cause returns why the life ended, as an error for calls; nil while it goes on.
func (l *life) cause() error {
	if err := l.failed(); err != nil {
		return err
	}
	select {
	case <-l.ended:
		return fmt.Errorf("store %w", engine.ErrClosed)
	default:
		return nil
	}
}

// failed returns the failure, as an error for calls; nil while there is none.
func (l *life) failed() error {
	if err := l.guard.Failure(); err != nil {
		return fmt.Errorf("store %s failed: %w", l.cfg.Dir, err)
	}
	return nil
}

// close waits for calls in hand and closes the database. The life must have ended.
func (l *life) close() error {
	l.calls.Wait()
	close(l.quit)
	l.wrote.Wait()
	// What is in memtables goes into tables now, so that the next opening has no log to replay: a start waits for that,
	// an end need not be quick. After a failure there is nothing that counts.
	var err error
	if l.guard.Failure() == nil {
		err = l.db.Flush()
	}
	return errors.Join(err, l.closeDB(), l.guard.Failure())
}

// closeDB closes the database. Pebble panics at the end of Close when an error path of its own has left a reference to
// a file; by then everything that matters is released.
func (l *life) closeDB() (err error) {
	defer guard.Recover("close database", &err)
	return l.db.Close()
}

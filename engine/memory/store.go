package memory

import (
	"context"
	"fmt"
	"sync"
	"time"

	"trackhook/engine"
)

// Store is an [engine.Store] in memory. It keeps every promise of that interface but the one about the disk: what Append,
// Settle and SetValues return nil for is gone with the process. It is never full, removes nothing by age, and its size on
// disk is 0. Its methods may be called from many goroutines at once; none may be called on the zero Store. Use [New].
type Store struct {
	engine.Alone

	mu       sync.Mutex
	changed  chan struct{} // closed and replaced at every change; guarded by mu, like everything below
	closed   bool
	packages map[string]*storedPackage // by ID
	apps     map[engine.App]*appQueue
	turns    []engine.App // the apps, the one that was served last at the end
	devices  map[engine.Lane]engine.Device
	leased   map[uint64]*storedPackage // by handle
	handle   uint64                    // of the newest lease
	queued   uint64                    // how often a package was queued so far, and buried how often one was buried
	buried   uint64
	log      []engine.Response // the one with sequence number n at n-1
	dead     []*storedPackage  // oldest first
	cursors  map[string]uint64
	commits  []commit
	events   map[countKey]bool // false: it counts among [engine.OtherEvents]
	perDay   map[countKey]int  // how many are true, by day, app and kind
	values   map[string]map[string][]byte
}

// storedPackage is a package from its acceptance on, for ever.
type storedPackage struct {
	engine.PackageState
	lease uint64    // the handle of the lease that is held, 0 when there is none
	order uint64    // among all that were queued
	due   time.Time // when it may be leased, once it is the next of its lane
	wait  bool      // it waits for a session of its device
	// burial is its number among all dead letters, when it is one.
	burial uint64
}

// appQueue is what the store holds of one app.
type appQueue struct {
	lanes map[engine.Lane][]*storedPackage // those that hold packages
	limit int                              // of the leases; negative: no bound
	held  int                              // leases
}

// commit is one call of Commit.
type commit struct {
	listener     string
	after, until uint64 // the responses that it is about: those after after, up to until
	runs         engine.Runs
}

// New returns an empty store. It starts no goroutines and holds nothing that must be released, so a test may leave it
// open.
func New() *Store {
	return &Store{
		changed:  make(chan struct{}),
		packages: map[string]*storedPackage{},
		apps:     map[engine.App]*appQueue{},
		devices:  map[engine.Lane]engine.Device{},
		leased:   map[uint64]*storedPackage{},
		cursors:  map[string]uint64{},
		events:   map[countKey]bool{},
		perDay:   map[countKey]int{},
		values:   map[string]map[string][]byte{},
	}
}

// lock takes the mutex, or returns an error with it released.
func (s *Store) lock(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return fmt.Errorf("memory store %w", engine.ErrClosed)
	}
	return nil
}

// unlock releases the mutex after a change and wakes everyone who waits for one.
func (s *Store) unlock() {
	close(s.changed)
	s.changed = make(chan struct{})
	s.mu.Unlock()
}

// wait calls try with the lock held, at first and after every change, until it returns true. again, when it is not zero,
// is when to try again without a change.
func (s *Store) wait(ctx context.Context, try func() (ok bool, again time.Time)) error {
	for {
		if err := s.lock(ctx); err != nil {
			return err
		}
		ok, again := try()
		changed := s.changed
		s.mu.Unlock()
		if ok {
			return nil
		}
		var timer <-chan time.Time
		if !again.IsZero() {
			timer = time.After(time.Until(again))
		}
		select {
		case <-ctx.Done():
		case <-changed:
		case <-timer:
		}
	}
}

// Stats implements [engine.Store].
func (s *Store) Stats(ctx context.Context) (engine.Stats, error) {
	if err := s.lock(ctx); err != nil {
		return engine.Stats{}, err
	}
	defer s.mu.Unlock()
	stats := engine.Stats{Leased: uint64(len(s.leased)), Dead: uint64(len(s.dead)), Last: uint64(len(s.log)), First: min(1, uint64(len(s.log)))}
	for _, app := range s.apps {
		stats.Lanes += uint64(len(app.lanes))
		for _, lane := range app.lanes {
			stats.Queued += uint64(len(lane))
		}
	}
	for i := range s.log {
		if s.log[i].Ambiguous {
			stats.Ambiguous++
		}
	}
	return stats, nil
}

// Close implements [engine.Store]. Calls that wait end with an error that wraps [engine.ErrClosed]. What the store holds
// stays, for [Store.Accepted], [Store.Committed] and [Store.Dead].
func (s *Store) Close() error {
	s.mu.Lock()
	s.closed = true
	s.unlock()
	return nil
}

package storetest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"trackhook/engine"
)

// Memory is a store that keeps everything in memory, for tests of what works on a store. It keeps the contract of
// [engine.Store] except for the disk: nothing survives, and nothing is ever full. Use [NewMemory].
type Memory struct {
	mu       sync.Mutex
	changed  chan struct{} // closed and replaced at every change; guarded by mu, like everything below
	closed   bool
	packages map[string]*memoryPackage
	apps     map[engine.App]*memoryApp
	turns    []engine.App // the apps, the one that was served last at the end
	devices  map[engine.Lane]engine.Device
	leased   map[uint64]*memoryPackage
	handle   uint64
	queued   uint64 // packages so far
	log      []engine.Response
	dead     []*memoryPackage // oldest first
	cursors  map[string]uint64
	runs     []memoryRuns
	values   map[string]map[string][]byte
}

// memoryPackage is a package from its acceptance on, for ever.
type memoryPackage struct {
	engine.PackageState
	lease uint64    // the handle of the lease that is held, 0 when there is none
	order uint64    // among those that were queued
	due   time.Time // when it may be leased, once it is the next of its lane
	wait  bool      // it waits for a session of its device
}

type memoryApp struct {
	lanes map[engine.Lane][]*memoryPackage // those that hold packages
	limit int                              // negative: no bound
	held  int
}

// memoryRuns is one call of Commit.
type memoryRuns struct {
	listener     string
	after, until uint64
	runs         engine.Runs
}

// NewMemory returns an empty store.
func NewMemory() *Memory {
	return &Memory{
		changed:  make(chan struct{}),
		packages: map[string]*memoryPackage{},
		apps:     map[engine.App]*memoryApp{},
		devices:  map[engine.Lane]engine.Device{},
		leased:   map[uint64]*memoryPackage{},
		cursors:  map[string]uint64{},
		values:   map[string]map[string][]byte{},
	}
}

// lock takes the mutex, or returns an error with it released.
func (m *Memory) lock(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	if m.closed {
		m.mu.Unlock()
		return fmt.Errorf("memory store %w", engine.ErrClosed)
	}
	return nil
}

// unlock releases the mutex after a change and wakes everyone who waits for one.
func (m *Memory) unlock() {
	close(m.changed)
	m.changed = make(chan struct{})
	m.mu.Unlock()
}

// wait calls try until it is true. again, when not zero, is when to try again without a change.
func (m *Memory) wait(ctx context.Context, try func() (ok bool, again time.Time)) error {
	for {
		if err := m.lock(ctx); err != nil {
			return err
		}
		ok, again := try()
		changed := m.changed
		m.mu.Unlock()
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

// Read implements [engine.Log].
func (m *Memory) Read(ctx context.Context, after uint64, limit int) ([]engine.Response, error) {
	var responses []engine.Response
	err := m.wait(ctx, func() (bool, time.Time) {
		if after < uint64(len(m.log)) {
			rest := m.log[after:]
			responses = slices.Clone(rest[:min(limit, len(rest))])
		}
		return len(responses) > 0, time.Time{}
	})
	return responses, err
}

// Enroll implements [engine.Log].
func (m *Memory) Enroll(ctx context.Context, listener string) (uint64, error) {
	if err := m.lock(ctx); err != nil {
		return 0, err
	}
	defer m.unlock()
	if _, known := m.cursors[listener]; !known {
		m.cursors[listener] = uint64(len(m.log))
	}
	return m.cursors[listener], nil
}

// Commit implements [engine.Log].
func (m *Memory) Commit(ctx context.Context, listener string, seq uint64, runs engine.Runs) error {
	if err := m.lock(ctx); err != nil {
		return err
	}
	defer m.unlock()
	at, known := m.cursors[listener]
	if !known {
		return fmt.Errorf("commit cursor of %s: listener %w: it was never enrolled", listener, engine.ErrNotFound)
	}
	if seq > at {
		runs.Failed = maps.Clone(runs.Failed)
		m.runs = append(m.runs, memoryRuns{listener: listener, after: at, until: seq, runs: runs})
		m.cursors[listener] = seq
	}
	return nil
}

// Cursors implements [engine.Log].
func (m *Memory) Cursors(ctx context.Context) (map[string]uint64, error) {
	if err := m.lock(ctx); err != nil {
		return nil, err
	}
	defer m.mu.Unlock()
	return maps.Clone(m.cursors), nil
}

// Forget implements [engine.Log].
func (m *Memory) Forget(ctx context.Context, listener string) error {
	if err := m.lock(ctx); err != nil {
		return err
	}
	defer m.unlock()
	if _, known := m.cursors[listener]; !known {
		return fmt.Errorf("forget listener %s: %w", listener, engine.ErrNotFound)
	}
	delete(m.cursors, listener)
	m.runs = slices.DeleteFunc(m.runs, func(r memoryRuns) bool { return r.listener == listener })
	return nil
}

// Last implements [engine.Log].
func (m *Memory) Last(ctx context.Context) (uint64, error) {
	if err := m.lock(ctx); err != nil {
		return 0, err
	}
	defer m.mu.Unlock()
	return uint64(len(m.log)), nil
}

// Value implements [engine.Values].
func (m *Memory) Value(ctx context.Context, space, key string) ([]byte, error) {
	if err := m.lock(ctx); err != nil {
		return nil, err
	}
	defer m.mu.Unlock()
	value, ok := m.values[space][key]
	if !ok {
		return nil, fmt.Errorf("value %s of %s: %w", key, space, engine.ErrNotFound)
	}
	return slices.Clone(value), nil
}

// Values implements [engine.Values].
func (m *Memory) Values(ctx context.Context, space string) (map[string][]byte, error) {
	if err := m.lock(ctx); err != nil {
		return nil, err
	}
	defer m.mu.Unlock()
	all := make(map[string][]byte, len(m.values[space]))
	for key, value := range m.values[space] {
		all[key] = slices.Clone(value)
	}
	return all, nil
}

// SetValues implements [engine.Values].
func (m *Memory) SetValues(ctx context.Context, space string, pairs map[string][]byte) error {
	if err := m.lock(ctx); err != nil {
		return err
	}
	defer m.unlock()
	if _, ok := pairs[""]; ok || space == "" {
		return errors.New("set values: neither space nor key may be empty")
	}
	if m.values[space] == nil {
		m.values[space] = map[string][]byte{}
	}
	for key, value := range pairs {
		if value == nil {
			delete(m.values[space], key)
		} else {
			m.values[space][key] = slices.Clone(value)
		}
	}
	return nil
}

// Stats implements [engine.Store].
func (m *Memory) Stats(ctx context.Context) (engine.Stats, error) {
	if err := m.lock(ctx); err != nil {
		return engine.Stats{}, err
	}
	defer m.mu.Unlock()
	stats := engine.Stats{Leased: uint64(len(m.leased)), Dead: uint64(len(m.dead)), Last: uint64(len(m.log)), First: min(1, uint64(len(m.log)))}
	for _, app := range m.apps {
		stats.Lanes += uint64(len(app.lanes))
		for _, lane := range app.lanes {
			stats.Queued += uint64(len(lane))
		}
	}
	for i := range m.log {
		if m.log[i].Ambiguous {
			stats.Ambiguous++
		}
	}
	return stats, nil
}

// Close implements [engine.Store].
func (m *Memory) Close() error {
	m.mu.Lock()
	m.closed = true
	m.unlock()
	return nil
}

// Dead returns the dead letters, oldest first.
func (m *Memory) Dead() []engine.Package {
	m.mu.Lock()
	defer m.mu.Unlock()
	all := make([]engine.Package, len(m.dead))
	for i, p := range m.dead {
		all[i] = p.Package
	}
	return all
}

package storetest

import (
	"context"
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
	mu      sync.Mutex
	changed chan struct{} // closed and replaced at every change; guarded by mu
	closed  bool
	ids     map[string]bool
	lanes   map[engine.Lane]*memoryLane
	leased  map[uint64]engine.Lane
	handle  uint64
	log     []engine.Response
	dead    []engine.Package
	cursors map[string]uint64
	values  map[string]map[string][]byte
}

type memoryLane struct {
	queue  []engine.Lease // Handle is that of the lease that is held, 0 when there is none
	due    time.Time
	device engine.Device
}

// NewMemory returns an empty store.
func NewMemory() *Memory {
	return &Memory{
		changed: make(chan struct{}),
		ids:     map[string]bool{},
		lanes:   map[engine.Lane]*memoryLane{},
		leased:  map[uint64]engine.Lane{},
		cursors: map[string]uint64{},
		values:  map[string]map[string][]byte{},
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

// Append implements [engine.Queue].
func (m *Memory) Append(ctx context.Context, packages ...engine.Package) error {
	if err := m.lock(ctx); err != nil {
		return err
	}
	defer m.unlock()
	now := time.Now()
	for i := range packages {
		p := &packages[i]
		if m.ids[p.ID] {
			continue
		}
		m.ids[p.ID] = true
		lane := m.lanes[p.Lane()]
		if lane == nil {
			lane = &memoryLane{}
			m.lanes[p.Lane()] = lane
		}
		if len(lane.queue) == 0 {
			lane.due = now
		}
		lane.queue = append(lane.queue, engine.Lease{Package: p.Clone(), Accepted: now})
	}
	return nil
}

// Lease implements [engine.Queue].
func (m *Memory) Lease(ctx context.Context, limit int) ([]engine.Lease, error) {
	var leases []engine.Lease
	err := m.wait(ctx, func() (bool, time.Time) {
		due, again := m.due(time.Now())
		for _, lane := range due[:min(limit, len(due))] {
			m.handle++
			lane.queue[0].Handle = m.handle
			lease := lane.queue[0]
			lease.Device = lane.device
			m.leased[m.handle] = lease.Package.Lane()
			leases = append(leases, lease)
		}
		return len(leases) > 0, again
	})
	return leases, err
}

// due returns the lanes whose head may be leased, earliest first, or when the next one may.
func (m *Memory) due(now time.Time) (due []*memoryLane, again time.Time) {
	for _, lane := range m.lanes {
		switch {
		case len(lane.queue) == 0 || lane.queue[0].Handle != 0:
		case !lane.due.After(now):
			due = append(due, lane)
		case again.IsZero() || lane.due.Before(again):
			again = lane.due
		}
	}
	slices.SortFunc(due, func(a, b *memoryLane) int { return a.due.Compare(b.due) })
	return due, again
}

// Settle implements [engine.Queue].
func (m *Memory) Settle(ctx context.Context, settlements ...engine.Settlement) error {
	if err := m.lock(ctx); err != nil {
		return err
	}
	defer m.unlock()
	for i := range settlements {
		m.settle(&settlements[i])
	}
	return nil
}

func (m *Memory) settle(s *engine.Settlement) {
	key, held := m.leased[s.Lease.Handle]
	if !held {
		return
	}
	delete(m.leased, s.Lease.Handle)
	lane := m.lanes[key]
	head := &lane.queue[0]
	head.Handle = 0
	if s.Device != nil {
		lane.device = *s.Device
	}
	if s.Verdict == engine.Return {
		lane.due = s.Due
		return
	}
	response := s.Response
	response.Seq = uint64(len(m.log) + 1)
	m.log = append(m.log, response)
	if s.Verdict == engine.Requeue {
		head.Attempts++
		head.Failures = s.Lease.Failures
		head.Last = response.Outcome
		lane.due = s.Due
		return
	}
	if s.Verdict == engine.Bury {
		m.dead = append(m.dead, head.Package)
	}
	lane.queue = slices.Delete(lane.queue, 0, 1)
	lane.due = time.Now()
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
func (m *Memory) Commit(ctx context.Context, listener string, seq uint64) error {
	if err := m.lock(ctx); err != nil {
		return err
	}
	defer m.unlock()
	m.cursors[listener] = max(m.cursors[listener], seq)
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
	for _, lane := range m.lanes {
		stats.Queued += uint64(len(lane.queue))
		stats.Lanes += min(1, uint64(len(lane.queue)))
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
	return slices.Clone(m.dead)
}

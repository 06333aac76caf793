package scriptingtest

import (
	"context"
	"fmt"
	"maps"
	"sync"

	"trackhook/engine"
	"trackhook/engine/storetest"
)

// Store is a store in memory: a log that a test writes, and a record of what scripts track. It keeps the contract of
// [engine.Store] but for two things: nothing survives, and it hands out no leases, so that nothing is ever sent. It
// may be used from many goroutines at once.
type Store struct {
	engine.Inspector // of an empty store: there is nothing to inspect

	mu      sync.Mutex
	news    chan struct{}                // closed and replaced at each change
	closed  bool                         // guarded by mu, as all below
	log     []engine.Response            // log[i] has Seq i+1
	cursors map[string]uint64            // by listener
	queue   []engine.Package             // in the order of Append
	known   map[string]bool              // ids in queue
	values  map[string]map[string][]byte // by space and key
}

// NewStore returns an empty store.
func NewStore() *Store {
	return &Store{
		Inspector: storetest.NewMemory(),
		news:      make(chan struct{}), cursors: map[string]uint64{}, known: map[string]bool{},
		values: map[string]map[string][]byte{},
	}
}

// Log appends responses as if the sending loop had settled them, and returns the Seq of the last.
func (s *Store) Log(responses ...engine.Response) uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, response := range responses {
		response.Seq = uint64(len(s.log)) + 1
		s.log = append(s.log, response)
	}
	s.changedLocked()
	return uint64(len(s.log))
}

// WaitCommit waits until the listener is done with everything up to seq.
func (s *Store) WaitCommit(ctx context.Context, listener string, seq uint64) error {
	return s.await(ctx, func() bool { return s.cursors[listener] >= seq })
}

// WaitEnroll waits until the listener has a cursor: from then on it sees whatever is logged.
func (s *Store) WaitEnroll(ctx context.Context, listener string) error {
	return s.await(ctx, func() bool {
		_, enrolled := s.cursors[listener]
		return enrolled
	})
}

// Tracked returns what was appended, in order.
func (s *Store) Tracked() []engine.Package {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]engine.Package(nil), s.queue...)
}

func (s *Store) changedLocked() {
	close(s.news)
	s.news = make(chan struct{})
}

// await waits until holds, which is called with mu held, returns true.
func (s *Store) await(ctx context.Context, holds func() bool) error {
	for {
		s.mu.Lock()
		closed, met, news := s.closed, holds(), s.news
		s.mu.Unlock()
		switch {
		case closed:
			return fmt.Errorf("store %w", engine.ErrClosed)
		case met:
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-news:
		}
	}
}

// Append records packages.
func (s *Store) Append(_ context.Context, packages ...engine.Package) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return fmt.Errorf("store %w", engine.ErrClosed)
	}
	for i := range packages {
		if !s.known[packages[i].ID] {
			s.known[packages[i].ID] = true
			s.queue = append(s.queue, packages[i])
		}
	}
	s.changedLocked()
	return nil
}

// Lease waits until ctx ends: nothing is sent from here.
func (s *Store) Lease(ctx context.Context, _ int) ([]engine.Lease, error) {
	return nil, s.await(ctx, func() bool { return false })
}

// Limit does nothing, because there are no leases.
func (s *Store) Limit(engine.App, int) {}

// Settle does nothing, because there are no leases.
func (s *Store) Settle(context.Context, ...engine.Settlement) error { return nil }

// Read returns what was logged after a number.
func (s *Store) Read(ctx context.Context, after uint64, limit int) ([]engine.Response, error) {
	if err := s.await(ctx, func() bool { return uint64(len(s.log)) > after }); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	rest := s.log[after:]
	return append([]engine.Response(nil), rest[:min(limit, len(rest))]...), nil
}

// Enroll returns the cursor of a listener; a new one starts at the end.
func (s *Store) Enroll(_ context.Context, listener string) (uint64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return 0, fmt.Errorf("store %w", engine.ErrClosed)
	}
	if _, ok := s.cursors[listener]; !ok {
		s.cursors[listener] = uint64(len(s.log))
		s.changedLocked()
	}
	return s.cursors[listener], nil
}

// Commit moves a cursor forward.
func (s *Store) Commit(_ context.Context, listener string, seq uint64, _ engine.Runs) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return fmt.Errorf("store %w", engine.ErrClosed)
	}
	s.cursors[listener] = max(s.cursors[listener], seq)
	s.changedLocked()
	return nil
}

// Cursors returns all cursors.
func (s *Store) Cursors(context.Context) (map[string]uint64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.cursors), nil
}

// Forget removes a cursor.
func (s *Store) Forget(_ context.Context, listener string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, known := s.cursors[listener]; !known {
		return fmt.Errorf("forget listener %s: %w", listener, engine.ErrNotFound)
	}
	delete(s.cursors, listener)
	return nil
}

// Last returns the number of the newest response.
func (s *Store) Last(context.Context) (uint64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return uint64(len(s.log)), nil
}

// Value returns one value.
func (s *Store) Value(_ context.Context, space, key string) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	value, ok := s.values[space][key]
	if !ok {
		return nil, fmt.Errorf("value %s of %s: %w", key, space, engine.ErrNotFound)
	}
	return value, nil
}

// Values returns all values of a space.
func (s *Store) Values(_ context.Context, space string) (map[string][]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.values[space]), nil
}

// SetValues sets and removes values of a space.
func (s *Store) SetValues(_ context.Context, space string, pairs map[string][]byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return fmt.Errorf("store %w", engine.ErrClosed)
	}
	if s.values[space] == nil {
		s.values[space] = map[string][]byte{}
	}
	for key, value := range pairs {
		if value == nil {
			delete(s.values[space], key)
			continue
		}
		s.values[space][key] = append([]byte{}, value...)
	}
	return nil
}

// Stats returns counts.
func (s *Store) Stats(context.Context) (engine.Stats, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	stats := engine.Stats{Queued: uint64(len(s.queue)), Last: uint64(len(s.log))}
	if stats.Last > 0 {
		stats.First = 1
	}
	return stats, nil
}

// Close ends every call that waits.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	s.changedLocked()
	return nil
}

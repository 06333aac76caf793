package memory

import (
	"cmp"
	"context"
	"slices"
	"time"

	"trackhook/engine"
)

// Log appends responses as if the sending loop had settled them, whether or not their packages were ever queued, and
// returns the sequence number of the last. It is for tests of listeners, which need a log and no queue.
func (s *Store) Log(responses ...engine.Response) uint64 {
	s.mu.Lock()
	defer s.unlock()
	for _, response := range responses {
		response.Seq = uint64(len(s.log)) + 1
		s.log = append(s.log, response)
	}
	return uint64(len(s.log))
}

// WaitCommit waits until the cursor of a listener has reached seq: the listener is done with everything up to it. The
// error is that of ctx, or wraps [engine.ErrClosed].
func (s *Store) WaitCommit(ctx context.Context, listener string, seq uint64) error {
	return s.wait(ctx, func() (bool, time.Time) { return s.cursors[listener] >= seq, time.Time{} })
}

// WaitEnroll waits until a listener has a cursor: from then on it sees whatever is logged. The error is that of ctx, or
// wraps [engine.ErrClosed].
func (s *Store) WaitEnroll(ctx context.Context, listener string) error {
	return s.wait(ctx, func() (bool, time.Time) {
		_, enrolled := s.cursors[listener]
		return enrolled, time.Time{}
	})
}

// Committed returns the cursor of a listener, 0 when it has none. It works on a closed store too.
func (s *Store) Committed(listener string) uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.cursors[listener]
}

// Accepted returns every package that was ever appended, in the order in which they were queued last, whatever has
// become of it. It works on a closed store too.
func (s *Store) Accepted() []engine.Package {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]*storedPackage, 0, len(s.packages))
	for _, p := range s.packages {
		all = append(all, p)
	}
	slices.SortFunc(all, func(a, b *storedPackage) int { return cmp.Compare(a.order, b.order) })
	packages := make([]engine.Package, len(all))
	for i, p := range all {
		packages[i] = p.Package.Clone()
	}
	return packages
}

// Dead returns the dead letters, in the order in which they were buried. It works on a closed store too.
func (s *Store) Dead() []engine.Package {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]engine.Package, len(s.dead))
	for i, p := range s.dead {
		all[i] = p.Package
	}
	return all
}

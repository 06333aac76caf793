package storetest

import (
	"cmp"
	"context"
	"slices"
	"time"

	"trackhook/engine"
)

// Log appends responses as if the sending loop had settled them, whether or not their packages were ever queued, and
// returns the Seq of the last. It is for tests of listeners, which need a log and no queue.
func (m *Memory) Log(responses ...engine.Response) uint64 {
	m.mu.Lock()
	defer m.unlock()
	for _, response := range responses {
		response.Seq = uint64(len(m.log)) + 1
		m.log = append(m.log, response)
	}
	return uint64(len(m.log))
}

// WaitCommit waits until the listener is done with everything up to seq. The error is that of ctx, or says that the
// store is closed.
func (m *Memory) WaitCommit(ctx context.Context, listener string, seq uint64) error {
	return m.wait(ctx, func() (bool, time.Time) { return m.cursors[listener] >= seq, time.Time{} })
}

// WaitEnroll waits until the listener has a cursor: from then on it sees whatever is logged. The error is that of ctx,
// or says that the store is closed.
func (m *Memory) WaitEnroll(ctx context.Context, listener string) error {
	return m.wait(ctx, func() (bool, time.Time) {
		_, enrolled := m.cursors[listener]
		return enrolled, time.Time{}
	})
}

// Committed returns the cursor of a listener, 0 when it has none. It works on a closed store too.
func (m *Memory) Committed(listener string) uint64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.cursors[listener]
}

// Accepted returns every package that was ever appended, in the order in which they were queued last, whatever has
// become of it. It works on a closed store too.
func (m *Memory) Accepted() []engine.Package {
	m.mu.Lock()
	defer m.mu.Unlock()
	all := make([]*memoryPackage, 0, len(m.packages))
	for _, p := range m.packages {
		all = append(all, p)
	}
	slices.SortFunc(all, func(a, b *memoryPackage) int { return cmp.Compare(a.order, b.order) })
	packages := make([]engine.Package, len(all))
	for i, p := range all {
		packages[i] = p.Package.Clone()
	}
	return packages
}

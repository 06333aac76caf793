package postgres

import (
	"context"
	"fmt"
	"sync"
	"time"

	"trackhook/engine"
)

// cachedStats are counts that were counted a moment ago. Small ones are counted each time they are asked for. Large ones cost
// too much for that: they are counted in the background, and rest for countRest times what they cost.
type cachedStats struct {
	counting chan struct{} // held while somebody counts

	mu      sync.Mutex
	counted time.Time     // guarded by mu
	rest    time.Duration // guarded by mu
	stats   engine.Stats  // guarded by mu
}

const (
	countSmall = 20_000
	countRest  = 20
)

// Stats implements [engine.Store].
func (s *Store) Stats(ctx context.Context) (engine.Stats, error) {
	ctx, done, err := s.enter(ctx)
	if err != nil {
		return engine.Stats{}, fmt.Errorf("stats: %w", err)
	}
	defer done()
	stats, err := s.count(ctx, false)
	if err != nil {
		return engine.Stats{}, fmt.Errorf("stats: %w", failed(ctx, err))
	}
	return stats, nil
}

// count returns the counts, counted anew where they are small, or where they have rested and fresh says so.
func (s *Store) count(ctx context.Context, fresh bool) (stats engine.Stats, err error) {
	c := &s.stats
	select {
	case c.counting <- struct{}{}:
		defer func() { <-c.counting }()
	case <-ctx.Done():
		return engine.Stats{}, ctx.Err()
	}
	c.mu.Lock()
	stats = c.stats
	anew := c.counted.IsZero() || c.rest == 0 || fresh && time.Since(c.counted) >= c.rest
	c.mu.Unlock()
	if anew {
		if stats, err = s.recount(ctx); err != nil {
			return engine.Stats{}, err
		}
	}
	s.mu.Lock()
	stats.Leased = uint64(len(s.held))
	s.mu.Unlock()
	stats.First, stats.Last, err = s.ends(ctx)
	if err := s.full(0); err != nil {
		stats.Full = err.Error()
	}
	return stats, err
}

func (s *Store) recount(ctx context.Context) (engine.Stats, error) {
	began := time.Now()
	var queued, lanes, dead, deadBytes, unclear, bytes int64
	for name, into := range map[string][]any{
		"queued": {&queued}, "lanes": {&lanes}, "dead": {&dead, &deadBytes}, "ambiguous": {&unclear}, "bytes": {&bytes},
	} {
		if err := s.look.QueryRow(ctx, s.sql[name]).Scan(into...); err != nil {
			return engine.Stats{}, err
		}
	}
	//nolint:gosec // none is negative
	stats := engine.Stats{
		Queued: uint64(queued), Lanes: uint64(lanes), Dead: uint64(dead), DeadBytes: uint64(deadBytes), Ambiguous: uint64(unclear), Bytes: uint64(bytes),
	}
	c := &s.stats
	c.mu.Lock()
	defer c.mu.Unlock()
	c.stats, c.counted, c.rest = stats, time.Now(), 0
	if stats.Queued+stats.Dead > countSmall {
		c.rest = countRest * time.Since(began)
	}
	return stats, nil
}

// full tells why so many more packages are not taken in.
func (s *Store) full(more int) error {
	c, marks := &s.stats, &s.cfg.HighWater
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.counted.IsZero():
		return nil
	case c.stats.Queued+uint64(more) > marks.Queued: //nolint:gosec // not negative
		return fmt.Errorf("%d packages are queued, and at most %d may be: %w", c.stats.Queued, marks.Queued, engine.ErrFull)
	case c.stats.Dead >= marks.Dead:
		return fmt.Errorf("there are %d dead letters, and at most %d may be: %w", c.stats.Dead, marks.Dead, engine.ErrFullOfDead)
	case c.stats.DeadBytes >= marks.DeadBytes:
		return fmt.Errorf("dead letters have %d bytes, and at most %d may have: %w", c.stats.DeadBytes, marks.DeadBytes, engine.ErrFullOfDead)
	default:
		return nil
	}
}

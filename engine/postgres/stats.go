package postgres

import (
	"context"
	"fmt"
	"sync"
	"time"

	"trackhook/engine"
)

// cachedStats are counts that were counted a moment ago. Small ones are counted each time they are asked for; large ones cost
// too much for that, and rest for countRest times what they cost.
type cachedStats struct {
	mu      sync.Mutex
	counted time.Time     // guarded by mu
	rest    time.Duration // guarded by mu
	stats   engine.Stats  // guarded by mu
	marks   HighWater     // guarded by mu
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
	stats, err := s.count(ctx)
	if err != nil {
		return engine.Stats{}, fmt.Errorf("stats: %w", failed(ctx, err))
	}
	return stats, nil
}

func (s *Store) count(ctx context.Context) (engine.Stats, error) {
	c := &s.stats
	c.mu.Lock()
	defer c.mu.Unlock()
	var err error
	if c.counted.IsZero() || time.Since(c.counted) >= c.rest {
		began := time.Now()
		if err := s.recount(ctx, &c.stats); err != nil {
			return engine.Stats{}, err
		}
		c.counted, c.rest, c.marks = time.Now(), 0, s.cfg.HighWater
		if c.stats.Queued+c.stats.Dead > countSmall {
			c.rest = countRest * time.Since(began)
		}
	}
	stats := c.stats
	s.mu.Lock()
	stats.Leased = uint64(len(s.held))
	s.mu.Unlock()
	stats.First, stats.Last, err = s.ends(ctx)
	stats.Full = ""
	if err := c.fullLocked(0); err != nil {
		stats.Full = err.Error()
	}
	return stats, err
}

func (s *Store) recount(ctx context.Context, stats *engine.Stats) error {
	var queued, lanes, dead, deadBytes, unclear, bytes int64
	for name, into := range map[string][]any{
		"queued": {&queued}, "lanes": {&lanes}, "dead": {&dead, &deadBytes}, "ambiguous": {&unclear}, "bytes": {&bytes},
	} {
		if err := s.look.QueryRow(ctx, s.sql[name]).Scan(into...); err != nil {
			return err
		}
	}
	//nolint:gosec // none is negative
	*stats = engine.Stats{
		Queued: uint64(queued), Lanes: uint64(lanes), Dead: uint64(dead), DeadBytes: uint64(deadBytes), Ambiguous: uint64(unclear), Bytes: uint64(bytes),
	}
	return nil
}

// full tells why nothing is taken in.
func (c *cachedStats) full(more int) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.fullLocked(more)
}

func (c *cachedStats) fullLocked(more int) error {
	switch {
	case c.counted.IsZero():
		return nil
	case c.stats.Queued+uint64(more) > c.marks.Queued: //nolint:gosec // not negative
		return fmt.Errorf("%d packages are queued, and at most %d may be: %w", c.stats.Queued, c.marks.Queued, engine.ErrFull)
	case c.stats.Dead >= c.marks.Dead:
		return fmt.Errorf("there are %d dead letters, and at most %d may be: %w", c.stats.Dead, c.marks.Dead, engine.ErrFullOfDead)
	case c.stats.DeadBytes >= c.marks.DeadBytes:
		return fmt.Errorf("dead letters have %d bytes, and at most %d may have: %w", c.stats.DeadBytes, c.marks.DeadBytes, engine.ErrFullOfDead)
	default:
		return nil
	}
}

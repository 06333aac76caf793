package disk

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"trackhook/engine"
)

// Stats implements [engine.Store].
func (s *Store) Stats(ctx context.Context) (engine.Stats, error) {
	db, err := s.enter()
	if err == nil {
		defer db.calls.Done()
		err = errors.Join(ctx.Err(), db.failed())
	}
	if err != nil {
		return engine.Stats{}, fmt.Errorf("read counts: %w", err)
	}
	m := &db.memory
	m.mu.Lock()
	counts, leased, full, damaged := m.durable, len(m.leases.held), m.admission.full, damageNote(m.leases.damaged)
	m.mu.Unlock()
	var notes []string
	for _, note := range []string{db.missed, damaged, db.rot.Note()} {
		if note != "" {
			notes = append(notes, note)
		}
	}
	damaged = strings.Join(notes, "; ")
	stats := engine.Stats{
		Queued: counts.Queued, Lanes: counts.Lanes, Leased: uint64(leased), Dead: counts.Dead,
		DeadBytes: counts.DeadBytes, Ambiguous: counts.Ambiguous, Full: full, Damaged: damaged, Last: counts.Last,
		Bytes: db.pebble.Metrics().DiskSpaceUsage(),
	}
	if counts.Last > 0 {
		stats.First = counts.First
	}
	return stats, nil
}

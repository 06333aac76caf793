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
	known := db.memory.Overview()
	var notes []string
	for _, note := range []string{db.missed, known.Absent, known.Cursors, known.Damaged, db.rot.Note()} {
		if note != "" {
			notes = append(notes, note)
		}
	}
	counts := known.Counts
	stats := engine.Stats{
		Queued: counts.Queued, Lanes: counts.Lanes, Leased: uint64(known.Leased), Dead: counts.Dead,
		DeadBytes: counts.DeadBytes, Ambiguous: counts.Ambiguous, Full: known.Full, Damaged: strings.Join(notes, "; "), Last: counts.Last,
		Bytes: db.pebble.Metrics().DiskSpaceUsage(),
	}
	if counts.Last > 0 {
		stats.First = counts.First
	}
	return stats, nil
}

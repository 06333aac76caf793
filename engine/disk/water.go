package disk

import (
	"context"
	"errors"
	"fmt"

	"trackhook/engine"
	"trackhook/engine/disk/internal/format"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// admit lets packages in, or returns engine.ErrFull. The dead letters do not count for those that come from there.
func (db *database) admit(n int, dead bool) error {
	db.mu.Lock()
	defer db.mu.Unlock()
	high, waiting := &db.cfg.HighWater, db.durable.Queued+db.admitting
	switch {
	case db.full != "" && !db.fullOfDead:
	case waiting+uint64(n) > high.Queued: //nolint:gosec // n is a length
		db.full, db.fullOfDead = fmt.Sprintf("%d packages are queued, and at most %d may be", waiting, high.Queued), false
		db.cfg.Log.Warn().Str("reason", db.full).Msg("nothing is taken in until the queue is shorter")
	case db.full == "":
		if db.full = high.overDead(&db.durable, false); db.full != "" {
			db.fullOfDead = true
			db.cfg.Log.Warn().Str("reason", db.full).Msg("nothing is taken in until dead letters are retried or dropped")
		}
	}
	if db.full != "" && (!dead || !db.fullOfDead) {
		return fmt.Errorf("%w: %s", engine.ErrFull, db.full)
	}
	db.admitting += uint64(n) //nolint:gosec // n is a length
	return nil
}

// overDead says why the dead letters are over a mark, "" when they are not. When the store was full they must be a tenth
// below it.
func (h *HighWater) overDead(s *format.State, was bool) string {
	switch {
	case s.Dead >= lower(h.Dead, was):
		return fmt.Sprintf("there are %d dead letters, and at most %d may be; retry or drop some", s.Dead, h.Dead)
	case s.DeadBytes >= lower(h.DeadBytes, was):
		return fmt.Sprintf("the dead letters have %d bytes, and at most %d are allowed; retry or drop some", s.DeadBytes, h.DeadBytes)
	default:
		return ""
	}
}

// lower is how far a mark may be reached: a tenth less once the store is full.
func lower(mark uint64, was bool) uint64 {
	if was {
		return mark - mark/10
	}
	return mark
}

func (db *database) endAdmission(n int) {
	db.mu.Lock()
	defer db.mu.Unlock()
	db.admitting -= uint64(n) //nolint:gosec // n is a length
}

// checkMarks compares the store with its marks. What is over stays full until it is a tenth below.
func (db *database) checkMarks() {
	high := db.cfg.HighWater
	var used, free uint64
	if high.Bytes > 0 {
		used = db.pebble.Metrics().DiskSpaceUsage()
	}
	usage, err := db.cfg.FS.GetDiskUsage(db.cfg.Dir)
	knowsFree := err == nil
	if knowsFree {
		free = usage.AvailBytes
	} else if !errors.Is(err, vfs.ErrUnsupported) {
		db.cfg.Log.Debug().Err(err).Msg("cannot tell how much is free on the disk")
	}

	db.mu.Lock()
	defer db.mu.Unlock()
	was := db.full != ""
	db.full, db.fullOfDead = "", false
	switch waiting := db.durable.Queued + db.admitting; {
	case was && waiting > lower(high.Queued, was):
		db.full = fmt.Sprintf("%d packages are queued, and at most %d may be", waiting, high.Queued)
	case high.Bytes > 0 && used > lower(high.Bytes, was):
		db.full = fmt.Sprintf("the store has %d bytes on disk, and at most %d are allowed", used, high.Bytes)
	case knowsFree && free < high.Free+(high.Free-lower(high.Free, was)):
		db.full = fmt.Sprintf("%d bytes are free on the disk, and %d must stay free", free, high.Free)
	default:
		db.full = high.overDead(&db.durable, was)
		db.fullOfDead = db.full != ""
	}
	switch {
	case !was && db.full != "":
		db.cfg.Log.Warn().Str("reason", db.full).Msg("nothing is taken in until there is room")
	case was && db.full == "":
		db.cfg.Log.Info().Msg("the store takes in again")
	}
}

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
	db.mu.Lock()
	counts, leased, full, damaged := db.durable, len(db.leases), db.full, db.damageNoteLocked()
	db.mu.Unlock()
	stats := engine.Stats{
		Queued: counts.Queued, Lanes: counts.Lanes, Leased: uint64(leased), Dead: counts.Dead,
		DeadBytes: counts.DeadBytes, Ambiguous: counts.Ambiguous, Full: full, Damaged: damaged, Last: counts.Last, Bytes: db.pebble.Metrics().DiskSpaceUsage(),
	}
	if counts.Last > 0 {
		stats.First = counts.First
	}
	return stats, nil
}

// counts returns what is durable.
func (db *database) counts() format.State {
	db.mu.Lock()
	defer db.mu.Unlock()
	return db.durable
}

func (s *Store) counts(ctx context.Context) (format.State, error) {
	db, err := s.enter()
	if err != nil {
		return format.State{}, err
	}
	defer db.calls.Done()
	return db.counts(), ctx.Err()
}

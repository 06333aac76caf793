package disk

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"trackhook/engine"

	"github.com/cockroachdb/pebble/v2/vfs"
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

// Room tells how much the store takes of its disk, and how much of that is free, in bytes. known is false where the system
// does not say, or the store is closed.
func (s *Store) Room(context.Context) (used, free uint64, known bool) {
	db, err := s.enter()
	if err != nil {
		return 0, 0, false
	}
	defer db.calls.Done()
	usage, err := db.cfg.FS.GetDiskUsage(db.cfg.Dir)
	return db.pebble.Metrics().DiskSpaceUsage(), usage.AvailBytes, err == nil
}

// admit lets n packages in, or returns [engine.ErrFull]. dead says that they were dead letters, which make room by coming
// back. Whoever was let in must say when there is an answer: endAdmission.
func (db *database) admit(n int, dead bool) error {
	warning, reason, err := db.memory.Admit(uint64(n), dead) //nolint:gosec // n is a length
	if warning != "" {
		db.cfg.Log.Warn().Str("reason", reason).Msg(warning)
	}
	return err
}

// endAdmission says that n packages which were let in have their answer.
func (db *database) endAdmission(n int) { db.memory.EndAdmission(uint64(n)) } //nolint:gosec // n is a length

// checkMarks compares the store with its marks, and tells when it becomes full or takes in again.
func (db *database) checkMarks() {
	var used, free uint64
	if db.cfg.HighWater.Bytes > 0 {
		used = db.pebble.Metrics().DiskSpaceUsage()
	}
	usage, err := db.cfg.FS.GetDiskUsage(db.cfg.Dir)
	knowsFree := err == nil
	if knowsFree {
		free = usage.AvailBytes
	} else if !errors.Is(err, vfs.ErrUnsupported) {
		db.cfg.Log.Debug().Err(err).Msg("cannot tell how much is free on the disk")
	}

	was, full := db.memory.CheckMarks(used, free, knowsFree)
	switch {
	case !was && full != "":
		db.cfg.Log.Warn().Str("reason", full).Msg("nothing is taken in until there is room")
	case was && full == "":
		db.cfg.Log.Info().Msg("the store takes in again")
	}
}

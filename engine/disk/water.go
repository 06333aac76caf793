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
func (l *life) admit(n int, dead bool) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	high, waiting := &l.cfg.HighWater, l.state.Queued+l.taking
	switch {
	case l.full != "" && !l.graves:
	case waiting+uint64(n) > high.Queued: //nolint:gosec // n is a length
		l.full, l.graves = fmt.Sprintf("%d packages are queued, and at most %d may be", waiting, high.Queued), false
		l.cfg.Log.Warn().Str("reason", l.full).Msg("nothing is taken in until the queue is shorter")
	case l.full == "":
		if l.full = high.overDead(&l.state, false); l.full != "" {
			l.graves = true
			l.cfg.Log.Warn().Str("reason", l.full).Msg("nothing is taken in until dead letters are retried or dropped")
		}
	}
	if l.full != "" && (!dead || !l.graves) {
		return fmt.Errorf("%w: %s", engine.ErrFull, l.full)
	}
	l.taking += uint64(n) //nolint:gosec // n is a length
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

func (l *life) unadmit(n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.taking -= uint64(n) //nolint:gosec // n is a length
}

// watch compares the store with its marks. What is over stays full until it is a tenth below.
func (l *life) watch() {
	high := l.cfg.HighWater
	var used, free uint64
	if high.Bytes > 0 {
		used = l.db.Metrics().DiskSpaceUsage()
	}
	usage, err := l.cfg.FS.GetDiskUsage(l.cfg.Dir)
	knowsFree := err == nil
	if knowsFree {
		free = usage.AvailBytes
	} else if !errors.Is(err, vfs.ErrUnsupported) {
		l.cfg.Log.Debug().Err(err).Msg("cannot tell how much is free on the disk")
	}

	l.mu.Lock()
	defer l.mu.Unlock()
	was := l.full != ""
	l.full, l.graves = "", false
	switch waiting := l.state.Queued + l.taking; {
	case was && waiting > lower(high.Queued, was):
		l.full = fmt.Sprintf("%d packages are queued, and at most %d may be", waiting, high.Queued)
	case high.Bytes > 0 && used > lower(high.Bytes, was):
		l.full = fmt.Sprintf("the store has %d bytes on disk, and at most %d are allowed", used, high.Bytes)
	case knowsFree && free < high.Free+(high.Free-lower(high.Free, was)):
		l.full = fmt.Sprintf("%d bytes are free on the disk, and %d must stay free", free, high.Free)
	default:
		l.full = high.overDead(&l.state, was)
		l.graves = l.full != ""
	}
	switch {
	case !was && l.full != "":
		l.cfg.Log.Warn().Str("reason", l.full).Msg("nothing is taken in until there is room")
	case was && l.full == "":
		l.cfg.Log.Info().Msg("the store takes in again")
	}
}

// Stats implements [engine.Store].
func (s *Store) Stats(ctx context.Context) (engine.Stats, error) {
	l, err := s.enter()
	if err == nil {
		defer l.calls.Done()
		err = errors.Join(ctx.Err(), l.failed())
	}
	if err != nil {
		return engine.Stats{}, fmt.Errorf("read counts: %w", err)
	}
	l.mu.Lock()
	counts, leased, full, damaged := l.state, len(l.leases), l.full, l.damageNoteLocked()
	l.mu.Unlock()
	stats := engine.Stats{
		Queued: counts.Queued, Lanes: counts.Lanes, Leased: uint64(leased), Dead: counts.Dead,
		DeadBytes: counts.DeadBytes, Ambiguous: counts.Ambiguous, Full: full, Damaged: damaged, Last: counts.Last, Bytes: l.db.Metrics().DiskSpaceUsage(),
	}
	if counts.Last > 0 {
		stats.First = counts.First
	}
	return stats, nil
}

// counts returns what is durable.
func (l *life) counts() format.State {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.state
}

func (s *Store) counts(ctx context.Context) (format.State, error) {
	l, err := s.enter()
	if err != nil {
		return format.State{}, err
	}
	defer l.calls.Done()
	return l.counts(), ctx.Err()
}

package disk

import (
	"context"
	"errors"
	"fmt"

	"trackhook/engine"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// admit lets packages in, or returns engine.ErrFull.
func (l *life) admit(n int) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	most := l.cfg.HighWater.Queued
	waiting := l.state.queued + l.taking
	if l.full == "" && waiting+uint64(n) > most { //nolint:gosec // n is a length
		l.full = fmt.Sprintf("%d packages are queued, and at most %d may be", waiting, most)
		l.cfg.Log.Warn().Uint64("queued", waiting).Uint64("high_water", most).Msg("nothing is taken in until the queue is shorter")
	}
	if l.full != "" {
		return fmt.Errorf("%w: %s", engine.ErrFull, l.full)
	}
	l.taking += uint64(n) //nolint:gosec // n is a length
	return nil
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
	// low is how far a mark may be reached: a tenth less once the store is full.
	low := func(mark uint64) uint64 {
		if was {
			return mark - mark/10
		}
		return mark
	}
	l.full = ""
	switch waiting := l.state.queued + l.taking; {
	case was && waiting > low(high.Queued):
		l.full = fmt.Sprintf("%d packages are queued, and at most %d may be", waiting, high.Queued)
	case high.Bytes > 0 && used > low(high.Bytes):
		l.full = fmt.Sprintf("the store has %d bytes on disk, and at most %d are allowed", used, high.Bytes)
	case knowsFree && free < high.Free+(high.Free-low(high.Free)):
		l.full = fmt.Sprintf("%d bytes are free on the disk, and %d must stay free", free, high.Free)
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
	counts, leased := l.state, len(l.leases)
	l.mu.Unlock()
	stats := engine.Stats{
		Queued: counts.queued, Lanes: counts.lanes, Leased: uint64(leased), Dead: counts.dead,
		Last: counts.last, Bytes: l.db.Metrics().DiskSpaceUsage(),
	}
	if counts.last > 0 {
		stats.First = counts.first
	}
	return stats, nil
}

// counts returns what is durable.
func (l *life) counts() state {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.state
}

func (s *Store) counts(ctx context.Context) (state, error) {
	l, err := s.enter()
	if err != nil {
		return state{}, err
	}
	defer l.calls.Done()
	return l.counts(), ctx.Err()
}

package disk

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"trackhook/engine"
	"trackhook/engine/disk/internal/format"

	"github.com/cockroachdb/pebble/v2"
)

// forgetCounts removes the counts of days that are too long ago.
func (db *database) forgetCounts() {
	before := format.DayOf(time.Unix(0, db.clock.now()).Add(-db.cfg.RetainCounts))
	it, err := db.pebble.NewIter(&pebble.IterOptions{
		LowerBound: format.DayKey(0), UpperBound: format.DayKey(before),
	})
	if err != nil {
		db.cfg.Log.Error().Err(err).Msg("cannot look for old counts; it is tried again")
		return
	}
	some := it.First()
	err = errors.Join(it.Error(), it.Close())
	if err == nil && some {
		err = db.submit(context.Background(), &forgetCountsRequest{before: before})
	}
	if err != nil && db.cause() == nil {
		db.cfg.Log.Error().Err(err).Msg("cannot remove old counts; it is tried again")
	}
}

// forgetCountsRequest removes the counts of the days before one.
type forgetCountsRequest struct {
	ticket
	before uint32
}

func (r *forgetCountsRequest) write(b *builder) error {
	for _, rows := range []map[format.CountKey]*countRow{b.counts.young, b.counts.old} {
		for key, row := range rows {
			// What this group has changed comes back, and is removed the next time.
			if key.Day < r.before && row.changedIn != b.groupNumber {
				delete(rows, key)
			}
		}
	}
	maps.DeleteFunc(b.events, func(day format.CountKey, _ int) bool { return day.Day < r.before })
	return b.batch.DeleteRange(format.DayKey(0), format.DayKey(r.before), nil)
}

// Counts implements [engine.Inspector].
func (s *Store) Counts(ctx context.Context, from, to time.Time) ([]engine.Count, error) {
	db, err := s.enter()
	if err == nil {
		defer db.calls.Done()
		err = errors.Join(ctx.Err(), db.failed())
	}
	var counts []engine.Count
	if err == nil && !to.Before(from) {
		counts, err = db.readCounts(format.DayOf(from), format.DayOf(to))
	}
	if err != nil {
		return nil, fmt.Errorf("read counts: %w", err)
	}
	slices.SortFunc(counts, func(a, b engine.Count) int {
		return cmp.Or(
			cmp.Compare(a.App.Token, b.App.Token), cmp.Compare(a.App.Environment, b.App.Environment),
			cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.EventToken, b.EventToken), a.Day.Compare(b.Day),
		)
	})
	return counts, nil
}

func (db *database) readCounts(from, to uint32) ([]engine.Count, error) {
	counts := []engine.Count{}
	it, err := db.pebble.NewIter(&pebble.IterOptions{LowerBound: format.DayKey(from), UpperBound: format.DayKey(to + 1)})
	if err != nil {
		return nil, err
	}
	for valid := it.First(); valid; valid = it.Next() {
		count, err := readCount(it)
		if err != nil {
			return nil, errors.Join(err, it.Close())
		}
		if count.Accepted > 0 || len(count.Outcomes) > 0 { // else it was withdrawn
			counts = append(counts, count)
		}
	}
	return counts, errors.Join(it.Error(), it.Close())
}

func readCount(it *pebble.Iterator) (engine.Count, error) {
	key, err := format.CutCountKey(it.Key())
	if err != nil {
		return engine.Count{}, err
	}
	value, err := it.ValueAndErr()
	if err != nil {
		return engine.Count{}, err
	}
	row, err := format.DecodeCounts(value)
	if err != nil {
		return engine.Count{}, err
	}
	count := engine.Count{
		Day: time.Unix(0, 0).UTC().AddDate(0, 0, int(key.Day)), Kind: engine.Kind(key.Kind), EventToken: key.EventToken,
		App:      engine.App{Token: key.Token, Environment: engine.Environment(key.Environment)},
		Accepted: row.Accepted, Ambiguous: row.Ambiguous, Outcomes: make(map[engine.Outcome]uint64),
	}
	for outcome, n := range row.Outcomes {
		if n > 0 {
			count.Outcomes[engine.Outcome(outcome)] = n //nolint:gosec // DecodeCounts has bounded it
		}
	}
	return count, nil
}

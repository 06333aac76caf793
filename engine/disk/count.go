package disk

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"trackhook/engine"
	"trackhook/engine/disk/internal/format"

	"github.com/cockroachdb/pebble/v2"
)

// countCacheSize bounds the rows of counts that are kept in memory: at most twice as many, at about 300 bytes.
const countCacheSize = 1 << 12

// countRow is a row of counts. The writer keeps those that it needs in memory and writes those that a group has changed
// whole: a group changes few, whatever the number of packages.
type countRow struct {
	format.CountKey
	format.Counts
	changedIn uint64 // the group that last changed it
}

// count returns a row of counts, to be changed.
func (b *builder) count(key format.CountKey) (*countRow, error) {
	row, ok := b.counts.get(key)
	if !ok {
		// What it is cut out of must not stay in memory.
		row = &countRow{CountKey: format.CountKey{
			Day: key.Day, Token: strings.Clone(key.Token), Environment: strings.Clone(key.Environment),
			Kind: strings.Clone(key.Kind), EventToken: strings.Clone(key.EventToken),
		}}
		b.key = key.Append(b.key)
		value, found, err := b.get(b.key)
		if err != nil {
			return nil, err
		}
		if found {
			if row.Counts, err = format.DecodeCounts(value); err != nil {
				return nil, err
			}
		}
		b.counts.put(row.CountKey, row)
	}
	if row.changedIn != b.groupNumber {
		row.changedIn = b.groupNumber
		b.changedRows = append(b.changedRows, row)
	}
	return row, nil
}

func (b *builder) writeCounts() error {
	for _, row := range b.changedRows {
		b.key = row.CountKey.Append(b.key)
		b.value = format.AppendCounts(b.value[:0], &row.Counts)
		if err := b.batch.Set(b.key, b.value, nil); err != nil {
			return fmt.Errorf("write counts: %w", err)
		}
	}
	return nil
}

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
		err = db.submit(context.Background(), &request{forget: before})
	}
	if err != nil && db.cause() == nil {
		db.cfg.Log.Error().Err(err).Msg("cannot remove old counts; it is tried again")
	}
}

func (b *builder) forgetCounts(before uint32) error {
	for _, rows := range []map[format.CountKey]*countRow{b.counts.young, b.counts.old} {
		for key, row := range rows {
			// What this group has changed comes back, and is removed the next time.
			if key.Day < before && row.changedIn != b.groupNumber {
				delete(rows, key)
			}
		}
	}
	return b.batch.DeleteRange(format.DayKey(0), format.DayKey(before), nil)
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

package disk

import (
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"trackhook/engine"

	"github.com/cockroachdb/pebble/v2"
)

const (
	day = 24 * time.Hour
	// countCacheSize bounds the rows of counts that are kept in memory: at most twice as many, at about 300 bytes.
	countCacheSize = 1 << 12
)

// countKey says what a row of counts is about.
type countKey struct {
	day                            uint32 // since 1970
	token, environment, kind, name string // name is the event token
}

// countRow is a row of counts. The writer keeps those that it needs in memory and writes those that a group has changed
// whole: a group changes few, whatever the number of packages.
type countRow struct {
	countKey
	accepted, ambiguous uint64
	outcomes            []uint64 // by outcome
	round               uint64   // the group that last changed it
}

// countOf returns the row that a package counts in.
func countOf(p *engine.Package) countKey {
	return countKey{
		day: dayOf(p.Created), token: p.App.Token, environment: string(p.App.Environment), kind: string(p.Kind),
		name: p.Params["event_token"],
	}
}

func dayOf(t time.Time) uint32 {
	days := max(t.Unix(), 0) / int64(day/time.Second)
	return uint32(min(days, 1<<31)) //nolint:gosec // it was bounded
}

func (r *countRow) add(outcome engine.Outcome, ambiguous bool) {
	for len(r.outcomes) <= int(outcome) {
		r.outcomes = append(r.outcomes, 0)
	}
	r.outcomes[outcome]++
	if ambiguous {
		r.ambiguous++
	}
}

// dayKey is before all keys of a day.
func dayKey(day uint32) []byte { return binary.BigEndian.AppendUint32([]byte{prefixCount}, day) }

func appendCountKey(key []byte, c *countKey) []byte {
	key = binary.BigEndian.AppendUint32(append(key[:0], prefixCount), c.day)
	for _, part := range []string{c.token, c.environment, c.kind, c.name} {
		key = appendPart(key, part)
	}
	return key
}

func cutCountKey(key []byte) (countKey, error) {
	if len(key) < 5 {
		return countKey{}, fmt.Errorf("stored key %q is too short", key)
	}
	c := countKey{day: binary.BigEndian.Uint32(key[1:])}
	rest := key[5:]
	for _, part := range []*string{&c.token, &c.environment, &c.kind, &c.name} {
		var err error
		if *part, rest, err = cutPart(rest); err != nil {
			return countKey{}, err
		}
	}
	return c, nil
}

func appendCountRow(b []byte, r *countRow) []byte {
	b = append(b, countVersion)
	b = binary.AppendUvarint(b, r.accepted)
	b = binary.AppendUvarint(b, r.ambiguous)
	b = binary.AppendUvarint(b, uint64(len(r.outcomes)))
	for _, n := range r.outcomes {
		b = binary.AppendUvarint(b, n)
	}
	return b
}

func decodeCountRow(value []byte, row *countRow) error {
	r := newReader(value)
	r.version(countVersion)
	row.accepted, row.ambiguous = r.uvarint(), r.uvarint()
	n := r.uvarint()
	if n > 1<<8 {
		r.fail(errors.New("there are not so many outcomes"))
		n = 0
	}
	row.outcomes = make([]uint64, n)
	for i := range row.outcomes {
		row.outcomes[i] = r.uvarint()
	}
	return r.end("counts")
}

// count returns a row of counts, to be changed.
func (b *builder) count(key countKey) (*countRow, error) {
	row, ok := b.counts.get(key)
	if !ok {
		// What it is cut out of must not stay in memory.
		row = &countRow{countKey: countKey{
			day: key.day, token: strings.Clone(key.token), environment: strings.Clone(key.environment),
			kind: strings.Clone(key.kind), name: strings.Clone(key.name),
		}}
		b.key = appendCountKey(b.key, &key)
		value, found, err := b.get(b.key)
		if err != nil {
			return nil, err
		}
		if found {
			if err := decodeCountRow(value, row); err != nil {
				return nil, err
			}
		}
		b.counts.put(row.countKey, row)
	}
	if row.round != b.rounds {
		row.round = b.rounds
		b.counted = append(b.counted, row)
	}
	return row, nil
}

func (b *builder) writeCounts() error {
	for _, row := range b.counted {
		b.key = appendCountKey(b.key, &row.countKey)
		b.value = appendCountRow(b.value[:0], row)
		if err := b.batch.Set(b.key, b.value, nil); err != nil {
			return fmt.Errorf("write counts: %w", err)
		}
	}
	return nil
}

// forgetCounts removes the counts of days that are too long ago.
func (l *life) forgetCounts() {
	before := dayOf(time.Unix(0, l.clock.now()).Add(-l.cfg.RetainCounts))
	it, err := l.db.NewIter(&pebble.IterOptions{
		LowerBound: []byte{prefixCount}, UpperBound: dayKey(before),
	})
	if err != nil {
		l.cfg.Log.Error().Err(err).Msg("cannot look for old counts; it is tried again")
		return
	}
	some := it.First()
	err = errors.Join(it.Error(), it.Close())
	if err == nil && some {
		err = l.submit(context.Background(), &request{forget: before})
	}
	if err != nil && l.cause() == nil {
		l.cfg.Log.Error().Err(err).Msg("cannot remove old counts; it is tried again")
	}
}

func (b *builder) forgetCounts(before uint32) error {
	for _, rows := range []map[countKey]*countRow{b.counts.young, b.counts.old} {
		for key, row := range rows {
			// What this group has changed comes back, and is removed the next time.
			if key.day < before && row.round != b.rounds {
				delete(rows, key)
			}
		}
	}
	return b.batch.DeleteRange([]byte{prefixCount}, dayKey(before), nil)
}

// Counts implements [engine.Inspector].
func (s *Store) Counts(ctx context.Context, from, to time.Time) ([]engine.Count, error) {
	l, err := s.enter()
	if err == nil {
		defer l.calls.Done()
		err = errors.Join(ctx.Err(), l.failed())
	}
	var counts []engine.Count
	if err == nil && !to.Before(from) {
		counts, err = l.readCounts(dayOf(from), dayOf(to))
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

func (l *life) readCounts(from, to uint32) ([]engine.Count, error) {
	counts := []engine.Count{}
	it, err := l.db.NewIter(&pebble.IterOptions{LowerBound: dayKey(from), UpperBound: dayKey(to + 1)})
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
	key, err := cutCountKey(it.Key())
	if err != nil {
		return engine.Count{}, err
	}
	value, err := it.ValueAndErr()
	if err != nil {
		return engine.Count{}, err
	}
	var row countRow
	if err := decodeCountRow(value, &row); err != nil {
		return engine.Count{}, err
	}
	count := engine.Count{
		Day: time.Unix(0, 0).UTC().AddDate(0, 0, int(key.day)), Kind: engine.Kind(key.kind), EventToken: key.name,
		App:      engine.App{Token: key.token, Environment: engine.Environment(key.environment)},
		Accepted: row.accepted, Ambiguous: row.ambiguous, Outcomes: make(map[engine.Outcome]uint64),
	}
	for outcome, n := range row.outcomes {
		if n > 0 {
			count.Outcomes[engine.Outcome(outcome)] = n //nolint:gosec // decodeCountRow has bounded it
		}
	}
	return count, nil
}

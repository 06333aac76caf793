package disk

import (
	"errors"
	"fmt"
	"strings"

	"trackhook/engine"
	"trackhook/engine/disk/internal/format"
	"trackhook/engine/disk/internal/read"

	"github.com/cockroachdb/pebble/v2"
)

// count returns a row of counts, to be changed: that of the event token, or, when the day has too many of them, that of
// the others.
func (b *builder) count(key format.CountKey) (*countRow, error) {
	row, ok := b.counts.get(key)
	if !ok {
		var found bool
		var err error
		if row, found, err = b.readRow(&key); err != nil {
			return nil, err
		}
		if !found && key.EventToken != "" && key.EventToken != engine.OtherEvents {
			one, err := b.oneMoreEvent(&row.CountKey)
			if err != nil {
				return nil, err
			}
			if !one {
				key.EventToken = engine.OtherEvents
				return b.count(key)
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

// readRow reads a row of counts. One that cannot be read begins anew: a count that is wrong for a day must not stop what it
// counts.
func (b *builder) readRow(key *format.CountKey) (row *countRow, found bool, err error) {
	// What it is cut out of must not stay in memory.
	row = &countRow{CountKey: format.CountKey{
		Day: key.Day, Token: strings.Clone(key.Token), Environment: strings.Clone(key.Environment),
		Kind: strings.Clone(key.Kind), EventToken: strings.Clone(key.EventToken),
	}}
	b.key = format.CountsKey(b.key, key)
	value, found, err := b.get(b.key)
	if err == nil && found {
		if row.Counts, err = format.DecodeCounts(value); err != nil {
			err = fmt.Errorf("%w: %w", read.ErrDamaged, err)
		}
	}
	if errors.Is(err, read.ErrDamaged) {
		b.log.Error().Err(err).Msg("a row of counts cannot be read; it begins anew, and the counts of its day are too low")
		row.Counts, err = format.Counts{}, nil
	}
	return row, found, err
}

// oneMoreEvent tells whether the app and the day of a key have room for one more event token, and takes note of it.
func (b *builder) oneMoreEvent(key *format.CountKey) (bool, error) {
	day := *key
	day.EventToken = ""
	n, known := b.events[day]
	if !known {
		var err error
		if n, err = b.countEvents(day); err != nil {
			return false, err
		}
	}
	if n < engine.MaxCountedEvents {
		b.events[day] = n + 1
		return true, nil
	}
	b.events[day] = n
	return false, nil
}

// countEvents counts the rows of an app and a day as the reader sees them: those that this group has added come after the
// first, and that is when they are counted.
func (b *builder) countEvents(day format.CountKey) (n int, err error) {
	// Event tokens are the last part of a key, and nothing sorts between those of an app and a day.
	from := format.CountsKey(nil, &day)
	it, err := b.reader.NewIter(&pebble.IterOptions{LowerBound: from, UpperBound: format.DayKey(day.Day + 1)})
	if err != nil {
		return 0, fmt.Errorf("read counts: %w", err)
	}
	for valid := it.First(); valid && n < engine.MaxCountedEvents; valid = it.Next() {
		key, err := format.CutCountKey(it.Key())
		if err != nil {
			break // it is damaged, and one too few is no harm
		}
		own := key.EventToken != "" && key.EventToken != engine.OtherEvents
		if key.EventToken = ""; key != day {
			break
		}
		if own {
			n++
		}
	}
	if err := errors.Join(it.Error(), it.Close()); err != nil && !read.Unreadable(err) {
		return 0, fmt.Errorf("read counts: %w", err)
	}
	return n, nil
}

func (b *builder) writeCounts() error {
	for _, row := range b.changedRows {
		b.key = format.CountsKey(b.key, &row.CountKey)
		b.value = format.AppendCounts(b.value[:0], &row.Counts)
		if err := b.batch.Set(b.key, b.value, nil); err != nil {
			return fmt.Errorf("write counts: %w", err)
		}
	}
	return nil
}

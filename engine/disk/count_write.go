package disk

import (
	"errors"
	"fmt"
	"strings"

	"trackhook/engine/disk/internal/format"
	"trackhook/engine/disk/internal/read"
)

// count returns a row of counts, to be changed. One that cannot be read begins anew: a count that is wrong for a day must
// not stop what it counts.
func (b *builder) count(key format.CountKey) (*countRow, error) {
	row, ok := b.counts.get(key)
	if !ok {
		// What it is cut out of must not stay in memory.
		row = &countRow{CountKey: format.CountKey{
			Day: key.Day, Token: strings.Clone(key.Token), Environment: strings.Clone(key.Environment),
			Kind: strings.Clone(key.Kind), EventToken: strings.Clone(key.EventToken),
		}}
		b.key = format.CountsKey(b.key, &key)
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
		if err != nil {
			return nil, err
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
		b.key = format.CountsKey(b.key, &row.CountKey)
		b.value = format.AppendCounts(b.value[:0], &row.Counts)
		if err := b.batch.Set(b.key, b.value, nil); err != nil {
			return fmt.Errorf("write counts: %w", err)
		}
	}
	return nil
}

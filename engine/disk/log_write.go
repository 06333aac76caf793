package disk

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"trackhook/engine"
	"trackhook/engine/disk/internal/format"
	"trackhook/engine/disk/internal/read"
)

// writeResponse writes a response at the end of the log, and counts it.
func (b *builder) writeResponse(response []byte, key format.CountKey, outcome engine.Outcome, h format.ResponseHeader) (seq uint64, err error) {
	row, err := b.count(key)
	if err != nil {
		return 0, err
	}
	row.Add(outcome, h.Ambiguous)
	return b.writeUncounted(response, h)
}

// writeUncounted writes a response at the end of the log.
func (b *builder) writeUncounted(response []byte, h format.ResponseHeader) (seq uint64, err error) {
	state := &b.state
	state.Last++
	if h.Ambiguous {
		state.Ambiguous++
	}
	b.value = format.AppendResponseHeader(b.value[:0], h)
	size := len(b.value) + len(response)
	op := b.batch.SetDeferred(9, size)
	format.ResponseKey(op.Key, state.Last)
	copy(op.Value[copy(op.Value, b.value):], response)
	state.LogBytes += uint64(size)
	return state.Last, op.Finish()
}

// dropReason says why a package is dropped, in the response that this leaves in the log.
type dropReason struct{ rule, message string }

// writeDrop writes the response that a drop leaves in the log.
func (b *builder) writeDrop(why dropReason, p *engine.Package, attempts int, h format.ResponseHeader) (seq uint64, err error) {
	h.Verdict, h.Logged = engine.Remove, b.now
	return b.writeResponse(encodeDrop(why, p, attempts), format.CountKeyOf(p), engine.Dropped, h)
}

func encodeDrop(why dropReason, p *engine.Package, attempts int) []byte {
	return format.AppendResponse(nil, &engine.Response{
		Package: *p, Attempt: attempts, Outcome: engine.Dropped, Rule: why.rule, Message: why.message, At: time.Now(),
	})
}

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

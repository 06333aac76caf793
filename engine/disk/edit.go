package disk

import (
	"context"
	"errors"
	"fmt"

	"trackhook/engine"
	"trackhook/engine/disk/internal/format"
	"trackhook/engine/disk/internal/read"

	"github.com/cockroachdb/pebble/v2"
)

// editRequest changes packages by ID, for a person. It is a group of its own, so that each step of it can see what the
// steps before it have changed.
type editRequest struct {
	ticket
	ids []string
	// change changes one package, and reports whether there was something to change. known is false for an ID that nobody
	// has seen; then record is empty.
	change func(b *builder, id string, record format.IDRecord, known bool) (done bool, err error)
	done   int // the answer
	// aside are the IDs that cannot be changed because what is stored of them is damaged.
	aside map[string]bool
}

func (db *database) edit(ctx context.Context, e *editRequest) (int, error) {
	if len(e.ids) == 0 {
		return 0, ctx.Err()
	}
	e.size, e.alone = 1024*len(e.ids), true
	if err := db.submit(ctx, e); err != nil {
		return 0, err
	}
	return e.done, nil
}

func (e *editRequest) write(b *builder) error {
	e.done = 0
	for _, id := range e.ids {
		if e.aside[id] {
			continue
		}
		done, err := e.editOne(b, id)
		if errors.Is(err, read.ErrDamaged) || errors.Is(err, pebble.ErrNotFound) {
			// It must not stop the others, which are written again without it.
			b.log.Error().Err(err).Str("id", id).Msg("a package cannot be read; it stays as it is")
			if e.aside == nil {
				e.aside = make(map[string]bool)
			}
			e.aside[id] = true
			return againError{fmt.Errorf("%w: %w", read.ErrDamaged, err)}
		}
		// The next one must see what was changed.
		if err = errors.Join(err, b.close()); err != nil {
			return fmt.Errorf("change package %q: %w", id, err)
		}
		if done {
			e.done++
		}
	}
	return nil
}

func (e *editRequest) editOne(b *builder, id string) (done bool, err error) {
	b.key = format.IDKey(b.key, id)
	value, known, err := b.get(b.key)
	if err != nil {
		return false, err
	}
	var record format.IDRecord
	if known {
		if record, err = format.DecodeIDRecord(value); err != nil {
			return false, fmt.Errorf("%w: %w", read.ErrDamaged, err)
		}
	}
	return e.change(b, id, record, known)
}

// removeDeadLetter takes a dead letter out of its area.
func (b *builder) removeDeadLetter(record format.IDRecord) (format.DeadLetter, error) {
	b.key = format.DeadLetterKey(b.key, record.Number)
	value, found, err := b.get(b.key)
	if err != nil {
		return format.DeadLetter{}, err
	}
	if !found {
		return format.DeadLetter{}, fmt.Errorf("%w: dead letter %d is missing", read.ErrDamaged, record.Number)
	}
	d, err := format.DecodeDeadLetter(value)
	if err != nil {
		return format.DeadLetter{}, fmt.Errorf("%w: %w", read.ErrDamaged, err)
	}
	b.state.Dead--
	b.state.DeadBytes -= min(b.state.DeadBytes, uint64(len(value)))
	err = b.batch.Delete(b.key, nil)
	b.key = format.InLaneNumberKey(b.key, format.DeadInLane, format.LaneName(d.Package.Lane()), record.Number)
	return d, errors.Join(err, b.batch.Delete(b.key, nil))
}

// Retry implements [engine.Inspector]. A dead-letter area that is full does not stop it.
func (s *Store) Retry(ctx context.Context, ids ...string) (retried int, err error) {
	db, err := s.enter()
	if err != nil {
		return 0, fmt.Errorf("retry: %w", err)
	}
	defer db.calls.Done()
	if err := db.admit(len(ids), true); err != nil {
		return 0, fmt.Errorf("retry: %w", err)
	}
	defer db.endAdmission(len(ids))
	retried, err = db.edit(ctx, &editRequest{ids: ids, change: retryOne})
	if err != nil {
		return 0, fmt.Errorf("retry: %w", err)
	}
	return retried, nil
}

// retryOne puts a dead letter back at the end of its lane.
func retryOne(b *builder, _ string, record format.IDRecord, known bool) (done bool, err error) {
	if !known || record.State != format.IDDead {
		return false, nil
	}
	d, err := b.removeDeadLetter(record)
	if err != nil {
		return false, err
	}
	l, err := b.lane(format.LaneName(d.Package.Lane()))
	if err != nil {
		return false, err
	}
	value := format.AppendPackage(nil, d.Accepted, record.Last, &d.Package)
	err = b.enqueue(l, d.Package.ID, d.Package.Kind == engine.KindSession, string(value), record.Last)
	return err == nil, err
}

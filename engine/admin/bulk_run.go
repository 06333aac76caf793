package admin

import (
	"context"
	"errors"
	"math"
	"time"

	"trackhook/engine"
)

// batchSize is a tenth of a second's worth, so that a rate is even, within what one step may change.
func (b *bulk) batchSize() int {
	size := min(max(1, math.Ceil(b.rate/10)), bulkBatch)
	if left := b.max - b.progress.Changed; float64(left) < size {
		return int(left) //nolint:gosec // less than size
	}
	return int(size)
}

// run changes batch after batch at the rate, and tells after each how far it has come. It ends when nothing is left,
// when the asker has gone, when the host shuts down, or when the store fails; the batch in hand is finished.
func (b *bulk) run(ctx context.Context, out *stream, batch []string) {
	next := time.Now()
	for len(batch) > 0 {
		if err := b.apply(ctx, batch); err != nil {
			b.end(out, b.why(err))
			return
		}
		if out.send(encode(b.progress)) != nil {
			return // nobody listens any more
		}
		if b.progress.Changed >= b.max {
			break
		}
		next = next.Add(time.Duration(float64(len(batch)) / b.rate * float64(time.Second)))
		if !engine.Wait(ctx, time.Until(next)) {
			b.end(out, "stopped: the host is shutting down, or the asker has gone")
			return
		}
		var err error
		if batch, err = b.next(ctx); err != nil {
			b.end(out, b.why(err))
			return
		}
	}
	b.progress.Done = true
	_ = out.send(encode(b.progress))
}

// end sends the last line, for work that ends before all were changed.
func (b *bulk) end(out *stream, why string) {
	b.progress.Done, b.progress.Error = true, why
	_ = out.send(encode(b.progress)) // the asker may have gone; the log tells as well
}

// why says in the words for askers why the store ended it.
func (b *bulk) why(err error) string {
	switch {
	case errors.Is(err, engine.ErrDiskFull), errors.Is(err, engine.ErrFull):
		return noRoom(err)
	case errors.Is(err, engine.ErrClosed), errors.Is(err, context.Canceled):
		return "stopped: the host is shutting down, or the asker has gone"
	default:
		b.api.cfg.Log.Error().Err(err).Msg("a bulk change of packages ends: the store does not answer")
		return "the store does not answer; the log of the host says why"
	}
}

// apply changes one batch, all of it also when the asker goes meanwhile.
func (b *bulk) apply(ctx context.Context, ids []string) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), bulkTimeout)
	defer cancel()
	changed, err := b.change(ctx, ids...)
	b.progress.Changed += uint64(max(changed, 0)) //nolint:gosec // not negative
	if err == nil {
		b.progress.Skipped += uint64(max(len(ids)-changed, 0)) //nolint:gosec // not negative
	}
	return err
}

// next returns the ids of the next batch, none at the end.
func (b *bulk) next(ctx context.Context) ([]string, error) {
	if b.filter == nil {
		return b.nextGiven(ctx)
	}
	size := b.batchSize()
	for len(b.ids) < size && !b.ended {
		rows, page, err := b.api.cfg.Inspector.Packages(ctx, *b.filter, b.page, walkBatch)
		if err != nil {
			return nil, err
		}
		for i := range rows {
			// What was put back may fail and be found again: once is enough. What comes into the queue later is nobody's to drop who
			// was told how many there are.
			since := rows[i].Ended
			if b.state == engine.Queued {
				since = rows[i].Accepted
			}
			if !since.After(b.began) {
				b.ids = append(b.ids, rows[i].Package.ID)
			}
		}
		b.page, b.ended = page, page == ""
	}
	return b.take(size), nil
}

// nextGiven leaves out ids of packages that have another state: Drop would drop queued packages as well as dead letters.
func (b *bulk) nextGiven(ctx context.Context) ([]string, error) {
	var batch []string
	for size := b.batchSize(); len(batch) < size && len(b.ids) > 0; {
		id := b.take(1)[0]
		state, err := b.api.cfg.Inspector.Package(ctx, id)
		switch {
		case err != nil && !errors.Is(err, engine.ErrNotFound):
			return nil, err
		case err != nil || state.Status != b.state:
			b.progress.Skipped++
		default:
			batch = append(batch, id)
		}
	}
	return batch, nil
}

// take removes ids from the front.
func (b *bulk) take(n int) []string {
	n = min(n, len(b.ids))
	taken := b.ids[:n:n]
	b.ids = b.ids[n:]
	return taken
}

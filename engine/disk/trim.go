package disk

import (
	"context"
	"errors"
	"fmt"
	"math"

	"trackhook/engine"
	"trackhook/engine/disk/internal/format"

	"github.com/cockroachdb/pebble/v2"
)

// trimStep bounds the responses that one step removes, so that no group becomes large.
const trimStep = 4096

// trimRequest removes the oldest responses of the log, up to and including last.
type trimRequest struct {
	last      uint64
	bytes     uint64
	ambiguous uint64
	ids       []string // whose final response goes
}

// logTooLarge tells whether the log is larger than it may be.
func (db *database) logTooLarge() bool { return db.counts().LogBytes > db.cfg.RetainBytes }

// trim removes what retention does not keep, step by step.
func (db *database) trim() {
	for db.cause() == nil {
		r, more, err := db.planTrim()
		if err == nil && r != nil {
			err = db.submit(context.Background(), &request{trim: r, size: len(r.ids) * 64})
		}
		if err != nil {
			if !errors.Is(err, engine.ErrClosed) && db.cause() == nil {
				db.cfg.Log.Error().Err(err).Msg("cannot shorten the log; it is tried again")
			}
			return
		}
		if !more {
			return
		}
	}
}

// planTrim chooses what goes: what is older than Retain and every living listener has handled, and what is over
// RetainBytes whoever has handled it. r is nil when nothing goes, and more tells that a step was not enough.
func (db *database) planTrim() (r *trimRequest, more bool, err error) {
	now := db.clock.now()
	db.mu.Lock()
	counts := db.durable
	handled := uint64(math.MaxUint64)
	for _, p := range db.listeners {
		if now-p.Touched <= int64(db.cfg.Retain) {
			handled = min(handled, p.Seq)
		}
	}
	db.mu.Unlock()
	if counts.First > counts.Last {
		return nil, false, nil
	}
	it, err := db.pebble.NewIter(&pebble.IterOptions{
		LowerBound: format.ResponseKey(nil, counts.First),
		UpperBound: format.ResponseKey(nil, counts.Last+1),
	})
	if err != nil {
		return nil, false, fmt.Errorf("read log: %w", err)
	}
	r = &trimRequest{}
	left := counts.LogBytes
	for n, valid := 0, it.First(); valid; n, valid = n+1, it.Next() {
		seq, keyErr := format.CutResponseKey(it.Key())
		value, valueErr := it.ValueAndErr()
		if err := errors.Join(keyErr, valueErr); err != nil {
			return nil, false, errors.Join(err, it.Close())
		}
		s, id, err := format.DecodeResponseHeader(value)
		if err != nil {
			// It cannot be read; the next one decides when it goes.
			db.cfg.Log.Error().Err(err).Uint64("seq", seq).Msg("a response in the log cannot be read")
		}
		forced := left > db.cfg.RetainBytes
		old := seq <= handled && now-s.Logged > int64(db.cfg.Retain)
		if !forced && !old {
			break
		}
		if n == trimStep {
			more = true
			break
		}
		r.last = seq
		r.bytes += uint64(len(value))
		left -= min(left, uint64(len(value)))
		if s.Ambiguous {
			r.ambiguous++
		}
		// The ID of a dead letter is known as long as the dead letter exists, and that of a queued package anyway.
		if err == nil && s.Verdict == engine.Remove {
			r.ids = append(r.ids, id)
		}
	}
	if err := errors.Join(it.Error(), it.Close()); err != nil {
		return nil, false, fmt.Errorf("read log: %w", err)
	}
	if r.last == 0 {
		return nil, false, nil
	}
	db.warnListeners(r.last)
	return r, more, nil
}

// warnListeners tells loudly which listeners lose responses, and, once, which have not been seen for so long that they
// do not count any more.
func (db *database) warnListeners(last uint64) {
	now := db.clock.now()
	lost := make(map[string]uint64)
	gone := make(map[string]uint64)
	db.mu.Lock()
	for listener, p := range db.listeners {
		if p.Seq >= last {
			continue
		}
		count := last - max(p.Seq, db.durable.First-1)
		if now-p.Touched <= int64(db.cfg.Retain) {
			lost[listener] = count
		} else if !p.gone {
			p.gone = true
			gone[listener] = count
		}
	}
	db.mu.Unlock()
	for listener, count := range lost {
		db.cfg.Log.Warn().Str("listener", listener).Uint64("lost", count).Uint64("limit", db.cfg.RetainBytes).
			Msg("the log is over its size limit; responses are removed that this listener has not handled")
	}
	for listener, count := range gone {
		db.cfg.Log.Warn().Str("listener", listener).Uint64("lost", count).Dur("retain", db.cfg.Retain).
			Msg("this listener has not been seen for as long as responses are kept; what it has not handled is removed")
	}
}

func (b *builder) trim(r *trimRequest) error {
	state := &b.writer.state
	if r.last < state.First {
		return nil
	}
	err := b.batch.DeleteRange(
		format.ResponseKey(nil, state.First), format.ResponseKey(nil, r.last+1), nil)
	for _, id := range r.ids {
		b.key = format.IDKey(b.key, id)
		err = errors.Join(err, b.batch.Delete(b.key, nil))
	}
	if err != nil {
		return fmt.Errorf("trim log: %w", err)
	}
	if err := b.trimRuns(state.First, r.last); err != nil {
		return fmt.Errorf("trim log: %w", err)
	}
	state.First = r.last + 1
	state.Ambiguous -= min(state.Ambiguous, r.ambiguous)
	state.LogBytes -= min(state.LogBytes, r.bytes)
	return nil
}

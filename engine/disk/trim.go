package disk

import (
	"context"
	"errors"
	"fmt"
	"math"

	"trackhook/engine"

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

// overweight tells whether the log is larger than it may be.
func (l *life) overweight() bool { return l.counts().logBytes > l.cfg.RetainBytes }

// trim removes what retention does not keep, step by step.
func (l *life) trim() {
	for l.cause() == nil {
		r, more, err := l.planTrim()
		if err == nil && r != nil {
			err = l.submit(context.Background(), &request{trim: r, size: len(r.ids) * 64})
		}
		if err != nil {
			if !errors.Is(err, engine.ErrClosed) && l.cause() == nil {
				l.cfg.Log.Error().Err(err).Msg("cannot shorten the log; it is tried again")
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
func (l *life) planTrim() (r *trimRequest, more bool, err error) {
	now := l.clock.now()
	l.mu.Lock()
	counts := l.state
	handled := uint64(math.MaxUint64)
	for _, p := range l.cursors {
		if now-p.touched <= int64(l.cfg.Retain) {
			handled = min(handled, p.seq)
		}
	}
	l.mu.Unlock()
	if counts.first > counts.last {
		return nil, false, nil
	}
	it, err := l.db.NewIter(&pebble.IterOptions{
		LowerBound: numberKey(nil, prefixResponse, counts.first),
		UpperBound: numberKey(nil, prefixResponse, counts.last+1),
	})
	if err != nil {
		return nil, false, fmt.Errorf("read log: %w", err)
	}
	r = &trimRequest{}
	left := counts.logBytes
	for n, valid := 0, it.First(); valid; n, valid = n+1, it.Next() {
		seq, keyErr := number(it.Key())
		value, valueErr := it.ValueAndErr()
		if err := errors.Join(keyErr, valueErr); err != nil {
			return nil, false, errors.Join(err, it.Close())
		}
		s, id, err := decodeStamp(value)
		if err != nil {
			// It cannot be read; when it is its turn to go is up to the next one.
			l.cfg.Log.Error().Err(err).Uint64("seq", seq).Msg("a response in the log cannot be read")
		}
		forced := left > l.cfg.RetainBytes
		old := seq <= handled && now-s.logged > int64(l.cfg.Retain)
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
		if s.ambiguous {
			r.ambiguous++
		}
		// The ID of a dead letter is known as long as the dead letter exists, and that of a queued package anyway.
		if err == nil && s.verdict == engine.Remove {
			r.ids = append(r.ids, id)
		}
	}
	if err := errors.Join(it.Error(), it.Close()); err != nil {
		return nil, false, fmt.Errorf("read log: %w", err)
	}
	if r.last == 0 {
		return nil, false, nil
	}
	l.warnListeners(r.last)
	return r, more, nil
}

// warnListeners tells loudly which listeners lose responses, and, once, which have not been seen for so long that they
// do not count any more.
func (l *life) warnListeners(last uint64) {
	now := l.clock.now()
	lost := make(map[string]uint64)
	gone := make(map[string]uint64)
	l.mu.Lock()
	for listener, p := range l.cursors {
		if p.seq >= last {
			continue
		}
		count := last - max(p.seq, l.state.first-1)
		if now-p.touched <= int64(l.cfg.Retain) {
			lost[listener] = count
		} else if !p.gone {
			p.gone = true
			gone[listener] = count
		}
	}
	l.mu.Unlock()
	for listener, count := range lost {
		l.cfg.Log.Warn().Str("listener", listener).Uint64("lost", count).Uint64("limit", l.cfg.RetainBytes).
			Msg("the log is over its size limit; responses are removed that this listener has not handled")
	}
	for listener, count := range gone {
		l.cfg.Log.Warn().Str("listener", listener).Uint64("lost", count).Dur("retain", l.cfg.Retain).
			Msg("this listener has not been seen for as long as responses are kept; what it has not handled is removed")
	}
}

func (b *builder) trim(r *trimRequest) error {
	state := &b.writer.state
	if r.last < state.first {
		return nil
	}
	err := b.batch.DeleteRange(
		numberKey(nil, prefixResponse, state.first), numberKey(nil, prefixResponse, r.last+1), nil)
	for _, id := range r.ids {
		b.key = textKey(b.key, prefixID, id)
		err = errors.Join(err, b.batch.Delete(b.key, nil))
	}
	if err != nil {
		return fmt.Errorf("trim log: %w", err)
	}
	if err := b.trimRuns(state.first, r.last); err != nil {
		return fmt.Errorf("trim log: %w", err)
	}
	state.first = r.last + 1
	state.ambiguous -= min(state.ambiguous, r.ambiguous)
	state.logBytes -= min(state.logBytes, r.bytes)
	return nil
}

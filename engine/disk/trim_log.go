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

// trimStep bounds the responses that one step removes, so that no group becomes large.
const trimStep = 4096

// trimRequest removes the oldest responses of the log, up to and including last.
type trimRequest struct {
	ticket
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
			r.size = len(r.ids) * 64
			err = db.submit(context.Background(), r)
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
	counts, handled := db.memory.HandledByAll(now - int64(db.cfg.Retain))
	if counts.First > counts.Last {
		return nil, false, nil
	}
	w, err := read.NewWalker(db.pebble, db.rot, &pebble.IterOptions{
		LowerBound: format.ResponseKey(nil, counts.First),
		UpperBound: format.ResponseKey(nil, counts.Last+1),
	})
	if err != nil {
		return nil, false, fmt.Errorf("read log: %w", err)
	}
	r = &trimRequest{last: counts.First - 1}
	each := counts.LogBytes / (counts.Last - counts.First + 1)
	left := counts.LogBytes
	for n, valid := 0, w.First(); valid; n, valid = n+1, w.Next() {
		entry, err := db.readTrimEntry(w)
		if err != nil {
			return nil, false, errors.Join(err, w.Close())
		}
		// What a hole before it took is not known. It goes with what follows it, and counts as much as others do.
		entry.bytes += (entry.seq - r.last - 1) * each
		forced := left > db.cfg.RetainBytes
		old := entry.seq <= handled && now-entry.header.Logged > int64(db.cfg.Retain)
		if !forced && !old {
			break
		}
		if n == trimStep {
			more = true
			break
		}
		left -= min(left, entry.bytes)
		r.add(&entry)
	}
	if err := w.Close(); err != nil {
		return nil, false, fmt.Errorf("read log: %w", err)
	}
	if r.last < counts.First {
		return nil, false, nil
	}
	db.warnListeners(r.last)
	return r, more, nil
}

// trimEntry is what retention reads of a response.
type trimEntry struct {
	seq    uint64
	header format.ResponseHeader
	id     string // of its package
	bytes  uint64
	// damaged says that it cannot be read. header and id are what could be: without a time it counts as old.
	damaged bool
}

func (db *database) readTrimEntry(it *read.Walker) (e trimEntry, err error) {
	seq, keyErr := format.CutResponseKey(it.Key())
	value, valueErr := it.Value()
	if err := errors.Join(keyErr, valueErr); err != nil {
		return e, err
	}
	e = trimEntry{seq: seq, bytes: uint64(len(value))}
	if e.header, e.id, err = format.DecodeResponseHeader(value); err != nil {
		e.damaged = true
		db.cfg.Log.Error().Err(err).Uint64("seq", seq).Msg("a response in the log cannot be read")
	}
	return e, nil
}

// add adds the next response to what goes.
func (r *trimRequest) add(e *trimEntry) {
	r.last = e.seq
	r.bytes += e.bytes
	if e.header.Ambiguous {
		r.ambiguous++
	}
	// The ID of a dead letter is known as long as the dead letter exists, and that of a queued package anyway.
	if !e.damaged && e.header.Verdict == engine.Remove {
		r.ids = append(r.ids, e.id)
	}
}

// warnListeners tells loudly which listeners lose responses, and, once, which have not been seen for so long that they
// do not count any more.
func (db *database) warnListeners(last uint64) {
	lost, gone := db.memory.Behind(last, db.clock.now()-int64(db.cfg.Retain))
	for name, count := range lost {
		db.cfg.Log.Warn().Str("listener", name).Uint64("lost", count).Uint64("limit", db.cfg.RetainBytes).
			Msg("the log is over its size limit; responses are removed that this listener has not handled")
	}
	for name, count := range gone {
		db.cfg.Log.Warn().Str("listener", name).Uint64("lost", count).Dur("retain", db.cfg.Retain).
			Msg("this listener has not been seen for as long as responses are kept; what it has not handled is removed")
	}
}

func (r *trimRequest) write(b *builder) error {
	state := &b.state
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

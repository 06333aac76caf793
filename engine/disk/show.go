package disk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"trackhook/engine"
	"trackhook/engine/disk/internal/format"
	"trackhook/engine/disk/internal/read"

	"github.com/cockroachdb/pebble/v2"
)

// view reads the database as it is at one moment. What it shows may still be on its way to the disk.
type view struct {
	database *database
	snap     *pebble.Snapshot
	parts    engine.PartError // what cannot be read of what is looked at
}

// miss notes that a part cannot be read, when that is why. A part is noted once.
func (v *view) miss(err error, part string) (missed bool) {
	if !errors.Is(err, read.ErrDamaged) && !errors.Is(err, pebble.ErrNotFound) {
		return false
	}
	if !slices.Contains(v.parts.Missing, part) {
		v.parts.Missing, v.parts.Err = append(v.parts.Missing, part), err
	}
	return true
}

// view calls look with a view. The error is an [engine.PartError] when look missed something.
func (s *Store) view(ctx context.Context, look func(*view) error) error {
	db, err := s.enter()
	if err != nil {
		return err
	}
	defer db.calls.Done()
	if err := errors.Join(ctx.Err(), db.failed()); err != nil {
		return err
	}
	v := &view{database: db, snap: db.pebble.NewSnapshot()}
	if err := errors.Join(look(v), v.snap.Close()); err != nil || len(v.parts.Missing) == 0 {
		return err
	}
	return &v.parts
}

// idRecord finds what is known about an ID.
func (v *view) idRecord(id string) (format.IDRecord, error) {
	value, closer, err := v.snap.Get(format.IDKey(nil, id))
	if errors.Is(err, pebble.ErrNotFound) {
		return format.IDRecord{}, engine.ErrNotFound
	}
	if err != nil {
		return format.IDRecord{}, err
	}
	record, err := format.DecodeIDRecord(value)
	return record, errors.Join(err, closer.Close())
}

// packageState tells about a package. What cannot be read is missed.
func (v *view) packageState(id string, record format.IDRecord) (engine.PackageState, error) {
	switch record.State {
	case format.IDQueued:
		q, err := read.Package(v.snap, record.Number)
		if v.miss(err, "what is queued, package "+strconv.FormatUint(record.Number, 10)) {
			seq, err := v.before(id, v.database.counts().Last+1)
			return engine.PackageState{Package: engine.Package{ID: id}, Status: engine.Queued, Seq: seq}, err
		}
		if err != nil {
			return engine.PackageState{}, err
		}
		lane, err := read.Lane(v.snap, format.LaneName(q.Package.Lane()))
		if v.miss(err, "its place in the queue: how often it was tried, and when it is next") {
			state, _ := v.queued(&format.LaneRecord{}, record.Number, &q) // no response is read
			state.Seq, err = v.before(id, v.database.counts().Last+1)
			return state, err
		}
		if err != nil {
			return engine.PackageState{}, err
		}
		state, err := v.queued(&lane, record.Number, &q)
		if v.miss(err, responsePart(state.Seq)) {
			err = nil
		}
		return state, err
	case format.IDDead:
		state, err := v.dead(record.Number)
		if v.miss(err, "what is kept of the dead letter") {
			// Its last response tells most of it, as long as retention keeps that.
			if state, err = v.done(id, record.Last); errors.Is(err, engine.ErrNotFound) {
				state, err = engine.PackageState{Package: engine.Package{ID: id}}, nil
			}
			state.Status, state.Seq = engine.Dead, record.Last
		}
		return state, err
	default:
		return v.done(id, record.Last)
	}
}

// queued tells about a queued package, which was read. The error is that of its last response, which tells the message; one
// that retention has removed is none.
func (v *view) queued(lane *format.LaneRecord, number uint64, q *format.QueuedPackage) (engine.PackageState, error) {
	state := engine.PackageState{Package: q.Package, Status: engine.Queued, Accepted: q.Accepted, Seq: q.Previous}
	front := lane.Slot(number)
	if front == nil {
		return state, nil
	}
	state.Attempts, state.Failures, state.Last = front.Attempts, front.Failures, front.Last
	if front == lane.Next() {
		state.Due = v.database.clock.wall(front.Due)
	}
	if front.Previous == 0 {
		return state, nil
	}
	state.Seq = front.Previous
	_, response, err := v.response(front.Previous)
	if errors.Is(err, engine.ErrNotFound) {
		return state, nil
	}
	if err == nil {
		state.Message = response.Message
	}
	return state, err
}

func (v *view) dead(seq uint64) (engine.PackageState, error) {
	value, closer, err := v.snap.Get(format.DeadLetterKey(nil, seq))
	if err != nil {
		return engine.PackageState{}, read.Error("read dead letter", err)
	}
	d, err := format.DecodeDeadLetter(value)
	if err != nil {
		err = fmt.Errorf("%w: %w", read.ErrDamaged, err)
	}
	return engine.PackageState{
		Package: d.Package, Status: engine.Dead, Accepted: d.Accepted, Attempts: d.Attempts, Failures: d.Failures,
		Last: d.Outcome, Message: d.Message, Ended: time.Unix(0, d.Buried), Seq: seq,
	}, errors.Join(err, closer.Close())
}

// done tells about a package that has left the queue, from its last response.
func (v *view) done(id string, seq uint64) (engine.PackageState, error) {
	h, response, err := v.response(seq)
	if errors.Is(err, engine.ErrNotFound) {
		return engine.PackageState{}, err
	}
	if v.miss(err, responsePart(seq)) {
		return engine.PackageState{Package: engine.Package{ID: id}, Status: engine.Done, Seq: seq}, nil
	}
	return engine.PackageState{
		Package: response.Package, Status: engine.Done, Accepted: h.Accepted, Attempts: response.Attempt, Failures: h.Failures,
		Last: response.Outcome, Message: response.Message, Ended: time.Unix(0, h.Logged), Seq: seq,
	}, err
}

// response reads one. [engine.ErrNotFound] means that retention has removed it; other errors wrap what [view.miss] takes when
// it cannot be read.
func (v *view) response(seq uint64) (format.ResponseHeader, engine.Response, error) {
	value, closer, err := v.snap.Get(format.ResponseKey(nil, seq))
	if errors.Is(err, pebble.ErrNotFound) {
		kept, stateErr := v.keeps(seq)
		if stateErr != nil {
			return format.ResponseHeader{}, engine.Response{}, stateErr
		}
		if !kept {
			return format.ResponseHeader{}, engine.Response{}, engine.ErrNotFound
		}
	}
	if err != nil {
		return format.ResponseHeader{}, engine.Response{}, read.Error(responsePart(seq), err)
	}
	h, response, err := format.DecodeResponse(seq, value)
	if err != nil {
		err = fmt.Errorf("%w: %w", read.ErrDamaged, err)
	}
	return h, response, errors.Join(err, closer.Close())
}

func responsePart(seq uint64) string { return "response " + strconv.FormatUint(seq, 10) }

// keeps tells whether the log holds a response, as far as it counts.
func (v *view) keeps(seq uint64) (bool, error) {
	value, closer, err := v.snap.Get(format.StateKey(nil))
	if err != nil {
		return false, read.Error("read state", err)
	}
	state, err := format.DecodeState(value)
	return seq >= state.First && seq <= state.Last, errors.Join(err, closer.Close())
}

// history follows the responses of a package from the last to the first that is kept.
func (v *view) history(id string, record format.IDRecord) ([]engine.Response, error) {
	seq := record.Last
	if record.State == format.IDQueued {
		state, err := v.packageState(id, record)
		if err != nil {
			return nil, err
		}
		seq = state.Seq
	}
	var history []engine.Response
	for seq > 0 {
		h, response, err := v.response(seq)
		if errors.Is(err, engine.ErrNotFound) {
			break
		}
		if v.miss(err, responsePart(seq)) {
			// It would have led to the one before it.
			if seq, err = v.before(id, seq); seq == 0 && err == nil {
				v.parts.Missing[len(v.parts.Missing)-1] += ", and what may have come before it"
			}
			if err != nil {
				return nil, err
			}
			continue
		}
		if err != nil {
			return nil, err
		}
		history = append(history, response)
		seq = h.Previous
	}
	slices.Reverse(history)
	return history, nil
}

// beforeMost bounds the responses that are looked at to find one that nothing leads to.
const beforeMost = 1 << 14

// before finds the last response of a package before one, among those that are not far from it. 0: there is none.
func (v *view) before(id string, seq uint64) (found uint64, err error) {
	from := max(seq, beforeMost+1) - beforeMost
	_, err = read.Scan(v.snap, v.database.rot, &pebble.IterOptions{
		LowerBound: format.ResponseKey(nil, from), UpperBound: format.ResponseKey(nil, seq),
	}, func(key, value []byte) error {
		at, keyErr := format.CutResponseKey(key)
		if _, of, err := format.DecodeResponseHeader(value); keyErr == nil && err == nil && of == id {
			found = at
		}
		return nil // what cannot be understood is not it
	})
	return found, err
}

// Package implements [engine.Inspector].
func (s *Store) Package(ctx context.Context, id string) (state engine.PackageState, err error) {
	err = s.view(ctx, func(v *view) error {
		record, err := v.idRecord(id)
		if err != nil {
			return err
		}
		state, err = v.packageState(id, record)
		return err
	})
	if err != nil {
		err = fmt.Errorf("read package %q: %w", id, err)
	}
	return state, err
}

// History implements [engine.Inspector].
func (s *Store) History(ctx context.Context, id string) (history []engine.Response, err error) {
	err = s.view(ctx, func(v *view) error {
		record, err := v.idRecord(id)
		if errors.Is(err, engine.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		history, err = v.history(id, record)
		return err
	})
	if err != nil {
		err = fmt.Errorf("read history of package %q: %w", id, err)
	}
	return history, err
}

package disk

import (
	"context"
	"errors"
	"fmt"
	"slices"
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
}

// view calls look with a view.
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
	return errors.Join(look(v), v.snap.Close())
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

func (v *view) packageState(record format.IDRecord) (engine.PackageState, error) {
	switch record.State {
	case format.IDQueued:
		q, err := read.Package(v.snap, record.Number)
		if err != nil {
			return engine.PackageState{}, err
		}
		lane, err := read.Lane(v.snap, format.LaneName(q.Package.Lane()))
		if err != nil {
			return engine.PackageState{}, err
		}
		return v.queued(&lane, record.Number, &q), nil
	case format.IDDead:
		return v.dead(record.Number)
	default:
		return v.done(record.Last)
	}
}

// queued tells about a queued package, which was read.
func (v *view) queued(lane *format.LaneRecord, number uint64, q *format.QueuedPackage) engine.PackageState {
	state := engine.PackageState{Package: q.Package, Status: engine.Queued, Accepted: q.Accepted, Seq: q.Previous}
	front := lane.Slot(number)
	if front == nil {
		return state
	}
	state.Attempts, state.Failures, state.Last = front.Attempts, front.Failures, front.Last
	if front == lane.Next() {
		state.Due = v.database.clock.wall(front.Due)
	}
	if front.Previous == 0 {
		return state
	}
	state.Seq = front.Previous
	if _, response, err := v.response(front.Previous); err == nil {
		state.Message = response.Message // else retention has removed it
	}
	return state
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
func (v *view) done(seq uint64) (engine.PackageState, error) {
	h, response, err := v.response(seq)
	if errors.Is(err, pebble.ErrNotFound) {
		return engine.PackageState{}, engine.ErrNotFound
	}
	return engine.PackageState{
		Package: response.Package, Status: engine.Done, Accepted: h.Accepted, Attempts: response.Attempt, Failures: h.Failures,
		Last: response.Outcome, Message: response.Message, Ended: time.Unix(0, h.Logged), Seq: seq,
	}, err
}

func (v *view) response(seq uint64) (format.ResponseHeader, engine.Response, error) {
	value, closer, err := v.snap.Get(format.ResponseKey(nil, seq))
	if err != nil {
		return format.ResponseHeader{}, engine.Response{}, fmt.Errorf("read response %d: %w", seq, err)
	}
	h, response, err := format.DecodeResponse(seq, value)
	return h, response, errors.Join(err, closer.Close())
}

// history follows the responses of a package from the last to the first that is kept.
func (v *view) history(record format.IDRecord) ([]engine.Response, error) {
	seq := record.Last
	if record.State == format.IDQueued {
		state, err := v.packageState(record)
		if err != nil {
			return nil, err
		}
		seq = state.Seq
	}
	var history []engine.Response
	for seq > 0 {
		h, response, err := v.response(seq)
		if errors.Is(err, pebble.ErrNotFound) {
			break
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

// Package implements [engine.Inspector].
func (s *Store) Package(ctx context.Context, id string) (state engine.PackageState, err error) {
	err = s.view(ctx, func(v *view) error {
		record, err := v.idRecord(id)
		if err != nil {
			return err
		}
		state, err = v.packageState(record)
		return err
	})
	if err != nil {
		return engine.PackageState{}, fmt.Errorf("read package %q: %w", id, err)
	}
	return state, nil
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
		history, err = v.history(record)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read history of package %q: %w", id, err)
	}
	return history, nil
}

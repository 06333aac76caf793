package survey

import (
	"errors"
	"time"

	"trackhook/engine"
	"trackhook/engine/disk/internal/format"
	"trackhook/engine/disk/internal/read"

	"github.com/cockroachdb/pebble/v2"
)

// repairBytes is where a batch of a repair is full.
const repairBytes = 1 << 20

// repair makes a new store of what can be read of another. Packages, dead letters, responses and what stands alone are taken
// over; the lanes and all that leads to packages are made anew from the packages themselves.
type repair struct {
	*survey
	into  *pebble.DB
	batch *pebble.Batch
	made  format.State
	lanes map[string]*format.LaneRecord // those that have packages
	// lost are packages and dead letters that something still leads to, packages by number.
	lost     map[uint64]lostPackage
	lostDead []string // IDs
}

// lostPackage is what is left of a package that was queued.
type lostPackage struct{ id, lane string }

// set writes a key, and now and then the batch.
func (r *repair) set(key, value []byte) error {
	return errors.Join(r.batch.Set(key, value, nil), r.flush(repairBytes))
}

func (r *repair) flush(over int) error {
	if r.batch.Len() <= over || r.batch.Empty() {
		return nil
	}
	err := r.into.Apply(r.batch, pebble.Sync)
	r.batch = r.into.NewBatch()
	return err
}

func (r *repair) has(key []byte) (bool, error) {
	_, closer, err := r.into.Get(key)
	if errors.Is(err, pebble.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return true, closer.Close()
}

// copyAlone takes over what nothing else depends on.
func (r *repair) copyAlone() error {
	for _, kind := range []format.Prefix{format.Cursors, format.Stretches, format.Failures, format.CountsOfDay, format.Values} {
		err := r.each(kind, func(key, value []byte) error {
			switch kind {
			case format.Values:
				r.report.Values++
			case format.Cursors:
				c, err := format.DecodeCursor(value)
				if err != nil {
					r.report.wrong("%s, %q: %v; what it has handled is handed over again", kind.Holds(), key[1:], err)
					c = read.LostCursor(r.db, string(key[1:]), time.Now().UnixNano())
					value = format.AppendCursor(nil, c)
				}
				r.made.Last = max(r.made.Last, c.Seq)
			default:
			}
			return r.set(key, value)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (r *repair) copyResponses() error {
	r.made.Last = max(r.made.Last, r.state.Last)
	return r.each(format.Responses, func(key, value []byte) error {
		seq, err := format.CutResponseKey(key)
		var h format.ResponseHeader
		if err == nil {
			h, _, err = format.DecodeResponse(seq, value)
		}
		if err != nil {
			r.report.wrong("response %d: %v", seq, err)
			return nil
		}
		r.report.Responses++
		if r.made.First == 0 {
			r.made.First = seq
		}
		r.made.Last = max(r.made.Last, seq)
		r.made.Clock = max(r.made.Clock, h.Logged)
		r.made.LogBytes += uint64(len(value))
		if h.Ambiguous {
			r.made.Ambiguous++
		}
		return r.set(key, value)
	})
}

// copyPackages takes over what is queued, in its order, save what is known to be done.
func (r *repair) copyPackages() error {
	r.made.Packages = r.state.Packages
	return r.each(format.Packages, func(key, value []byte) error {
		_, number, err := format.CutNumber(key)
		if err != nil {
			r.report.wrong("the number of a package: %v", err)
			return nil
		}
		r.made.Packages = max(r.made.Packages, number)
		q, err := format.DecodePackage(value)
		if err != nil {
			r.report.wrong("package %d: %v", number, err)
			return nil
		}
		stored, found, err := r.get(format.IDKey(nil, q.Package.ID))
		if err != nil {
			return err
		}
		if found {
			record, err := format.DecodeIDRecord(stored)
			if err == nil && (record.State != format.IDQueued || record.Number != number) {
				r.report.wrong("package %d: its ID %q is done; it is not sent again", number, q.Package.ID)
				return nil
			}
		}
		r.report.Packages++
		r.made.Queued++
		record := format.IDRecord{State: format.IDQueued, Number: number, Last: q.Previous}
		return errors.Join(
			r.set(key, value),
			r.set(format.IDKey(nil, q.Package.ID), format.AppendIDRecord(nil, record)),
			r.queue(format.LaneName(q.Package.Lane()), number, q.Package.Kind == engine.KindSession),
		)
	})
}

// queue puts a package at the end of its lane. What the lane knows of it is kept.
func (r *repair) queue(name string, number uint64, session bool) error {
	l := r.lanes[name]
	if l == nil {
		stored, err := r.lane(name)
		if err != nil {
			return err
		}
		l = &format.LaneRecord{Head: format.NewSlot(format.Place{Due: time.Now().UnixNano(), Number: number}), Device: stored.Device}
		if at := stored.Slot(number); at != nil {
			l.Head = *at
		}
		if stored.Waiting && stored.Head.Number == number {
			l.Waiting, l.Session = true, stored.Session
		}
		r.lanes[name] = l
		return nil
	}
	if number == l.Session.Number {
		return nil
	}
	var mark []byte
	if session {
		mark = []byte{1}
		if err := r.set(format.InLaneNumberKey(nil, format.Sessions, name, number), nil); err != nil {
			return err
		}
	}
	return r.set(format.InLaneNumberKey(nil, format.Behind, name, number), mark)
}

// lane reads a lane of the damaged store. One that cannot be read is as if it were new.
func (r *repair) lane(name string) (format.LaneRecord, error) {
	value, found, err := r.get(format.LaneKey(nil, name))
	if err != nil || !found {
		return format.LaneRecord{}, err
	}
	l, err := format.DecodeLaneRecord(value)
	if err != nil {
		r.report.wrong("lane %q: %v", name, err)
		return format.LaneRecord{}, nil
	}
	return l, nil
}

func (r *repair) copyDead() error {
	return r.each(format.DeadLetters, func(key, value []byte) error {
		_, seq, keyErr := format.CutNumber(key)
		d, err := format.DecodeDeadLetter(value)
		if err = errors.Join(keyErr, err); err != nil {
			r.report.wrong("dead letter %d: %v", seq, err)
			return nil
		}
		r.report.DeadLetters++
		r.made.Dead++
		r.made.DeadBytes += uint64(len(value))
		r.made.Last = max(r.made.Last, seq)
		record := format.IDRecord{State: format.IDDead, Number: seq, Last: seq}
		return errors.Join(
			r.set(key, value),
			r.set(format.InLaneNumberKey(nil, format.DeadInLane, format.LaneName(d.Package.Lane()), seq), nil),
			r.set(format.IDKey(nil, d.Package.ID), format.AppendIDRecord(nil, record)),
		)
	})
}

// copyDevices takes over what is known of devices that have nothing queued.
func (r *repair) copyDevices() error {
	return r.each(format.Lanes, func(key, value []byte) error {
		record, err := format.DecodeLaneRecord(value)
		if err != nil || r.lanes[string(key[1:])] != nil || !record.Known() {
			return nil //nolint:nilerr // one that cannot be understood was noted where it was needed
		}
		return r.set(key, format.AppendLaneRecord(nil, &format.LaneRecord{Device: record.Device}))
	})
}

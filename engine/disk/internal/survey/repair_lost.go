package survey

import (
	"maps"
	"slices"
	"time"

	"trackhook/engine"
	"trackhook/engine/disk/internal/format"
	"trackhook/engine/disk/internal/read"
)

// copyIDs takes over the IDs that are done, and finds those that lead to what is lost.
func (r *repair) copyIDs() error {
	return r.each(format.IDs, func(key, value []byte) error {
		record, err := format.DecodeIDRecord(value)
		if err != nil {
			r.report.wrong("ID %q: %v", key[1:], err)
			return nil
		}
		known, err := r.has(key)
		if known || err != nil {
			return err
		}
		switch record.State {
		case format.IDQueued:
			r.lost[record.Number] = lostPackage{id: string(key[1:])}
		case format.IDDead:
			r.lostDead = append(r.lostDead, string(key[1:]))
		case format.IDFinal:
			return r.set(key, value)
		}
		return nil
	})
}

// findLost finds the lanes of packages that are lost, and lost packages whose IDs are lost as well.
func (r *repair) findLost() error {
	err := r.each(format.Behind, func(key, _ []byte) error {
		lane, number, err := format.CutNumber(key)
		if err != nil {
			return nil //nolint:nilerr // it says nothing about any package
		}
		return r.lostIn(string(lane), number)
	})
	if err != nil {
		return err
	}
	return r.each(format.Lanes, func(key, value []byte) error {
		record, err := format.DecodeLaneRecord(value)
		if err != nil {
			return nil //nolint:nilerr // it says nothing about any package
		}
		for _, slot := range []*format.Slot{&record.Head, &record.Session} {
			if err := r.lostIn(string(key[1:]), slot.Number); err != nil {
				return err
			}
		}
		return nil
	})
}

// lostIn notes the lane of a package if that is lost.
func (r *repair) lostIn(lane string, number uint64) error {
	if number == 0 {
		return nil
	}
	if known, err := r.has(format.PackageKey(nil, number)); known || err != nil {
		return err
	}
	p := r.lost[number]
	p.lane = lane
	r.lost[number] = p
	return nil
}

// writeLost leaves a response for each package and dead letter that is lost.
func (r *repair) writeLost() error {
	for _, number := range slices.Sorted(maps.Keys(r.lost)) {
		lost := r.lost[number]
		p := engine.Package{ID: lost.id}
		if lane, err := format.CutLane([]byte(lost.lane)); err == nil {
			p.App, p.Device = lane.App, lane.Device
		}
		if p.ID == "" {
			p.ID = read.DamagedID(number)
		}
		if err := r.writeDropped(&p, lost.id != "", number); err != nil {
			return err
		}
	}
	for _, id := range r.lostDead {
		if err := r.writeDropped(&engine.Package{ID: id}, true, 0); err != nil {
			return err
		}
	}
	r.survey.lost()
	r.report.LostPackages = max(r.report.LostPackages, uint64(len(r.lost)))
	r.report.LostDeadLetters = max(r.report.LostDeadLetters, uint64(len(r.lostDead)))
	return nil
}

// writeDropped writes the response of a lost package, and what became of its ID where that is known.
func (r *repair) writeDropped(p *engine.Package, hasID bool, number uint64) error {
	r.made.Last++
	if r.made.First == 0 {
		r.made.First = r.made.Last
	}
	value := format.AppendResponseHeader(nil, format.ResponseHeader{
		Verdict: engine.Remove, Logged: r.now(), Accepted: time.Now(),
	})
	value = format.AppendResponse(value, &engine.Response{
		Package: *p, Outcome: engine.Dropped, Rule: "damaged", Message: "what was stored of it was lost; the store was repaired", At: time.Now(),
	})
	r.made.LogBytes += uint64(len(value))
	if err := r.set(format.ResponseKey(make([]byte, 9), r.made.Last), value); err != nil || !hasID {
		return err
	}
	record := format.IDRecord{State: format.IDFinal, Number: number, Last: r.made.Last}
	return r.set(format.IDKey(nil, p.ID), format.AppendIDRecord(nil, record))
}

// now is the clock of the new store.
func (r *repair) now() int64 { return max(r.state.Clock, r.made.Clock, time.Now().UnixNano()) }

// writeLanes writes the lanes that have packages, and when they are due.
func (r *repair) writeLanes() error {
	for name, l := range r.lanes {
		if l.Session.Number != 0 {
			if there, err := r.has(format.PackageKey(nil, l.Session.Number)); err != nil {
				return err
			} else if !there {
				l.Session = format.Slot{}
			}
		}
		r.made.Lanes++
		app := format.AppOfLane(name)
		if err := r.set(format.LaneKey(nil, name), format.AppendLaneRecord(nil, l)); err != nil {
			return err
		}
		if err := r.set(format.DueKey(nil, app, l.Next().Place), []byte(name[len(app):])); err != nil {
			return err
		}
	}
	return nil
}

// finish writes what the store counts. Only with that it is one.
func (r *repair) finish() error {
	r.made.Clock = r.now()
	if r.made.First == 0 {
		r.made.First = r.made.Last + 1
	}
	if err := r.set(format.VersionKey(nil), format.AppendVersion(nil)); err != nil {
		return err
	}
	if err := r.set(format.StateKey(nil), format.AppendState(nil, &r.made)); err != nil {
		return err
	}
	if err := r.flush(0); err != nil {
		return err
	}
	return r.into.Flush()
}

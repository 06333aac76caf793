package format

import (
	"encoding/binary"
	"errors"

	"trackhook/engine"
)

// Slot is a package that can be leased next, or stands aside for one that can: its place, and what came of it so far.
// Without a number there is none.
type Slot struct {
	Place
	Attempts int // made since it was queued
	Failures int // of them, those that the back-off counts
	Last     engine.Outcome
	Previous uint64 // sequence number of its last response since it was queued, 0 for none
}

// NewSlot makes the slot of a package that has not been attempted.
func NewSlot(at Place) Slot { return Slot{Place: at} }

// LaneRecord is what is known about a device: the front of its queue, and what the server has told. The zero value is an
// empty lane of a device that is not known.
type LaneRecord struct {
	// Head is the first package. Number 0: the lane is empty.
	Head Slot
	// Waiting says that the head waits for a session.
	Waiting bool
	// Session is a session that was moved out of the packages behind the head, so that it is leased before the head while
	// that waits. Number 0: there is none. It keeps its place in the order otherwise.
	Session Slot
	Device  engine.Device
}

// Empty tells whether nothing is queued in the lane.
func (l *LaneRecord) Empty() bool { return l.Head.Number == 0 }

// Next returns what is leased next. The index of what is due always has its place.
func (l *LaneRecord) Next() *Slot {
	if l.Waiting && l.Session.Number != 0 {
		return &l.Session
	}
	return &l.Head
}

// Slot returns the slot of a package, nil when it stands behind them.
func (l *LaneRecord) Slot(number uint64) *Slot {
	switch {
	case number == 0:
		return nil
	case l.Head.Number == number:
		return &l.Head
	case l.Session.Number == number:
		return &l.Session
	default:
		return nil
	}
}

// Known tells whether the record says anything worth keeping when the lane is empty.
func (l *LaneRecord) Known() bool { return l.Device.ADID != "" || !l.Device.Session.IsZero() }

// Flags of a lane record.
const (
	flagWaiting byte = 1 << iota
	flagSession
)

// AppendLaneRecord writes a LaneRecord.
func AppendLaneRecord(b []byte, l *LaneRecord) []byte {
	var flags byte
	if l.Waiting {
		flags |= flagWaiting
	}
	if l.Session.Number != 0 {
		flags |= flagSession
	}
	b = append(b, laneVersion, flags)
	b = appendSlot(b, &l.Head)
	if flags&flagSession != 0 {
		b = appendSlot(b, &l.Session)
	}
	b = appendString(b, l.Device.ADID)
	return appendTime(b, l.Device.Session)
}

func appendSlot(b []byte, s *Slot) []byte {
	b = append(b, byte(s.Last))
	b = binary.AppendUvarint(b, s.Number)
	b = binary.AppendVarint(b, s.Due)
	b = binary.AppendUvarint(b, uint64(max(s.Attempts, 0)))
	b = binary.AppendUvarint(b, uint64(max(s.Failures, 0)))
	return binary.AppendUvarint(b, s.Previous)
}

// DecodeLaneRecord is the inverse of AppendLaneRecord.
func DecodeLaneRecord(value []byte) (LaneRecord, error) {
	r := newReader(value)
	r.version(laneVersion)
	flags := r.byte()
	l := LaneRecord{Waiting: flags&flagWaiting != 0, Head: r.slot()}
	if flags&flagSession != 0 {
		l.Session = r.slot()
		if l.Session.Number == 0 {
			r.fail(errors.New("session has no number"))
		}
	}
	l.Device.ADID = r.string()
	l.Device.Session = r.time()
	return l, r.end("lane record")
}

func (r *reader) slot() Slot {
	s := Slot{Last: engine.Outcome(r.byte())}
	s.Number = r.uvarint()
	s.Due = r.varint()
	s.Attempts = r.int()
	s.Failures = r.int()
	s.Previous = r.uvarint()
	return s
}

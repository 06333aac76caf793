package disk

import (
	"encoding/binary"
	"errors"
	"time"

	"trackhook/engine"
)

// Each record has a version of its own as its first byte, so that one can change without the others.
const (
	laneVersion   = 1
	idVersion     = 1
	deadVersion   = 1
	cursorVersion = 1
	stateVersion  = 1
	countVersion  = 1
	runsVersion   = 1
)

// slot is a package that can be leased next, or stands aside for one that can: its place, and what came of it so far.
type slot struct {
	place        // number 0: there is none
	attempts int // made since it was queued
	failures int // of them, those that the back-off counts
	last     engine.Outcome
	previous uint64 // sequence number of its last response since it was queued, 0 for none
}

// newSlot makes the slot of a package that has not been attempted.
func newSlot(at place) slot { return slot{place: at} }

// laneRecord is what is known about a device: the front of its queue, and what the server has told.
type laneRecord struct {
	// head is the first package. Number 0: the lane is empty.
	head slot
	// waiting says that head waits for a session.
	waiting bool
	// session is a session that was moved out of the packages behind head, so that it is leased before head while that
	// waits. Number 0: there is none. It keeps its place in the order otherwise.
	session slot
	device  engine.Device
}

func (l *laneRecord) empty() bool { return l.head.number == 0 }

// next returns what is leased next. The index of what is due always has its place.
func (l *laneRecord) next() *slot {
	if l.waiting && l.session.number != 0 {
		return &l.session
	}
	return &l.head
}

// slot returns the slot of a package, nil when it stands behind them.
func (l *laneRecord) slot(number uint64) *slot {
	switch {
	case number == 0:
		return nil
	case l.head.number == number:
		return &l.head
	case l.session.number == number:
		return &l.session
	default:
		return nil
	}
}

// known tells whether the record says anything worth keeping when the lane is empty.
func (l *laneRecord) known() bool { return l.device.ADID != "" || !l.device.Session.IsZero() }

// Flags of a lane record.
const (
	flagWaiting byte = 1 << iota
	flagSession
)

func appendLaneRecord(b []byte, l *laneRecord) []byte {
	var flags byte
	if l.waiting {
		flags |= flagWaiting
	}
	if l.session.number != 0 {
		flags |= flagSession
	}
	b = append(b, laneVersion, flags)
	b = appendSlot(b, &l.head)
	if flags&flagSession != 0 {
		b = appendSlot(b, &l.session)
	}
	b = appendString(b, l.device.ADID)
	return appendTime(b, l.device.Session)
}

func appendSlot(b []byte, s *slot) []byte {
	b = append(b, byte(s.last))
	b = binary.AppendUvarint(b, s.number)
	b = binary.AppendVarint(b, s.due)
	b = binary.AppendUvarint(b, uint64(max(s.attempts, 0)))
	b = binary.AppendUvarint(b, uint64(max(s.failures, 0)))
	return binary.AppendUvarint(b, s.previous)
}

func decodeLaneRecord(value []byte) (laneRecord, error) {
	r := newReader(value)
	r.version(laneVersion)
	flags := r.byte()
	l := laneRecord{waiting: flags&flagWaiting != 0, head: r.slot()}
	if flags&flagSession != 0 {
		l.session = r.slot()
		if l.session.number == 0 {
			r.fail(errors.New("session has no number"))
		}
	}
	l.device.ADID = r.string()
	l.device.Session = r.time()
	return l, r.end("lane record")
}

func (r *reader) slot() slot {
	s := slot{last: engine.Outcome(r.byte())}
	s.number = r.uvarint()
	s.due = r.varint()
	s.attempts = r.int()
	s.failures = r.int()
	s.previous = r.uvarint()
	return s
}

// idState is the state of a package.
type idState uint8

const (
	idQueued idState = iota + 1
	idDead
	idFinal
)

// idRecord is what an ID leads to.
type idRecord struct {
	state idState
	// number is where the package is: its number in q, of a dead letter its key in x.
	number uint64
	// last is the sequence number of its last response. Of a queued package it is the one from before it was queued, 0
	// for none; the lane record knows those since.
	last uint64
}

func appendIDRecord(b []byte, i idRecord) []byte {
	b = append(b, idVersion, byte(i.state))
	b = binary.AppendUvarint(b, i.number)
	return binary.AppendUvarint(b, i.last)
}

func decodeIDRecord(value []byte) (idRecord, error) {
	r := newReader(value)
	r.version(idVersion)
	i := idRecord{state: idState(r.byte()), number: r.uvarint(), last: r.uvarint()}
	if r.err == nil && (i.state < idQueued || i.state > idFinal) {
		r.fail(errors.New("state is unknown"))
	}
	return i, r.end("ID")
}

// dead is a dead letter: the package, and why it is one. Its key is the sequence number of the response that buried it.
type dead struct {
	buried             int64 // nanoseconds of the steady clock
	attempts, failures int
	outcome            engine.Outcome
	message            string
	accepted           time.Time
	pkg                engine.Package
}

func appendDead(b []byte, d *dead) []byte {
	b = append(b, deadVersion, byte(d.outcome))
	b = binary.AppendVarint(b, d.buried)
	b = binary.AppendUvarint(b, uint64(max(d.attempts, 0)))
	b = binary.AppendUvarint(b, uint64(max(d.failures, 0)))
	b = appendString(b, d.message)
	b = appendTime(b, d.accepted)
	return appendPackageFields(b, &d.pkg)
}

func decodeDead(value []byte) (dead, error) {
	r := newReader(value)
	r.version(deadVersion)
	d := dead{outcome: engine.Outcome(r.byte()), buried: r.varint(), attempts: r.int(), failures: r.int()}
	d.message = r.string()
	d.accepted = r.time()
	d.pkg = r.packageFields()
	return d, r.end("dead letter")
}

// cursor is the place of a listener in the log.
type cursor struct {
	seq uint64
	// touched is when it was last enrolled or committed, in nanoseconds of the steady clock.
	touched int64
	// since is the first of the responses up to seq that were handled by version. Behind seq: none was.
	since   uint64
	version string
}

func appendCursor(b []byte, c cursor) []byte {
	b = append(b, cursorVersion)
	b = binary.AppendUvarint(b, c.seq)
	b = binary.AppendVarint(b, c.touched)
	b = binary.AppendUvarint(b, c.since)
	return appendString(b, c.version)
}

func decodeCursor(value []byte) (cursor, error) {
	r := newReader(value)
	r.version(cursorVersion)
	c := cursor{seq: r.uvarint(), touched: r.varint(), since: r.uvarint(), version: r.string()}
	return c, r.end("cursor")
}

// state is everything that the store counts. It is written with every batch, so that it is true after a crash without
// a scan.
type state struct {
	packages            uint64 // number of the newest package
	first, last         uint64 // sequence numbers: the oldest response that is kept, and the newest
	queued, lanes, dead uint64
	logBytes, deadBytes uint64 // bytes of the values in the log, and of the dead letters
	ambiguous           uint64 // responses in the log that are
	clock               int64  // the steady clock
}

func appendState(b []byte, s *state) []byte {
	b = append(b, stateVersion)
	for _, n := range []uint64{s.packages, s.first, s.last, s.queued, s.lanes, s.dead, s.logBytes, s.deadBytes, s.ambiguous} {
		b = binary.AppendUvarint(b, n)
	}
	return binary.AppendVarint(b, s.clock)
}

func decodeState(value []byte) (state, error) {
	r := newReader(value)
	r.version(stateVersion)
	s := state{
		packages: r.uvarint(), first: r.uvarint(), last: r.uvarint(),
		queued: r.uvarint(), lanes: r.uvarint(), dead: r.uvarint(),
		logBytes: r.uvarint(), deadBytes: r.uvarint(), ambiguous: r.uvarint(),
		clock: r.varint(),
	}
	return s, r.end("state")
}

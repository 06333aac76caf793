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
)

// laneRecord is what is known about a device: the head of its queue, and what the server has told.
type laneRecord struct {
	place        // head 0: the lane is empty
	attempts int // of the head
	failures int // of the head, those that the back-off counts
	last     engine.Outcome
	previous uint64 // sequence number of the head's last response, 0 for none
	device   engine.Device
}

func (l *laneRecord) empty() bool { return l.head == 0 }

// known tells whether the record says anything worth keeping when the lane is empty.
func (l *laneRecord) known() bool { return l.device.ADID != "" || !l.device.Session.IsZero() }

// begin makes a package the head that has not been attempted.
func (l *laneRecord) begin(at place) {
	*l = laneRecord{place: at, device: l.device}
}

func appendLaneRecord(b []byte, l *laneRecord) []byte {
	b = append(b, laneVersion, byte(l.last))
	b = binary.AppendUvarint(b, l.head)
	b = binary.AppendVarint(b, l.due)
	b = binary.AppendUvarint(b, uint64(max(l.attempts, 0)))
	b = binary.AppendUvarint(b, uint64(max(l.failures, 0)))
	b = binary.AppendUvarint(b, l.previous)
	b = appendString(b, l.device.ADID)
	return appendTime(b, l.device.Session)
}

func decodeLaneRecord(value []byte) (laneRecord, error) {
	r := newReader(value)
	r.version(laneVersion)
	l := laneRecord{last: engine.Outcome(r.byte())}
	l.head = r.uvarint()
	l.due = r.varint()
	l.attempts = r.int()
	l.failures = r.int()
	l.previous = r.uvarint()
	l.device.ADID = r.string()
	l.device.Session = r.time()
	return l, r.end("lane record")
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
	state  idState
	number uint64 // of the package, in q and x
	last   uint64 // sequence number of the last response; for a queued package the lane record has it
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

// dead is a dead letter: the package, and why it is one.
type dead struct {
	buried   int64  // nanoseconds of the steady clock
	reason   uint64 // sequence number of its last response
	attempts int
	outcome  engine.Outcome
	accepted time.Time
	pkg      engine.Package
}

func appendDead(b []byte, d *dead) []byte {
	b = append(b, deadVersion, byte(d.outcome))
	b = binary.AppendVarint(b, d.buried)
	b = binary.AppendUvarint(b, d.reason)
	b = binary.AppendUvarint(b, uint64(max(d.attempts, 0)))
	b = appendTime(b, d.accepted)
	return appendPackageFields(b, &d.pkg)
}

func decodeDead(value []byte) (dead, error) {
	r := newReader(value)
	r.version(deadVersion)
	d := dead{outcome: engine.Outcome(r.byte()), buried: r.varint(), reason: r.uvarint(), attempts: r.int()}
	d.accepted = r.time()
	d.pkg = r.packageFields()
	return d, r.end("dead letter")
}

// cursor is the place of a listener in the log.
type cursor struct {
	seq uint64
	// touched is when it was last enrolled or committed, in nanoseconds of the steady clock.
	touched int64
}

func appendCursor(b []byte, c cursor) []byte {
	b = append(b, cursorVersion)
	b = binary.AppendUvarint(b, c.seq)
	return binary.AppendVarint(b, c.touched)
}

func decodeCursor(value []byte) (cursor, error) {
	r := newReader(value)
	r.version(cursorVersion)
	c := cursor{seq: r.uvarint(), touched: r.varint()}
	return c, r.end("cursor")
}

// state is everything that the store counts. It is written with every batch, so that it is true after a crash without
// a scan.
type state struct {
	packages            uint64 // number of the newest package
	first, last         uint64 // sequence numbers: the oldest response that is kept, and the newest
	queued, lanes, dead uint64
	logBytes            uint64 // bytes of the values in the log
	clock               int64  // the steady clock
}

func appendState(b []byte, s *state) []byte {
	b = append(b, stateVersion)
	for _, n := range []uint64{s.packages, s.first, s.last, s.queued, s.lanes, s.dead, s.logBytes} {
		b = binary.AppendUvarint(b, n)
	}
	return binary.AppendVarint(b, s.clock)
}

func decodeState(value []byte) (state, error) {
	r := newReader(value)
	r.version(stateVersion)
	s := state{
		packages: r.uvarint(), first: r.uvarint(), last: r.uvarint(),
		queued: r.uvarint(), lanes: r.uvarint(), dead: r.uvarint(), logBytes: r.uvarint(),
		clock: r.varint(),
	}
	return s, r.end("state")
}

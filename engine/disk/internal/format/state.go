package format

import "encoding/binary"

// State is everything that the store counts. It is written with every batch, so that it is true after a crash without a
// scan.
type State struct {
	Packages            uint64 // number of the newest package
	First, Last         uint64 // sequence numbers: the oldest response that is kept, and the newest
	Queued, Lanes, Dead uint64
	LogBytes, DeadBytes uint64 // bytes of the values in the log, and of the dead letters
	Ambiguous           uint64 // responses in the log that are
	Clock               int64  // the steady clock
}

// AppendState writes a State.
func AppendState(b []byte, s *State) []byte {
	b = append(b, stateVersion)
	for _, n := range []uint64{s.Packages, s.First, s.Last, s.Queued, s.Lanes, s.Dead, s.LogBytes, s.DeadBytes, s.Ambiguous} {
		b = binary.AppendUvarint(b, n)
	}
	return binary.AppendVarint(b, s.Clock)
}

// DecodeState is the inverse of AppendState.
func DecodeState(value []byte) (State, error) {
	r := newReader(value)
	r.version(stateVersion)
	s := State{
		Packages: r.uvarint(), First: r.uvarint(), Last: r.uvarint(),
		Queued: r.uvarint(), Lanes: r.uvarint(), Dead: r.uvarint(),
		LogBytes: r.uvarint(), DeadBytes: r.uvarint(), Ambiguous: r.uvarint(),
		Clock: r.varint(),
	}
	return s, r.end("state")
}

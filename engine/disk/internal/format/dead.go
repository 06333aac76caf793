package format

import (
	"encoding/binary"
	"time"

	"trackhook/engine"
)

// DeadLetter is a package that was buried, and why. Its key is the sequence number of the response that buried it.
type DeadLetter struct {
	Buried             int64 // nanoseconds of the steady clock
	Attempts, Failures int
	Outcome            engine.Outcome
	Message            string
	Accepted           time.Time
	Package            engine.Package
}

// AppendDeadLetter writes a DeadLetter.
func AppendDeadLetter(b []byte, d *DeadLetter) []byte {
	b = append(b, deadVersion, byte(d.Outcome))
	b = binary.AppendVarint(b, d.Buried)
	b = binary.AppendUvarint(b, uint64(max(d.Attempts, 0)))
	b = binary.AppendUvarint(b, uint64(max(d.Failures, 0)))
	b = appendString(b, d.Message)
	b = appendTime(b, d.Accepted)
	return appendPackageFields(b, &d.Package)
}

// DecodeDeadLetter is the inverse of AppendDeadLetter.
func DecodeDeadLetter(value []byte) (DeadLetter, error) {
	r := newReader(value)
	r.version(deadVersion)
	d := DeadLetter{Outcome: engine.Outcome(r.byte()), Buried: r.varint(), Attempts: r.int(), Failures: r.int()}
	d.Message = r.string()
	d.Accepted = r.time()
	d.Package = r.packageFields()
	return d, r.end("dead letter")
}

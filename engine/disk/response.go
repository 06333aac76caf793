package disk

import (
	"encoding/binary"
	"time"

	"trackhook/engine"
)

const responseVersion = 1

// Flags of a stored response.
const (
	flagWillRetry byte = 1 << iota
	flagAmbiguous
	flagRepeat
)

// stamp is what the store keeps beside a response.
type stamp struct {
	verdict engine.Verdict
	// logged is when it was logged, in nanoseconds of the steady clock: retention goes by it.
	logged int64
	// previous is the sequence number of the package's response before this one, 0 for none: the responses of a package
	// are a list that begins at the last one, which the package's ID leads to.
	previous uint64
	// accepted is when the package was accepted, and failures what counted for its back-off.
	accepted  time.Time
	failures  int
	ambiguous bool // as in the response, for those who read the stamp alone
}

// stampAmbiguous is set in the byte of the verdict.
const stampAmbiguous = 1 << 7

// appendStamp and then appendResponse write a response; Seq is in the key. They are apart because the stamp is known
// only when the response gets its place in the log, and all the rest can be encoded before, by many at once.
func appendStamp(b []byte, s stamp) []byte {
	verdict := byte(s.verdict)
	if s.ambiguous {
		verdict |= stampAmbiguous
	}
	b = append(b, responseVersion, verdict)
	b = binary.AppendVarint(b, s.logged)
	b = binary.AppendUvarint(b, s.previous)
	// The difference is shorter.
	b = binary.AppendVarint(b, s.logged-s.accepted.UnixNano())
	return binary.AppendUvarint(b, uint64(max(s.failures, 0)))
}

func appendResponse(b []byte, response *engine.Response) []byte {
	b = appendPackageFields(b, &response.Package)
	var flags byte
	if response.WillRetry {
		flags |= flagWillRetry
	}
	if response.Ambiguous {
		flags |= flagAmbiguous
	}
	if response.Repeat {
		flags |= flagRepeat
	}
	b = append(b, flags, byte(response.Outcome))
	b = binary.AppendUvarint(b, uint64(max(response.Attempt, 0)))
	b = binary.AppendUvarint(b, uint64(max(response.Status, 0)))
	b = appendString(b, response.Rule)
	b = appendString(b, response.Message)
	b = appendString(b, response.Timestamp)
	b = appendString(b, response.ADID)
	b = binary.AppendVarint(b, int64(response.RetryIn))
	b = binary.AppendVarint(b, int64(response.AskIn))
	b = binary.AppendVarint(b, int64(response.ContinueIn))
	b = appendTime(b, response.NextAttempt)
	b = appendTime(b, response.At)
	b = binary.AppendUvarint(b, uint64(len(response.Body)))
	return append(b, response.Body...)
}

func (r *reader) stamp() stamp {
	r.version(responseVersion)
	verdict := r.byte()
	s := stamp{verdict: engine.Verdict(verdict &^ stampAmbiguous), ambiguous: verdict&stampAmbiguous != 0}
	s.logged, s.previous = r.varint(), r.uvarint()
	s.accepted = time.Unix(0, s.logged-r.varint()).UTC()
	s.failures = r.int()
	return s
}

func decodeResponse(seq uint64, value []byte) (s stamp, response engine.Response, err error) {
	r := newReader(value)
	s = r.stamp()
	pkg := r.packageFields()
	flags := r.byte()
	response = engine.Response{
		Seq:         seq,
		Package:     pkg,
		WillRetry:   flags&flagWillRetry != 0,
		Ambiguous:   flags&flagAmbiguous != 0,
		Repeat:      flags&flagRepeat != 0,
		Outcome:     engine.Outcome(r.byte()),
		Attempt:     r.int(),
		Status:      r.int(),
		Rule:        r.string(),
		Message:     r.string(),
		Timestamp:   r.string(),
		ADID:        r.string(),
		RetryIn:     time.Duration(r.varint()),
		AskIn:       time.Duration(r.varint()),
		ContinueIn:  time.Duration(r.varint()),
		NextAttempt: r.time(),
		At:          r.time(),
		Body:        r.bytes(),
	}
	return s, response, r.end("response")
}

// decodeStamp reads what retention needs: the stamp, and the ID of the package. It copies no more than that.
func decodeStamp(value []byte) (s stamp, id string, err error) {
	const most = 4 + 4*10 + 2*engine.MaxIDBytes
	r := newReader(value[:min(len(value), most)])
	s = r.stamp()
	id = r.string()
	r.rest = ""
	return s, id, r.end("response")
}

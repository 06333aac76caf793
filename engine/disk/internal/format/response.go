package format

import (
	"encoding/binary"
	"time"

	"trackhook/engine"
)

// Flags of a stored response.
const (
	flagWillRetry byte = 1 << iota
	flagAmbiguous
	flagRepeat
)

// ResponseHeader is what the store keeps beside a response.
type ResponseHeader struct {
	Verdict engine.Verdict
	// Logged is when it was logged, in nanoseconds of the steady clock: retention goes by it.
	Logged int64
	// Previous is the sequence number of the package's response before this one, 0 for none: the responses of a package
	// are a list that begins at the last one, which the package's ID leads to.
	Previous uint64
	// Accepted is when the package was accepted, and Failures what counted for its back-off.
	Accepted  time.Time
	Failures  int
	Ambiguous bool // as in the response, for those who read the header alone
}

// headerAmbiguous is set in the byte of the verdict.
const headerAmbiguous = 1 << 7

// AppendResponseHeader and then AppendResponse write a response. They are apart because the header is known only when the
// response gets its place in the log, and all the rest can be encoded before, by many at once.
func AppendResponseHeader(b []byte, h ResponseHeader) []byte {
	verdict := byte(h.Verdict)
	if h.Ambiguous {
		verdict |= headerAmbiguous
	}
	b = append(b, responseVersion, verdict)
	b = binary.AppendVarint(b, h.Logged)
	b = binary.AppendUvarint(b, h.Previous)
	// The difference is shorter.
	b = binary.AppendVarint(b, h.Logged-h.Accepted.UnixNano())
	return binary.AppendUvarint(b, uint64(max(h.Failures, 0)))
}

// AppendResponse writes a response behind its header, save its sequence number, which is in the key.
func AppendResponse(b []byte, response *engine.Response) []byte {
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

func (r *reader) responseHeader() ResponseHeader {
	r.version(responseVersion)
	verdict := r.byte()
	h := ResponseHeader{Verdict: engine.Verdict(verdict &^ headerAmbiguous), Ambiguous: verdict&headerAmbiguous != 0}
	h.Logged, h.Previous = r.varint(), r.uvarint()
	h.Accepted = time.Unix(0, h.Logged-r.varint()).UTC()
	h.Failures = r.int()
	return h
}

// DecodeResponse is the inverse of AppendResponseHeader and AppendResponse.
func DecodeResponse(seq uint64, value []byte) (h ResponseHeader, response engine.Response, err error) {
	r := newReader(value)
	h = r.responseHeader()
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
	return h, response, r.end("response")
}

// DecodeResponseHeader reads what retention needs: the header, and the ID of the package. It copies no more than that.
func DecodeResponseHeader(value []byte) (h ResponseHeader, id string, err error) {
	const most = 4 + 4*10 + 2*engine.MaxIDBytes
	r := newReader(value[:min(len(value), most)])
	h = r.responseHeader()
	id = r.string()
	r.rest = ""
	return h, id, r.end("response")
}

package postgres

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"trackhook/engine"
)

// What only the engine reads of a package and of a response is kept as bytes: lengths and numbers as uvarints, strings as
// they are. The first byte is a version. What SQL needs has columns, and is not in the bytes.

const codecVersion = 1

// errCodec means that bytes are not what they should be.
var errCodec = errors.New("bytes of a package or response cannot be understood")

func appendString(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

func appendMap(b []byte, m map[string]string) []byte {
	b = binary.AppendUvarint(b, uint64(len(m)))
	for k, v := range m {
		b = appendString(appendString(b, k), v)
	}
	return b
}

// appendPackageBytes writes what a package has beside its ID, its lane and its times.
func appendPackageBytes(b []byte, p *engine.Package) []byte {
	b = append(b, codecVersion)
	b = appendString(b, string(p.Kind))
	b = appendString(b, p.CallbackID)
	b = appendMap(b, p.Params)
	b = appendMap(b, p.CallbackParams)
	return appendMap(b, p.PartnerParams)
}

// decoder reads; the first error stays.
type decoder struct {
	b   []byte
	err error
}

func (d *decoder) number() uint64 {
	n, size := binary.Uvarint(d.b)
	if size <= 0 {
		d.err, d.b = errCodec, nil
		return 0
	}
	d.b = d.b[size:]
	return n
}

func (d *decoder) signed() int64 {
	n, size := binary.Varint(d.b)
	if size <= 0 {
		d.err, d.b = errCodec, nil
		return 0
	}
	d.b = d.b[size:]
	return n
}

func (d *decoder) bytes() []byte {
	n := d.number()
	if n > uint64(len(d.b)) {
		d.err, d.b = errCodec, nil
		return nil
	}
	out := d.b[:n]
	d.b = d.b[n:]
	return out
}

func (d *decoder) text() string { return string(d.bytes()) }

func (d *decoder) table() map[string]string {
	n := d.number()
	if n == 0 || n > uint64(len(d.b)) {
		if n != 0 {
			d.err = errCodec
		}
		return nil
	}
	m := make(map[string]string, n)
	for range n {
		k := d.text()
		m[k] = d.text()
	}
	return m
}

func (d *decoder) version() {
	if len(d.b) == 0 || d.b[0] != codecVersion {
		d.err, d.b = errCodec, nil
		return
	}
	d.b = d.b[1:]
}

// readPackage adds to a package what appendPackageBytes has written.
func readPackage(b []byte, p *engine.Package) error {
	d := decoder{b: b}
	d.version()
	p.Kind = engine.Kind(d.text())
	p.CallbackID = d.text()
	p.Params, p.CallbackParams, p.PartnerParams = d.table(), d.table(), d.table()
	if d.err != nil {
		return fmt.Errorf("package %s: %w", engine.Quote(p.ID), d.err)
	}
	return nil
}

const (
	flagWillRetry = 1 << iota
	flagRepeat
	flagBody
	flagNext
)

// appendResponse writes what a response has beside its number, its package, its outcome, its time and whether it is ambiguous.
func appendResponse(b []byte, r *engine.Response) []byte {
	flags := byte(0)
	if r.WillRetry {
		flags |= flagWillRetry
	}
	if r.Repeat {
		flags |= flagRepeat
	}
	if r.Body != nil {
		flags |= flagBody
	}
	if !r.NextAttempt.IsZero() {
		flags |= flagNext
	}
	b = append(b, codecVersion, flags)
	b = binary.AppendUvarint(b, uint64(max(r.Attempt, 0))) //nolint:gosec // not negative
	b = binary.AppendUvarint(b, uint64(max(r.Status, 0)))  //nolint:gosec // not negative
	b = appendString(b, r.Rule)
	b = appendString(b, r.Message)
	b = appendString(b, r.Timestamp)
	b = appendString(b, r.ADID)
	for _, d := range []time.Duration{r.RetryIn, r.AskIn, r.ContinueIn} {
		b = binary.AppendVarint(b, int64(d))
	}
	if !r.NextAttempt.IsZero() {
		b = binary.AppendVarint(b, r.NextAttempt.UnixNano())
	}
	return append(binary.AppendUvarint(b, uint64(len(r.Body))), r.Body...)
}

func readResponse(b []byte, r *engine.Response) error {
	d := decoder{b: b}
	d.version()
	if len(d.b) == 0 {
		return fmt.Errorf("response %d: %w", r.Seq, errCodec)
	}
	flags := d.b[0]
	d.b = d.b[1:]
	r.WillRetry, r.Repeat = flags&flagWillRetry != 0, flags&flagRepeat != 0
	r.Attempt, r.Status = count(d.number()), count(d.number())
	r.Rule, r.Message, r.Timestamp, r.ADID = d.text(), d.text(), d.text(), d.text()
	r.RetryIn, r.AskIn, r.ContinueIn = time.Duration(d.signed()), time.Duration(d.signed()), time.Duration(d.signed())
	if flags&flagNext != 0 {
		r.NextAttempt = moment(d.signed())
	}
	body := d.bytes()
	if flags&flagBody != 0 {
		if r.Body = slices.Clone(body); r.Body == nil {
			r.Body = []byte{}
		}
	}
	if d.err != nil {
		return fmt.Errorf("response %d: %w", r.Seq, d.err)
	}
	return nil
}

func count(n uint64) int { return int(min(n, math.MaxInt32)) } //nolint:gosec // it fits

// Times are kept in nanoseconds since 1970; noTime is the zero time.
const noTime = math.MinInt64

func nanos(t time.Time) int64 {
	if t.IsZero() {
		return noTime
	}
	return t.UnixNano()
}

func moment(n int64) time.Time {
	if n == noTime {
		return time.Time{}
	}
	return time.Unix(0, n).UTC()
}

package wire

import (
	"encoding/binary"
	"fmt"
	"time"
	"unsafe"
)

// AppendNumber appends a number. It and its like append a field to a body.
func AppendNumber(b []byte, n uint64) []byte { return binary.AppendUvarint(b, n) }

// AppendString appends a text or bytes.
func AppendString[T ~string | ~[]byte](b []byte, s T) []byte {
	if len(s) < 0x80 {
		return append(append(b, byte(len(s))), s...) // most are
	}
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

// AppendStrings appends a list.
func AppendStrings(b []byte, list []string) []byte {
	b = AppendNumber(b, uint64(len(list)))
	for _, s := range list {
		b = AppendString(b, s)
	}
	return b
}

// AppendMap appends pairs, in any order.
func AppendMap(b []byte, m map[string]string) []byte {
	b = AppendNumber(b, uint64(len(m)))
	for key, value := range m {
		b = AppendString(AppendString(b, key), value)
	}
	return b
}

// AppendPairs appends values of a store; nil is another value than none.
func AppendPairs(b []byte, pairs map[string][]byte) []byte {
	b = AppendNumber(b, uint64(len(pairs)))
	for key, value := range pairs {
		b = AppendBool(AppendString(b, key), value != nil)
		b = AppendString(b, value)
	}
	return b
}

// AppendBool appends a truth.
func AppendBool(b []byte, v bool) []byte {
	if v {
		return append(b, 1)
	}
	return append(b, 0)
}

// AppendInt appends a number that may be negative.
func AppendInt(b []byte, n int64) []byte { return binary.AppendVarint(b, n) }

// AppendTime appends a time, to the nanosecond, with its distance from UTC. The zero time stays what it is.
func AppendTime(b []byte, t time.Time) []byte {
	if t.IsZero() {
		return append(b, 0)
	}
	offset := 0
	if t.Location() != time.UTC {
		_, offset = t.Zone()
	}
	return AppendInt(AppendInt(AppendInt(append(b, 1), t.Unix()), int64(t.Nanosecond())), int64(offset))
}

// Fields reads fields from a body, in order. After what does not decode, all that is read is zero, and Err says so.
type Fields struct {
	rest []byte
	err  error
	// text is the whole body, of which texts are parts.
	text string
}

// NewFields reads a body. What it returns refers to it: it is not written any more.
func NewFields(body []byte) *Fields {
	return &Fields{rest: body, text: unsafe.String(unsafe.SliceData(body), len(body))} // a copy was a tenth of what it costs to read a batch
}

// Err says what did not decode; nil: nothing.
func (f *Fields) Err() error { return f.err }

// End is Err, and an error when there is more than was read.
func (f *Fields) End() error {
	if f.err == nil && len(f.rest) > 0 {
		f.fail("more than was expected")
	}
	return f.err
}

// Rest is all that was not read.
func (f *Fields) Rest() []byte { return f.rest }

func (f *Fields) fail(what string) {
	if f.err == nil {
		f.err = fmt.Errorf("%w: %s", ErrFrame, what)
	}
	f.rest = nil
}

// Number reads a number. It and its like read the next field.
func (f *Fields) Number() uint64 {
	if len(f.rest) > 0 && f.rest[0] < 0x80 {
		n := uint64(f.rest[0]) // most are
		f.rest = f.rest[1:]
		return n
	}
	n, size := binary.Uvarint(f.rest)
	if size <= 0 {
		f.fail("no number")
		return 0
	}
	f.rest = f.rest[size:]
	return n
}

// Int reads a number that may be negative.
func (f *Fields) Int() int64 {
	n, size := binary.Varint(f.rest)
	if size <= 0 {
		f.fail("no number")
		return 0
	}
	f.rest = f.rest[size:]
	return n
}

// Bool reads a truth.
func (f *Fields) Bool() bool {
	if len(f.rest) == 0 || f.rest[0] > 1 {
		f.fail("no truth")
		return false
	}
	v := f.rest[0] == 1
	f.rest = f.rest[1:]
	return v
}

// Bytes reads bytes, as a part of the body.
func (f *Fields) Bytes() []byte {
	n := f.Number()
	if f.err != nil || n > uint64(len(f.rest)) {
		f.fail("a text that is longer than its frame")
		return nil
	}
	v := f.rest[:n:n]
	f.rest = f.rest[n:]
	return v
}

// Text reads a text.
func (f *Fields) Text() string {
	n := len(f.Bytes())
	end := len(f.text) - len(f.rest)
	if f.err != nil {
		return ""
	}
	return f.text[end-n : end]
}

// count reads how many follow, each of a byte at least.
func (f *Fields) count() int {
	n := f.Number()
	if n > uint64(len(f.rest)) {
		f.fail("more than its frame holds")
		return 0
	}
	return int(n) //nolint:gosec // bounded by the frame
}

// Texts reads a list.
func (f *Fields) Texts() []string {
	var list []string
	for range f.count() {
		list = append(list, f.Text())
	}
	return list
}

// Map reads pairs; nil when there are none.
func (f *Fields) Map() map[string]string {
	n := f.count()
	if n == 0 {
		return nil
	}
	m := make(map[string]string, min(n, 1000))
	for range n {
		key := f.Text()
		m[key] = f.Text()
	}
	return m
}

// Pairs reads values of a store.
func (f *Fields) Pairs() map[string][]byte {
	m := map[string][]byte{}
	for range f.count() {
		key := f.Text()
		there, value := f.Bool(), f.Bytes()
		if !there {
			value = nil
		} else if value == nil {
			value = []byte{}
		}
		m[key] = value
	}
	return m
}

// Time reads a time.
func (f *Fields) Time() time.Time {
	if !f.Bool() {
		return time.Time{}
	}
	seconds, nanoseconds, offset := f.Int(), f.Int(), f.Int()
	t := time.Unix(seconds, nanoseconds)
	if offset == 0 {
		return t.UTC()
	}
	if _, here := t.Zone(); int64(here) == offset {
		return t
	}
	return t.In(time.FixedZone("", int(offset)))
}

package format

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Each value has a version of its own as its first byte, so that one can change without the others. All are 1 so far.
const (
	packageVersion  = 1
	idVersion       = 1
	laneVersion     = 1
	responseVersion = 1
	deadVersion     = 1
	cursorVersion   = 1
	runVersion      = 1 // of stretches and failures
	countVersion    = 1
	stateVersion    = 1
)

// errShort is what every decoder returns for a value that ends too early.
var errShort = errors.New("value ends too early")

// maxPairs bounds the pairs of one stored map. A package of at most 1 MiB with names of at least one byte cannot have
// more, and a damaged count must not allocate.
const maxPairs = 1 << 20

func appendString(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

// appendPairs writes a map in the order of its names, so that equal maps have equal bytes.
func appendPairs(b []byte, pairs map[string]string) []byte {
	b = binary.AppendUvarint(b, uint64(len(pairs)))
	if len(pairs) == 0 {
		return b
	}
	var space [32]pair // most packages fit, and then sorting allocates nothing
	sorted := space[:0]
	for name, value := range pairs {
		sorted = append(sorted, pair{name, value})
	}
	slices.SortFunc(sorted, func(x, y pair) int { return strings.Compare(x.name, y.name) })
	for i := range sorted {
		b = appendString(b, sorted[i].name)
		b = appendString(b, sorted[i].value)
	}
	return b
}

type pair struct{ name, value string }

// appendTime writes nanoseconds since 1970, and 0 for the zero time. The location is not kept.
func appendTime(b []byte, t time.Time) []byte {
	if t.IsZero() {
		return binary.AppendVarint(b, 0)
	}
	return binary.AppendVarint(b, t.UnixNano())
}

// reader reads what the functions above wrote. The first error stays, and everything read after it is zero, so that
// decoders check once at the end. All strings that it returns share one copy of the value.
type reader struct {
	rest string
	err  error
}

// newReader copies value, which usually belongs to Pebble. What is a string already needs no copy.
func newReader(value []byte) *reader { return &reader{rest: string(value)} }

func (r *reader) fail(err error) {
	if r.err == nil {
		r.err = err
	}
	r.rest = ""
}

func (r *reader) byte() byte {
	if r.rest == "" {
		r.fail(errShort)
		return 0
	}
	b := r.rest[0]
	r.rest = r.rest[1:]
	return b
}

func (r *reader) uvarint() uint64 {
	var n uint64
	for i := range binary.MaxVarintLen64 {
		if i >= len(r.rest) {
			r.fail(errShort)
			return 0
		}
		b := r.rest[i]
		if i == binary.MaxVarintLen64-1 && b > 1 {
			break
		}
		n |= uint64(b&0x7f) << (7 * i)
		if b < 0x80 {
			r.rest = r.rest[i+1:]
			return n
		}
	}
	r.fail(errors.New("number is too long"))
	return 0
}

func (r *reader) varint() int64 {
	u := r.uvarint()
	n := int64(u >> 1) //nolint:gosec // zigzag, as binary.Varint
	if u&1 != 0 {
		n = ^n
	}
	return n
}

// int reads a number that was written by AppendUvarint from an int.
func (r *reader) int() int {
	n := r.uvarint()
	if n > 1<<31-1 {
		r.fail(fmt.Errorf("number %d is out of range", n))
		return 0
	}
	return int(n)
}

func (r *reader) string() string {
	n := r.uvarint()
	if n > uint64(len(r.rest)) {
		r.fail(errShort)
		return ""
	}
	s := r.rest[:n]
	r.rest = r.rest[n:]
	return s
}

func (r *reader) bytes() []byte {
	s := r.string()
	if s == "" {
		return nil
	}
	return []byte(s)
}

func (r *reader) time() time.Time {
	n := r.varint()
	if n == 0 {
		return time.Time{}
	}
	return time.Unix(0, n).UTC()
}

func (r *reader) pairs() map[string]string {
	n := r.uvarint()
	if n == 0 {
		return nil
	}
	// Each pair takes at least two bytes.
	if n > maxPairs || n > uint64(len(r.rest))/2 {
		r.fail(errShort)
		return nil
	}
	pairs := make(map[string]string, n)
	for range n {
		name := r.string()
		pairs[name] = r.string()
	}
	if r.err == nil && uint64(len(pairs)) != n {
		r.fail(errors.New("map has the same name twice"))
	}
	return pairs
}

// version reads the first byte of a value.
func (r *reader) version(newest byte) {
	if v := r.byte(); r.err == nil && (v == 0 || v > newest) {
		r.fail(fmt.Errorf("value has version %d; this program knows up to %d", v, newest))
	}
}

// end returns the first error, or one for bytes that are left over.
func (r *reader) end(what string) error {
	if r.err == nil && r.rest != "" {
		r.err = fmt.Errorf("%d bytes are left over", len(r.rest))
	}
	if r.err != nil {
		return fmt.Errorf("decode stored %s: %w", what, r.err)
	}
	return nil
}

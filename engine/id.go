package engine

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"time"
)

// DerivedID makes the same ID from the same parts, for callers that have their own name for a package. Parts are kept
// apart: ("a", "bc") and ("ab", "c") differ.
func DerivedID(parts ...string) string {
	var space [512]byte
	text := space[:0]
	for _, part := range parts {
		text = append(append(append(strconv.AppendInt(text, int64(len(part)), 10), ':'), part...), ',')
	}
	sum := sha256.Sum256(text)
	id := append(space[:0], 'k') // the text is not needed any more
	return string(hex.AppendEncode(id, sum[:16]))
}

// KeyedID makes the ID of a package that its sender has named by an Idempotency-Key: the same key names the same package
// within an app and kind. more tells apart packages that share a key, such as the lines of a batch.
func KeyedID(app App, kind Kind, key string, more ...string) string {
	return DerivedID(append([]string{"idempotency-key", app.Token, string(app.Environment), string(kind), key}, more...)...)
}

// newID returns a new ID that sorts by time: 12 hex digits of milliseconds, 20 of chance.
func newID(now time.Time) string {
	var b [16]byte
	_, _ = rand.Read(b[6:]) // never fails since Go 1.24
	ms := uint64(max(now.UnixMilli(), 0))
	for i := range 6 {
		b[i] = byte(ms >> (40 - 8*i))
	}
	return hex.EncodeToString(b[:])
}

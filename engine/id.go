package engine

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"
)

// DerivedID makes the same ID from the same parts, for callers that have their own name for a package. Parts are kept
// apart: ("a", "bc") and ("ab", "c") differ.
func DerivedID(parts ...string) string {
	h := sha256.New()
	for _, part := range parts {
		_, _ = fmt.Fprintf(h, "%d:%s,", len(part), part) // a hash's Write never fails
	}
	return "k" + hex.EncodeToString(h.Sum(nil)[:16])
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

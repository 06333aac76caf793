package adjust

import (
	"fmt"
	"io"
)

const redacted = "[redacted]"

// Secret is a text that never appears in print: every way to format or marshal it gives "[redacted]". The zero value is
// no secret, and prints as "". Convert to string to use it.
type Secret string

// String returns "[redacted]", or "" for no secret.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return redacted
}

// GoString is String, for %#v.
func (s Secret) GoString() string { return `"` + s.String() + `"` }

// Format writes String whatever the verb, because %x and %q would show the text.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, s.String()) }

// MarshalText returns String, which covers JSON, YAML and map keys.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

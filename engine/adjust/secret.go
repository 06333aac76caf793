package adjust

import (
	"fmt"
	"io"
)

const redacted = "[redacted]"

// Secret is a text that never appears in print: every way to format or marshal it gives "[redacted]". The zero value is
// no secret, and prints as "".
//
// The text is behind a pointer because fmt calls no methods on unexported fields of other structs: it prints what is
// in them, and an address is no secret. A string type would also be shown by encoding/json as a key of a map.
type Secret struct{ text *string }

// NewSecret returns text as a secret; "" gives the zero Secret.
func NewSecret(text string) Secret {
	if text == "" {
		return Secret{}
	}
	return Secret{text: &text}
}

// Reveal returns the text, "" for no secret.
func (s Secret) Reveal() string {
	if s.text == nil {
		return ""
	}
	return *s.text
}

// IsZero tells whether there is no secret.
func (s Secret) IsZero() bool { return s.text == nil }

// String returns "[redacted]", or "" for no secret.
func (s Secret) String() string {
	if s.IsZero() {
		return ""
	}
	return redacted
}

// GoString is String, for %#v.
func (s Secret) GoString() string { return `"` + s.String() + `"` }

// Format writes String whatever the verb.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, s.String()) }

// MarshalText returns String, which covers JSON, YAML and keys of maps.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

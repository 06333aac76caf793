package adjust

import (
	"slices"
	"strconv"
	"sync"
	"unicode/utf8"

	"trackhook/engine"
)

// Param is one parameter of a request, unencoded.
type Param struct{ Name, Value string }

// Form returns the parameters with which a package is sent, in the order in which they are sent: the four that every
// request has, the package's own by name, and callback_params and partner_params as flat JSON objects. They contain no
// secret.
func Form(p *engine.Package) []Param {
	var s scratch
	params := make([]Param, 0, len(p.Params)+6)
	s.walk(p, func(name, text string, value []byte) {
		if value != nil {
			text = string(value)
		}
		params = append(params, Param{name, text})
	})
	return params
}

// scratch is what encoding one package needs. It is pooled: a map per request, as url.Values wants, costs more than the
// rest of the encoding together.
type scratch struct {
	wire  []byte // the request
	form  []byte
	value []byte
	names []string
}

//nolint:gochecknoglobals // A pool is shared by its nature; nothing depends on what is in it.
var scratches = sync.Pool{New: func() any { return &scratch{wire: make([]byte, 0, 2048), form: make([]byte, 0, 2048)} }}

func getScratch() *scratch {
	s, ok := scratches.Get().(*scratch)
	if !ok {
		return &scratch{}
	}
	return s
}

// put gives s back. Nothing may read s.wire and s.form any more. A large one is left to the collector, so that a few
// large packages do not hold memory for ever.
func (s *scratch) put() {
	if cap(s.wire) > 128<<10 || cap(s.form) > 64<<10 || cap(s.value) > 64<<10 || cap(s.names) > 512 {
		return
	}
	scratches.Put(s)
}

// encode returns the form of a package. It is valid until put.
func (s *scratch) encode(p *engine.Package) []byte {
	s.form = s.form[:0]
	s.walk(p, func(name, text string, value []byte) {
		if len(s.form) > 0 {
			s.form = append(s.form, '&')
		}
		s.form = appendEscaped(s.form, name)
		s.form = append(s.form, '=')
		if value == nil {
			s.form = appendEscaped(s.form, text)
		} else {
			s.form = appendEscaped(s.form, value)
		}
	})
	return s.form
}

// walk calls yield for each parameter, in the order of [Form], with its value as a text, or as bytes that are valid until yield
// returns.
func (s *scratch) walk(p *engine.Package, yield func(name, text string, value []byte)) {
	yield("s2s", "1", nil)
	yield("app_token", p.App.Token, nil)
	// The server's default is production, so the environment is never left out.
	yield("environment", string(p.App.Environment), nil)
	// Without a time the server takes that of arrival, which is wrong for everything that waited in the queue.
	s.value = strconv.AppendInt(s.value[:0], p.Created.Unix(), 10)
	yield("created_at_unix", "", s.value)
	s.sorted(p.Params)
	for _, name := range s.names {
		yield(name, p.Params[name], nil)
	}
	if len(p.CallbackParams) > 0 {
		s.object(p.CallbackParams)
		yield("callback_params", "", s.value)
	}
	if len(p.PartnerParams) > 0 {
		s.object(p.PartnerParams)
		yield("partner_params", "", s.value)
	}
}

// sorted leaves the names of m in s.names.
func (s *scratch) sorted(m map[string]string) {
	s.names = s.names[:0]
	for name := range m {
		s.names = append(s.names, name)
	}
	slices.Sort(s.names)
}

// object leaves m as a JSON object in s.value. Names are sorted, so that the same package is always the same request.
func (s *scratch) object(m map[string]string) {
	s.sorted(m)
	s.value = append(s.value[:0], '{')
	for i, name := range s.names {
		if i > 0 {
			s.value = append(s.value, ',')
		}
		s.value = appendQuoted(s.value, name)
		s.value = append(s.value, ':')
		s.value = appendQuoted(s.value, m[name])
	}
	s.value = append(s.value, '}')
}

const hexDigits = "0123456789ABCDEF"

// appendEscaped appends s in the encoding of application/x-www-form-urlencoded, as url.QueryEscape does.
func appendEscaped[T string | []byte](b []byte, s T) []byte {
	from := 0 // what is not appended yet, and needs no escape
	for i := range len(s) {
		c := s[i]
		if isUnreserved(c) {
			continue
		}
		b = append(b, s[from:i]...)
		from = i + 1
		if c == ' ' {
			b = append(b, '+')
		} else {
			b = append(b, '%', hexDigits[c>>4], hexDigits[c&15])
		}
	}
	return append(b, s[from:]...)
}

// isUnreserved tells whether a byte is a letter, a digit or one of -._~, by a bit for each byte below 128: nearly all bytes of a
// request are asked for.
func isUnreserved(c byte) bool {
	const (
		low  = (1<<10-1)<<'0' | 1<<'-' | 1<<'.'
		high = (1<<26-1)<<('A'-64) | (1<<26-1)<<('a'-64) | 1<<('_'-64) | 1<<('~'-64)
	)
	if c < 64 {
		return uint64(low)>>c&1 == 1
	}
	return c < 128 && uint64(high)>>(c-64)&1 == 1
}

// appendQuoted appends s as a JSON string. Unlike encoding/json it leaves <, > and & as they are. Broken UTF-8, which
// the engine's door refuses, becomes U+FFFD.
func appendQuoted(b []byte, s string) []byte {
	b = append(b, '"')
	for i := 0; i < len(s); {
		c := s[i]
		switch {
		case c == '"', c == '\\':
			b = append(b, '\\', c)
		case c == '\n':
			b = append(b, '\\', 'n')
		case c == '\r':
			b = append(b, '\\', 'r')
		case c == '\t':
			b = append(b, '\\', 't')
		case c < ' ':
			b = append(b, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		case c < utf8.RuneSelf:
			b = append(b, c)
		default:
			r, size := utf8.DecodeRuneInString(s[i:])
			b = utf8.AppendRune(b, r)
			i += size
			continue
		}
		i++
	}
	return append(b, '"')
}

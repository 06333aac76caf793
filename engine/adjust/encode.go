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
	s.walk(p, func(name string, value []byte) { params = append(params, Param{name, string(value)}) })
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
	s.walk(p, func(name string, value []byte) {
		if len(s.form) > 0 {
			s.form = append(s.form, '&')
		}
		s.form = appendEscaped(s.form, name)
		s.form = append(s.form, '=')
		s.form = appendEscaped(s.form, value)
	})
	return s.form
}

// walk calls yield for each parameter, in the order of [Form]. A value is valid until yield returns.
func (s *scratch) walk(p *engine.Package, yield func(name string, value []byte)) {
	text := func(name, value string) {
		s.value = append(s.value[:0], value...)
		yield(name, s.value)
	}
	text("s2s", "1")
	text("app_token", p.App.Token)
	// The server's default is production, so the environment is never left out.
	text("environment", string(p.App.Environment))
	// Without a time the server takes that of arrival, which is wrong for everything that waited in the queue.
	s.value = strconv.AppendInt(s.value[:0], p.Created.Unix(), 10)
	yield("created_at_unix", s.value)
	s.sorted(p.Params)
	for _, name := range s.names {
		text(name, p.Params[name])
	}
	if len(p.CallbackParams) > 0 {
		s.object(p.CallbackParams)
		yield("callback_params", s.value)
	}
	if len(p.PartnerParams) > 0 {
		s.object(p.PartnerParams)
		yield("partner_params", s.value)
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
	for i := range len(s) {
		switch c := s[i]; {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '-', c == '_', c == '.', c == '~':
			b = append(b, c)
		case c == ' ':
			b = append(b, '+')
		default:
			b = append(b, '%', hexDigits[c>>4], hexDigits[c&15])
		}
	}
	return b
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

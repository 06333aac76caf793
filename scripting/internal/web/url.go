package web

import (
	"strconv"
	"strings"

	"github.com/dop251/goja"
	whatwg "github.com/nlnwa/whatwg-url/url"

	"trackhook/scripting/internal/fetch"
)

// urlNatives are what URL and URLSearchParams need.
func (w *Web) urlNatives() map[string]native {
	return map[string]native{
		"enumerable":  w.interfaceNatives()["enumerable"],
		"text":        func(call goja.FunctionCall) goja.Value { return usv(w.VM, call.Argument(0)) },
		"uuid":        func(goja.FunctionCall) goja.Value { return w.VM.ToValue(randomUUID()) },
		"parse":       w.urlParse,
		"set":         w.urlSet,
		"parseQuery":  func(call goja.FunctionCall) goja.Value { return w.stringsOf(parseQuery(call.Argument(0).String())...) },
		"formatQuery": w.formatQuery,
	}
}

// usv converts to a USVString: lone surrogates become U+FFFD. It throws for a symbol.
func usv(vm *goja.Runtime, v goja.Value) goja.Value {
	if _, symbol := v.(*goja.Symbol); symbol {
		panic(vm.NewTypeError("Cannot convert a Symbol value to a string"))
	}
	return vm.ToValue(v.String())
}

// urlParse returns the parts of a URL, or null.
func (w *Web) urlParse(call goja.FunctionCall) goja.Value {
	var u *whatwg.Url
	var err error
	if base := call.Argument(1); goja.IsUndefined(base) {
		u, err = w.Programs.urls.Parse(call.Argument(0).String())
	} else {
		var b *whatwg.Url
		if b, err = w.Programs.urls.Parse(base.String()); err == nil {
			u, err = w.Programs.urls.BasicParser(call.Argument(0).String(), b, nil, whatwg.NoState)
		}
	}
	if err != nil {
		return goja.Null()
	}
	return w.urlParts(u)
}

// urlSet changes one part of a URL that is given as text, and returns all parts. What cannot be set stays, as the
// standard says.
func (w *Web) urlSet(call goja.FunctionCall) goja.Value {
	u, err := w.Programs.urls.Parse(call.Argument(0).String())
	if err != nil {
		panic(w.VM.NewTypeError("Invalid URL"))
	}
	value := call.Argument(2).String()
	switch call.Argument(1).String() {
	case "protocol":
		u.SetProtocol(value)
	case "username":
		u.SetUsername(value)
	case "password":
		u.SetPassword(value)
	case "host":
		u.SetHost(value)
	case "hostname":
		u.SetHostname(value)
	case "port":
		u.SetPort(value)
	case "pathname":
		u.SetPathname(value)
	case "search":
		u.SetSearch(value)
	case "hash":
		u.SetHash(value)
	}
	return w.urlParts(u)
}

func (w *Web) urlParts(u *whatwg.Url) goja.Value {
	return w.stringsOf(
		u.Href(false), w.Programs.origin(u), u.Protocol(), u.Username(), u.Password(),
		u.Host(), u.Hostname(), u.Port(), u.Pathname(), u.Search(), u.Hash(),
	)
}

// origin is the serialized origin of a URL (URL standard, 4.7).
func (p *Programs) origin(u *whatwg.Url) string {
	switch u.Scheme() {
	case "http", "https", "ws", "wss", "ftp":
		return u.Scheme() + "://" + u.Host()
	case "blob":
		inner, err := p.urls.Parse(u.Pathname())
		if err == nil && (inner.Scheme() == "http" || inner.Scheme() == "https") {
			return p.origin(inner)
		}
	}
	return "null"
}

// parseQuery is the application/x-www-form-urlencoded parser (URL standard, 5.1): name, value, name, value.
func parseQuery(query string) []string {
	var list []string
	for part := range strings.SplitSeq(query, "&") {
		if part == "" {
			continue
		}
		name, value, _ := strings.Cut(part, "=")
		list = append(list, formDecode(name), formDecode(value))
	}
	return list
}

// formDecode decodes + and %XX, and replaces what is not UTF-8.
func formDecode(s string) string {
	if !strings.ContainsAny(s, "+%") {
		return s
	}
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '+':
			out = append(out, ' ')
		case c == '%' && i+2 < len(s) && fetch.Unhex(s[i+1]) >= 0 && fetch.Unhex(s[i+2]) >= 0:
			out = append(out, byte(fetch.Unhex(s[i+1])<<4|fetch.Unhex(s[i+2])))
			i += 2
		default:
			out = append(out, c)
		}
	}
	return decodeUTF8(out)
}

// formatQuery is the application/x-www-form-urlencoded serializer (URL standard, 5.2) over the same list.
func (w *Web) formatQuery(call goja.FunctionCall) goja.Value {
	list := call.Argument(0).ToObject(w.VM)
	var out strings.Builder
	n := int(w.member(list, "length").ToInteger())
	for i := range n {
		switch {
		case i%2 == 1:
			out.WriteByte('=')
		case i > 0:
			out.WriteByte('&')
		}
		formEncode(&out, w.member(list, strconv.Itoa(i)).String())
	}
	return w.VM.ToValue(out.String())
}

// formEncode writes with the application/x-www-form-urlencoded percent-encode set and spaces as plus.
func formEncode(out *strings.Builder, s string) {
	const hex = "0123456789ABCDEF"
	for i := range len(s) {
		switch c := s[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '*', c == '-', c == '.', c == '_':
			out.WriteByte(c)
		case c == ' ':
			out.WriteByte('+')
		default:
			out.WriteByte('%')
			out.WriteByte(hex[c>>4])
			out.WriteByte(hex[c&15])
		}
	}
}

package instance

import (
	"cmp"
	"encoding/base64"
	"encoding/hex"
	"maps"
	"slices"
	"strconv"
	"strings"

	"trackhook/scripting/internal/fetch"
	"trackhook/scripting/internal/script"
)

// leastSecret is how long the value of a granted variable must be, in bytes, to be taken out of texts. Shorter ones,
// such as "true" or "8080", are no secrets and stand in many texts.
const leastSecret = 6

// redactedText stands in the place of a secret.
const redactedText = "[redacted]"

// Secrets takes the values of granted variables out of texts, also where a script has changed how they are written: parts
// of URLs and URLs as the standard writes them, in capitals or not, escaped as in URLs or in JSON, in base64 or in
// hexadecimal digits. It may be used from many goroutines at once.
type Secrets struct {
	// forms are what is looked for in a text that is plain; see plain.
	forms []string
}

// secretsOf returns nil when there is nothing to take out.
func secretsOf(env map[string]string) *Secrets {
	known := map[string]bool{}
	add := func(form string) {
		// What a secret holds may look like an escape itself.
		for range plainDepth {
			if known[form] = true; len(form) < leastSecret {
				delete(known, form)
			}
			form, _ = plain(lower(form), nil)
		}
	}
	for _, value := range env {
		if len(value) < leastSecret {
			continue
		}
		add(lower(value))
		add(lower(strings.ReplaceAll(value, " ", "+"))) // as in a form
		for _, part := range partsOfURL(value) {
			add(lower(part))
		}
		for _, form := range codesOf(value) {
			add(lower(form))
		}
	}
	if len(known) == 0 {
		return nil
	}
	return &Secrets{forms: slices.Sorted(maps.Keys(known))}
}

// partsOfURL returns what the parser of the web makes of a URL, and the parts that may hold a secret.
func partsOfURL(value string) []string {
	u, err := fetch.NewURLParser().Parse(value)
	if err != nil || u.Host() == "" {
		return nil
	}
	return []string{u.Href(false), u.Href(true), u.Pathname(), u.Pathname() + u.Search(), u.Search(), u.Hash(), u.Username(), u.Password()}
}

// codesOf returns a value in base64, at each place where it may begin in what is encoded, and as the bytes of a buffer are
// printed. What it shares a letter with is left out.
func codesOf(value string) []string {
	codes := []string{hex.EncodeToString([]byte(value))}
	for before := range 3 {
		shifted := append(make([]byte, before, before+len(value)), value...)
		for _, encoding := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			text := encoding.EncodeToString(shifted)
			codes = append(codes, text[(before*8+5)/6:(before+len(value))*8/6])
		}
	}
	pairs, numbers := make([]string, len(value)), make([]string, len(value))
	for i := range len(value) {
		pairs[i], numbers[i] = hex.EncodeToString([]byte{value[i]}), strconv.Itoa(int(value[i]))
	}
	return append(codes, strings.Join(pairs, " "), strings.Join(numbers, ", "), strings.Join(numbers, ","))
}

// plainDepth is how many times escapes may be escaped, and be found.
const plainDepth = 4

// Replace takes secrets out of a text.
func (s *Secrets) Replace(text string) string {
	now := lower(text)
	var spans [][2]int
	var at []int // where each byte of now comes from in text; nil: where it is
	for range plainDepth {
		for _, form := range s.forms {
			for from := 0; ; {
				i := strings.Index(now[from:], form)
				if i < 0 {
					break
				}
				first, last := from+i, from+i+len(form)
				if spans, from = append(spans, [2]int{first, last}), last; at != nil {
					spans[len(spans)-1] = [2]int{at[first], at[last]}
				}
			}
		}
		next, where := plain(now, at)
		if next == now {
			break
		}
		now, at = next, where
	}
	if len(spans) == 0 {
		return text
	}
	slices.SortFunc(spans, func(a, b [2]int) int { return cmp.Or(a[0]-b[0], b[1]-a[1]) })
	var out strings.Builder
	done := 0
	for n, span := range spans {
		if n > 0 && span[0] < done {
			if span[1] > done {
				done = span[1] // it overlaps the one before
			}
			continue
		}
		out.WriteString(text[done:span[0]])
		out.WriteString(redactedText)
		done = span[1]
	}
	out.WriteString(text[done:])
	return out.String()
}

// plain undoes one level of escapes, as in URLs and in JSON or JavaScript. at says where each byte of text and its end come
// from, nil: where it is; where says the same of what it returns.
func plain(text string, at []int) (unescaped string, where []int) {
	if !strings.ContainsAny(text, `%\`) {
		return text, at
	}
	origin := func(i int) int {
		if at == nil {
			return i
		}
		return at[i]
	}
	out := make([]byte, 0, len(text))
	where = make([]int, 0, len(text)+1)
	for i := 0; i < len(text); {
		letter, size := unescape(text[i:])
		for _, b := range []byte(lower(letter)) {
			out, where = append(out, b), append(where, origin(i))
		}
		i += size
	}
	return string(out), append(where, origin(len(text)))
}

// unescape returns what a text begins with, and how many of its bytes that takes.
func unescape(text string) (letter string, size int) {
	switch {
	case text[0] == '%' && len(text) > 2:
		if n, err := strconv.ParseUint(text[1:3], 16, 8); err == nil {
			return string([]byte{byte(n)}), 3
		}
	case text[0] == '\\' && len(text) > 1:
		switch next := text[1]; next {
		case 'u', 'x':
			digits := map[byte]int{'u': 4, 'x': 2}[next]
			if len(text) < 2+digits {
				break
			}
			if n, err := strconv.ParseUint(text[2:2+digits], 16, 16); err == nil {
				return string(rune(n)), 2 + digits
			}
		case 'n', 'r', 't', 'b', 'f':
			return map[byte]string{'n': "\n", 'r': "\r", 't': "\t", 'b': "\b", 'f': "\f"}[next], 2
		case '"', '\'', '`', '\\', '/':
			return text[1:2], 2
		}
	}
	return text[:1], 1
}

// lower makes letters of ASCII small and leaves the length of a text as it is.
func lower(text string) string {
	big := strings.IndexFunc(text, func(r rune) bool { return 'A' <= r && r <= 'Z' })
	if big < 0 {
		return text
	}
	small := []byte(text)
	for i := big; i < len(small); i++ {
		if 'A' <= small[i] && small[i] <= 'Z' {
			small[i] += 'a' - 'A'
		}
	}
	return string(small)
}

// Redact takes secrets out of a text.
func (i *Instance) Redact(text string) string {
	if i.Secrets == nil {
		return text
	}
	return i.Secrets.Replace(text)
}

// redacted takes secrets out of an error. It returns the same one where there are none to take out.
func (i *Instance) redacted(failure *script.Error) *script.Error {
	if i.Secrets == nil {
		return failure
	}
	out := *failure
	out.Message, out.Source, out.Stack = i.Redact(out.Message), i.Redact(out.Source), i.Redact(out.Stack)
	out.Notes = slices.Clone(out.Notes)
	for n, note := range out.Notes {
		out.Notes[n] = i.Redact(note)
	}
	return &out
}

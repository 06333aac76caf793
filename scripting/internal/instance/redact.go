package instance

import (
	"cmp"
	"slices"
	"strings"

	"trackhook/scripting/internal/script"
)

// leastSecret is how long the value of a granted variable must be, in bytes, to be taken out of texts. Shorter ones,
// such as "true" or "8080", are no secrets and stand in many texts.
const leastSecret = 6

// redactedText stands in the place of a secret.
const redactedText = "[redacted]"

// Secrets takes the values of granted variables out of texts, also where a script or a printer has changed how they are
// written: parts of URLs and URLs as the standard writes them, lines, members of JSON and of lists, in capitals or not, escaped as
// in URLs or in JSON, in base64 or in hexadecimal digits, as the bytes of a buffer, and cut where a printer cuts. It may be used
// from many goroutines at once.
type Secrets struct {
	// forms are what is looked for in a text that is plain, by what they begin with, the longest first; see plain.
	forms map[[formKey]byte][]form
	// begins has a bit for each pair of bytes that a form begins with.
	begins [1 << 16 / 64]uint64
	// longest is the length of the longest form.
	longest int
}

// form is one way to write a secret, in small letters.
type form struct {
	text string
	// least is how much of it must stand where a text was cut.
	least int
}

// formKey is how many bytes of a form it is found by.
const formKey = 4

// span is a place in a text.
type span struct{ from, to int }

// mayBegin tells whether a form begins with two bytes.
func (s *Secrets) mayBegin(first, second byte) bool {
	pair := int(first)<<8 | int(second)
	return s.begins[pair/64]&(1<<(pair%64)) != 0
}

// find adds where forms stand in a layer of a text, and where one was cut.
func (s *Secrets) find(l *layer, spans []span) []span {
	for i := 0; i+leastSecret <= len(l.text); i++ {
		if !s.mayBegin(l.text[i], l.text[i+1]) {
			continue
		}
		for _, one := range s.forms[[formKey]byte([]byte(l.text[i:i+formKey]))] {
			if strings.HasPrefix(l.text[i:], one.text) {
				spans = append(spans, l.span(i, i+len(one.text)))
				break
			}
		}
	}
	last := 0
	for _, one := range l.cuts() {
		spans = s.findCut(l, max(last, one.cut-s.longest), one.cut, spans)
		last = one.behind
	}
	return spans
}

// findCut adds what stands before the place where a text was cut, if a form begins so.
func (s *Secrets) findCut(l *layer, from, cut int, spans []span) []span {
	for i := from; i+leastSecret <= cut; i++ {
		if !s.mayBegin(l.text[i], l.text[i+1]) {
			continue
		}
		for _, one := range s.forms[[formKey]byte([]byte(l.text[i:i+formKey]))] {
			if cut-i >= one.least && strings.HasPrefix(one.text, l.text[i:cut]) {
				return append(spans, l.span(i, cut))
			}
		}
	}
	return spans
}

// plainDepth is how many times escapes may be escaped, and be found.
const plainDepth = 4

// Replace takes secrets out of a text.
func (s *Secrets) Replace(text string) string {
	var spans []span
	now := &layer{text: lower(text)}
	for range plainDepth {
		spans = s.find(now, spans)
		for _, bytes := range []*layer{now.numbers(10), now.numbers(16)} {
			if bytes != nil {
				spans = s.find(bytes, spans)
			}
		}
		next := now.plain()
		if next == nil {
			break
		}
		now = next
	}
	if len(spans) == 0 {
		return text
	}
	slices.SortFunc(spans, func(a, b span) int { return cmp.Or(a.from-b.from, b.to-a.to) })
	var out strings.Builder
	done := 0
	for n, one := range spans {
		if n > 0 && one.from < done {
			done = max(done, one.to) // it overlaps the one before
			continue
		}
		out.WriteString(text[done:one.from])
		out.WriteString(redactedText)
		done = one.to
	}
	out.WriteString(text[done:])
	return out.String()
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

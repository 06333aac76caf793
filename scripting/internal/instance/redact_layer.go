package instance

import (
	"strconv"
	"strings"

	"trackhook/scripting/internal/console"
)

// layer is a text as it is, or what is left of it when a way of writing it is undone. Letters of ASCII are small in it.
type layer struct {
	text string
	// from and to are where what each byte stands for lies in the text as it is; nil: where it is.
	from, to []int
	// ends are where a printer has left something out, in a layer of bytes; others look for that themselves.
	ends  []cutPlace
	bytes bool
}

// cutPlace is where a printer has left something out; what it was cannot begin before what is behind the last such place.
type cutPlace struct{ cut, behind int }

// span is where a part of the layer lies in the text as it is.
func (l *layer) span(from, to int) span {
	if l.from == nil {
		return span{from, to}
	}
	return span{l.from[from], l.to[to-1]}
}

// add appends what the bytes from one place to another in the layer below stand for.
func (l *layer) add(text string, below *layer, from, to int) {
	place := below.span(from, to)
	for range len(text) {
		l.from, l.to = append(l.from, place.from), append(l.to, place.to)
	}
}

// plain undoes one level of escapes, as in URLs and in JSON or JavaScript, and puts together what a printer has split into lines.
// Nil: there are none.
func (l *layer) plain() *layer {
	if !strings.ContainsAny(l.text, `%\`) && !strings.Contains(l.text, " +\n") {
		return nil
	}
	out := &layer{from: make([]int, 0, len(l.text)), to: make([]int, 0, len(l.text))}
	text := make([]byte, 0, len(l.text))
	for i := 0; i < len(l.text); {
		letter, size := unescape(l.text[i:])
		letter = lower(letter)
		text = append(text, letter...)
		out.add(letter, l, i, i+size)
		i += size
	}
	if out.text = string(text); out.text == l.text {
		return nil
	}
	return out
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
	case isQuote(text[0]) && strings.HasPrefix(text[1:], " +\n"):
		// One text over two lines of what is printed.
		if rest := strings.TrimLeft(text[4:], " "); rest != "" && isQuote(rest[0]) {
			return "", len(text) - len(rest) + 1
		}
	}
	return text[:1], 1
}

func isQuote(c byte) bool { return c == '\'' || c == '"' || c == '`' }

// leastNumbers is how many numbers in a row are taken for bytes.
const leastNumbers = leastSecret

// maxBetween is how many blanks and line breaks may stand between two numbers.
const maxBetween = 100

// numbers returns what numbers in a row stand for, in decimal or as pairs of hexadecimal digits, with whatever blanks, commas and
// names of elements there are between them, as printers and JSON write buffers. Nil: there are none.
func (l *layer) numbers(base int) *layer {
	out := &layer{bytes: true}
	var all []byte
	row := 0 // where the row in hand begins in all
	end := 0 // where it ends in the layer
	finish := func() {
		if len(all)-row < leastNumbers {
			all, out.from, out.to = all[:row], out.from[:row], out.to[:row]
			return
		}
		if isCut(l.text[end:]) {
			out.ends = append(out.ends, cutPlace{len(all), row}, cutPlace{len(all) - 1, len(all)}) // the last may be cut itself
		}
		all = append(all, '\n') // no secret goes on behind it
		place := out.to[len(out.to)-1]
		out.from, out.to = append(out.from, place), append(out.to, place)
		row = len(all)
	}
	for i := 0; i < len(l.text); {
		if !digit(l.text[i], base) || i > 0 && l.text[i-1] != '-' && isWord(l.text[i-1]) {
			i++
			continue
		}
		value, size := number(l.text[i:], base)
		if size == 0 {
			i++
			continue
		}
		if len(all) > row && end+gap(l.text[end:]) != i {
			finish()
		}
		all = append(all, value)
		out.add(" ", l, i, i+size)
		end = i + size
		i = end + gap(l.text[end:])
	}
	finish()
	if len(all) == 0 {
		return nil
	}
	out.text = lower(string(all))
	return out
}

func isWord(c byte) bool {
	return 'a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '_' || c == '.' || c == '-'
}

// number reads a byte in decimal or hexadecimal digits. Size 0: there is none.
func number(text string, base int) (value byte, size int) {
	start := 0
	if base == 16 && strings.HasPrefix(text, "0x") {
		start = 2
	}
	for size = start; size < len(text) && size < start+4 && digit(text[size], base); size++ {
	}
	if size == start || base == 16 && size != start+2 || size < len(text) && isWord(text[size]) && text[size] != '.' {
		return 0, 0
	}
	n, err := strconv.ParseUint(text[start:size], base, 8)
	if err != nil {
		return 0, 0
	}
	return byte(n), size
}

func digit(c byte, base int) bool { return '0' <= c && c <= '9' || base == 16 && 'a' <= c && c <= 'f' }

// gap returns how many bytes there are to the next number of a row, with the name of its element.
func gap(text string) (size int) {
	for size < len(text) && size < maxBetween && strings.IndexByte(" \n\t\r,;:|", text[size]) >= 0 {
		size++
	}
	if size == 0 || size == len(text) {
		return size
	}
	if !strings.Contains(text[:size], ",") {
		return size
	}
	// The name of an element, such as in {"0":115,"1":51}.
	at := size
	if isQuote(text[at]) {
		at++
	}
	digits := at
	for at < len(text) && at < digits+7 && digit(text[at], 10) {
		at++
	}
	if at > digits {
		if at < len(text) && isQuote(text[at]) {
			at++
		}
		if named := strings.TrimLeft(text[at:], " "); strings.HasPrefix(named, ":") {
			return len(text) - len(strings.TrimLeft(named[1:], " "))
		}
	}
	return size
}

// cuts are where a printer has left something out behind a place.
func (l *layer) cuts() []cutPlace {
	if l.bytes {
		return l.ends
	}
	var cuts []cutPlace
	for at, last := 0, 0; ; {
		found := strings.Index(l.text[at:], "... ")
		if found < 0 {
			return cuts
		}
		at += found
		if isCut(l.text[at:]) {
			end := strings.TrimRight(l.text[:at], "\n ,'\"`")
			for escape := end; ; escape = escape[:len(escape)-1] {
				cuts = append(cuts, cutPlace{len(escape), last})
				if len(escape) == 0 || len(end)-len(escape) > 5 || !strings.ContainsRune(`%\ux0123456789abcdef`, rune(escape[len(escape)-1])) {
					break // behind an escape that was cut itself
				}
			}
			last = at
			cuts[len(cuts)-1].behind = last
		}
		at += len("... ")
	}
}

var truncated = lower(strings.TrimSpace(console.TruncatedNote))

// isCut tells whether what follows says that something was left out.
func isCut(text string) bool {
	text = strings.TrimLeft(text, "\n ,'\"`")
	if strings.HasPrefix(text, truncated) {
		return true
	}
	rest, ok := strings.CutPrefix(text, "... ")
	if !ok {
		return false
	}
	more := strings.TrimLeft(rest, "0123456789")
	return len(more) < len(rest) && strings.HasPrefix(more, " more ")
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

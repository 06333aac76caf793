package console

import (
	"bytes"
	"math"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"

	"trackhook/scripting/internal/jsontext"
)

// inspectPart is where the text and the entries of a value begin.
type inspectPart struct{ out, entries int }

func (in *inspector) begin() inspectPart { return inspectPart{len(in.out), len(in.entries)} }

// entry ends an entry that began at start.
func (in *inspector) entry(start int) {
	in.entries = append(in.entries, inspectEntry{start, len(in.out)})
}

// inspectFrame is what stands around the entries of a value.
type inspectFrame struct {
	base, open, close string
	// array tells that entries may be set in columns; numeric, that the first n elements are numbers, which are
	// aligned to the right. Nil numeric: as if they were.
	array   bool
	numeric func(n int) bool
}

// maxInnerLevels is how many levels may share a line: Node's option compact.
const maxInnerLevels = 3

// finish sets the entries of a value within its frame: on one line when they are short and shallow enough, else one
// to a line, or in columns. level is that of the entries.
func (in *inspector) finish(part inspectPart, frame inspectFrame, level int) {
	count := len(in.entries) - part.entries
	if frame.array && count > 6 {
		in.group(part, frame)
	}
	entries := in.entries[part.entries:]
	spare := in.spare[:0]
	if frame.base != "" {
		spare = append(append(spare, frame.base...), ' ')
	}
	spare = append(spare, frame.open...)
	if in.deepest-level < maxInnerLevels && count == len(entries) && in.onOneLine(entries, frame) {
		for i, e := range entries {
			if i > 0 {
				spare = append(spare, ',')
			}
			spare = append(append(spare, ' '), in.out[e.start:e.end]...)
		}
		spare = append(spare, ' ')
	} else {
		for i, e := range entries {
			if i > 0 {
				spare = append(spare, ',')
			}
			spare = appendLineBreak(spare, in.indent+2)
			spare = append(spare, in.out[e.start:e.end]...)
		}
		spare = appendLineBreak(spare, in.indent)
	}
	spare = append(spare, frame.close...)
	in.out = append(in.out[:part.out], spare...)
	in.entries = in.entries[:part.entries]
	in.spare = spare
}

func (in *inspector) onOneLine(entries []inspectEntry, frame inspectFrame) bool {
	most := in.opt.width
	if most <= 0 {
		most = math.MaxInt
	}
	// What Node counts: each entry's comma and blank, and 10 for what may stand before.
	total := 2*len(entries) + in.indent + jsontext.UnitCount(frame.open) + jsontext.UnitCount(frame.base) + 10
	if total+len(entries) > most {
		return false
	}
	for _, e := range entries {
		if e.end-e.start > 3*most { // UTF-8 has at most three bytes for a unit
			return false
		}
		text := in.out[e.start:e.end]
		if bytes.IndexByte(text, '\n') >= 0 {
			return false
		}
		if total += unitCountOf(text); total > most {
			return false
		}
	}
	return !strings.Contains(frame.base, "\n")
}

// group sets more than six array elements in columns, where they are of like length.
func (in *inspector) group(part inspectPart, frame inspectFrame) {
	entries := in.entries[part.entries:]
	count := len(entries)
	if in.opt.maxArray < count {
		count-- // the last one says how many more there are
	}
	const separator = 2 // a comma and a blank
	widths := make([]int, count)
	total, longest := 0, 0
	for i := range count {
		widths[i] = textWidth(in.out[entries[i].start:entries[i].end])
		total += widths[i] + separator
		longest = max(longest, widths[i])
	}
	columns := in.columns(len(entries), count, total, longest+separator)
	if columns <= 1 {
		return
	}
	columnWidths := make([]int, columns)
	for i, w := range widths {
		columnWidths[i%columns] = max(columnWidths[i%columns], w+separator)
	}
	left := frame.numeric != nil && !frame.numeric(len(entries))

	// The rows replace the elements as entries.
	text := bytes.Clone(in.out[part.out:])
	elements := append([]inspectEntry(nil), entries...)
	in.out, in.entries = in.out[:part.out], in.entries[:part.entries]
	for row := 0; row < count; row += columns {
		start := len(in.out)
		for i := row; i < min(row+columns, count); i++ {
			last := i == min(row+columns, count)-1
			blanks := columnWidths[i-row] - widths[i] - separator
			if !left {
				in.out = appendBlanks(in.out, blanks)
			}
			in.out = append(in.out, text[elements[i].start-part.out:elements[i].end-part.out]...)
			if last {
				break
			}
			in.write(", ")
			if left {
				in.out = appendBlanks(in.out, blanks)
			}
		}
		in.entry(start)
	}
	if count < len(elements) {
		start := len(in.out)
		last := elements[count]
		in.out = append(in.out, text[last.start-part.out:last.end-part.out]...)
		in.entry(start)
	}
}

// columns returns how many columns look well, by the formula of Node: about square, where a character is 2.5 times as
// high as wide; 1 or less for none.
func (in *inspector) columns(entries, count, total, widest int) int {
	most := float64(in.opt.width)
	if most <= 0 {
		most = math.Inf(1)
	}
	if float64(widest*3+in.indent) >= most || float64(total)/float64(widest) <= 5 && widest-2 > 6 {
		return 0
	}
	bias := math.Sqrt(float64(widest) - float64(total)/float64(entries))
	biased := math.Max(float64(widest)-3-bias, 1)
	return int(math.Min(
		math.Min(math.Floor(math.Sqrt(2.5*biased*float64(count))/biased+0.5), math.Floor((most-float64(in.indent))/float64(widest))),
		math.Min(maxInnerLevels*4, 15)))
}

func appendInt(b []byte, n int) []byte { return strconv.AppendInt(b, int64(n), 10) }

func appendBlanks(b []byte, n int) []byte {
	const some = "                                "
	for ; n > len(some); n -= len(some) {
		b = append(b, some...)
	}
	return append(b, some[:max(n, 0)]...)
}

func appendLineBreak(b []byte, indent int) []byte {
	if indent >= 0 && indent < 8 { // as long as that, it is one store
		return append(b, "\n       "...)[:len(b)+1+indent]
	}
	return appendBlanks(append(b, '\n'), indent)
}

// writeIndented writes text so that its further lines begin where the current value does.
func (in *inspector) writeIndented(text string) {
	for i, line := range strings.Split(text, "\n") {
		if i > 0 {
			in.out = appendLineBreak(in.out, in.indent)
		}
		in.write(line)
	}
}

// unitCountOf is UnitCount of bytes; what is counted is short.
func unitCountOf(text []byte) (n int) {
	for _, c := range text {
		switch {
		case c >= 0xF0:
			n += 2
		case c < 0x80 || c >= 0xC0:
			n++
		}
	}
	return n
}

// textWidth returns how many columns of a terminal the text takes.
func textWidth(text []byte) (n int) {
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		text = text[size:]
		n += runeWidth(r)
	}
	return n
}

func runeWidth(r rune) int {
	switch {
	case r >= ' ' && r < 0x7F:
		return 1
	case unicode.IsControl(r) || unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	default:
		return 1
	}
}

// cutText returns the text, cut at maxInspectBytes with a note that says so.
func cutText(text []byte) string {
	if len(text) <= maxInspectBytes {
		return string(text)
	}
	cut := maxInspectBytes
	for cut > 0 && !utf8.RuneStart(text[cut]) {
		cut--
	}
	return string(text[:cut]) + TruncatedNote
}

// TruncatedNote stands at the end of what was cut.
const TruncatedNote = "\n... output truncated at 64 KB"

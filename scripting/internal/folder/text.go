package folder

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"unicode/utf8"

	"trackhook/engine/scripts"
)

const byteOrderMark = "\ufeff"

// versionOf is the version of a file with these bytes.
func versionOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:8])
}

// VersionOf is the version of a file with this text.
func VersionOf(text string) string { return versionOf([]byte(text)) }

// Shown is the text of a file as it is edited.
func Shown(text string) string {
	text, _ = shown([]byte(text))
	return text
}

// isText tells whether bytes are text that can be edited.
func isText(data []byte) bool { return utf8.Valid(data) && bytes.IndexByte(data, 0) < 0 }

// lineEnds says which line ends a text has. One without any has those of this world.
func lineEnds(text string) string {
	crlf := strings.Count(text, "\r\n")
	all := strings.Count(text, "\n")
	switch crlf {
	case 0:
		return scripts.LF
	case all:
		return scripts.CRLF
	default:
		return scripts.Mixed
	}
}

// shown is the text of a file as it is edited.
func shown(data []byte) (text string, marked bool) {
	text, marked = strings.CutPrefix(string(data), byteOrderMark)
	return strings.ReplaceAll(text, "\r\n", "\n"), marked
}

// rendered makes the bytes of an edited text: with the mark and the line ends of the file that it replaces. In a file with
// both line ends, lines that are as before, from the beginning and from the end, keep theirs, and the others get what most
// lines have.
func rendered(text string, before []byte) []byte {
	old, marked := strings.CutPrefix(string(before), byteOrderMark)
	text = strings.ReplaceAll(strings.TrimPrefix(text, byteOrderMark), "\r\n", "\n")
	switch lineEnds(old) {
	case scripts.CRLF:
		text = strings.ReplaceAll(text, "\n", "\r\n")
	case scripts.Mixed:
		text = mixed(text, old)
	}
	if marked {
		text = byteOrderMark + text
	}
	return []byte(text)
}

// mixed gives the lines of a text the ends of those of old.
func mixed(text, old string) string {
	was, lines := strings.SplitAfter(old, "\n"), strings.SplitAfter(text, "\n")
	same := func(was, line string) bool { return strings.ReplaceAll(was, "\r\n", "\n") == line }
	begin := 0
	for begin < len(was) && begin < len(lines) && same(was[begin], lines[begin]) {
		lines[begin] = was[begin]
		begin++
	}
	end := 0
	for end < len(was)-begin && end < len(lines)-begin && same(was[len(was)-1-end], lines[len(lines)-1-end]) {
		lines[len(lines)-1-end] = was[len(was)-1-end]
		end++
	}
	if 2*strings.Count(old, "\r\n") > strings.Count(old, "\n") {
		for i := begin; i < len(lines)-end; i++ {
			lines[i] = strings.ReplaceAll(lines[i], "\n", "\r\n")
		}
	}
	return strings.Join(lines, "")
}

package bound

import (
	"fmt"
	"strings"
	"unicode/utf16"
)

const (
	// MaxDepth is how many tokens of a source may stand inside of each other. The parsers need up to 5 KB of stack for
	// one, twice that with the race detector, and Go has a gigabyte for each goroutine. TypeScript's own compiler, with nine
	// megabytes, has 330.
	MaxDepth = 5_000
	// MaxJSONDepth is how deep arrays and objects of a text for JSON.parse may nest.
	MaxJSONDepth = 10_000
	// MaxTotal bounds the files of one plugin together, in bytes. A parsed file is about twenty times as large as its text.
	MaxTotal = 64 << 20
)

// Error says where a text goes beyond a bound.
type Error struct {
	// Line and Column count from 1, Column in UTF-16 units. Source is that line, as much of it as people read.
	Line, Column int
	Source       string
	Message      string
}

func (e *Error) Error() string {
	return fmt.Sprintf("line %d, column %d: %s", e.Line, e.Column, e.Message)
}

// maxExcerpt bounds the line that an error quotes, in bytes; a text that nests deep often has one line.
const maxExcerpt = 200

// errorAt makes an error about a place of a text.
func errorAt(text string, at int, message string) *Error {
	start := strings.LastIndexByte(text[:at], '\n') + 1
	e := &Error{Line: strings.Count(text[:at], "\n") + 1, Column: 1, Message: message}
	for _, r := range text[start:at] {
		e.Column += max(utf16.RuneLen(r), 1)
	}
	if line, _, _ := strings.Cut(text[start:], "\n"); len(line) <= maxExcerpt {
		e.Source = strings.TrimSuffix(line, "\r")
	}
	return e
}

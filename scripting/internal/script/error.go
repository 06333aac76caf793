package script

import (
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Error is an error that a script is to blame for: it did not compile, it threw, it ran too long. Fields that
// are not known are zero.
type Error struct {
	// Plugin and Version name the code that failed.
	Plugin, Version string
	// File is where it failed, relative to the folder above the plugins, such as plugins/count.js. Line and Column count
	// from 1; columns count UTF-16 units, as editors and JavaScript do.
	File         string
	Line, Column int
	// Message is what was thrown, such as "TypeError: x is not a function".
	Message string
	// Source is the offending line as it stands in the file.
	Source string
	// Notes are what may help, and what else is wrong.
	Notes []string
	// Stack is the calls that led there, innermost first, a line each, as "at name (file:line:column)".
	Stack string
}

// Error returns one line, such as "plugins/count.js:3:7: TypeError: x is not a function".
func (e *Error) Error() string {
	if where := e.Where(); where != "" {
		return where + ": " + e.Message
	}
	return e.Message
}

// Where returns file:line:column, as much of it as is known.
func (e *Error) Where() string {
	switch {
	case e.File == "":
		return ""
	case e.Line == 0:
		return e.File
	default:
		return e.File + ":" + strconv.Itoa(e.Line) + ":" + strconv.Itoa(e.Column)
	}
}

// Detail returns several lines for people: [Error.Error], the source line with a caret below the column, the
// notes, and the stack. It does not end in a line break.
func (e *Error) Detail() string {
	var b strings.Builder
	b.WriteString(e.Error())
	if e.Source != "" {
		source, caret := Excerpt(e.Source, e.Column)
		b.WriteString("\n    " + source + "\n    " + caret)
	}
	for _, note := range e.Notes {
		b.WriteString("\n  " + note)
	}
	for line := range strings.Lines(e.Stack) {
		b.WriteString("\n  " + strings.TrimSuffix(line, "\n"))
	}
	return b.String()
}

// Excerpt cuts a window out of a long line, and makes the caret line for it.
func Excerpt(source string, column int) (line, caret string) {
	const most, before = 160, 60
	units := 0
	at := len(source)
	for i, r := range source {
		if units >= column-1 {
			at = i
			break
		}
		units += len(utf16.AppendRune(nil, r))
	}
	from := 0
	if len(source) > most && at > before {
		from = at - before
		for from < at && !utf8.RuneStart(source[from]) {
			from++
		}
	}
	line = source[from:]
	if len(line) > most {
		line = strings.ToValidUTF8(line[:most], "")
	}
	// Tabs stay tabs, so that the caret stands below its character whatever their width.
	caret = strings.Map(func(r rune) rune {
		if r == '\t' {
			return r
		}
		return ' '
	}, source[from:at])
	return line, caret + "^"
}

// UTF16Column turns a column that counts the bytes of a line into one that counts UTF-16 units, both from 1.
func UTF16Column(line string, column int) int {
	if column < 1 || column-1 > len(line) {
		return column
	}
	units := 0
	for _, r := range line[:column-1] {
		units += utf16.RuneLen(max(r, 0))
	}
	return units + 1
}

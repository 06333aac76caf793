package bundle

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"

	"github.com/evanw/esbuild/pkg/api"
)

// Problem is one thing that is wrong with the text of a plugin.
type Problem struct {
	// File is the name of the file, such as plugins/count.ts. Line and Column count from 1, Column and Length in UTF-16
	// units; zero where they are not known.
	File                 string
	Line, Column, Length int
	// Message says what is wrong, and Notes what may help.
	Message string
	Notes   []string
	// Source is the offending line as it stands in the file.
	Source string
	// Foreign tells that the text is no JavaScript or TypeScript: a SyntaxError, in an engine's words.
	Foreign bool
}

// String returns one line, such as "plugins/count.ts:3:7: Expected ";" but found "x"".
func (p *Problem) String() string {
	switch {
	case p.File == "":
		return p.Message
	case p.Line == 0:
		return p.File + ": " + p.Message
	default:
		return p.File + ":" + strconv.Itoa(p.Line) + ":" + strconv.Itoa(p.Column) + ": " + p.Message
	}
}

// Error means that a plugin cannot be bundled. There is at least one problem.
type Error struct{ Problems []Problem }

// Error returns the first problem with its notes, and how many there are besides.
func (e *Error) Error() string {
	first := &e.Problems[0]
	text := strings.Join(append([]string{first.String()}, first.Notes...), "; ")
	if more := len(e.Problems) - 1; more > 0 {
		text += " (and " + strconv.Itoa(more) + " more)"
	}
	return text
}

// problems turns esbuild's messages into ours.
func (b *bundler) problems(messages []api.Message) []Problem {
	out := make([]Problem, 0, len(messages))
	for _, m := range messages {
		p := Problem{Message: sentence(m.Text), Foreign: m.PluginName == ""}
		if l := m.Location; l != nil {
			p.File, p.Line, p.Source = sourceName(l.File), l.Line, strings.TrimSuffix(l.LineText, "\r")
			p.Column, p.Length = utf16Span(p.Source, l.Column, l.Length)
		}
		for _, note := range m.Notes {
			text := note.Text
			if l := note.Location; l != nil && l.File != "" && l.Line > 0 {
				at := Problem{File: sourceName(l.File), Line: l.Line}
				at.Column, _ = utf16Span(l.LineText, l.Column, 0)
				at.Message = text
				text = at.String()
			}
			p.Notes = append(p.Notes, text)
		}
		if l := m.Location; l != nil && l.Suggestion != "" {
			p.Notes = append(p.Notes, "did you mean "+l.Suggestion+"?")
		}
		out = append(out, p)
	}
	return out
}

// sentence drops what esbuild says about itself, which helps nobody here.
func sentence(text string) string {
	if before, _, ok := strings.Cut(text, " is not available in the configured target environment"); ok {
		return before + " does not exist here"
	}
	// Files are called by their keys.
	text = strings.NewReplacer(`"`+fileNamespace+`:`, `"`, markJS+`"`, `"`, markTS+`"`, `"`).Replace(text)
	return text
}

// useful drops the warnings that are about bundles and not about the code. A classic script is no bundle, so it is
// spared more of them.
func useful(messages []api.Message, script bool) []api.Message {
	return slices.DeleteFunc(messages, func(m api.Message) bool {
		switch m.ID {
		case "empty-import-meta", "unsupported-regexp", "different-path-case", "invalid-source-mappings", "missing-source-map":
			return true
		case "direct-eval", "indirect-require", "unsupported-require-call", "unsupported-dynamic-import",
			"require-resolve-not-external", "html-comment-in-js":
			return script
		default:
			return false
		}
	})
}

// utf16Span turns a span in bytes, counted from 0, into one in UTF-16 units, counted from 1.
func utf16Span(line string, column, length int) (from, units int) {
	start := min(max(column, 0), len(line))
	end := min(start+max(length, 0), len(line))
	return utf16Length(line[:start]) + 1, utf16Length(line[start:end])
}

func utf16Length(s string) int {
	n := 0
	for _, r := range s {
		n += utf16.RuneLen(r) // never -1: ranging over a string gives U+FFFD for what is broken
	}
	return n
}

// quoteJS returns a string literal.
func quoteJS(s string) string {
	out, err := json.Marshal(s)
	if err != nil {
		panic(err) // a string always has a JSON form
	}
	return string(out)
}

package terminal

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"unicode"
)

// Table prints rows in columns, whose cells may hold anything: each is one line and steers nothing, see [OneLine]. Use
// [NewTable].
type Table struct{ columns *tabwriter.Writer }

// NewTable begins a table that [Table.Flush] prints.
func NewTable(out io.Writer) Table { return Table{tabwriter.NewWriter(out, 0, 8, 2, ' ', 0)} }

// Row adds a line. What is empty is shown as a dash.
func (t Table) Row(cells ...any) {
	for i, cell := range cells {
		if i > 0 {
			fmt.Fprint(t.columns, "\t") // an error comes back from Flush
		}
		fmt.Fprint(t.columns, Dash(OneLine(fmt.Sprint(cell))))
	}
	fmt.Fprintln(t.columns)
}

// Flush prints the table.
func (t Table) Flush() error { return t.columns.Flush() }

// JSON prints one value as JSON over several lines, for people.
func JSON(out io.Writer, value any) error { return encodeJSON(out, value, "  ") }

// JSONLine prints one value as one line of JSON.
func JSONLine(out io.Writer, value any) error { return encodeJSON(out, value, "") }

// encodeJSON writes JSON that a terminal may be shown: Go escapes control characters of ASCII only, and here the others that
// steer are as well.
func encodeJSON(out io.Writer, value any, indent string) error {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetIndent("", indent)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return err
	}
	_, err := out.Write(VisibleJSON(text.Bytes()))
	return err
}

// VisibleJSON escapes what steers a terminal. Outside of texts JSON has nothing that does.
func VisibleJSON(text []byte) []byte {
	if bytes.IndexFunc(text, steers) < 0 {
		return text
	}
	var escaped bytes.Buffer
	for _, r := range string(text) {
		if steers(r) {
			fmt.Fprintf(&escaped, `\u%04x`, r)
		} else {
			escaped.WriteRune(r)
		}
	}
	return escaped.Bytes()
}

// Dash keeps an empty cell of a table visible.
func Dash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

// Number counts something, such as 1 package or 2 packages.
func Number(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// Visible makes control characters and what steers a terminal, such as escape sequences and marks that turn the direction
// of text, visible: as \x1b or \u202e. Lines and tabs stay. What scripts and senders give goes through it on its way to a
// terminal.
func Visible(text string) string {
	text = strings.ToValidUTF8(text, string(unicode.ReplacementChar))
	if strings.IndexFunc(text, steers) < 0 {
		return text
	}
	var b strings.Builder
	for _, r := range text {
		switch {
		case !steers(r):
			b.WriteRune(r)
		case r < 0x80:
			fmt.Fprintf(&b, `\x%02x`, r)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.String()
}

// steers tells a character that is not shown and does something to a terminal.
func steers(r rune) bool {
	return unicode.IsControl(r) && r != '\n' && r != '\t' || unicode.Is(unicode.Bidi_Control, r) || r == '\u2028' || r == '\u2029'
}

// OneLine is [Visible] for what must be one line, such as an id or the name of a file: line breaks and tabs are visible too,
// so that nobody writes a line or a column of ours.
func OneLine(text string) string {
	return strings.NewReplacer("\n", `\n`, "\t", `\t`).Replace(Visible(text))
}

// Indented is [Visible] for what may have several lines: those behind the first are indented, so that none of them is taken
// for one of ours.
func Indented(text, indent string) string {
	return strings.ReplaceAll(Visible(text), "\n", "\n"+indent)
}

// Shorter is a path as people type it: relative to the working directory when it lies there.
func Shorter(path string) string {
	if wd, err := os.Getwd(); err == nil {
		if abs, err := filepath.Abs(path); err == nil {
			if rel, err := filepath.Rel(wd, abs); err == nil && filepath.IsLocal(rel) {
				return filepath.ToSlash(rel)
			}
		}
	}
	return path
}

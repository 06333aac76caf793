package scripting

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"path"
	"strings"

	"github.com/dop251/goja"
	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/parser"
	"github.com/go-sourcemap/sourcemap"
)

// bundledCode is one script, and where each of its pieces comes from. It does not change once it is made.
type bundledCode struct {
	// name is what goja calls the script: the author's file where the text is the author's, else bundleCode.
	name string
	// text is a classic script.
	text string
	// entry is the name of the plugin's first file.
	entry string
	// sources leads from text to the author's files; nil where text is the author's own.
	sources *sourceMap

	tree *ast.Program // what parse made, until compile takes it
}

// parse checks the text and keeps the tree for compile. The error is a *bundleError with a place in the author's file.
func (c *bundledCode) parse() (err error) {
	defer func() {
		// The parser panics on what it did not expect; a broken edit must not end the process.
		if p := recover(); p != nil {
			err = &bundleError{[]problem{{File: c.file(), Message: fmt.Sprint("SyntaxError: cannot parse: ", p)}}}
		}
	}()
	tree, err := parser.ParseFile(nil, c.name, c.text, 0, parser.WithDisableSourceMaps)
	if err != nil {
		return c.syntaxError(err)
	}
	if c.sources != nil {
		tree.File.SetSourceMap(c.sources.consumer)
	}
	c.tree = tree
	return nil
}

// compile makes the program. Positions in it, those in the stack property of errors too, are the author's. It may be
// called once; the program serves any number of runtimes.
func (c *bundledCode) compile() (program *goja.Program, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &bundleError{[]problem{{File: c.file(), Message: fmt.Sprint("SyntaxError: cannot compile: ", p)}}}
		}
	}()
	if c.tree == nil {
		if err := c.parse(); err != nil {
			return nil, err
		}
	}
	tree := c.tree
	c.tree = nil // it is several times as large as the text
	program, err = goja.CompileAST(tree, false)
	if err != nil {
		return nil, c.syntaxError(err)
	}
	return program, nil
}

// file is the author's file that is named when no better is known.
func (c *bundledCode) file() string {
	if c.entry != "" {
		return c.entry
	}
	return c.name
}

// syntaxError finds the author's place of an error of goja's parser or compiler.
func (c *bundledCode) syntaxError(err error) error {
	p := problem{File: c.file(), Message: "SyntaxError: " + err.Error()}
	var list parser.ErrorList
	var failure *goja.CompilerSyntaxError
	switch {
	case errors.As(err, &list) && len(list) > 0:
		p.Message = "SyntaxError: " + list[0].Message
		c.place(&p, list[0].Position.Line, list[0].Position.Column)
	case errors.As(err, &failure):
		p.Message = "SyntaxError: " + failure.Message
		if failure.File != nil {
			failure.File.SetSourceMap(nil)
			at := failure.File.Position(failure.Offset)
			c.place(&p, at.Line, at.Column)
		}
	}
	return &bundleError{[]problem{p}}
}

// place fills in where a line and column (in bytes) of the text come from.
func (c *bundledCode) place(p *problem, line, column int) {
	if c.sources == nil {
		p.Line, p.Source = line, textLine(c.text, line)
		p.Column, _ = utf16Span(p.Source, column-1, 0)
		return
	}
	if at, ok := c.sources.position(line, column); ok {
		p.File, p.Line, p.Column, p.Source = at.file, at.line, at.column, at.source
	}
}

// textLine returns a line of a text, counted from 1, without its end.
func textLine(text string, number int) string {
	for line := range strings.Lines(text) {
		if number--; number == 0 {
			return strings.TrimRight(line, "\r\n")
		}
	}
	return ""
}

// sourceMap leads from generated code to the author's files. It does not change once it is made.
type sourceMap struct {
	consumer *sourcemap.Consumer
	names    map[string]string // of files, by what goja calls them
	textOf   func(name string) string
}

// sourcePlace is a place in a file of the author's. Line and column count from 1, the column in UTF-16 units; source is the
// line as it stands there.
type sourcePlace struct {
	file         string
	line, column int
	source       string
}

// newSourceMap reads a source map of esbuild. textOf returns the text of a file by its name, or nothing.
func newSourceMap(text []byte, textOf func(name string) string) (*sourceMap, error) {
	var m struct {
		Version  int      `json:"version"`
		Sources  []string `json:"sources"`
		Mappings string   `json:"mappings"`
	}
	if err := json.Unmarshal(text, &m); err != nil {
		return nil, fmt.Errorf("read source map: %w", err)
	}
	out := &sourceMap{names: map[string]string{}, textOf: textOf}
	for i, source := range m.Sources {
		name := sourceName(source)
		m.Sources[i] = name
		out.names[gojaName(name)] = name
	}
	m.Mappings = countFromOne(m.Mappings)
	if strings.Trim(m.Mappings, ";,") == "" {
		out.consumer = &sourcemap.Consumer{} // nothing of the author's is left; every lookup fails
		return out, nil
	}
	shifted, err := json.Marshal(m)
	if err != nil {
		return nil, fmt.Errorf("write source map: %w", err)
	}
	if out.consumer, err = sourcemap.Parse("", shifted); err != nil {
		return nil, fmt.Errorf("read source map: %w", err)
	}
	return out, nil
}

// position returns the author's place of a line and column of the generated code, which count from 1. False: the place
// is in code that no author wrote. It may be called by several goroutines at once.
func (m *sourceMap) position(line, column int) (at sourcePlace, ok bool) {
	source, _, sourceLine, sourceColumn, ok := m.consumer.Source(line, column)
	if !ok || strings.HasPrefix(source, hostNamespace+":") {
		return sourcePlace{}, false
	}
	return sourcePlace{source, sourceLine, sourceColumn, textLine(m.textOf(source), sourceLine)}, true
}

// name returns the name of a file from what goja calls it in positions and stacks, where it is escaped as in a URL.
func (m *sourceMap) name(gojas string) string {
	if name, ok := m.names[gojas]; ok {
		return name
	}
	return gojas
}

// gojaName is what goja makes of the name of a source. See ResolveSourcemapURL of its package file.
func gojaName(name string) string {
	u, err := url.Parse(strings.TrimSpace(name))
	if err != nil {
		return name
	}
	if !u.IsAbs() {
		if u, err = url.Parse(path.Join(".", u.Path)); err != nil {
			return name
		}
	}
	return u.String()
}

// countFromOne moves all columns of a source map's mappings by one: source maps count them from 0, but goja looks them
// up by, and hands out, columns that count from 1. Within a line only the first generated column is absolute, and of
// the author's columns only the very first.
func countFromOne(mappings string) string {
	var out strings.Builder
	out.Grow(len(mappings) + len(mappings)/16)
	first := true
	for line := range strings.SplitAfterSeq(mappings, ";") {
		body := strings.TrimSuffix(line, ";")
		segment, rest, _ := strings.Cut(body, ",")
		if segment == "" {
			out.WriteString(line)
			continue
		}
		fields := splitVLQ(segment)
		fields[0] = addVLQ(fields[0])
		if first && len(fields) > 3 {
			fields[3] = addVLQ(fields[3])
			first = false
		}
		out.WriteString(strings.Join(fields, ""))
		if len(body) > len(segment) {
			out.WriteByte(',')
			if first { // a line whose first segment has no source
				rest, first = shiftFirst(rest)
			}
			out.WriteString(rest)
		}
		out.WriteString(line[len(body):])
	}
	return out.String()
}

// shiftFirst moves the author's column of the first segment that has one.
func shiftFirst(segments string) (shifted string, first bool) {
	list := strings.Split(segments, ",")
	for i, segment := range list {
		if fields := splitVLQ(segment); len(fields) > 3 {
			fields[3] = addVLQ(fields[3])
			list[i] = strings.Join(fields, "")
			return strings.Join(list, ","), false
		}
	}
	return segments, true
}

const base64Digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

// splitVLQ splits a segment into its numbers, still encoded. A number ends with a digit below 32.
func splitVLQ(segment string) []string {
	var out []string
	start := 0
	for i := range len(segment) {
		if strings.IndexByte(base64Digits, segment[i])&32 == 0 {
			out = append(out, segment[start:i+1])
			start = i + 1
		}
	}
	return out
}

// addVLQ adds one to an encoded number.
func addVLQ(digits string) string {
	value, shift := 0, 0
	for i := range len(digits) {
		value |= (strings.IndexByte(base64Digits, digits[i]) & 31) << shift
		shift += 5
	}
	n := value >> 1
	if value&1 == 1 {
		n = -n
	}
	n++
	if value = n << 1; n < 0 {
		value = -n<<1 | 1
	}
	var out []byte
	for {
		digit := value & 31
		if value >>= 5; value > 0 {
			digit |= 32
		}
		out = append(out, base64Digits[digit])
		if value == 0 {
			return string(out)
		}
	}
}

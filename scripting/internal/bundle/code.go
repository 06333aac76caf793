package bundle

import (
	"errors"
	"fmt"
	"strings"

	"github.com/dop251/goja"
	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/parser"

	"trackhook/scripting/internal/bound"
	"trackhook/scripting/internal/regex"
)

// Code is one script, and where each of its pieces comes from. It does not change once it is made.
type Code struct {
	// name is what goja calls the script: the author's file where the text is the author's, else BundleCode.
	name string
	// Text is a classic script.
	Text string
	// entry is the name of the plugin's first file.
	entry string
	// Sources leads from text to the author's files; nil where text is the author's own.
	Sources *SourceMap

	regexps bool          // known once it was parsed: it has literals that the host reads
	usage   usage         // known once it was parsed
	tree    *ast.Program  // what parse made, until compile takes it
	program *goja.Program // what compile made
}

// parse checks the text and keeps the tree for compile. The error is a *Error with a place in the author's file.
func (c *Code) parse() (err error) {
	defer func() {
		// The parser panics on what it did not expect; a broken edit must not end the process.
		if p := recover(); p != nil {
			err = &Error{[]Problem{{File: c.file(), Message: fmt.Sprint("SyntaxError: cannot parse: ", p)}}}
		}
	}()
	if err := bound.Source(c.Text); err != nil {
		return c.tooDeep(err)
	}
	tree, err := parser.ParseFile(nil, c.name, c.Text, 0, parser.WithDisableSourceMaps)
	if err != nil {
		return c.syntaxError(err)
	}
	if needsArguments(c.Text) {
		bindArguments(tree)
	}
	if hasWord(c.Text, "eval") {
		boundEval(tree)
	}
	if madeDate.MatchString(c.Text) {
		placeDates(tree)
	}
	if wrong, err := c.placeRegExps(tree); err != nil {
		return c.badRegExp(tree, wrong, err)
	}
	if c.Sources != nil {
		c.placeFileNames(tree)
		tree.File.SetSourceMap(c.Sources.consumer)
	}
	c.tree, c.usage = tree, c.uses(tree)
	return nil
}

// Compile makes the program. Positions in it, those in the stack property of errors too, are the author's. It may be
// called again, for the same program; it serves any number of runtimes.
func (c *Code) Compile() (program *goja.Program, err error) {
	if c.program != nil {
		return c.program, nil
	}
	defer func() {
		if p := recover(); p != nil {
			err = &Error{[]Problem{{File: c.file(), Message: fmt.Sprint("SyntaxError: cannot compile: ", p)}}}
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
	c.program = program
	return program, nil
}

// file is the author's file that is named when no better is known.
func (c *Code) file() string {
	if c.entry != "" {
		return c.entry
	}
	return c.name
}

// syntaxError finds the author's place of an error of goja's parser or compiler.
func (c *Code) syntaxError(err error) error {
	p := Problem{File: c.file(), Message: "SyntaxError: " + err.Error()}
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
	return &Error{[]Problem{p}}
}

// badRegExp is the error of a literal that is no regular expression.
func (c *Code) badRegExp(tree *ast.Program, literal *ast.RegExpLiteral, err error) error {
	p := Problem{File: c.file(), Message: "SyntaxError: " + regex.Explain(literal.Pattern, literal.Flags, err)}
	at := tree.File.Position(int(literal.Idx) - tree.File.Base())
	c.place(&p, at.Line, at.Column)
	return &Error{[]Problem{p}}
}

// tooDeep finds the author's place of an error of bound.
func (c *Code) tooDeep(err error) error {
	failed := beyond(c.file(), err)
	if p := &failed.Problems[0]; c.Sources != nil {
		line, column := p.Line, p.Column
		p.Line, p.Column, p.Source = 0, 0, ""
		c.place(p, line, column)
	}
	return failed
}

// place fills in where a line and column (in bytes) of the text come from.
func (c *Code) place(p *Problem, line, column int) {
	if c.Sources == nil {
		p.Line, p.Source = line, textLine(c.Text, line)
		p.Column, _ = utf16Span(p.Source, column-1, 0)
		return
	}
	if at, ok := c.Sources.position(line, column); ok {
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

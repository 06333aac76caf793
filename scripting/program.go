package scripting

import (
	"errors"
	"fmt"

	"github.com/dop251/goja"
	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/file"
	"github.com/dop251/goja/parser"
	"github.com/dop251/goja/unistring"
)

// A plugin's first file is a classic script, as in the SDK's web views: its top-level names are globals, it is sloppy
// unless it says otherwise, and this is the global object. What it requires is a CommonJS module. Both are compiled
// once for each version of the plugin; a bundler that makes one script of many files goes between look and compile.

// compileScript compiles a file as a classic script.
func (g *graph) compileScript(f *sourceFile) (*goja.Program, error) {
	return g.compiled(&f.script, func() (*goja.Program, error) {
		return compile(f.name, f.text, nil)
	})
}

// compileModule compiles a file as the body of a function of [moduleParameters]; running the program returns it.
func (g *graph) compileModule(f *sourceFile) (*goja.Program, error) {
	return g.compiled(&f.module, func() (*goja.Program, error) {
		return compile(f.name, f.text, asFunction)
	})
}

// compiled returns *slot, filling it first where needed. Two goroutines may compile the same file at once; the first
// wins.
func (g *graph) compiled(slot **goja.Program, compile func() (*goja.Program, error)) (*goja.Program, error) {
	g.mu.Lock()
	program := *slot
	g.mu.Unlock()
	if program != nil {
		return program, nil
	}
	program, err := compile()
	if err != nil {
		return nil, err
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if *slot == nil {
		*slot = program
	}
	return *slot, nil
}

// moduleParameters are the names that a CommonJS module finds in its scope.
func moduleParameters() []unistring.String {
	return []unistring.String{"exports", "require", "module", "__filename", "__dirname"}
}

// compile parses and compiles; change may rewrite the tree in between. The error is a *ScriptError with File, Line,
// Column and Message.
func compile(name, text string, change func(*ast.Program, string)) (program *goja.Program, err error) {
	defer func() {
		// The parser and the compiler panic on what they did not expect; a broken edit must not end the process.
		if p := recover(); p != nil {
			err = &ScriptError{File: name, Message: fmt.Sprint("SyntaxError: cannot compile: ", p)}
		}
	}()
	// Without the option, a comment at the end of the script would make the parser read any file as its source map.
	tree, err := parser.ParseFile(nil, name, text, 0, parser.WithDisableSourceMaps)
	if err != nil {
		return nil, syntaxError(name, text, err)
	}
	if change != nil {
		change(tree, text)
	}
	program, err = goja.CompileAST(tree, false)
	if err != nil {
		return nil, syntaxError(name, text, err)
	}
	return program, nil
}

// asFunction makes the program one function expression around what was parsed. Wrapping the text instead, as is usual,
// would shift every column of the first line.
func asFunction(tree *ast.Program, text string) {
	begin, end := file.Idx(1), file.Idx(len(text)+1)
	parameters := &ast.ParameterList{Opening: begin, Closing: begin}
	for _, name := range moduleParameters() {
		parameters.List = append(parameters.List, &ast.Binding{Target: &ast.Identifier{Name: name, Idx: begin}})
	}
	function := &ast.FunctionLiteral{
		Function:        begin,
		ParameterList:   parameters,
		Body:            &ast.BlockStatement{LeftBrace: begin, List: tree.Body, RightBrace: end},
		Source:          text,
		DeclarationList: tree.DeclarationList,
	}
	tree.Body = []ast.Statement{&ast.ExpressionStatement{Expression: function}}
	tree.DeclarationList = nil
}

// syntaxError finds the place of a parser's or compiler's error.
func syntaxError(name, text string, err error) *ScriptError {
	failure := &ScriptError{File: name, Message: "SyntaxError: " + err.Error()}
	var list parser.ErrorList
	var compiler *goja.CompilerSyntaxError
	switch {
	case errors.As(err, &list) && len(list) > 0:
		first := list[0]
		failure.Line, failure.Column = first.Position.Line, first.Position.Column
		failure.Message = "SyntaxError: " + first.Message
	case errors.As(err, &compiler):
		failure.Message = "SyntaxError: " + compiler.Message
		if compiler.File != nil {
			position := compiler.File.Position(compiler.Offset)
			failure.Line, failure.Column = position.Line, position.Column
		}
	}
	failure.locate(lineOf(text, failure.Line))
	return failure
}

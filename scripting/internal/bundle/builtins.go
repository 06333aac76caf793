package bundle

import (
	_ "embed"
	"reflect"
	"slices"
	"strings"

	"github.com/dop251/goja/ast"
)

// BoundedBuiltins is a script for machines of plugins that mention what it bounds. Its value is a function of two checks, of
// a text for JSON.parse, and of a source, which throw when the text is too deep; and of what [Bounded] returns.
//
//go:embed builtins.js
var BoundedBuiltins string

// EvalGuard is the name of a global that checks the text of an eval, and returns it.
const EvalGuard = "__trackhook_eval_text"

// Bounded returns which of its parts a script may use, in a text that BoundedBuiltins takes; empty: none. It errs on the side
// of more, save for who builds names.
func Bounded(texts ...string) string {
	var parts []string
	for _, part := range [][]string{
		{"json", "parse", "json("},
		{"strings", "repeat", "padStart", "padEnd"},
		{"join", "join", "Array("},
		{"source", "eval", "Function", "constructor"},
		{"bytes", "ArrayBuffer", "Array("},
	} {
		if slices.ContainsFunc(texts, func(text string) bool {
			return strings.Contains(text, `\u`) || slices.ContainsFunc(part[1:], func(word string) bool { return strings.Contains(text, word) })
		}) {
			parts = append(parts, part[0])
		}
	}
	return strings.Join(parts, " ")
}

// boundEval has the text of each direct eval checked. It cannot be done in eval itself: what is called by another name than
// the one that goja knows does not see the variables around it.
func boundEval(program *ast.Program) {
	fields := treeFields{}
	fields.walk(reflect.ValueOf(&program.Body).Elem(), func(node any, _ reflect.Value) bool {
		call, ok := node.(*ast.CallExpression)
		if !ok || len(call.ArgumentList) == 0 {
			return false
		}
		callee, ok := call.Callee.(*ast.Identifier)
		if !ok || callee.Name != "eval" {
			return false
		}
		if _, spread := call.ArgumentList[0].(*ast.SpreadElement); !spread {
			call.ArgumentList[0] = &ast.CallExpression{
				Callee: &ast.Identifier{Name: EvalGuard, Idx: callee.Idx}, LeftParenthesis: call.LeftParenthesis,
				ArgumentList: []ast.Expression{call.ArgumentList[0]}, RightParenthesis: call.RightParenthesis,
			}
		}
		return false
	})
}

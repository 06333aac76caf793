package bundle

import (
	"reflect"
	"regexp"

	"github.com/dop251/goja/ast"
)

// DateTextName is the name of a global function that takes what new Date is given, and the class, and returns the time that a text
// means. What is no text stays what it is, and so does a text for another class than the language's own.
const DateTextName = "__trackhook_date"

// madeDate finds where a date may be made of something.
var madeDate = regexp.MustCompile(`\bDate\s*\(\s*[^\s)]`)

// placeDates has the texts read of which dates are made: goja reads some otherwise than browsers and Node.js, and its constructor cannot
// be replaced without making each date slower.
func placeDates(program *ast.Program) {
	treeFields{}.walk(reflect.ValueOf(&program.Body).Elem(), func(node any, _ reflect.Value) bool {
		made, ok := node.(*ast.NewExpression)
		if !ok || len(made.ArgumentList) != 1 {
			return false
		}
		callee, ok := made.Callee.(*ast.Identifier)
		if !ok || callee.Name != "Date" {
			return false
		}
		switch made.ArgumentList[0].(type) {
		case *ast.SpreadElement, *ast.NumberLiteral:
			return false
		}
		made.ArgumentList[0] = &ast.CallExpression{
			Callee: &ast.Identifier{Name: DateTextName, Idx: callee.Idx}, LeftParenthesis: made.LeftParenthesis,
			ArgumentList: []ast.Expression{made.ArgumentList[0], &ast.Identifier{Name: callee.Name, Idx: callee.Idx}}, RightParenthesis: made.RightParenthesis,
		}
		return false
	})
}

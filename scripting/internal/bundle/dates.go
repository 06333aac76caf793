package bundle

import (
	"reflect"
	"regexp"
	"strings"

	"github.com/dop251/goja/ast"
)

// DateTextName is the name of a global function that takes what new Date is given, and the class, and returns the time that a text
// means. What is no text stays what it is, and so does a text for another class than the language's own.
const DateTextName = "__trackhook_date"

// madeDate finds where a date may be made of something.
var madeDate = regexp.MustCompile(`\bDate\s*\(\s*[^\s)]`)

// placeDates has the texts read of which dates are made: goja reads some otherwise than browsers and Node.js, and to replace its
// constructor makes each date slower by half. That is done only where a script makes dates in other ways; see MakesDatesOtherwise.
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

// dateUse finds the class of dates by its name, and dateMember what is asked of it.
var (
	dateUse    = regexp.MustCompile(`\bDate\b`)
	dateMember = regexp.MustCompile(`^\s*\.\s*(now|UTC|parse|prototype)\b`)
	dateNew    = regexp.MustCompile(`\bnew\s+$`)
	dateIs     = regexp.MustCompile(`\binstanceof\s+$`)
)

// MakesDatesOtherwise tells whether a script may make dates in a way that [placeDates] does not see: in text that it runs, by another
// name, with Reflect.construct, of a class that extends Date, or of the parts of a local time. It errs on the side of yes.
func MakesDatesOtherwise(text string) bool {
	for _, word := range []string{"eval", "Function", "Reflect"} {
		if hasWord(text, word) {
			return true
		}
	}
	for _, at := range dateUse.FindAllStringIndex(text, -1) {
		before, after := text[max(0, at[0]-40):at[0]], text[at[1]:]
		switch {
		case dateMember.MatchString(after), dateIs.MatchString(before):
		case dateNew.MatchString(before) && oneArgument(after):
		default:
			return true
		}
	}
	return strings.Contains(text, `\u`)
}

// oneArgument tells whether a text begins with an argument list of at most one, which is not spread. A bracket or a comma in a text
// or a regular expression leads it astray, to a no or to the end of another list.
func oneArgument(text string) bool {
	text = strings.TrimLeft(text, " \t\r\n")
	if !strings.HasPrefix(text, "(") {
		return false
	}
	depth := 0
	for i, c := range text {
		switch c {
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			if depth--; depth == 0 {
				return true
			}
		case ',':
			if depth == 1 {
				return false
			}
		case '.':
			if depth == 1 && strings.HasPrefix(text[i:], "...") {
				return false
			}
		}
	}
	return false
}

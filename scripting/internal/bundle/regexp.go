package bundle

import (
	"reflect"
	"slices"
	"strings"
	"unicode/utf16"

	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/unistring"

	"trackhook/scripting/internal/regex"
)

// MentionsRegExp tells whether a script may make regular expressions of texts. It errs on the side of yes.
func MentionsRegExp(text string) bool {
	return strings.Contains(text, `\u`) || slices.ContainsFunc(regExpMakers, func(word string) bool { return hasWord(text, word) })
}

var regExpMakers = []string{"RegExp", "eval", "Function", "match", "matchAll", "search", "compile"}

// mayHaveRegExps tells whether a text may have a literal: a slash that is no comment. It errs on the side of yes.
func mayHaveRegExps(text string) bool {
	for at := 0; ; at++ {
		found := strings.IndexByte(text[at:], '/')
		if found < 0 {
			return false
		}
		at += found
		next := byte('\n')
		if at+1 < len(text) {
			next = text[at+1]
		}
		switch next {
		case '/':
			// What follows is a comment, or a text with an address that has no literal in it but may be followed by one.
			end := strings.IndexByte(text[at:], '\n')
			if end < 0 {
				end = len(text) - at
			}
			if strings.ContainsAny(text[at:at+end], "\"'`") {
				return true
			}
			at += end - 1
		case '*':
			if end := strings.Index(text[at+2:], "*/"); end >= 0 {
				at += end + 3
			}
		default:
			return true
		}
	}
}

// placeRegExps puts a call of the host in the place of each literal that goja would read otherwise than ECMAScript says, such as
// /\p{L}/u, and returns the first that is no regular expression.
func (c *Code) placeRegExps(program *ast.Program) (wrong *ast.RegExpLiteral, err error) {
	if !mayHaveRegExps(c.Text) {
		return nil, nil
	}
	engine := regex.NewEngine()
	treeFields{}.walk(reflect.ValueOf(&program.Body).Elem(), func(node any, holder reflect.Value) bool {
		literal, ok := node.(*ast.RegExpLiteral)
		if !ok || wrong != nil {
			return wrong != nil
		}
		re, failure := engine.Compile(utf16.Encode([]rune(literal.Pattern)), literal.Flags)
		switch {
		case failure != nil:
			wrong, err = literal, failure
		case !re.Simple && holder.Kind() == reflect.Interface:
			text := func(value string) ast.Expression {
				return &ast.StringLiteral{Idx: literal.Idx, Literal: quoteJS(value), Value: unistring.NewFromString(value)}
			}
			holder.Set(reflect.ValueOf(&ast.CallExpression{
				Callee:          &ast.Identifier{Name: regex.LiteralName, Idx: literal.Idx},
				ArgumentList:    []ast.Expression{text(literal.Pattern), text(literal.Flags)},
				LeftParenthesis: literal.Idx, RightParenthesis: literal.Idx,
			}))
			c.regexps = true
		}
		return true
	})
	return wrong, err
}

// RegExps tells that the code, once it is compiled, needs a machine with regular expressions of the host.
func (c *Code) RegExps() bool { return c.regexps || MentionsRegExp(c.Text) }

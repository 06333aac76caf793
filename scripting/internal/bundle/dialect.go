package bundle

import (
	"reflect"
	"strings"

	"github.com/dop251/goja/ast"

	"trackhook/scripting/internal/surface"
)

// usage is what the names in a text tell of the version of the SDKs that it was written for.
type usage struct {
	// create and initSDK tell that it starts a config as version 4 or 5 does; four and five that it uses another name
	// that only that version has.
	create, initSDK, four, five bool
}

func (u *usage) add(other usage) {
	u.create, u.initSDK = u.create || other.create, u.initSDK || other.initSDK
	u.four, u.five = u.four || other.four, u.five || other.five
}

// generation is the version: 5, 0 where both ways to start a config are named, and 4 for all else, also where no name
// tells. How configs are started counts before all else, because the documentation of version 5 has names of version 4
// among its own. It is a guess, which holds until a config is started.
func (u *usage) generation() int {
	switch {
	case u.initSDK && u.create:
		return 0 // it asks which of them there is, so the one that it calls decides
	case u.initSDK, u.five && !u.create && !u.four:
		return 5
	default:
		return 4
	}
}

// uses finds what the names in a program tell. A text that has no name of version 5 is not walked: what it tells counts
// only beside another that has.
func (c *Code) uses(program *ast.Program) usage {
	four, five := mentions(c.Text)
	if !five {
		return usage{create: strings.Contains(c.Text, "Adjust.create"), four: four}
	}
	u := usage{}
	note := func(name string) {
		switch generation := surface.Generation(name); {
		case name == "initSdk":
			u.initSDK = true
		case generation == 4:
			u.four = true
		case generation == 5:
			u.five = true
		}
	}
	treeFields{}.walk(reflect.ValueOf(&program.Body).Elem(), func(node any, _ reflect.Value) bool {
		switch node := node.(type) {
		case *ast.Identifier:
			note(string(node.Name))
		case *ast.DotExpression:
			note(string(node.Identifier.Name))
			u.create = u.create || node.Identifier.Name == "create" && isAdjust(node.Left)
		case *ast.BracketExpression:
			key := keyOf(node.Member)
			note(key)
			u.create = u.create || key == "create" && isAdjust(node.Left)
		case *ast.PropertyShort:
			note(string(node.Name.Name))
		case *ast.PropertyKeyed:
			if key, ok := node.Key.(*ast.StringLiteral); ok {
				note(string(key.Value))
			}
		}
		return false
	})
	return u
}

// keyOf is the text in the brackets of an expression; "" where it is made when the script runs.
func keyOf(e ast.Expression) string {
	switch e := e.(type) {
	case *ast.StringLiteral:
		return string(e.Value)
	case *ast.TemplateLiteral:
		if e.Tag == nil && len(e.Elements) == 1 {
			return string(e.Elements[0].Parsed)
		}
	}
	return ""
}

// isAdjust tells whether an expression is the object Adjust by its name: Adjust or sdk.Adjust. A default export has another
// name in a bundle, and is not told from those of other packages, such as axios.create.
func isAdjust(e ast.Expression) bool {
	var name string
	switch e := e.(type) {
	case *ast.Identifier:
		name = string(e.Name)
	case *ast.DotExpression:
		name = string(e.Identifier.Name)
	}
	return strings.TrimRight(name, "0123456789") == "Adjust" // with a number where the bundler has met the name twice
}

// mentions tells whether a text may have names that only version 4 has, or version 5. It errs on the side of yes.
func mentions(text string) (four, five bool) {
	five = strings.Contains(text, `\u`)
	for at := 0; at < len(text) && !five; at++ {
		start := at
		for at < len(text) && wordByte(text[at]) {
			at++
		}
		if at-start < len("initSdk") {
			continue
		}
		switch surface.Generation(text[start:at]) {
		case 4:
			four = true
		case 5:
			five = true
		}
	}
	return four, five
}

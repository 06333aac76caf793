package bundle

import (
	"slices"
	"strings"

	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/parser"

	"trackhook/scripting/internal/surface"
)

// shadows tells whether a script declares, at its top level, a name that all code finds as a global, such as
//
//	const fetch = require("node-fetch");
//
// In Node, a file that requires something has its top level to itself. A classic script shares it with what it requires,
// where such a name would mean something else then, or nothing yet.
func shadows(text string) bool {
	tree, err := parser.ParseFile(nil, "", text, 0, parser.WithDisableSourceMaps)
	if err != nil {
		return false // what is wrong is said elsewhere
	}
	found := false
	declare := func(target ast.Node) { found = found || declares(target) }
	for _, v := range tree.DeclarationList {
		for _, binding := range v.List {
			declare(binding.Target)
		}
	}
	for _, statement := range tree.Body {
		switch s := statement.(type) {
		case *ast.LexicalDeclaration:
			for _, binding := range s.List {
				declare(binding.Target)
			}
		case *ast.ClassDeclaration:
			declare(s.Class.Name)
		case *ast.FunctionDeclaration:
			declare(s.Function.Name)
		}
	}
	return found
}

// declares tells whether a target of a declaration has the name of a standard global.
func declares(target ast.Node) bool {
	switch t := target.(type) {
	case *ast.Identifier:
		return t != nil && isStandard(string(t.Name))
	case *ast.AssignExpression:
		return declares(t.Left)
	case *ast.ArrayPattern:
		return slices.ContainsFunc(t.Elements, func(e ast.Expression) bool { return declares(e) }) || declares(t.Rest)
	case *ast.ObjectPattern:
		return declares(t.Rest) || slices.ContainsFunc(t.Properties, func(p ast.Property) bool {
			switch p := p.(type) {
			case *ast.PropertyShort:
				return declares(&p.Name)
			case *ast.PropertyKeyed:
				return declares(p.Value)
			}
			return false
		})
	}
	return false
}

// isStandard tells the globals of the language, and of the web and of Node as far as they are here.
func isStandard(name string) bool {
	return slices.Contains(strings.Fields(`AggregateError Array ArrayBuffer BigInt BigInt64Array BigUint64Array Boolean DataView Date Error
		EvalError Float32Array Float64Array Function Int16Array Int32Array Int8Array Intl JSON Map Math Number Object Promise Proxy
		RangeError ReferenceError Reflect RegExp Set String Symbol SyntaxError TypeError URIError Uint16Array Uint32Array Uint8Array
		Uint8ClampedArray WeakMap WeakRef WeakSet decodeURI decodeURIComponent encodeURI encodeURIComponent escape eval isFinite isNaN
		parseFloat parseInt unescape`), name) || slices.Contains(surface.StandardNames(), name)
}

package bundle

import (
	"reflect"
	"slices"
	"strings"

	"github.com/dop251/goja/ast"
)

// needsArguments tells whether goja may get the name arguments wrong somewhere in a text.
func needsArguments(text string) bool {
	return strings.Contains(text, "=>") && (hasWord(text, "arguments") || strings.Contains(text, `\u`))
}

// bindArguments works around an error of goja. A function's arguments object is kept on the stack unless an arrow
// function inside of it needs it later; but when the arrow function is the first to name it, goja does not notice that
// (lookupName of its compiler returns before it moves the binding). What the arrow function then reads is whatever lies
// there on its own stack, and beyond the end of that it panics, which costs the runtime. So each such function names its
// arguments first, in a statement that does nothing.
//
// Texts that the script itself compiles, by eval or new Function, are beyond this.
func bindArguments(program *ast.Program) {
	argumentsWalk{fields: treeFields{}}.visit(reflect.ValueOf(&program.Body).Elem())
}

// argumentsWalk is a place in the tree on a walk.
type argumentsWalk struct {
	// function is the innermost function with arguments of its own. Nil: there is none.
	function *argumentsUse
	// inArrow is true in an arrow function of it, and inTarget where names are declared lexically.
	inArrow, inTarget bool
	fields            treeFields
}

// argumentsUse is what one function does with the name.
type argumentsUse struct {
	captured bool // an arrow function in it uses the name
	declared bool // it declares the name itself, which must not be read before
}

func (w argumentsWalk) visit(v reflect.Value) {
	w.fields.walk(v, func(node any, _ reflect.Value) bool { return w.enter(node) })
}

// enter looks at a node. True: its inside was visited.
func (w argumentsWalk) enter(node any) bool {
	switch node := node.(type) {
	case *ast.Identifier:
		if w.function != nil && node.Name == "arguments" {
			w.function.captured = w.function.captured || w.inArrow
			w.function.declared = w.function.declared || w.inTarget
		}
		return true
	case *ast.ArrowFunctionLiteral:
		w.inArrow, w.inTarget = true, false
		w.visit(reflect.ValueOf(node).Elem())
		return true
	case *ast.FunctionLiteral:
		w.visitFunction(node)
		return true
	case *ast.LexicalDeclaration:
		for _, binding := range node.List {
			in := w
			in.inTarget = !w.inArrow
			in.visit(reflect.ValueOf(binding.Target))
			w.visit(reflect.ValueOf(&binding.Initializer).Elem())
		}
		return true
	case *ast.PropertyShort:
		w.visit(reflect.ValueOf(&node.Name))
		w.visit(reflect.ValueOf(&node.Initializer).Elem())
		return true
	case *ast.DotExpression: // the name after the dot is none of these
		w.visit(reflect.ValueOf(node.Left))
		return true
	}
	return false
}

// visitFunction visits a function that has arguments of its own, and has it name them first if it must.
func (w argumentsWalk) visitFunction(f *ast.FunctionLiteral) {
	parameters, body := &argumentsUse{}, &argumentsUse{}
	argumentsWalk{function: parameters, fields: w.fields}.visit(reflect.ValueOf(f.ParameterList))
	argumentsWalk{function: body, fields: w.fields}.visit(reflect.ValueOf(f.Body))
	name := &ast.Identifier{Name: "arguments", Idx: f.Body.LeftBrace}
	switch {
	case parameters.captured:
		w.nameInParameters(f.ParameterList, name)
	case body.captured && !body.declared:
		at := slices.IndexFunc(f.Body.List, func(s ast.Statement) bool { return !isDirective(s) })
		if at < 0 {
			at = len(f.Body.List)
		}
		f.Body.List = slices.Insert(f.Body.List, at, ast.Statement(&ast.ExpressionStatement{Expression: name}))
	}
}

// nameInParameters puts the name before the first arrow function among the parameters that uses it: in a default value,
// in a pattern, or in a computed key of one.
func (w argumentsWalk) nameInParameters(list *ast.ParameterList, name *ast.Identifier) {
	done := false
	w.fields.walk(reflect.ValueOf(list), func(node any, holder reflect.Value) bool {
		switch node := node.(type) {
		case *ast.FunctionLiteral:
			return true
		case *ast.ArrowFunctionLiteral:
			use := &argumentsUse{}
			argumentsWalk{function: use, inArrow: true, fields: w.fields}.visit(reflect.ValueOf(node).Elem())
			if use.captured && !done {
				holder.Set(reflect.ValueOf(&ast.SequenceExpression{Sequence: []ast.Expression{name, node}}))
				done = true
			}
			return true
		}
		return done
	})
}

// isDirective tells a statement such as "use strict", which means something only before all others.
func isDirective(s ast.Statement) bool {
	expression, ok := s.(*ast.ExpressionStatement)
	if !ok {
		return false
	}
	_, ok = expression.Expression.(*ast.StringLiteral)
	return ok
}

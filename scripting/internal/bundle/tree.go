package bundle

import (
	"reflect"

	"github.com/dop251/goja/ast"
)

// goja's tree has some seventy kinds of nodes and no visitor, so it is walked by reflection.

// treeFields remembers which fields of a node lead on; asking its type each time takes longer than all else.
type treeFields map[reflect.Type][]int

// of returns the fields of a struct that hold further nodes. What is not of the tree has none.
func (f treeFields) of(t reflect.Type) []int {
	fields, known := f[t]
	if known {
		return fields
	}
	if t.PkgPath() == reflect.TypeFor[ast.Program]().PkgPath() {
		for i := range t.NumField() {
			switch t.Field(i).Type.Kind() {
			case reflect.Interface, reflect.Pointer, reflect.Struct, reflect.Slice:
				// Declarations are listed a second time for the compiler.
				if t.Field(i).Name != "DeclarationList" {
					fields = append(fields, i)
				}
			default:
			}
		}
	}
	f[t] = fields
	return fields
}

// walk visits what a value of the tree holds. enter is called with each pointer to a node, and with the variable that
// holds it, which can be set; true means that there is no need to go into it.
func (f treeFields) walk(v reflect.Value, enter func(node any, holder reflect.Value) (done bool)) {
	switch v.Kind() {
	case reflect.Interface:
		node := v.Elem()
		if node.Kind() == reflect.Pointer {
			if enter(node.Interface(), v) {
				return
			}
			node = node.Elem()
		}
		f.walk(node, enter)
	case reflect.Pointer:
		if !v.IsNil() && !enter(v.Interface(), v) {
			f.walk(v.Elem(), enter)
		}
	case reflect.Struct:
		for _, i := range f.of(v.Type()) {
			f.walk(v.Field(i), enter)
		}
	case reflect.Slice:
		for i := range v.Len() {
			f.walk(v.Index(i), enter)
		}
	default: // a leaf
	}
}

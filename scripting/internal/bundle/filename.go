package bundle

import (
	"path"
	"reflect"
	"strings"

	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/unistring"
)

// In a bundle the code of many files is one script, so __filename and __dirname cannot be variables. esbuild puts these
// names in their place, wherever they are not the script's own (see defines), and placeFileNames puts the names of the
// file that the place comes from.
const (
	fileNameMark = "__trackhook_filename"
	dirNameMark  = "__trackhook_dirname"
)

// placeFileNames fills in the marks. It must run before the tree has its source map.
func (c *Code) placeFileNames(program *ast.Program) {
	if !strings.Contains(c.Text, fileNameMark) && !strings.Contains(c.Text, dirNameMark) {
		return
	}
	treeFields{}.walk(reflect.ValueOf(&program.Body).Elem(), func(node any, holder reflect.Value) bool {
		identifier, ok := node.(*ast.Identifier)
		if !ok || identifier.Name != fileNameMark && identifier.Name != dirNameMark || holder.Kind() != reflect.Interface {
			return false
		}
		name := c.entry
		at := program.File.Position(int(identifier.Idx) - program.File.Base())
		if place, ok := c.Sources.position(at.Line, at.Column); ok {
			name = place.file
		}
		if identifier.Name == dirNameMark {
			name = path.Dir(name)
		}
		literal := &ast.StringLiteral{Idx: identifier.Idx, Literal: quoteJS(name), Value: unistring.NewFromString(name)}
		if value := reflect.ValueOf(literal); value.Type().AssignableTo(holder.Type()) {
			holder.Set(value)
		}
		return true
	})
}

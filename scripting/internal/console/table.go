package console

import (
	"reflect"
	"strconv"
	"strings"

	"github.com/dop251/goja"

	"trackhook/scripting/internal/view"
)

// table prints rows and columns, as console.table of Node does; anything but an object like log.
func (c *Console) table(call goja.FunctionCall) goja.Value {
	data, ok := call.Argument(0).(*goja.Object)
	if !ok || isFunction(data) {
		c.print(Info, call.Arguments[:min(1, len(call.Arguments))])
		return goja.Undefined()
	}
	text := ""
	ex := c.vm.Try(func() {
		text = c.render(func(in *inspector) {
			in.needBuiltins()
			t := &consoleTable{in: in}
			t.read(data, call.Argument(1))
			in.out = t.append(in.out[:0])
		})
	})
	if ex != nil {
		text = "<Inspection threw (" + exceptionMessage(c.vm, ex) + ")>"
	}
	c.line(Info, text)
	return goja.Undefined()
}

// consoleTable is a table of texts.
type consoleTable struct {
	in *inspector
	// head names the columns; cells holds them, column by column, "" where there is nothing.
	head  []string
	cells [][]string
}

// A table with more rows or cells than these is longer than maxInspectBytes, and will be cut: a row takes at least 17
// bytes, a cell 5. They keep it from being built whole first.
const (
	maxTableRows  = maxInspectBytes / 17
	maxTableCells = maxInspectBytes / 5
)

func (t *consoleTable) read(data *goja.Object, columns goja.Value) {
	for range maxInspectDepth {
		proxy, ok := asProxy(data)
		if !ok || proxy.Target() == nil {
			break
		}
		data = proxy.Target()
	}
	switch exported := data.ExportType(); {
	case exported == reflect.TypeFor[[][2]any]():
		t.head = []string{"(iteration index)", "Key", "Values"}
		t.collection(data, true)
	case exported == reflect.TypeFor[[]any]() && data.ClassName() != "Array":
		t.head = []string{"(iteration index)", "Values"}
		t.collection(data, false)
	default:
		t.object(data, columns)
	}
}

func (t *consoleTable) collection(data *goja.Object, isMap bool) {
	t.cells = make([][]string, len(t.head))
	n := 0
	t.in.builtins.items(data, isMap, func(key, value goja.Value) bool {
		t.cells[0] = append(t.cells[0], strconv.Itoa(n))
		if isMap {
			t.cells[1] = append(t.cells[1], t.cell(key))
		}
		last := len(t.cells) - 1
		t.cells[last] = append(t.cells[last], t.cell(value))
		n++
		return n < maxTableRows
	})
}

func (t *consoleTable) object(data *goja.Object, columns goja.Value) {
	var wanted []string
	list, limited := columns.(*goja.Object)
	if limited && list.ClassName() == "Array" {
		for i := range view.OrUndefined(list.Get("length")).ToInteger() {
			wanted = append(wanted, view.OrUndefined(list.Get(strconv.FormatInt(i, 10))).String())
		}
	} else {
		limited = false
	}
	rows := data.Keys()
	rows = rows[:min(len(rows), maxTableRows)]
	var order view.Members // of the columns: as the keys of an object
	column := make(map[string][]string)
	set := func(name string, row int, text string) {
		if order.Find(name) == nil {
			if order.Len()*len(rows) > maxTableCells {
				return
			}
			order.Set(name, nil)
			column[name] = make([]string, len(rows))
		}
		column[name][row] = text
	}
	primitives := false
	values := make([]string, len(rows))
	for row, name := range rows {
		value := view.OrUndefined(data.Get(name))
		item, ok := value.(*goja.Object)
		if !ok && !limited {
			primitives = true
			values[row] = t.cell(value)
			continue
		}
		keys := wanted
		if !limited {
			keys = item.Keys()
		}
		for _, key := range keys {
			text := ""
			if ok && t.in.builtins.property(item, propertyKey{name: key}).exists {
				text = t.cell(view.OrUndefined(item.Get(key)))
			}
			set(key, row, text)
		}
	}
	t.head, t.cells = []string{"(index)"}, [][]string{rows}
	for member := range order.All() {
		t.head = append(t.head, member.Key)
		t.cells = append(t.cells, column[member.Key])
	}
	if primitives {
		t.head = append(t.head, "Values")
		t.cells = append(t.cells, values)
	}
}

// cell returns the text of a value in a table, which is short.
func (t *consoleTable) cell(value goja.Value) string {
	in := newInspector(t.in.vm)
	in.shows = t.in.shows
	in.builtins = t.in.builtins
	in.opt.depth, in.opt.maxArray, in.opt.width = 0, 3, 0
	if object, ok := value.(*goja.Object); ok && object.ClassName() != "Array" && !isFunction(object) && len(object.Keys()) > 2 {
		in.opt.depth = -1
	}
	in.value(value, 0)
	return in.text()
}

func (t *consoleTable) append(b []byte) []byte {
	widths := make([]int, len(t.head))
	rows := 0
	for i, name := range t.head {
		widths[i] = textWidth([]byte(name))
		for _, text := range t.cells[i] {
			widths[i] = max(widths[i], textWidth([]byte(text)))
		}
		rows = max(rows, len(t.cells[i]))
	}
	rule := func(left, middle, right string) {
		for i, w := range widths {
			if i == 0 {
				b = append(b, left...)
			} else {
				b = append(b, middle...)
			}
			b = append(b, strings.Repeat("─", w+2)...)
		}
		b = append(b, right...)
	}
	row := func(text func(column int) string) {
		b = append(b, "│ "...)
		for i, w := range widths {
			if i > 0 {
				b = append(b, " │ "...)
			}
			b = append(b, text(i)...)
			b = appendBlanks(b, w-textWidth([]byte(text(i))))
		}
		b = append(b, " │\n"...)
	}
	rule("┌", "┬", "┐\n")
	row(func(column int) string { return t.head[column] })
	rule("├", "┼", "┤\n")
	for i := range rows {
		row(func(column int) string {
			if i < len(t.cells[column]) {
				return t.cells[column][i]
			}
			return ""
		})
	}
	rule("└", "┴", "┘")
	return b
}

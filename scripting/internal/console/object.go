package console

import (
	"github.com/dop251/goja"

	"trackhook/scripting/internal/view"
)

// consoleObject is the global console: a [goja.DynamicObject] whose methods are made when they are asked for. Most
// scripts use one or two; all 19 are 18 KB and 40 us for each runtime.
type consoleObject struct {
	c *Console
	// made holds the methods that were asked for; own all of them, once a script has listed or changed them.
	made []view.Member
	own  *view.Members
}

// consoleMethods returns the methods in Node's order.
func consoleMethods() []string {
	return []string{
		"log", "warn", "dir", "time", "timeEnd", "timeLog", "trace", "assert", "clear", "count", "countReset", "group",
		"groupEnd", "table", "debug", "info", "dirxml", "error", "groupCollapsed",
	}
}

// method returns what the method does, nil where there is none of that name.
func (c *Console) method(name string) func(goja.FunctionCall) goja.Value {
	switch name {
	case "log", "info", "dirxml":
		return c.printer(Info)
	case "debug":
		return c.printer(Debug)
	case "warn":
		return c.printer(Warn)
	case "error":
		return c.printer(Error)
	case "dir":
		return c.dir
	case "time":
		return c.time
	case "timeEnd":
		return c.timeEnd
	case "timeLog":
		return c.timeLog
	case "trace":
		return c.trace
	case "assert":
		return c.assert
	case "clear":
		return undefinedFunction
	case "count":
		return c.count
	case "countReset":
		return c.countReset
	case "group", "groupCollapsed":
		return c.group
	case "groupEnd":
		return c.groupEnd
	case "table":
		return c.table
	default:
		return nil
	}
}

// Get returns the value of an own property, nil where there is none.
func (o *consoleObject) Get(key string) goja.Value {
	if o.own != nil {
		return view.ValueOf(o.c.vm, o.own.Find(key))
	}
	for i := range o.made {
		if o.made[i].Key == key {
			return o.made[i].Value
		}
	}
	call := o.c.method(key)
	if call == nil {
		return nil
	}
	function := o.c.vm.ToValue(call).ToObject(o.c.vm)
	_ = function.DefineDataProperty("name", o.c.vm.ToValue(key), goja.FLAG_FALSE, goja.FLAG_TRUE, goja.FLAG_FALSE) // the name of a function can be defined
	o.made = append(o.made, view.Member{Key: key, Value: function})
	return function
}

// Set makes or changes an own property.
func (o *consoleObject) Set(key string, value goja.Value) bool {
	o.load().Set(key, value)
	return true
}

// Has tells whether there is such an own property.
func (o *consoleObject) Has(key string) bool {
	if o.own != nil {
		return o.own.Find(key) != nil
	}
	return o.c.method(key) != nil
}

// Delete removes an own property.
func (o *consoleObject) Delete(key string) bool {
	o.load().Remove(key)
	return true
}

// Keys returns the names of all own properties.
func (o *consoleObject) Keys() []string { return o.load().Keys() }

func (o *consoleObject) load() *view.Members {
	if o.own == nil {
		own := &view.Members{}
		for _, name := range consoleMethods() {
			own.Add(view.Member{Key: name, Value: o.Get(name)})
		}
		o.own, o.made = own, nil
	}
	return o.own
}

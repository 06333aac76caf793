// Package console is the global console, and the printing of values as Node prints them, without colours.
//
//	vm := goja.New()
//	console.Install(vm, func(level console.Level, text string) { fmt.Println(text) })
//	_, err := vm.RunString("console.log({ a: [1, 'x'] })") // { a: [ 1, 'x' ] }
//
// Views of responses and of JSON are printed from their bytes, without asking goja. A line is bounded, and printing never
// throws into the script.
//
// # Concurrency
//
// A console belongs to the goroutine of its machine.
//
// # Files
//
//   - console.go: levels, groups and lines
//   - format.go: several arguments, %s and its like
//   - table.go: console.table
//   - time.go: stopwatches and counts
//   - object.go: the object itself, built when it is used
//   - inspect.go: how a value is printed, and the bounds of that
//   - inspect_object.go: objects and their properties
//   - inspect_collections.go: arrays, maps, sets, typed arrays and other kinds of their own
//   - inspect_asked.go: what goja does not tell about a value, asked of JavaScript
//   - inspect_error.go: errors and their stacks
//   - inspect_function.go: functions and classes
//   - inspect_json.go: views, printed from what they are made of
//   - inspect_plain.go: the same where nothing in them has to be looked at
//   - inspect_layout.go: what goes on one line, and where lines break
//   - inspect_string.go: quotes and escapes
package console

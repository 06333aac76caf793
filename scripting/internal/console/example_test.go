package console_test

import (
	"fmt"

	"github.com/dop251/goja"

	"trackhook/scripting/internal/console"
)

func ExampleInstall() {
	vm := goja.New()
	console.Install(vm, func(_ console.Level, text string) { fmt.Println(text) })
	if _, err := vm.RunString(`console.log("%s has", "it", { a: [1, "x"], n: null })`); err != nil {
		fmt.Println(err)
	}
	// Output:
	// it has { a: [ 1, 'x' ], n: null }
}

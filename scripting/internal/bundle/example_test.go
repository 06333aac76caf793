package bundle_test

import (
	"fmt"
	"path/filepath"

	"github.com/dop251/goja"

	"trackhook/scripting/internal/bundle"
)

// TypeScript and an import become one program, in memory.
func Example() {
	root := string(filepath.Separator) + "plugins"
	files := map[string]string{
		filepath.Join(root, "count.ts"): `import { double } from "./lib"; const n: number = double(21); (globalThis as any).result = n`,
		filepath.Join(root, "lib.js"):   `export const double = (n) => 2 * n`,
	}
	built, err := bundle.Build(bundle.Options{
		Root: root, Entry: filepath.Join(root, "count.ts"),
		Look: func(file string) (text string, missing bool, err error) {
			text, found := files[file]
			return text, !found, nil
		},
		Name: filepath.Base,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	program, err := built.Code.Compile()
	if err != nil {
		fmt.Println(err)
		return
	}
	vm := goja.New()
	if _, err := vm.RunProgram(program); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(vm.Get("result"))
	// Output: 42
}

package scripting

import "testing"

// The whole way, through esbuild and without.
func TestPluginsUseArgumentsInArrowFunctions(t *testing.T) {
	b := newBench(t)
	b.write("lib.js", `exports.count = function () { return [0].map(() => arguments.length)[0] };`)
	b.write("mod.mjs", `export function total() { return [0].map(() => arguments[0] + arguments[1])[0] }`)
	for _, source := range []string{
		`function count() { return (() => arguments.length)() } console.log(count(1, 2), 3)`,
		`const { count } = require("./lib.js"); console.log(count(1, 2), 3)`,
		`import { count } from "./lib.js"; import { total } from "./mod.mjs"; console.log(count(1, 2), total(1, 2))`,
	} {
		<-b.run(source).retire()
		b.printed("info", "2 3")
	}
}

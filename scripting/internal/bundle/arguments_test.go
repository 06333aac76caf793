package bundle

import (
	"strings"
	"testing"

	"github.com/dop251/goja"
)

// An arrow function has the arguments of the function around it. goja by itself panics at some of these, and gets most
// of the others wrong; see bindArguments.
func TestArgumentsInArrowFunctions(t *testing.T) {
	for source, want := range map[string]string{
		`function f() { return (() => arguments.length)() } f(1, 2)`:                                                         "2",
		`function f(a) { return (() => arguments[1])() } f(1, 2)`:                                                            "2",
		`function f(a, b) { const g = () => arguments; return g()[1] } f(1, 2)`:                                              "2",
		`function f(a, b) { return [0].map(() => b + arguments.length + a)[0] } f(1, 2)`:                                     "5",
		`function f(a = 1, b) { return [0].map(() => b + arguments.length + a)[0] } f(1, 2)`:                                 "5",
		`function f(...a) { return [0].map(() => arguments.length)[0] } f(1, 2)`:                                             "2",
		`function f() { return (() => (() => arguments.length)())() } f(1, 2)`:                                               "2",
		`function f() { { let c = 1; return [0].map(() => arguments.length + c)[0] } } f(1, 2)`:                              "3",
		`function f() { return (() => function () { return arguments.length })()(1, 2, 3) } f(1, 2)`:                         "3",
		`function f(a, b = () => arguments.length) { return b() } f(1)`:                                                      "1",
		`function f(a, b = () => arguments.length) { return (() => arguments.length)() + b() } f(1)`:                         "2",
		`function f({ a = () => arguments.length }) { return a() } f({}, 2)`:                                                 "2",
		`function f({ x: [a = () => arguments.length] }) { return a() } f({ x: [] }, 2)`:                                     "2",
		`function f([a = () => arguments.length] = []) { return a() } f(undefined, 2)`:                                       "2",
		`function f({ [(() => arguments.length)()]: x }) { return x } f({ 2: "y" }, 2)`:                                      "y",
		`function f(a = function () { return 3 }, { b = () => arguments.length + a() }) { return b() } f(undefined, {})`:     "5",
		`const f = function () { return (() => arguments.length)() }; f(1, 2)`:                                               "2",
		`const o = { m() { return (() => arguments.length)() } }; o.m(1, 2)`:                                                 "2",
		`const o = { set m(v) { this.n = (() => arguments.length)() } }; o.m = 1; o.n`:                                       "1",
		`class A { constructor() { this.x = (() => arguments.length)() } } new A(1, 2).x`:                                    "2",
		`class B {} class A extends B { constructor() { super(); this.x = (() => arguments.length)() } } new A(1).x`:         "1",
		`class A { static m() { return (() => arguments.length)() } } A.m(1, 2)`:                                             "2",
		`function* f() { yield (() => arguments.length)() } f(1, 2).next().value`:                                            "2",
		`let n; async function f() { n = (() => arguments.length)() } f(1, 2); n`:                                            "2",
		`let n; function f() { (async () => { n = arguments.length })() } f(1, 2); n`:                                        "2",
		`function f(a) { const g = () => { arguments[0] = 7 }; g(); return a } f(1)`:                                         "7 or 1 when strict",
		`function f() { return ((x) => x.arguments + x["arguments"])({ arguments: 2 }) } f()`:                                "4",
		`function f() { const r = (() => typeof arguments)(); return r + (() => \u0061rguments.length)() } f(1)`:             "object1",
		`function f(o) { return (() => ({ arguments }).arguments.length)() } f(1)`:                                           "1",
		`function outer() { function f() { return (() => arguments.length)() } return f(1, 2) + arguments.length } outer(1)`: "3",
	} {
		for _, mode := range []string{"", `"use strict"; `} {
			want := want
			if before, after, ok := strings.Cut(want, " or "); ok {
				want = before
				if mode != "" {
					want = after[:1]
				}
			}
			if got := evaluate(t, mode+source); got != want {
				t.Errorf("%s%s is %s, want %s", mode, source, got, want)
			}
		}
	}
	for source, want := range map[string]string{
		// Names of the script's own, which strict mode does not allow.
		`function f() { let arguments = 5; return (() => arguments)() } f(1, 2)`:                      "5",
		`function f() { const { arguments } = { arguments: 5 }; return (() => arguments)() } f(1, 2)`: "5",
		`function f() { var arguments = 5; return (() => arguments)() } f(1, 2)`:                      "5",
		`function f(arguments) { return (() => arguments)() } f(5)`:                                   "5",
		`function f() { return ((arguments) => arguments)(5) } f(1)`:                                  "5",
		`var arguments = 5; (() => arguments)()`:                                                      "5",
		// The directive stays the first statement.
		`function f() { "use strict"; "x"; return (() => arguments.length + String(this))() } f(1)`: "1undefined",
	} {
		if got := evaluate(t, source); got != want {
			t.Errorf("%s is %s, want %s", source, got, want)
		}
	}
}

func evaluate(t *testing.T, source string) (result string) {
	t.Helper()
	defer func() {
		if p := recover(); p != nil {
			t.Errorf("%s: panic: %v", source, p)
		}
	}()
	program, err := (&Code{name: "x.js", Text: source}).Compile()
	if err != nil {
		return err.Error()
	}
	value, err := goja.New().RunProgram(program)
	if err != nil {
		return err.Error()
	}
	return value.String()
}

func BenchmarkBindArguments(b *testing.B) {
	source := `function f(a, b) { const g = () => arguments; for (const x of [1, 2, a]) { b += x * 2 } return g()[1] + { a, b }.a }` + "\n"
	for b.Loop() {
		code := &Code{name: "x.js", Text: strings.Repeat(source, 1000)}
		if err := code.parse(); err != nil {
			b.Fatal(err)
		}
	}
}

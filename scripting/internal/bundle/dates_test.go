package bundle_test

import (
	"testing"

	"trackhook/scripting/internal/bundle"
)

func TestMakesDatesOtherwise(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		`new Date(), new Date (text), new  Date(Date.UTC(2024, 0)), x instanceof Date, Date.now() + Date . parse("x")`: false,
		`const Dates = UpDate, candidate = 1`: false,
		`new Date(2024, 9, 27)`:               true,
		`new Date(...parts)`:                  true,
		`new Date`:                            true,
		`const D = Date; new D("1/1/24")`:     true,
		`new globalThis.Date("1/1/24")`:       true,
		`class Later extends Date {}`:         true,
		`eval(code)`:                          true,
		`new Function("t", code)`:             true,
		`Reflect.construct(x, [])`:            true,
		`D\u0061te`:                           true,
		`new Date(`:                           true,
		`setInterval(() => console.log(new Date().getTime()), 1000)`: false,
	} {
		if got := bundle.MakesDatesOtherwise(text); got != want {
			t.Errorf("%s: %t", text, got)
		}
	}
}

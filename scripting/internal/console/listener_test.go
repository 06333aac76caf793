package console

import (
	"testing"

	"github.com/dop251/goja"

	"trackhook/scripting/internal/view"
)

// A call of a listener allocates little: what it does is mostly to wake the collector. The ceilings are what is left.
func TestListenersAllocateLittle(t *testing.T) {
	for _, c := range []struct {
		name, listener string
		most           float64
	}{
		{"empty", `function (e) {}`, 2},
		{"L1", listenerL1, 2},
		{"L2", listenerL2, 5},
		{"L3", listenerL3, 7},
	} {
		t.Run(c.name, func(t *testing.T) {
			vm := goja.New()
			var line []byte
			Install(vm, func(_ Level, text string) { line = append(line[:0], text...) })
			value, err := vm.RunString("(" + c.listener + ")")
			if err != nil {
				t.Fatal(err)
			}
			call, ok := value.Export().(func(goja.FunctionCall) goja.Value)
			if !ok {
				t.Fatal("the listener is no function")
			}
			views, r, arguments := view.NewResponses(vm), benchResponse(), []goja.Value{nil}
			var allocations float64
			if ex := vm.Try(func() {
				allocations = testing.AllocsPerRun(1000, func() {
					arguments[0] = views.Object(r)
					call(goja.FunctionCall{This: goja.Undefined(), Arguments: arguments})
				})
			}); ex != nil {
				t.Fatal(ex)
			}
			if allocations > c.most {
				t.Errorf("%v allocations, more than %v", allocations, c.most)
			}
		})
	}
}

// What is remembered of the answer that was looked into last must not be taken for another one.
func TestAnswersAreReadInTurns(t *testing.T) {
	vm := goja.New()
	views := view.NewResponses(vm)
	for i, body := range []string{
		`{"a":{"n":"first","d":{"n":1}},"same":"x","esc\u0061ped":"yes"}`,
		`{"same":"y","a":{"longer than before":0,"n":"second","n":"second again","d":{"n":2}}}`,
		`{"a":{},"same":"\u0078"}`,
		`not JSON`,
	} {
		r := benchResponse()
		r.Body = []byte(body)
		if err := vm.Set("abcd"[i:i+1], views.Object(r)); err != nil {
			t.Fatal(err)
		}
	}
	for code, want := range map[string]string{
		`a.jsonResponse.a.n + b.jsonResponse.a.n + a.jsonResponse.a.n`:                               "firstsecond againfirst",
		`[c, a, b].map((e) => e.jsonResponse.a).map((v) => v.d?.n).join()`:                           ",1,2",
		`[a, b, c].map((e) => e.jsonResponse.same).join() + a.jsonResponse.escaped + d.jsonResponse`: "x,y,xyesnull",
		`JSON.stringify([a.jsonResponse, b.jsonResponse.a])`:                                         `[{"a":{"n":"first","d":{"n":1}},"same":"x","escaped":"yes"},{"longer than before":0,"n":"second again","d":{"n":2}}]`,
		`[a, b, a].map((e) => e.jsonResponse.a === e.jsonResponse.a).join()`:                         "true,true,true",
		`Array.from({length: 5}, () => [a, b, c].map((e) => e.jsonResponse.same).join("")).join()`:   "xyx,xyx,xyx,xyx,xyx",
	} {
		for range 3 { // what was read already must not change what is read now
			if value, err := vm.RunString(code); err != nil || value.String() != want {
				t.Errorf("%s is %v (%v), not %s", code, value, err, want)
			}
		}
	}
}

package console

import (
	"encoding/json"
	"os/exec"
	"strconv"
	"testing"
	"time"

	"github.com/dop251/goja"

	"trackhook/engine"
	"trackhook/engine/proctest"
	"trackhook/scripting/internal/view"
)

// What a call of a listener costs. Each benchmark has its floor beside it in the same run; ratios count.
//
// What the profiles taught:
//
//   - L1 is allocation, and the collector that it wakes: goja's two objects around a view remain, and views are
//     allocated eight at once. Fields repeat from one response to the next, so that the last value of each
//     is kept (see last in view.Responses); that saves two allocations for each string. SetPrototype, which runs in a try of
//     its own, is a tenth of an empty listener.
//   - L2 is half the calls of console.log, half the JSON. Looking at eight bytes at a time took a third off both. Printing
//     found the ends of keys and values anew, those of nested objects twice, and looked at each string three times, and wrote
//     each object twice: its parts, and then all of it in their place. Now the check tells what is plain, and expects the
//     keys of the answer before; what is plain has a width that is known, and is written once. The text is that of the body,
//     and the line that of the printer's buffer, until somebody keeps them: 8 allocations of 1,112 bytes became 5 of
//     272. Together that took a half off the whole. A plain member is as long in JSON as it is printed, so that it is
//     copied whole, and its quotes and colon are changed where they then are; what is plain is ASCII, and not looked at
//     for broken bytes; views became smaller, to 5 allocations of 240 bytes: that took another twelfth. Of what is left,
//     goja's calls, look-ups and two objects for each view are a half, the check and the object of the answer a fifth,
//     printing that a quarter. The eager floor spends its time in Object.getOwnPropertyDescriptor, the only way to tell a
//     getter from a value.
//   - L3 looked through the text of each level again for each read, which was a quarter of it, and another quarter was
//     the allocator. Checking the text notes where the members are, on a tape that the next answer uses again, so that
//     nothing is allocated for it; an index of each level took twice as long. Objects are allocated eight at
//     once, and values of short strings that repeat are kept: 13 allocations became 7, of which six are goja's, two for
//     each object, and took 0.77 of the processor time. What is left is one half the allocator, a third the check.

const benchBody = `{"app_token":"abc123def456","adid":"9b4a1ad3b3d1ae6f5e7b7b5a3bd9b9d1","timestamp":"2024-05-06T12:34:56.789Z+0000",` +
	`"message":"Event tracked","ask_in":5000,"tracking_state":"opted_in","attribution":{"tracker_token":"xyz789","tracker_name":"Organic",` +
	`"network":"Organic","campaign":"spring","adgroup":"a","creative":"b"}}`

func benchResponse() *engine.Response {
	return &engine.Response{
		Package: engine.Package{
			ID: "018f4f3a", Kind: engine.KindEvent, CallbackID: "order-17",
			App: engine.App{Token: "abc123def456", Environment: engine.Sandbox}, Params: map[string]string{"event_token": "abc123"},
		},
		Attempt: 1, Outcome: engine.Delivered, Status: 200, Body: []byte(benchBody),
		Message: "Event tracked", Timestamp: "2024-05-06T12:34:56.789Z+0000", ADID: "9b4a1ad3b3d1ae6f5e7b7b5a3bd9b9d1",
		At: time.Unix(1700000000, 0),
	}
}

// eagerResponse is the response as most programs hand it over: decoded and converted before the call.
func eagerResponse(vm *goja.Runtime, r *engine.Response) goja.Value {
	var body map[string]any
	if err := json.Unmarshal(r.Body, &body); err != nil {
		panic(err)
	}
	return vm.ToValue(map[string]any{
		"message": r.Message, "timestamp": r.Timestamp, "eventToken": r.Package.Params["event_token"],
		"callbackId": r.Package.CallbackID, "adid": r.ADID, "jsonResponse": body,
	})
}

// benchRuntime returns a runtime with a console that goes nowhere, and the listener that the source is.
func benchRuntime(b *testing.B, listener string) (*goja.Runtime, *goja.Object) {
	b.Helper()
	vm := goja.New()
	var line []byte
	Install(vm, func(_ Level, text string) { line = append(line[:0], text...) })
	value, err := vm.RunString("(" + listener + ")")
	if err != nil {
		b.Fatal(err)
	}
	return vm, value.ToObject(vm)
}

// benchBatch calls the listener as the runtime does: the exported function, within one Try for a batch.
func benchBatch(b *testing.B, listener string, object func(vm *goja.Runtime, views *view.Responses, r *engine.Response) goja.Value) {
	b.Helper()
	vm, function := benchRuntime(b, listener)
	call, ok := function.Export().(func(goja.FunctionCall) goja.Value)
	if !ok {
		b.Fatal("the listener is no function")
	}
	views := view.NewResponses(vm)
	r := benchResponse()
	const batch = 64
	b.ReportAllocs()
	arguments := []goja.Value{nil}
	used := proctest.CPU("self")
	defer func() {
		// As Node's is measured: on a machine with others, time is no measure.
		if took := proctest.CPU("self") - used; took > 0 {
			b.ReportMetric(float64(took)/float64(b.N), "cpu-ns/op")
		}
	}()
	for more := true; more; {
		if ex := vm.Try(func() {
			for range batch {
				if more = b.Loop(); !more {
					return
				}
				arguments[0] = object(vm, views, r)
				call(goja.FunctionCall{This: goja.Undefined(), Arguments: arguments})
			}
		}); ex != nil {
			b.Fatal(ex)
		}
	}
}

func lazily(_ *goja.Runtime, views *view.Responses, r *engine.Response) goja.Value {
	return views.Object(r)
}

func eagerly(vm *goja.Runtime, _ *view.Responses, r *engine.Response) goja.Value {
	return eagerResponse(vm, r)
}

// benchAssertFunction is the floor of L1: an empty listener called with a constant object through AssertFunction.
func benchAssertFunction(b *testing.B) {
	vm, function := benchRuntime(b, "function () {}")
	call, ok := goja.AssertFunction(function)
	if !ok {
		b.Fatal("the listener is no function")
	}
	object := vm.NewObject()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := call(goja.Undefined(), object); err != nil {
			b.Fatal(err)
		}
	}
}

const (
	listenerL1 = `function (eventSuccess) { console.log(eventSuccess.timestamp); }`
	listenerL2 = `function (eventSuccess) {
		console.log("Event tracking succeeded!");
		console.log(eventSuccess.message);
		console.log(eventSuccess.timestamp);
		console.log(eventSuccess.eventToken);
		console.log(eventSuccess.callbackId);
		console.log(eventSuccess.adid);
		console.log(eventSuccess.jsonResponse);
	}`
	listenerL3 = `function (eventSuccess) { return eventSuccess.jsonResponse.attribution.network === "Organic"; }`
)

// Row 1: at most 2.5 times the floor.
func BenchmarkListenerPrintsTimestamp(b *testing.B) {
	b.Run("floor=empty-AssertFunction", benchAssertFunction)
	b.Run("response=view", func(b *testing.B) { benchBatch(b, listenerL1, lazily) })
	b.Run("response=eager", func(b *testing.B) { benchBatch(b, listenerL1, eagerly) })
	b.Run("peer=node", func(b *testing.B) { benchNode(b, "L1") })
}

// Row 2: at most a quarter of the floor.
func BenchmarkListenerPrintsAll(b *testing.B) {
	b.Run("floor=eager", func(b *testing.B) { benchBatch(b, listenerL2, eagerly) })
	b.Run("response=view", func(b *testing.B) { benchBatch(b, listenerL2, lazily) })
	b.Run("peer=node", func(b *testing.B) { benchNode(b, "L2") })
}

// Row 3: at most a quarter of the floor.
func BenchmarkListenerComparesNested(b *testing.B) {
	b.Run("floor=eager", func(b *testing.B) { benchBatch(b, listenerL3, eagerly) })
	b.Run("response=view", func(b *testing.B) { benchBatch(b, listenerL3, lazily) })
	b.Run("peer=node", func(b *testing.B) { benchNode(b, "L3") })
}

// benchNode measures a listener under Node, where there is one: the processor time of a call.
func benchNode(b *testing.B, listener string) {
	b.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		b.Skip("node is not installed")
	}
	out, err := exec.CommandContext(b.Context(), node, "testdata/listeners.mjs", listener, strconv.Itoa(b.N), benchBody).Output()
	if err != nil {
		b.Fatal(err)
	}
	took, err := strconv.ParseFloat(string(out), 64)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(took, "ns/op")
	b.ReportMetric(took, "cpu-ns/op")
}

// Beyond the rows: what other listeners cost. The allocated bytes of the first are the memory of a view.
func BenchmarkListener(b *testing.B) {
	for _, listener := range []struct{ name, source string }{
		{"empty", `function (e) {}`},
		{"deep", `function (e) { const j = e.jsonResponse, a = j.attribution; return a.tracker_token + a.network + a.campaign + j.message + j.ask_in; }`},
		{"spread", `function (e) { return {...e, at: 1}; }`},
		{"stringify", `function (e) { return JSON.stringify(e); }`},
		{"print", `function (e) { console.log(e); }`},
		{"write", `function (e) { e.jsonResponse.attribution.network = "x"; e.seen = true; console.log(e); }`},
		{"extra", `function (e) { return e.id + e.attempt + e.outcome; }`},
	} {
		b.Run("listener="+listener.name+"/response=view", func(b *testing.B) { benchBatch(b, listener.source, lazily) })
		b.Run("listener="+listener.name+"/response=eager", func(b *testing.B) { benchBatch(b, listener.source, eagerly) })
	}
}

// What a runtime pays before its first response.
func BenchmarkRuntimeParts(b *testing.B) {
	b.Run("part=empty-runtime", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			goja.New()
		}
	})
	b.Run("part=console", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			Install(goja.New(), func(Level, string) {})
		}
	})
	b.Run("part=first-view", func(b *testing.B) {
		r := benchResponse()
		b.ReportAllocs()
		for b.Loop() {
			view.NewResponses(goja.New()).Object(r)
		}
	})
	b.Run("part=first-object-printed", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			newInspectBuiltins(goja.New())
		}
	})
}

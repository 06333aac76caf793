package scripting

import (
	"encoding/json"
	"fmt"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/dop251/goja"
	"github.com/rs/zerolog"

	"trackhook/engine"
)

// BenchmarkHandle is the cost of one response from handle to the listener and back, by kind of listener. The floor is
// what goja needs to call an empty function through AssertFunction.
func BenchmarkHandle(b *testing.B) {
	b.Run("floor", func(b *testing.B) {
		vm := goja.New()
		v, err := vm.RunString(`(function (e) {})`)
		if err != nil {
			b.Fatal(err)
		}
		fn, _ := goja.AssertFunction(v)
		object := vm.NewObject()
		b.ReportAllocs()
		for b.Loop() {
			if _, err := fn(goja.Undefined(), object); err != nil {
				b.Fatal(err)
			}
		}
	})
	for _, test := range []struct{ name, source string }{
		{"listener=none", created},
		{"listener=empty", `function onSuccess(e) {}`},
		{"listener=timestamp", `function onSuccess(e) { console.log(e.timestamp) }`},
		{"listener=seven-lines", `function onSuccess(eventSuccess) {
			console.log("Event tracking succeeded!");
			console.log(eventSuccess.message);
			console.log(eventSuccess.timestamp);
			console.log(eventSuccess.eventToken);
			console.log(eventSuccess.callbackId);
			console.log(eventSuccess.adid);
			console.log(eventSuccess.jsonResponse); }`},
		{"listener=async", `async function onSuccess(e) {}`},
		{"listener=await", `async function onSuccess(e) { await null }`},
		{"listener=throws", `function onSuccess(e) { throw new Error('x') }`},
	} {
		b.Run(test.name, func(b *testing.B) {
			source := direct + test.source
			if test.name == "listener=none" {
				source = test.source
			}
			benchmarkHandle(b, 1, source)
		})
	}
	b.Run("plugins=10/listener=timestamp", func(b *testing.B) {
		benchmarkHandle(b, 10, direct+`function onSuccess(e) { console.log(e.timestamp) }`)
	})
}

// direct registers onSuccess itself.
const direct = `const config = new AdjustConfig(appToken, environment);
config.setEventTrackingSucceededCallbackListener(onSuccess); Adjust.create(config);` + "\n"

// benchmarkHandle counts one response handled by one plugin as one operation.
func benchmarkHandle(b *testing.B, plugins int, source string) {
	b.Helper()
	host := newBench(b, func(c *HostSettings) { c.Log = zerolog.New(discard{}) })
	instances := make([]*instance, plugins)
	for n := range instances {
		i, _, err := host.startAt(host.write(fmt.Sprintf("p%d.js", n), source))
		if err != nil {
			b.Fatal(err)
		}
		instances[n] = i
	}
	responses := numbered(256, engine.Delivered)
	b.ReportAllocs()
	b.ResetTimer()
	var work sync.WaitGroup
	for n, i := range instances {
		share := b.N / plugins
		if n == 0 {
			share = b.N - share*(plugins-1)
		}
		work.Go(func() {
			for share > 0 {
				n, err := i.handle(b.Context(), responses[:min(share, len(responses))])
				if err != nil {
					b.Error(err)
					return
				}
				share -= n
			}
		})
	}
	work.Wait()
	b.StopTimer()
}

type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }

// BenchmarkStart is what a plugin costs until it is ready: read, compile, a machine with its globals, the top level.
func BenchmarkStart(b *testing.B) {
	benchmarkStart(b, direct+`function onSuccess(e) { console.log(e.timestamp) }`)
}

func benchmarkStart(b *testing.B, source string) {
	b.Helper()
	host := newBench(b, func(c *HostSettings) { c.Log = zerolog.New(discard{}) })
	entry := host.write("x.js", source)
	b.ReportAllocs()
	for b.Loop() {
		i, _, err := startInstance(b.Context(), host.plugin("x", entry))
		if err != nil {
			b.Fatal(err)
		}
		<-i.retire()
	}
}

// BenchmarkMemory is what a plugin keeps in memory once it is loaded and has handled a response: the bytes that are
// reachable, for each of a hundred plugins. The floor is a bare machine that was given the response eagerly.
func BenchmarkMemory(b *testing.B) {
	const plugins = 100
	retained := func(b *testing.B, load func(n int) any) {
		b.Helper()
		for b.Loop() {
			before := reachable()
			kept := [plugins]any{}
			for n := range kept {
				kept[n] = load(n)
			}
			b.ReportMetric(float64(reachable()-before)/plugins, "bytes/plugin")
			runtime.KeepAlive(kept)
		}
	}
	b.Run("floor=eager-machine", func(b *testing.B) {
		retained(b, func(int) any {
			vm := goja.New()
			fn, err := vm.RunString(`(function (e) { return e.message })`)
			if err != nil {
				b.Fatal(err)
			}
			call, _ := goja.AssertFunction(fn)
			if _, err := call(goja.Undefined(), eagerDocumented(vm, documentedResponse())); err != nil {
				b.Fatal(err)
			}
			return vm
		})
	})
	for _, test := range []struct{ name, source string }{
		{"web=untouched", `function onSuccess(e) { console.log(e.message) }`},
		{"web=touched", `function onSuccess(e) { console.log(e.message, new URL("https://a/?b").searchParams.get("b"), typeof fetch,
			new AbortController().signal.aborted, Buffer.from("a").toString("hex"), structuredClone({}), crypto.randomUUID(), localStorage.length,
			new TextEncoder().encode("a").length) }`},
	} {
		b.Run(test.name, func(b *testing.B) {
			host := newBench(b, func(c *HostSettings) { c.Log = zerolog.New(discard{}) })
			retained(b, func(n int) any {
				i, _, err := host.startAt(host.write(fmt.Sprintf("p%d.js", n), direct+test.source))
				if err != nil {
					b.Fatal(err)
				}
				host.feed(i, eventResponse(engine.Delivered))
				return i
			})
		})
	}
}

// reachable returns the size of what is reachable.
func reachable() uint64 {
	runtime.GC()
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}

const documentedBody = `{"app_token":"abc123def456","adid":"9b4a1ad3b3d1ae6f5e7b7b5a3bd9b9d1","timestamp":"2024-05-06T12:34:56.789Z+0000",` +
	`"message":"Event tracked","ask_in":5000,"tracking_state":"opted_in","attribution":{"tracker_token":"xyz789","tracker_name":"Organic",` +
	`"network":"Organic","campaign":"spring","adgroup":"a","creative":"b"}}`

func documentedResponse() *engine.Response {
	return &engine.Response{
		Package: engine.Package{
			ID: "018f4f3a", Kind: engine.KindEvent, CallbackID: "order-17",
			App: engine.App{Token: "abc123def456", Environment: engine.Sandbox}, Params: map[string]string{"event_token": "abc123"},
		},
		Attempt: 1, Outcome: engine.Delivered, Status: 200, Body: []byte(documentedBody),
		Message: "Event tracked", Timestamp: "2024-05-06T12:34:56.789Z+0000", ADID: "9b4a1ad3b3d1ae6f5e7b7b5a3bd9b9d1",
		At: time.Unix(1700000000, 0),
	}
}

// eagerDocumented is the response as most programs hand it over: decoded and converted before the call.
func eagerDocumented(vm *goja.Runtime, r *engine.Response) goja.Value {
	var body map[string]any
	if err := json.Unmarshal(r.Body, &body); err != nil {
		panic(err)
	}
	return vm.ToValue(map[string]any{
		"message": r.Message, "timestamp": r.Timestamp, "eventToken": r.Package.Params["event_token"],
		"callbackId": r.Package.CallbackID, "adid": r.ADID, "jsonResponse": body,
	})
}

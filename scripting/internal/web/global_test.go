package web

import (
	"testing"

	"github.com/dop251/goja"

	"trackhook/scripting/internal/fetch"
)

func TestWebGlobalsAreOrdinary(t *testing.T) {
	newPage(t, nil).cases(t, [][2]string{
		{`typeof URL`, "function"},
		{`'URLSearchParams' in globalThis`, "true"},
		{`typeof nowhere`, "undefined"},
		{`nowhere`, "throws ReferenceError: nowhere is not defined"},
		{`Object.keys(globalThis).includes('URL')`, "false"},
		{`JSON.stringify(Object.getOwnPropertyDescriptor(globalThis, 'URL'))`, `{"writable":true,"enumerable":false,"configurable":true}`},
		{`(globalThis.atob = () => 'mine', atob('x'))`, "mine"},
		{`(btoa('x'), atob('x'))`, "mine"}, // building the feature of both leaves the script's own
		{`(delete globalThis.btoa, typeof btoa)`, "undefined"},
		{`String(globalThis)`, "[object global]"},
		{`globalThis.hasOwnProperty('URL')`, "true"},
		{`(() => { for (const name in globalThis) if (name === 'fetch') return 'listed'; return 'hidden' })()`, "hidden"},
		{`typeof fetch + typeof localStorage`, "undefinedundefined"}, // this runtime has neither
		{`Object.prototype.toString.call(performance) + Object.prototype.toString.call(crypto)`, "[object Performance][object Crypto]"},
	})
}

func TestWebGlobalsCanBeDeclared(t *testing.T) {
	for _, source := range []string{
		`function fetch() { return 1 }; var URL = 2; fetch() + URL`,
		`var crypto = 3; crypto`,
		`const Buffer = 3; Buffer`,
		`class Headers { static x = 3 }; Headers.x`,
		`'use strict'; globalThis.URL = 3; URL`,
		`URL = 3; URL`,
	} {
		p := newPage(t, nil)
		v, err := p.vm.RunString(source)
		if err != nil || v.ToInteger() != 3 {
			t.Errorf("%s: %v, %v; want 3", source, v, err)
		}
	}
}

func TestWebProgramsCompile(t *testing.T) {
	programs := NewPrograms()
	for feature := range features() {
		programs.program(feature)
	}
}

func TestHostGlobals(t *testing.T) {
	p := newPage(t, func(o *Options) { o.Env = map[string]string{"SLACK_URL": "https://hooks.example/x"} })
	p.cases(t, [][2]string{
		{`process.env.SLACK_URL`, "https://hooks.example/x"},
		{`process.env.HOME`, "undefined"},
		{`Object.keys(process.env).join()`, "SLACK_URL"},
		{`(process.env.X = 1, process.env.X)`, "undefined"},
		{`typeof process.nextTick + process.platform + process.hrtime().length`, "functionlinux2"},
		{`Object.isFrozen(process.env) + String((process.env = 1, process.env.SLACK_URL))`, "truehttps://hooks.example/x"},
		{`performance.now() >= 0 && performance.now() < 60000`, "true"},
		{`Math.abs(performance.timeOrigin + performance.now() - Date.now()) < 1000`, "true"},
	})
	if got := newPage(t, nil).eval(`JSON.stringify(process.env)`); got != "{}" {
		t.Errorf("process.env without grants is %s; want {}", got)
	}
}

func TestDOMException(t *testing.T) {
	newPage(t, nil).cases(t, [][2]string{
		{`new DOMException('m', 'AbortError').code`, "20"},
		{`new DOMException('m', 'QuotaExceededError').code + DOMException.QUOTA_EXCEEDED_ERR`, "44"},
		{`String(new DOMException('m', 'DataCloneError'))`, "DataCloneError: m"},
		{`(e => [e.name, e.message, e.code].join('|'))(new DOMException())`, "Error||0"},
		{`new DOMException('m', 'toString').code`, "0"},
		{`new DOMException('m') instanceof Error && new DOMException('m') instanceof DOMException`, "true"},
		{`typeof new DOMException('m').stack`, "string"},
		{`new DOMException('m', { name: 'N', cause: 7 }).cause`, "7"},
		{`Object.prototype.toString.call(new DOMException)`, "[object DOMException]"},
	})
}

// BenchmarkInstall is what every plugin pays, whether it uses the web functions or not.
func BenchmarkInstall(b *testing.B) {
	programs := NewPrograms()
	loop := &testLoop{ctx: b.Context(), wake: make(chan struct{}, 1)}
	b.Run("with=none", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			goja.New()
		}
	})
	b.Run("with=web", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			vm := goja.New()
			if _, err := Install(&Options{VM: vm, Scheduler: loop, Programs: programs}); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkFirstUse is what a plugin pays once for what it uses, with the machine that it needs first.
func BenchmarkFirstUse(b *testing.B) {
	programs := NewPrograms()
	fetcher, err := fetch.New(&fetch.Config{Plugin: "p"})
	if err != nil {
		b.Fatal(err)
	}
	for _, name := range []string{
		"undefined", "DOMException", "AbortController", "ReadableStream", "fetch", "URL", "TextDecoder", "structuredClone", "crypto", "Buffer", "process",
	} {
		b.Run("name="+name, func(b *testing.B) {
			loop := &testLoop{ctx: b.Context(), wake: make(chan struct{}, 1)}
			program := goja.MustCompile("test.js", name, false)
			b.ReportAllocs()
			for b.Loop() {
				vm := goja.New()
				if _, err := Install(&Options{VM: vm, Scheduler: loop, Programs: programs, Fetcher: fetcher}); err != nil {
					b.Fatal(err)
				}
				if _, err := vm.RunProgram(program); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

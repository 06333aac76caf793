package web

import (
	"reflect"
	"testing"

	"github.com/dop251/goja"
)

func TestWebStructuredClone(t *testing.T) {
	newPage(t, nil).cases(t, [][2]string{
		{`JSON.stringify(structuredClone({ a: [1, { b: null }], c: undefined, d: 'x' }))`, `{"a":[1,{"b":null}],"d":"x"}`},
		{`'c' in structuredClone({ c: undefined })`, "true"},
		{`(o => (o.self = o, o = structuredClone(o), o.self === o))({})`, "true"},
		{`(x => (o => o.a === o.b && o.a !== x)(structuredClone({ a: x, b: x })))({})`, "true"},
		{`(d => d instanceof Date && d.getTime() === 5)(structuredClone(new Date(5)))`, "true"},
		{`Number.isNaN(structuredClone(new Date(NaN)).getTime())`, "true"},
		{`(r => r.source + r.flags + r.lastIndex)(structuredClone(Object.assign(/a\/b/gi, { lastIndex: 3 })))`, "a\\/bgi0"},
		{`(m => m instanceof Map && m.get('k').x)(structuredClone(new Map([['k', { x: 1 }]])))`, "1"},
		{`(m => (m.set(m, m), m = structuredClone(m), m.get(m) === m))(new Map())`, "true"},
		{`[...structuredClone(new Set([1, 2]))].join()`, "1,2"},
		{`(e => [e instanceof RangeError, e.name, e.message, e.cause.message, typeof e.stack].join())(structuredClone(new RangeError('m', { cause: new Error('c') })))`, "true,RangeError,m,c,string"},
		{`(e => e.name + e.message + (e instanceof Error))(structuredClone(Object.assign(new Error('m'), { name: 'Own', extra: 1 })))`, "Errormtrue"},
		{`(e => e.name + e.code)(structuredClone(new DOMException('m', 'AbortError')))`, "AbortError20"},
		{`(a => (b => b[1] === 2 && b.buffer !== a.buffer)(structuredClone(a)))(new Uint16Array([1, 2]))`, "true"},
		{`(o => o.a.buffer === o.b.buffer && o.b.byteOffset)(structuredClone((b => ({ a: new Uint8Array(b), b: new DataView(b, 2, 3) }))(new ArrayBuffer(8))))`, "2"},
		{`structuredClone(new ArrayBuffer(3)).byteLength`, "3"},
		{`structuredClone(new BigInt64Array([5n]))[0]`, "5"},
		{`(o => typeof o + o)(structuredClone(Object('s')))`, "objects"},
		{`(o => typeof o + o.valueOf())(structuredClone(Object(true)))`, "objecttrue"},
		{`(o => typeof o + o)(structuredClone(Object(7n)))`, "object7"},
		{`structuredClone(7n) + '' + structuredClone(null) + structuredClone(undefined) + Object.is(structuredClone(-0), -0)`, "7nullundefinedtrue"},
		{`(a => a.length + '' + (1 in a))(structuredClone([, , 3]))`, "3false"},
		{`structuredClone(Object.assign([1], { x: 2 })).x`, "2"},
		{`(c => Object.getPrototypeOf(c) === Object.prototype && c.a)(structuredClone(new (class A { a = 1; get b() { return 2 } })))`, "1"},
		{`(o => o.v)(structuredClone({ get v() { return 3 } }))`, "3"},
		{`JSON.stringify(structuredClone((function () { return arguments })(1, 2)))`, `{"0":1,"1":2}`},
		{`Object.keys(structuredClone(JSON.parse('{"__proto__":1}'))).join()`, "__proto__"},
		{`structuredClone(Object.create(null)) instanceof Object`, "true"},
		{`structuredClone(() => 1)`, "throws DataCloneError..."},
		{`structuredClone({ f() {} })`, "throws DataCloneError..."},
		{`structuredClone(Symbol('x'))`, "throws DataCloneError: Symbol(x) could not be cloned."},
		{`structuredClone(Object(Symbol()))`, "throws DataCloneError..."},
		{`structuredClone(Promise.resolve())`, "throws DataCloneError..."},
		{`structuredClone(new WeakMap())`, "throws DataCloneError: #<WeakMap> could not be cloned."},
		{`structuredClone(new Proxy({}, {}))`, "throws DataCloneError..."},
		{`structuredClone()`, "throws TypeError..."},
		{`(b => (c => [b.byteLength, c.byteLength].join())(structuredClone(b, { transfer: [b] })))(new ArrayBuffer(4))`, "0,4"},
		{`structuredClone(1, { transfer: [{}] })`, "throws DataCloneError..."},
		{`(() => { try { structuredClone(() => 1) } catch (e) { return e.code } })()`, "25"},
		{`(e => (globalThis.thrown = 0, structuredClone({ get a() { throw e } })))(new Error('from a getter'))`, "throws Error: from a getter"},
	})
}

// hostObject stands for a lazy response.
type hostObject struct{ goja.DynamicObject }

func (hostObject) Get(string) goja.Value { return nil }
func (hostObject) Has(string) bool       { return false }
func (hostObject) Keys() []string        { return nil }

func TestStructuredCloneOfHostObjects(t *testing.T) {
	p := newPage(t, func(o *Options) {
		o.IsHostObject = func(object *goja.Object) bool { return object.ExportType() == reflect.TypeFor[hostObject]() }
		o.PlainCopy = func(vm *goja.Runtime, _ goja.Value) goja.Value {
			copied := vm.NewObject()
			_ = copied.Set("plain", true)
			return copied
		}
	})
	_ = p.vm.Set("host", p.vm.NewDynamicObject(hostObject{}))
	p.cases(t, [][2]string{
		{`JSON.stringify(structuredClone({ r: [host] }))`, `{"r":[{"plain":true}]}`},
		{`(o => o[0] === o[1])(structuredClone([host, host]))`, "true"},
	})
}

package instance

import "testing"

// Objects of the web platform are printed as Node prints them, although all that is in them are getters.
func TestWebObjectsArePrinted(t *testing.T) {
	for source, want := range map[string]string{
		`new URL('https://a.b:8/c?d=1#e')`: "URL {\n  href: 'https://a.b:8/c?d=1#e',\n  origin: 'https://a.b:8',\n  protocol: 'https:',\n  username: '',\n  password: '',\n" +
			"  host: 'a.b:8',\n  hostname: 'a.b',\n  port: '8',\n  pathname: '/c',\n  search: '?d=1',\n  searchParams: URLSearchParams { 'd' => '1' },\n  hash: '#e'\n}",
		`new URLSearchParams('a=1&b=2&a=3'), new URLSearchParams()`:                                                    "URLSearchParams { 'a' => '1', 'b' => '2', 'a' => '3' } URLSearchParams {}",
		`new Headers([['a', '1'], ['X-B', '2'], ['a', '3']])`:                                                          "Headers { a: '1, 3', 'x-b': '2' }",
		`new Blob(['abc'], { type: 'text/plain' }), { f: new File(['a'], 'n', {lastModified: 5}) }`:                    "Blob { size: 3, type: 'text/plain' } { f: File { size: 1, type: '', name: 'n', lastModified: 5 } }",
		`(() => { const f = new FormData(); f.append('a', '1'); f.append('b', '2'); f.append('a', '3'); return f })()`: "FormData { a: [ '1', '3' ], b: '2' }",
		`new AbortController(), AbortSignal.abort()`:                                                                   "AbortController { signal: AbortSignal { aborted: false } } AbortSignal { aborted: true }",
		`new TextEncoder(), new TextDecoder()`:                                                                         "{ encoding: 'utf-8' } TextDecoder { encoding: 'utf-8', fatal: false, ignoreBOM: false }",
		`new ReadableStream()`:                                                                                         "ReadableStream { locked: false, state: 'readable', supportsBYOB: false }",
		`[[[[new URL('https://a.b')]]]], Object.keys(new URL('https://a.b')).length`:                                   "[ [ [ [Array] ] ] ] 0",
		`{ a: { b: { c: new Headers({ a: '1' }) } } }`:                                                                 "{ a: { b: { c: Headers {} } } }",
		`Object.create(URL.prototype) instanceof URL, typeof URL.prototype`:                                            "true object",
		`new (class Mine extends URLSearchParams {})('a=1').size, new Response('x').status`:                            "1 200",
	} {
		b := newBench(t)
		b.run(`console.log(` + source + `)`)
		b.printed("info", want)
	}
	b := newBench(t)
	b.run(`const r = new Response('text', { status: 201, headers: { a: '1' } }); console.log(r); console.log(r.bodyUsed); r.text().then((t) => console.log(t));
		console.log(new Request('https://a.b', { method: 'POST', body: 'x' })); const e = new Event('load'); console.log(String(e.type)); console.log(Object.create(URL.prototype));`)
	b.printed("info", "Response {\n  status: 201,\n  statusText: '',\n  headers: Headers { a: '1', 'content-type': 'text/plain;charset=UTF-8' },\n"+
		"  body: ReadableStream { locked: false, state: 'readable', supportsBYOB: false },\n  bodyUsed: false,\n  ok: true,\n  redirected: false,\n  type: 'default',\n  url: ''\n}",
		"false",
		"Request {\n  method: 'POST',\n  url: 'https://a.b/',\n  headers: Headers { 'content-type': 'text/plain;charset=UTF-8' },\n  destination: '',\n  referrer: 'about:client',\n"+
			"  referrerPolicy: '',\n  mode: 'cors',\n  credentials: 'same-origin',\n  cache: 'default',\n  redirect: 'follow',\n  integrity: '',\n  keepalive: false,\n  signal: AbortSignal { aborted: false }\n}",
		"load", "URL {}", "text")
}

// They are printed so also within what others print.
func TestWebObjectsArePrintedWithin(t *testing.T) {
	const headers = "new Headers({ a: '1' })"
	for source, want := range map[string][]string{
		`console.table([{ h: ` + headers + ` }])`: {
			"┌─────────┬────────────────────┐\n│ (index) │ h                  │\n├─────────┼────────────────────┤\n" +
				"│ 0       │ Headers { a: '1' } │\n└─────────┴────────────────────┘",
		},
		`console.log({ [Symbol.for('nodejs.util.inspect.custom')]() { console.log('inside', ` + headers + `); return 'outside' } })`: {
			"inside Headers { a: '1' }", "outside",
		},
		`console.log({ [Symbol.for('nodejs.util.inspect.custom')](depth, options, inspect) { return 'it has ' + inspect(` + headers + `, options) } })`: {
			"it has Headers { a: '1' }",
		},
		`console.log(new Map([[` + headers + `, [` + headers + `]]]), Object(Symbol('x')))`: {
			"Map(1) { Headers { a: '1' } => [ Headers { a: '1' } ] } [Symbol: Symbol(x)]",
		},
	} {
		b := newBench(t)
		b.run(source)
		b.printed("info", want...)
	}
}

// The prototypes of what is printed need not end.
func TestEndlessPrototypesArePrinted(t *testing.T) {
	for _, trap := range []string{"() => endless", "() => Object.create(endless)", "() => { throw new Error('no') }"} {
		b := newBench(t)
		b.run(`new URL('https://a.b'); const endless = new Proxy({}, { getPrototypeOf: ` + trap + ` }); const o = Object.create(endless);
			o.a = 1; console.log(o); console.log({ o }); console.log('after')`)
		if got := messages(b.log.take(), "info"); len(got) != 3 {
			t.Errorf("%s: %q", trap, got)
		}
	}
}

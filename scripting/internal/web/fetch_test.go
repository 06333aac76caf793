package web

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"trackhook/scripting/internal/fetch"
)

// echoServer tells what arrived, and does as the path says.
func echoServer(tb testing.TB) *httptest.Server {
	tb.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("/echo", func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		names := []string{}
		for name := range r.Header {
			names = append(names, name)
		}
		slices.Sort(names)
		w.Header().Set("X-Method", r.Method)
		fmt.Fprintf(w, "%s %s", r.Method, r.URL.RequestURI())
		for _, name := range names {
			if name != "Accept-Encoding" && name != "User-Agent" && name != "Accept" {
				fmt.Fprintf(w, "|%s=%s", name, strings.Join(r.Header[name], ";"))
			}
		}
		fmt.Fprintf(w, "|%s", body)
	})
	mux.HandleFunc("/status/{code}", func(w http.ResponseWriter, r *http.Request) {
		code := 0
		_, _ = fmt.Sscan(r.PathValue("code"), &code)
		w.WriteHeader(code)
	})
	mux.HandleFunc("/to/{code}", func(w http.ResponseWriter, r *http.Request) {
		code := 0
		_, _ = fmt.Sscan(r.PathValue("code"), &code)
		w.Header().Set("Location", r.URL.Query().Get("at"))
		w.WriteHeader(code)
	})
	mux.HandleFunc("/json", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Add("Set-Cookie", "a=1")
		w.Header().Add("Set-Cookie", "b=2")
		w.Header().Add("X-Two", "1")
		w.Header().Add("X-Two", "2")
		w.Header().Set("X-Latin", "caf\xe9")
		fmt.Fprint(w, "\ufeff", `{"a":[1,2,"ü"]}`)
	})
	mux.HandleFunc("/gzip", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		_, _ = z.Write(bytes.Repeat([]byte("0"), 1<<20))
		_ = z.Close()
	})
	mux.HandleFunc("/bytes", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte{0, 255, 128, 1}) })
	mux.HandleFunc("/slow", func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-r.Context().Done():
		case <-time.After(10 * time.Second):
		}
	})
	mux.HandleFunc("/slow-body", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, "begin")
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	})
	mux.HandleFunc("/cut", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100")
		fmt.Fprint(w, "short")
	})
	mux.HandleFunc("/close", func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err == nil {
			_ = conn.Close()
		}
	})
	server := httptest.NewServer(mux)
	tb.Cleanup(server.Close)
	return server
}

// newEchoPage makes a runtime that may fetch from an echo server, whose address the script has in base.
func newEchoPage(tb testing.TB, config fetch.Config) *page {
	tb.Helper()
	server := echoServer(tb)
	config.AllowHosts = append(config.AllowHosts, server.Listener.Addr().String())
	p := newFetchPage(tb, config)
	if err := p.vm.Set("base", server.URL); err != nil {
		tb.Fatal(err)
	}
	return p
}

func TestFetch(t *testing.T) {
	p := newEchoPage(t, fetch.Config{})
	echo := func(init string) string {
		return "await (await fetch(base + '/echo?q=%zz', " + init + ")).text()"
	}
	p.cases(t, [][2]string{
		{echo(`undefined`), "GET /echo?q=%zz|"},
		{echo(`{ method: 'post', body: 'ü' })).text() + (await fetch(base + '/echo'`), "POST /echo?q=%zz|Content-Length=2|Content-Type=text/plain;charset=UTF-8|ü..."},
		{echo(`{ method: 'PATCH', body: new URLSearchParams({ a: 'b c' }) }`), "PATCH /echo?q=%zz|Content-Length=5|Content-Type=application/x-www-form-urlencoded;charset=UTF-8|a=b+c"},
		{echo(`{ method: 'PUT', body: new Uint8Array([65, 66, 67]).subarray(1) }`), "PUT /echo?q=%zz|Content-Length=2|BC"},
		{echo(`{ method: 'POST', body: '{}', headers: { 'content-type': 'application/json', 'X-Token': ' t ' } }`), "POST /echo?q=%zz|Content-Length=2|Content-Type=application/json|X-Token=t|{}"},
		{echo(`{ headers: [['a', '1'], ['a', '2']] }`), "GET /echo?q=%zz|A=1;2|"},
		{echo(`{ headers: { host: 'evil', connection: 'close', 'content-length': '9', 'proxy-authorization': 'x', cookie: 'c=1' } }`), "GET /echo?q=%zz|Cookie=c=1|"},
		{echo(`{ method: 'DELETE' }`), "DELETE /echo?q=%zz|"},
		{echo(`{ method: 'POST', body: 5 }`), "POST /echo?q=%zz|Content-Length=1|Content-Type=text/plain;charset=UTF-8|5"},
		{`await fetch(new Request(base + '/echo', { method: 'POST', body: 'x' })).then(r => r.text())`, "POST /echo|Content-Length=1|Content-Type=text/plain;charset=UTF-8|x"},
		{`(await fetch(new URL('/echo#frag', base))).url === base + '/echo'`, "true"},
		{`(await fetch(base + '/echo', { method: 'HEAD' })).headers.get('x-method')`, "HEAD"},
		{`await (await fetch(base + '/echo', { method: 'HEAD' })).text()`, ""},
		{`JSON.stringify(await (await fetch(base + '/json')).json())`, `{"a":[1,2,"ü"]}`},
		{`(r => [r.status, r.ok, r.statusText, r.redirected, r.type, r.bodyUsed].join())(await fetch(base + '/json'))`, "200,true,OK,false,basic,false"},
		{`(r => [r.status, r.ok, r.statusText].join())(await fetch(base + '/status/404'))`, "404,false,Not Found"},
		{`(async r => [r.status, await r.text(), r.bodyUsed].join())(await fetch(base + '/status/204'))`, "204,,false"},
		{`(h => [h.get('x-two'), h.get('x-latin'), h.getSetCookie().join('+'), h.has('nope')].join())((await fetch(base + '/json')).headers)`, "1, 2,café,a=1+b=2,false"},
		{`(await fetch(base + '/json')).headers.set('a', 'b')`, "throws TypeError: Failed to execute 'set' on 'Headers': Headers are immutable"},
		{`new Uint8Array(await (await fetch(base + '/bytes')).arrayBuffer()).join()`, "0,255,128,1"},
		{`(await (await fetch(base + '/bytes')).bytes()).join()`, "0,255,128,1"},
		{`(await (await fetch(base + '/gzip')).text()).length`, "1048576"},
		{`(await fetch(base + '/gzip')).headers.get('content-encoding')`, "null"},
	})
	if got := p.run(`const r = await fetch(base + '/json'); const c = r.clone(); const [a, b] = await Promise.all([r.text(), c.arrayBuffer()]);
		let second; try { await r.json() } catch (e) { second = e.name } let third; try { r.clone() } catch (e) { third = e.name }
		return [a.length, b.byteLength, r.bodyUsed, second, third, c.url === r.url, c.headers.get('x-two')].join()`); got != "15,19,true,TypeError,TypeError,true,1, 2" {
		t.Errorf("clone: %s", got)
	}
}

func TestFetchRedirects(t *testing.T) {
	p := newEchoPage(t, fetch.Config{})
	to := func(code int, init string) string {
		return fmt.Sprintf("(await (await fetch(base + '/to/%d?at=/echo', %s)).text())", code, init)
	}
	post := `{ method: 'POST', body: 'b', headers: { 'Content-Type': 'x/y', 'X-Keep': '1' } }`
	p.cases(t, [][2]string{
		{to(301, `{}`), "GET /echo|"},
		{to(301, post), "GET /echo|X-Keep=1|"},
		{to(302, post), "GET /echo|X-Keep=1|"},
		{to(303, post), "GET /echo|X-Keep=1|"},
		{to(307, post), "POST /echo|Content-Length=1|Content-Type=x/y|X-Keep=1|b"},
		{to(308, post), "POST /echo|Content-Length=1|Content-Type=x/y|X-Keep=1|b"},
		{to(303, `{ method: 'PUT', body: 'b' }`), "GET /echo|"},
		{to(301, `{ method: 'PUT', body: 'b' }`), "PUT /echo|..."},
		{to(302, `{ headers: { Authorization: 'Bearer s' } }`), "GET /echo|Authorization=Bearer s|"}, // the same origin
		{`(r => r.redirected + r.url.slice(base.length))(await fetch(base + '/to/302?at=/echo%3Fx'))`, "true/echo?x"},
		{`(r => r.status + r.headers.get('location'))(await fetch(base + '/to/302?at=/echo', { redirect: 'manual' }))`, "302/echo"},
		{`await fetch(base + '/to/302?at=/echo', { redirect: 'error' })`, `throws TypeError: fetch failed: ...`},
		{`(await fetch(base + '/to/304?at=/echo')).status`, "304"},
		{`(await fetch(base + '/to/302')).status`, "302"}, // no Location: not a redirect
	})
	other := echoServer(t)
	granted := newFetchPage(t, fetch.Config{AllowHosts: []string{other.Listener.Addr().String(), strings.TrimPrefix(p.eval("base"), "http://")}})
	got := granted.run(fmt.Sprintf(`return (await fetch('%s/to/307?at=%s/echo', { headers: { Authorization: 'Bearer s', Cookie: 'c', 'X-Keep': '1' } })).text()`, p.eval("base"), other.URL))
	if got != "GET /echo|X-Keep=1|" {
		t.Errorf("another origin got %s", got)
	}
}

func TestFetchFailures(t *testing.T) {
	hasty := newEchoPage(t, fetch.Config{Timeout: 100 * time.Millisecond})
	hasty.cases(t, [][2]string{
		{`await fetch(base + '/slow')`, "throws TypeError: fetch failed: 127.0.0.1:..."},
		{`await fetch(base + '/slow').catch(e => e.cause.code)`, "ETIMEDOUT"},
	})
	// A time that is enough for the head of the answer, which is for the machine to say, and not for the body.
	got := ""
	for limit := 100 * time.Millisecond; got != "body ETIMEDOUT" && limit < time.Minute; limit *= 3 {
		got = newEchoPage(t, fetch.Config{Timeout: limit}).run(`let part = 'head '; try { const r = await fetch(base + '/slow-body'); part = 'body '; return await r.text() } catch (e) { return part + e.cause.code }`)
	}
	if got != "body ETIMEDOUT" {
		t.Errorf("a slow body ended with %s", got)
	}
	p := newEchoPage(t, fetch.Config{RequestBytes: 10, ResponseBytes: 1000})
	p.cases(t, [][2]string{
		{`await (await fetch(base + '/cut')).text().catch(e => e.cause.code)`, "ECONNRESET"},
		{`await fetch(base + '/close').catch(e => e.cause.code)`, "ECONNRESET"},
		{`await (await fetch(base + '/gzip')).text().catch(e => e.message.replace(/[0-9.]+:[0-9]+/, 'HOST'))`, "fetch failed: the answer of HOST has more than 1000 bytes, the limit for a fetch"},
		{`(await fetch(base + '/gzip')).status`, "200"}, // a body that nobody reads is no error
		{`await fetch(base + '/echo', { method: 'POST', body: 'x'.repeat(11) })`, "throws TypeError: fetch failed: the body has 11 bytes; at most 10 can be sent"},
		{`await fetch()`, "throws TypeError: Failed to execute 'fetch' on 'globalThis': 1 argument required, but only 0 present."},
		{`await fetch(base, { method: 'GET', body: 'x' })`, "throws TypeError: Failed to construct 'Request': Request with GET/HEAD method cannot have body."},
		{`await fetch(base, { method: 'TRACE' })`, "throws TypeError: ..."},
		{`await fetch(base, { method: 'a b' })`, "throws TypeError: ..."},
		{`await fetch(base, { headers: { 'a b': 'x' } })`, "throws TypeError: ..."},
		{`await fetch(base, { headers: { a: 'x\ny' } })`, "throws TypeError: ..."},
		{`await fetch(base, { headers: { a: '\u0100' } })`, "throws TypeError: ..."},
		{`await fetch(base, { redirect: 'maybe' })`, "throws TypeError: ..."},
	})
	closed := echoServer(t)
	address := closed.Listener.Addr().String()
	closed.Close()
	refused := newFetchPage(t, fetch.Config{AllowHosts: []string{address}})
	if got, want := refused.run(reach("http://"+address+"/hook/SECRET?token=SECRET")), "TypeError: fetch failed: "+address+" refused the connection [ECONNREFUSED]"; got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
	if len(p.reports)+len(hasty.reports) > 0 {
		t.Errorf("reported: %v %v", p.reports, hasty.reports)
	}
}

func TestFetchTLS(t *testing.T) {
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	defer server.Close()
	address := server.Listener.Addr().String()
	p := newFetchPage(t, fetch.Config{AllowHosts: []string{address}})
	if got := p.run(reach(server.URL)); !strings.Contains(got, "signed by an authority that this machine does not know [ERR_TLS]") {
		t.Error(got)
	}
	plain := newEchoPage(t, fetch.Config{})
	if got := plain.run(`return fetch(base.replace('http:', 'https:')).catch(e => e.message)`); !strings.Contains(got, "is the URL meant to be http:?") {
		t.Error(got)
	}
}

func TestFetchAbort(t *testing.T) {
	p := newEchoPage(t, fetch.Config{})
	p.cases(t, [][2]string{
		{`await fetch(base, { signal: AbortSignal.abort() }).catch(e => e.name + e.code + (e instanceof DOMException))`, "AbortError20true"},
		{`await fetch(base, { signal: AbortSignal.abort('why') }).catch(e => e)`, "why"},
		{`await fetch(base + '/slow', { signal: AbortSignal.timeout(20) }).catch(e => e.name)`, "TimeoutError"},
		{`await (c => { const f = fetch(base + '/slow', { signal: c.signal }); c.abort(); return f })(new AbortController()).catch(e => e.name)`, "AbortError"},
		{`await (c => { const f = fetch(new Request(base + '/slow', { signal: c.signal })); c.abort(7); return f })(new AbortController()).catch(e => e)`, "7"},
		{`await (async c => { const r = await fetch(base + '/slow-body', { signal: c.signal }); const t = r.text(); c.abort(); return t })(new AbortController()).catch(e => e.name)`, "AbortError"},
		{`await (async c => { const r = await fetch(base + '/slow-body', { signal: c.signal }); c.abort(); return r.text() })(new AbortController()).catch(e => e.name)`, "AbortError"},
		{`await (async c => { const r = await fetch(base + '/echo', { signal: c.signal }); const t = await r.text(); c.abort(); return t })(new AbortController())`, "GET /echo|"},
		{`await fetch(base, { signal: {} })`, "throws TypeError: Failed to construct 'Request': member signal is not of type 'AbortSignal'."},
		{`await fetch(base + '/slow', { signal: AbortSignal.any([new AbortController().signal, AbortSignal.timeout(10)]) }).catch(e => e.name)`, "TimeoutError"},
	})
	for p.pending() > 0 {
		p.turn(t)
	}
}

// pending counts the reservations that were not delivered.
func (l *testLoop) pending() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.reserved
}

func TestFetchConcurrency(t *testing.T) {
	var now, most atomic.Int64
	gate := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		n := now.Add(1)
		for old := most.Load(); n > old && !most.CompareAndSwap(old, n); old = most.Load() {
		}
		<-gate
		now.Add(-1)
	}))
	defer server.Close()
	p := newFetchPage(t, fetch.Config{AllowHosts: []string{server.Listener.Addr().String()}, Concurrent: 3, Waiting: 5})
	_ = p.vm.Set("open", func() { close(gate) })
	got := p.run(fmt.Sprintf(`const sent = Array.from({ length: 12 }, () => fetch(%q)); open(); const all = await Promise.allSettled(sent);
		return all.filter(r => r.status === 'fulfilled').length + ' ' + all.find(r => r.status === 'rejected').reason.message`, server.URL))
	if !strings.HasPrefix(got, "8 fetch failed: 3 requests are on their way and 5 wait") {
		t.Error(got)
	}
	if n := most.Load(); n < 1 || n > 3 {
		t.Errorf("%d at once; want at most 3", n)
	}
}

func TestFetchEndsWithItsRuntime(t *testing.T) {
	server := echoServer(t)
	fetcher, err := fetch.New(&fetch.Config{Plugin: "p", AllowHosts: []string{server.Listener.Addr().String()}})
	if err != nil {
		t.Fatal(err)
	}
	p := newPage(t, func(o *Options) { o.Fetcher = fetcher })
	if _, err := p.vm.RunString(fmt.Sprintf(`let end; fetch('%s/slow').catch(e => { end = e.message })`, server.URL)); err != nil {
		t.Fatal(err)
	}
	fetcher.Close() // the plugin is gone: the request ends at once
	for p.pending() > 0 {
		p.turn(t)
	}
	if got := p.vm.Get("end"); got != nil {
		t.Log(got)
	}
	if got := p.run(reach(server.URL)); !strings.Contains(got, "the plugin was stopped") {
		t.Errorf("after close: %s", got)
	}
}

func TestHeaders(t *testing.T) {
	newFetchPage(t, fetch.Config{}).cases(t, [][2]string{
		{`[...new Headers({ b: '2', A: '1', c: ' 3\t' })].join('|')`, "a,1|b,2|c,3"},
		{`[...new Headers([['x', '1'], ['X', '2'], ['set-cookie', 'a'], ['Set-Cookie', 'b']])].join('|')`, "set-cookie,a|set-cookie,b|x,1, 2"},
		{`(h => (h.append('a', '1'), h.append('a', '2'), h.set('a', '3'), h.get('A')))(new Headers())`, "3"},
		{`(h => (h.delete('a'), h.get('a')))(new Headers({ a: '1' }))`, "null"},
		{`[...new Headers(new Headers({ a: '1' })).keys()].join() + [...new Headers({ a: '1' }).values()].join()`, "a1"},
		{`(o => (new Headers({ a: '1', b: '2' }).forEach((v, k) => o.push(k + v)), o.join()))([])`, "a1,b2"},
		{`new Headers(null)`, "throws TypeError..."},
		{`new Headers('a')`, "throws TypeError..."},
		{`new Headers([['a']])`, "throws TypeError..."},
		{`new Headers().get('a b')`, "throws TypeError..."},
		{`new Headers().append('a')`, "throws TypeError: Failed to execute 'append' on 'Headers': 2 arguments required, but only 1 present."},
		{`new Headers({ a: 'ü' }).get('a')`, "ü"},
		{`Object.prototype.toString.call(new Headers())`, "[object Headers]"},
		{`new Headers().get('__proto__')`, "null"},
	})
}

func TestResponseAndRequest(t *testing.T) {
	newFetchPage(t, fetch.Config{}).cases(t, [][2]string{
		{`(r => [r.status, r.ok, r.statusText, r.type, r.url, r.redirected].join())(new Response())`, "200,true,,default,,false"},
		{`await new Response('ü').text()`, "ü"},
		{`new Response('x').headers.get('content-type')`, "text/plain;charset=UTF-8"},
		{`(await new Response('{"a":1}').json()).a`, "1"},
		{`await new Response('{').json()`, "throws SyntaxError..."},
		{`(await new Response(new Uint8Array([1, 2]).buffer).bytes()).join()`, "1,2"},
		{`await new Response('\ufeffx').text()`, "x"},
		{`new Response('', { status: 204 })`, "throws TypeError..."},
		{`new Response(null, { status: 199 })`, "throws RangeError..."},
		{`new Response(null, { status: 600 })`, "throws RangeError..."},
		{`new Response(null, { statusText: 'a\n' })`, "throws TypeError..."},
		{`(r => [r.type, r.status].join())(Response.error())`, "error,0"},
		{`(r => [r.status, r.headers.get('location')].join())(Response.redirect('https://a.example/x', 307))`, "307,https://a.example/x"},
		{`Response.redirect('https://a.example', 200)`, "throws RangeError..."},
		{`Response.redirect('/x')`, "throws TypeError..."},
		{`(async r => [r.headers.get('content-type'), r.status, await r.text()].join())(Response.json({ a: 1 }, { status: 201 }))`, `application/json,201,{"a":1}`},
		{`Response.json(undefined)`, "throws TypeError..."},
		{`(r => [r.method, r.url, r.redirect, r.mode, r.credentials, r.cache].join())(new Request('https://A.example'))`, "GET,https://a.example/,follow,cors,same-origin,default"},
		{`(a => (b => [b.method, a.bodyUsed, b.headers.get('x')].join())(new Request(a, { method: 'PUT' })))(new Request('https://a.example', { method: 'POST', body: 'x', headers: { x: '1' } }))`, "PUT,true,1"},
		{`await (r => Promise.all([r.text(), r.clone === undefined]))(new Request('https://a.example', { method: 'POST', body: 'x' }).clone())`, "x,false"},
		{`(r => (r.text(), r.clone()))(new Request('https://a.example', { method: 'POST', body: 'x' }))`, "throws TypeError..."},
		{`new Request('https://a.example').signal instanceof AbortSignal`, "true"},
		{`new Request('https://a.example').signal.aborted`, "false"},
		{`new Request('https://a.example', { mode: 'x' })`, "throws TypeError..."},
		{`new Request()`, "throws TypeError..."},
		{`Response()`, "throws TypeError..."},
	})
}

// BenchmarkFetch is a whole fetch over loopback, against the same request made by the transport alone.
func BenchmarkFetch(b *testing.B) {
	b.Run("with=transport", func(b *testing.B) {
		server := echoServer(b)
		transport := &http.Transport{}
		defer transport.CloseIdleConnections()
		b.ReportAllocs()
		for b.Loop() {
			request, _ := http.NewRequestWithContext(b.Context(), http.MethodGet, server.URL+"/json", nil)
			response, err := transport.RoundTrip(request)
			if err != nil {
				b.Fatal(err)
			}
			_, _ = io.Copy(io.Discard, response.Body)
			_ = response.Body.Close()
		}
	})
	b.Run("with=fetch", func(b *testing.B) {
		p := newEchoPage(b, fetch.Config{})
		b.ReportAllocs()
		for b.Loop() {
			if got := p.run(`return (await (await fetch(base + '/json')).json()).a[0]`); got != "1" {
				b.Fatal(got)
			}
		}
	})
}

// TestFetchTrustsNothingThatScriptsReplace holds that what a script gives to all objects is no part of a body.
func TestFetchTrustsNothingThatScriptsReplace(t *testing.T) {
	const then = "Object.prototype.then = function (ok) { delete Object.prototype.then; ok('x'); }; "
	for _, row := range [][2]string{
		{then + "return await new Response('a').text()", "a"},
		{then + "return await new Request('https://a.example', { method: 'POST', body: 'a' }).text()", "a"},
		{then + "return JSON.stringify([await new Response('1').json(), typeof Object.prototype.then])", `[1,"function"]`},
		{"const r = new Response('a'); " + then + "return await r.text()", "a"},
		{"Object.defineProperty(Object.prototype, 'type', { get() { throw 1 }, configurable: true }); return await new Response('a').text()", "a"},
		{"Object.defineProperty(Object.prototype, 'bytes', { set() { throw 1 }, get() { return 1 }, configurable: true }); return await new Response('a').text()", "a"},
		{"Object.prototype.decode = 1; Object.defineProperty(Object.prototype, 'encode', { set() {}, configurable: true }); return await new Response('a').text()", "a"},
	} {
		if got := newFetchPage(t, fetch.Config{}).run(row[0]); got != row[1] {
			t.Errorf("%s\n got %q\nwant %q", row[0], got, row[1])
		}
	}
}

// Iterators of lists of pairs are those of Web IDL: no generators, and they look at the list at each step.
func TestIteratorsOfPairs(t *testing.T) {
	newFetchPage(t, fetch.Config{}).cases(t, [][2]string{
		{`String(new Headers({ a: 'b' }).entries()) + new URLSearchParams('a=b').keys() + new FormData().values()`, "[object Headers Iterator][object URLSearchParams Iterator][object FormData Iterator]"},
		{`Headers.prototype[Symbol.iterator] === Headers.prototype.entries && FormData.prototype[Symbol.iterator].name === 'entries'`, "true"},
		{`(() => { const i = new Headers().keys(), p = Object.getPrototypeOf(i); return [Object.keys(p).join(), Object.getPrototypeOf(p) === Object.getPrototypeOf(Object.getPrototypeOf([].keys())), i.return, i[Symbol.iterator]() === i].join() })()`, "next,true,,true"},
		{`(() => { const p = new URLSearchParams('a=1'), i = p.entries(); i.next(); const end = i.next().done; p.append('b', '2'); return end + i.next().value.join() })()`, "trueb,2"},
		{`Headers.prototype.entries.call({})`, "throws TypeError..."},
		{`Object.getPrototypeOf(new Headers().keys()).next.call(new URLSearchParams().keys())`, "throws TypeError..."},
		{`(() => { const seen = []; new Headers({ b: '2', a: '1' }).forEach((v, k) => seen.push(k + v)); return seen.join() })()`, "a1,b2"},
		{`(() => { const seen = []; const record = new Proxy({ a: '1' }, { get(o, k) { seen.push('get ' + String(k)); return o[k] }, ownKeys(o) { seen.push('keys'); return Reflect.ownKeys(o) },
			getOwnPropertyDescriptor(o, k) { seen.push('own ' + k); return Reflect.getOwnPropertyDescriptor(o, k) }, getPrototypeOf(o) { seen.push('prototype'); return null } });
			new Headers(record); return seen.join('|') })()`, "get Symbol(Symbol.iterator)|keys|own a|get a"},
		{`new Headers({ [Symbol('x')]: 'a' })`, "throws TypeError..."},
		{`new Headers({ a: Symbol('x') })`, "throws TypeError..."},
	})
}

func TestBlobURLs(t *testing.T) {
	newFetchPage(t, fetch.Config{}).runs(t, [][2]string{
		{`const u = URL.createObjectURL(new Blob(['text'], { type: 'text/plain' })), r = await fetch(u + '#part');
			return [/^blob:null\/[0-9a-f-]{36}$/.test(u), r.status, r.headers.get('content-type'), r.headers.get('content-length'), await r.text()].join('|')`, "true|200|text/plain|4|text"},
		{`const u = URL.createObjectURL(new Blob(['a'])), r = new Request(u); URL.revokeObjectURL(u); const text = await (await fetch(r)).text(); try { await fetch(u) } catch (e) { return text + e.message }`, "afetch failed: the blob: URL was not made here, or was revoked"},
		{`try { await fetch(URL.createObjectURL(new Blob(['a'])), { method: 'POST' }) } catch (e) { return e.message }`, "fetch failed: a blob: URL can only be got"},
		{`try { URL.createObjectURL({}) } catch (e) { return e.name }`, "TypeError"},
		{`const u = URL.createObjectURL(new Blob(['a'])); return URL.createObjectURL(new Blob(['a'])) !== u && new URL(u).origin`, "null"},
		{`return String(URL.revokeObjectURL('blob:null/nothing'))`, "undefined"},
	})
}

// What was found by web-platform-tests, each at the smallest.
func TestBodiesInUse(t *testing.T) {
	newFetchPage(t, fetch.Config{}).runs(t, [][2]string{
		{`const r = new Response(ReadableStream.from([new Uint8Array([104])])); const text = r.text(); try { r.body.getReader() } catch (e) { return e.name + r.body.locked + await text }`, "TypeErrortrueh"},
		{`const r = new Request('https://a.example', { method: 'POST', body: 'x' }); r.body.getReader(); try { new Request(r) } catch (e) { return e.name }`, "TypeError"},
		{`try { new Request('https://a.example', { method: 'POST', body: 'x', duplex: 'full' }) } catch (e) { return e.name }`, "TypeError"},
		{`const b = new Blob(['abcd']); return (await Promise.all([[0.5], [1.5], [2.5], [3.5], [-1.5], [0, 1.5], [0, NaN], [0, Infinity], [-Infinity]].map((a) => b.slice(...a).text()))).join()`, "abcd,cd,cd,,cd,ab,,abcd,abcd"},
		{`try { await crypto.subtle.digest({}, new Uint8Array(1)) } catch (e) { return e.name }`, "TypeError"},
	})
}

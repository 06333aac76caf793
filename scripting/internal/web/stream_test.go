package web

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"trackhook/scripting/internal/fetch"
)

// runs runs scripts that may await, each with what it returns.
func (p *page) runs(t *testing.T, rows [][2]string) {
	t.Helper()
	for _, row := range rows {
		if got := p.run(row[0]); got != row[1] {
			t.Errorf("%s\n got %s\nwant %s", row[0], got, row[1])
		}
	}
}

// The sections are those of the Streams standard.
func TestReadableStream(t *testing.T) {
	newPage(t, nil).runs(t, [][2]string{
		// 4.2: a source is started at once, and pulled as there is room.
		{`const seen = []; const s = new ReadableStream({ start() { seen.push('start') }, pull(c) { seen.push('pull'); c.enqueue(1) } });
			await null; await null; return seen.join() + s.locked`, "start,pullfalse"},
		{`let n = 0; const s = new ReadableStream({ pull(c) { c.enqueue(n++) } }, { highWaterMark: 3 }); await null; await null; await null; await null; await null; await null; return n`, "3"},
		{`let n = 0; new ReadableStream({ pull() { n++ } }, { highWaterMark: 0 }); await null; await null; return n`, "0"},
		{`const r = new ReadableStream({ start(c) { c.enqueue('a'); c.enqueue('b'); c.close() } }).getReader();
			return JSON.stringify([await r.read(), await r.read(), await r.read(), await r.closed])`, `[{"value":"a","done":false},{"value":"b","done":false},{"done":true},null]`},
		{`const all = []; for await (const c of new ReadableStream({ start(c) { c.enqueue(1); c.enqueue(2); c.close() } })) all.push(c); return all.join()`, "1,2"},
		{`const s = ReadableStream.from([1, 2, 3]); for await (const c of s) if (c === 2) break; return (await s.getReader().read()).done`, "true"},
		{`const s = ReadableStream.from([1, 2, 3]); for await (const c of s.values({ preventCancel: true })) break; return (await s.getReader().read()).value`, "2"},
		{`const s = ReadableStream.from((async function* () { yield 1; throw new RangeError('mid') })()); const r = s.getReader(); await r.read();
			try { await r.read() } catch (e) { return e.name + e.message }`, "RangeErrormid"},
		// 4.2.4: a locked stream belongs to its reader.
		{`const s = new ReadableStream(); s.getReader(); try { s.getReader() } catch (e) { return e.name + s.locked }`, "TypeErrortrue"},
		{`const s = new ReadableStream(); s.getReader(); try { await s.cancel() } catch (e) { return e.name }`, "TypeError"},
		{`const s = new ReadableStream(); const r = s.getReader(); const p = r.read(); r.releaseLock(); try { await p } catch (e) { return e.name + s.locked }`, "TypeErrorfalse"},
		{`const r = new ReadableStream().getReader(); r.releaseLock(); try { await r.read() } catch (e) { return e.name }`, "TypeError"},
		{`try { new ReadableStream().getReader({ mode: 'byob' }) } catch (e) { return e.name }`, "TypeError"},
		// 4.3: streams of bytes fill the reader's own buffer.
		{`const s = new ReadableStream({ type: 'bytes', pull(c) { c.enqueue(new Uint8Array([1, 2, 3])); c.close() } }); const r = s.getReader({ mode: 'byob' });
			const a = await r.read(new Uint8Array(2)), b = await r.read(new Uint8Array(2)), c = await r.read(new Uint8Array(2)); return [a.value, a.done, b.value, b.done, c.value, c.done].join('|')`, "1,2|false|3|false||true"},
		{`const s = new ReadableStream({ type: 'bytes', pull(c) { new Uint8Array(c.byobRequest.view.buffer)[0] = 7; c.byobRequest.respond(1) } }); return (await s.getReader({ mode: 'byob' }).read(new Uint8Array(4))).value.join()`, "7"},
		{`return new ReadableStream({ type: 'bytes' }).getReader({ mode: 'byob' }) instanceof ReadableStreamBYOBReader`, "true"},
		// 4.2.5: cancelling drops what waits, and tells the source why.
		{`let why; const s = new ReadableStream({ start(c) { c.enqueue(1) }, cancel(reason) { why = reason } }); await s.cancel('enough'); return why + (await s.getReader().read()).done`, "enoughtrue"},
		{`const s = new ReadableStream({ cancel() { throw new Error('no') } }); try { await s.cancel() } catch (e) { return e.message }`, "no"},
		// 4.6: the controller.
		{`let c; const s = new ReadableStream({ start(x) { c = x } }, { highWaterMark: 2 }); const sizes = [c.desiredSize]; c.enqueue(1); sizes.push(c.desiredSize); c.close(); sizes.push(c.desiredSize);
			await s.cancel(); sizes.push(c.desiredSize); return JSON.stringify(sizes)`, "[2,1,1,0]"},
		{`let c; const s = new ReadableStream({ start(x) { c = x } }); c.close(); try { c.enqueue(1) } catch (e) { return e.name }`, "TypeError"},
		{`let c; const s = new ReadableStream({ start(x) { c = x } }); c.enqueue(1); c.error(new Error('bad')); const r = s.getReader(); try { await r.read() } catch (e) { try { await r.closed } catch (f) { return (e === f) + String(c.desiredSize) } }`, "truenull"},
		{`const r = new ReadableStream({ pull() { throw new Error('pull') } }).getReader(); try { await r.read() } catch (e) { return e.message }`, "pull"},
		{`const r = new ReadableStream({ async start() { throw new Error('start') } }).getReader(); try { await r.closed } catch (e) { return e.message }`, "start"},
		{`try { new ReadableStream({ start() { throw new Error('at once') } }) } catch (e) { return e.message }`, "at once"},
		{`try { new ReadableStream({}, { highWaterMark: -1 }) } catch (e) { return e.name }`, "RangeError"},
		{`let c; const s = new ReadableStream({ start(x) { c = x } }, { size: () => NaN }); try { c.enqueue(1) } catch (e) { return e.name }`, "RangeError"},
		{`let c; new ReadableStream({ start(x) { c = x } }, new ByteLengthQueuingStrategy({ highWaterMark: 10 })); c.enqueue(new Uint8Array(4)); return c.desiredSize`, "6"},
		// 4.9.1: both branches get each chunk; the source is cancelled when both are.
		{`let n = 0, why; const [a, b] = new ReadableStream({ pull(c) { c.enqueue(++n); if (n === 3) c.close() } }).tee();
			const all = async (s) => { const l = []; for await (const c of s) l.push(c); return l.join() }; return (await all(a)) + ' ' + (await all(b))`, "1,2,3 1,2,3"},
		{`let why; const [a, b] = new ReadableStream({ cancel(r) { why = r.join() } }).tee(); const one = a.cancel('x'); let early = why; await b.cancel('y'); await one; return String(early) + why`, "undefinedx,y"},
		{`const [a, b] = new ReadableStream({ start(c) { c.error(new Error('e')) } }).tee(); const out = []; for (const s of [a, b]) try { await s.getReader().read() } catch (e) { out.push(e.message) } return out.join()`, "e,e"},
		{`try { new ReadableStreamDefaultController() } catch (e) { return e.message }`, "Illegal constructor"},
	})
}

// Section 5 and 6, and pipes.
func TestWritableStreams(t *testing.T) {
	newFetchPage(t, fetch.Config{}).runs(t, [][2]string{
		{`const seen = []; const w = new WritableStream({ write(c) { seen.push(c) }, close() { seen.push('end') } }).getWriter(); await w.write('a'); await w.write('b'); await w.close(); return seen.join()`, "a,b,end"},
		{`let why; const w = new WritableStream({ abort(r) { why = r } }).getWriter(); await w.abort('enough'); try { await w.write(1) } catch (e) { return why + e }`, "enoughenough"},
		{`const w = new WritableStream({ write() { throw new RangeError('no') } }).getWriter(); try { await w.write(1) } catch (e) { try { await w.closed } catch (f) { return (e === f) + e.message } }`, "trueno"},
		{`const seen = []; await ReadableStream.from([1, 2, 3]).pipeTo(new WritableStream({ write(c) { seen.push(c) } })); return seen.join()`, "1,2,3"},
		{`const up = new TransformStream({ transform(c, to) { to.enqueue(c * 2) }, flush(to) { to.enqueue('end') } }); const seen = []; for await (const c of ReadableStream.from([1, 2]).pipeThrough(up)) seen.push(c); return seen.join()`, "2,4,end"},
		{`let why; const s = new ReadableStream({ cancel(r) { why = r.name } }), c = new AbortController(); const p = s.pipeTo(new WritableStream(), { signal: c.signal }); c.abort(); try { await p } catch (e) { return e.name + why }`, "AbortErrorAbortError"},
		{`const seen = []; for await (const c of ReadableStream.from(['a\ud83d', '\ude00b', '']).pipeThrough(new TextEncoderStream()).pipeThrough(new TextDecoderStream())) seen.push(c); return seen.join('|')`, "a|😀b"},
		{`return await new Response(new Blob(['a', 'b']).stream().pipeThrough(new TransformStream())).text()`, "ab"},
		{`const r = new Blob(['abcde']).stream().getReader({ mode: 'byob' }); const a = (await r.read(new Uint8Array(3))).value, b = (await r.read(new Uint8Array(3))).value; return [...a, '', ...b].join() + (await r.read(new Uint8Array(3))).done`, "97,98,99,,100,101true"},
		{`const r = new Response(new ReadableStream({ pull(c) { c.enqueue(new Uint8Array(1)) } })), before = r.bodyUsed; await r.body.getReader().read(); return before + '' + r.bodyUsed`, "falsetrue"},
		{`const s = ReadableStream.from([new Uint8Array([104])]), r = new Response(s); await s.getReader().read(); return r.bodyUsed`, "true"},
	})
}

func TestBodyStreams(t *testing.T) {
	next, wrote := make(chan struct{}), make(chan struct{}, 8)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/slow": // the second part is written when the first was read
			fmt.Fprint(w, "one")
			w.(http.Flusher).Flush()
			<-next
			fmt.Fprint(w, "two")
		case "/ends": // the first part is all that ever comes
			fmt.Fprint(w, "one")
			w.(http.Flusher).Flush()
			<-r.Context().Done()
			wrote <- struct{}{}
		case "/echo":
			body, _ := io.ReadAll(r.Body)
			fmt.Fprintf(w, "%s %s", r.Header.Get("Content-Type"), body)
		default:
			fmt.Fprint(w, "all")
		}
	}))
	defer server.Close()
	p := newFetchPage(t, fetch.Config{AllowHosts: []string{server.Listener.Addr().String()}})
	if err := p.vm.Set("goOn", func() { next <- struct{}{} }); err != nil {
		t.Fatal(err)
	}
	if err := p.vm.Set("base", server.URL); err != nil {
		t.Fatal(err)
	}
	p.runs(t, [][2]string{
		{`const reader = (await fetch(base + '/slow')).body.getReader(), d = new TextDecoder(); const first = d.decode((await reader.read()).value); goOn();
			let rest = ''; for (;;) { const { value, done } = await reader.read(); if (done) break; rest += d.decode(value) } return first + ' ' + rest`, "one two"},
		{`const r = await fetch(base + '/'); const chunks = []; for await (const c of r.body) chunks.push(c); return Buffer.concat(chunks).toString() + r.bodyUsed`, "alltrue"},
		{`const r = await fetch(base + '/'); const s = r.body; return (s === r.body) + (await r.text()) + s.locked + r.bodyUsed`, "truealltruetrue"},
		{`const r = await fetch(base + '/'); r.body.getReader(); try { await r.text() } catch (e) { return e.name + r.bodyUsed }`, "TypeErrorfalse"},
		{`const r = await fetch(base + '/'); await r.text(); try { r.body.getReader() } catch (e) { return e.name }`, "TypeError"},
		{`const r = await fetch(base + '/'), c = r.clone(); const a = await new Response(r.body).text(); return a + await c.text()`, "allall"},
		{`const r = await fetch(base + '/ends'); const reader = r.body.getReader(); await reader.read(); await reader.cancel(); return (await reader.read()).done`, "true"},
		{`const c = new AbortController(); const r = await fetch(base + '/ends', { signal: c.signal }); const reader = r.body.getReader(); await reader.read(); c.abort(); try { await reader.read() } catch (e) { return e.name }`, "AbortError"},
		{`return String((await fetch(base + '/', { method: 'HEAD' })).body) + new Response().body`, "nullnull"},
		{`return await new Response(ReadableStream.from([new Uint8Array([104]), new Uint8Array([105])])).text()`, "hi"},
		{`const r = new Response(ReadableStream.from([new Uint8Array([104])])), c = r.clone(); return await r.text() + await c.text()`, "hh"},
		{`try { await new Response(ReadableStream.from(['text'])).text() } catch (e) { return e.message }`, "A chunk of a body is not a Uint8Array"},
		{`return await (await fetch(base + '/echo', { method: 'POST', body: ReadableStream.from([new Uint8Array([104, 105])]), duplex: 'half' })).text()`, " hi"},
		{`try { await fetch(base + '/echo', { method: 'POST', body: new ReadableStream() }) } catch (e) { return e.message }`, "Failed to construct 'Request': a body that is a stream needs duplex: 'half'."},
		{`const c = new AbortController(); let why; const sent = fetch(base + '/echo', { method: 'POST', body: new ReadableStream({ cancel(r) { why = r.name } }), duplex: 'half', signal: c.signal });
			await null; c.abort(); try { await sent } catch (e) { return e.name + why }`, "AbortErrorAbortError"},
		{`return await (await fetch(base + '/echo', { method: 'POST', body: new Blob(['a', 'b'], { type: 'Text/CSV' }) })).text()`, "text/csv ab"},
	})
	// Both requests that were given up have ended at the server too.
	<-wrote
	<-wrote
}

func TestDataURLs(t *testing.T) {
	newFetchPage(t, fetch.Config{}).runs(t, [][2]string{
		{`const r = await fetch('data:,a%20b'); return [r.status, r.statusText, r.headers.get('content-type'), await r.text()].join('|')`, "200|OK|text/plain;charset=US-ASCII|a b"},
		{`const r = await fetch('data:Text/HTML;charset=utf-8;base64,PGI+'); return r.headers.get('content-type') + await r.text()`, "text/html;charset=utf-8<b>"},
		{`return (await fetch('data:;charset=utf-8,x')).headers.get('content-type')`, "text/plain;charset=utf-8"},
		{`return (await fetch('data:image/png; base64 ,AAEC')).headers.get('content-type') + (await (await fetch('data:image/png;base64,AAEC')).bytes()).join()`, "image/png0,1,2"},
		{`return await (await fetch('data:,x#fragment')).text()`, "x"},
		{`return await (await fetch('data:,a,b%zz')).text()`, "a,b%zz"},
		{`return (await (await fetch('data:application/json,{"a":1}')).json()).a`, "1"},
		{`return (await fetch('data:image/svg+xml;utf8,<svg/>')).headers.get('content-type')`, "image/svg+xml"},
		{`return (await fetch('data:image/svg+xml;utf8;charset=UTF-8,<svg/>')).headers.get('content-type')`, "image/svg+xml;charset=UTF-8"},
		{`return String((await fetch('data:,x', { method: 'HEAD' })).body)`, "null"},
		{`try { await fetch('data:text/plain') } catch (e) { return e.message }`, "fetch failed: the data: URL is not valid"},
		{`try { await fetch('data:;base64,!') } catch (e) { return e.name + e.cause.code }`, "TypeErrorERR_INVALID_URL"},
		{`try { await fetch('data:,x', { signal: AbortSignal.abort() }) } catch (e) { return e.name }`, "AbortError"},
	})
}

// What a script gives to all objects is no part of the library.
func TestStreamsOfAReplacedWorld(t *testing.T) {
	newFetchPage(t, fetch.Config{}).runs(t, [][2]string{
		{`Object.prototype.then = (ok) => ok('x'); const names = typeof new ReadableStream() + typeof new TransformStream(); delete Object.prototype.then; return names`, "objectobject"},
		{`Object.prototype.then = (ok) => { delete Object.prototype.then; ok('x'); }; return await new Response(new ReadableStream({ start(c) { c.enqueue(new Uint8Array([104])); c.close(); } })).text()`, "h"},
	})
}

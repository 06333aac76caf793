package web

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"trackhook/scripting/internal/fetch"
)

func TestBlob(t *testing.T) {
	newPage(t, nil).runs(t, [][2]string{
		{`const b = new Blob(['é', new Uint8Array([33]), new Blob(['x']), 5], { type: 'Text/Plain' }); return [b.size, b.type, await b.text()].join('|')`, "5|text/plain|é!x5"},
		{`const b = new Blob(['0123456789']); return [await b.slice(2, 4).text(), await b.slice(-2).text(), await b.slice(4, 2).text(), b.slice(0, 1, 'a/b').type, b.slice().size].join('|')`, "23|89||a/b|10"},
		{`return new Blob(['x'], { type: 'é' }).type + new Blob().size`, "0"},
		{`return await new Blob(['a\r\nb\rc'], { endings: 'native' }).text() + await new Blob(['\r']).text()`, "a\nb\nc\r"},
		{`const u = new Uint8Array([1]); const b = new Blob([u]); u[0] = 2; (await b.bytes())[0] = 3; return (await b.bytes()).join() + (await b.arrayBuffer()).byteLength`, "11"},
		{`const chunks = []; for await (const c of new Blob(['x'.repeat(100000)]).stream()) chunks.push(c.length); return chunks.join()`, "65536,34464"},
		{`try { new Blob('text') } catch (e) { return e.name }`, "TypeError"},
		{`try { new Blob(['x'], { endings: 'other' }) } catch (e) { return e.name }`, "TypeError"},
		{`const f = new File(['a'], 'n.txt', { type: 'text/plain', lastModified: 7 }); return [f.name, f.size, f.type, f.lastModified, f instanceof Blob, Object.prototype.toString.call(f)].join('|')`, "n.txt|1|text/plain|7|true|[object File]"},
		{`try { new File(['a']) } catch (e) { return e.name }`, "TypeError"},
		{`const f = structuredClone({ f: new File(['a'], 'n') }).f; return f.name + await f.text() + (f instanceof File) + await structuredClone(new Blob(['b'])).text()`, "natrueb"},
		{`const out = []; for (const v of [new URL('a:'), new AbortController(), new TextEncoder(), new FormData(), new ReadableStream()]) try { structuredClone(v); out.push('cloned') } catch (e) { out.push(e.name) } return [...new Set(out)].join()`, "DataCloneError"},
		{`class Point { constructor() { this.x = 1 } }; return JSON.stringify(structuredClone(new Point()))`, `{"x":1}`},
	})
}

func TestFormData(t *testing.T) {
	newPage(t, nil).runs(t, [][2]string{
		{`const f = new FormData(); f.append('a', 1); f.append('a', '2'); f.append('b', 'x'); return [f.get('a'), f.getAll('a'), f.has('b'), f.get('c')].join('|')`, "1|1,2|true|"},
		{`const f = new FormData(); f.append('a', 1); f.append('b', 2); f.append('a', 3); f.set('a', 9); f.set('c', 4); f.delete('b'); return JSON.stringify([...f])`, `[["a","9"],["c","4"]]`},
		{`const f = new FormData(); f.append('a', 1); f.append('b', 2); const l = []; f.forEach((v, k) => l.push(k + v)); return l.join() + [...f.keys()] + [...f.values()]`, "a1,b2a,b1,2"},
		{`const f = new FormData(); f.append('f', new Blob(['x'], { type: 'a/b' })); const v = f.get('f'); return [v instanceof File, v.name, v.type].join()`, "true,blob,a/b"},
		{`const f = new FormData(); f.append('f', new File(['x'], 'n.txt'), 'other.txt'); return f.get('f').name`, "other.txt"},
		{`const f = new FormData(); try { f.append('f', 'text', 'name') } catch (e) { return e.name }`, "TypeError"},
		{`const f = new FormData(); try { f.append('f') } catch (e) { return e.name }`, "TypeError"},
	})
}

func TestForms(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseMultipartForm(1 << 20); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		file, header, err := r.FormFile("file")
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		data, _ := io.ReadAll(file)
		fmt.Fprintf(w, "%q %q %q %q", r.FormValue("text"), header.Filename, header.Header.Get("Content-Type"), data)
	}))
	defer server.Close()
	p := newFetchPage(t, fetch.Config{AllowHosts: []string{server.Listener.Addr().String()}})
	if err := p.vm.Set("base", server.URL); err != nil {
		t.Fatal(err)
	}
	p.runs(t, [][2]string{
		{`const f = new FormData(); f.append('text', 'é\nb'); f.append('file', new File([new Uint8Array([0, 255])], 'n.bin')); return await (await fetch(base, { method: 'POST', body: f })).text()`, `"é\r\nb" "n.bin" "application/octet-stream" "\x00\xff"`},
		{`const f = new FormData(); f.append('a"\r\n', 'v'); const text = await new Response(f).text(); return text.includes('name="a%22%0D%0A"')`, "true"},
		{`const f = new FormData(); f.append('a"\n', '1'); f.append('b', new File(['x'], 'n"m', { type: 'text/csv' })); const g = await new Response(f).formData();
			return JSON.stringify([[...g.keys()], g.get('b').name, g.get('b').type, await g.get('b').text()])`, `[["a\"\r\n","b"],"n\"m","text/csv","x"]`},
		{`const g = await new Response(new URLSearchParams({ a: 'x y', b: 'é' })).formData(); return g.get('a') + g.get('b')`, "x yé"},
		{`const g = await new Response(new FormData()).formData(); return [...g].length`, "0"},
		{`try { await new Response('{}').formData() } catch (e) { return e.name }`, "TypeError"},
		{`try { await new Response('broken', { headers: { 'content-type': 'multipart/form-data; boundary=x' } }).formData() } catch (e) { return e.name }`, "TypeError"},
		{`const b = await new Response('x', { headers: { 'content-type': 'a/b' } }).blob(); return b.type + b.size`, "a/b1"},
	})
}

func FuzzDecodeForm(f *testing.F) {
	f.Add([]byte("--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nv\r\n--x--\r\n"), "multipart/form-data; boundary=x")
	f.Add([]byte("a=b&c=%zz"), "application/x-www-form-urlencoded;charset=utf-8")
	f.Fuzz(func(t *testing.T, body []byte, kind string) {
		parts, ok := decodeForm(body, kind)
		if !ok && len(parts) > 0 {
			t.Errorf("%d parts of what is no form", len(parts))
		}
	})
}

func FuzzDataURL(f *testing.F) {
	f.Add("data:text/plain;base64,AAAA")
	f.Add("data:,%41%")
	f.Fuzz(func(t *testing.T, text string) {
		kind, _, ok := fetch.ParseData(text)
		if ok && (kind == "" || strings.ContainsAny(kind, ",")) {
			t.Errorf("%q is of type %q", text, kind)
		}
	})
}

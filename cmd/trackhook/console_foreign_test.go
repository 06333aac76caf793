package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// A page of another site, and one of another port of this machine, do nothing with the session of who looks at them.
func TestConsoleKeepsPagesOut(t *testing.T) {
	path := needBrowser(t)
	h := startConsole(t, true, map[string]string{"outcomes.js": outcomesScript(t)})
	h.send("session")
	h.settled(1)
	h.serve(func(string, url.Values) (int, string) {
		return 400, `{"error":"Event request failed (Invalid event token)"}`
	})
	h.send("event", "event_token", "abc123")
	h.settled(2)
	foreign := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = io.WriteString(w, "<!doctype html><title>a game</title><body>")
	}))
	t.Cleanup(foreign.Close)
	_, port, err := net.SplitHostPort(foreign.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	_, own, _ := strings.Cut(h.url, "//127.0.0.1:")

	b := startBrowser(t, path, "--host-resolver-rules=MAP *.example 127.0.0.1")
	b.enter(h, consoleAll)
	b.until(`one(".answer-rows .row", "abc123")`)
	b.quiet()
	for _, origin := range []string{"http://evil.example:" + port, "http://127.0.0.1:" + port} {
		b.open(origin)
		for _, request := range []string{
			`{method: "POST", mode: "no-cors", credentials: "include", body: '{"filter":{}}'}`,
			`{method: "POST", mode: "no-cors", credentials: "include", headers: {"Content-Type": "text/plain"}, body: '{"filter":{}}'}`,
			`{method: "POST", credentials: "include", headers: {"Content-Type": "application/json"}, body: '{"filter":{}}'}`,
		} {
			b.do(fmt.Sprintf(`fetch(%q, %s).then(() => "", () => "")`, h.url+"/api/v1/dead/drop", request))
		}
		// A form, which is no fetch; it goes to a frame.
		b.do(fmt.Sprintf(`new Promise((done) => {
			const frame = document.createElement("iframe"); frame.name = "target"; document.body.append(frame);
			const form = document.createElement("form"); form.method = "POST"; form.enctype = "text/plain"; form.action = %q; form.target = "target";
			const field = document.createElement("input"); field.name = '{"filter":{},"rate":100,"x":"'; field.value = '"}'; form.append(field); document.body.append(form);
			frame.onload = () => done(""); form.submit();
		})`, h.url+"/api/v1/dead/drop"))
		for _, read := range []string{"/api/v1/responses", "/api/v1/answers?recent=10", "/api/v1/scripts", "/console/session"} {
			if got := b.do(fmt.Sprintf(`fetch(%q, {credentials: "include"}).then((r) => r.text(), () => "refused")`, h.url+read)); got != "refused" {
				t.Errorf("%s reads %s: %s", origin, read, got)
			}
		}
		image := b.do(fmt.Sprintf(`new Promise((done) => { const i = new Image(); i.onload = () => done("shown"); i.onerror = () => done("refused"); i.src = %q; })`, h.url+"/console/icon.svg"))
		if image != "refused" {
			t.Errorf("%s shows an image of the console", origin)
		}
		socket := b.do(fmt.Sprintf(`new Promise((done) => { const s = new WebSocket(%q); s.onopen = () => done("open"); s.onerror = () => done("refused"); })`, "ws://127.0.0.1:"+own+"/api/v1/answers"))
		if socket != "refused" {
			t.Errorf("%s has a socket", origin)
		}
		framed := b.do(fmt.Sprintf(`new Promise((done) => { const f = document.createElement("iframe"); f.onload = () => { try { done(f.contentDocument === null ? "other" : f.contentDocument.body.innerHTML); } catch { done("other"); } }; f.src = %q; document.body.append(f); })`, h.url+"/console/"))
		b.mu.Lock()
		said := strings.Join(b.said, "\n")
		b.said = nil
		b.mu.Unlock()
		if framed == "" || !strings.Contains(said, "frame-ancestors") {
			t.Errorf("%s frames the console; the browser says %q", origin, said)
		}
	}
	// A name of others that leads here.
	b.open("http://evil.example:" + own + "/console/")
	b.until(`body().includes("Misdirected") || body().includes("name")`)
	if shown := b.do(`String(document.getElementById("app") !== null)`); shown != "false" {
		t.Error("the console is shown under a name that is none of this host's")
	}
	b.mu.Lock()
	b.said = nil
	b.mu.Unlock()
	// All is as it was, and the session still works.
	b.open(h.url + "/console/queue/dead")
	b.until(`one(".grid", "abc123")`)
	b.quiet()
}

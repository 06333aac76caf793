package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// The tokens of the hosts of these tests, by what they may do.
const (
	consoleAll, consoleReader, consoleOperator = "secret-of-everything", "secret-of-reader", "secret-of-operator"
	consoleTokens                              = consoleAll + " " + consoleReader + ":read " + consoleOperator + ":operate"
)

// consoleHost is a host, and a server that answers it as it is told.
type consoleHost struct {
	*testing.T
	dir, url, log string
	cmd           *exec.Cmd

	mu sync.Mutex
	// answer says what the server answers to an activity.
	answer func(path string, form url.Values) (status int, body string)
}

// startConsole starts a host with these scripts. With tokens it takes those only.
func startConsole(t *testing.T, tokens bool, scripts map[string]string) *consoleHost {
	t.Helper()
	h := &consoleHost{T: t, dir: t.TempDir()}
	h.serve(delivered)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm() // what is wrong with it shows in what it lacks
		h.mu.Lock()
		answer := h.answer
		h.mu.Unlock()
		status, body := answer(r.URL.Path, r.Form)
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}))
	t.Cleanup(server.Close)
	for name, text := range scripts {
		h.write(name, text)
	}
	port, err := freePort()
	if err != nil {
		t.Fatal(err)
	}
	h.url = "http://127.0.0.1:" + port
	configuration := fmt.Sprintf("listen: 127.0.0.1:%s\nendpoint: %s\napps: [{token: %s, environment: sandbox}]\nretry: { base: 1h }\n", port, server.URL, webApp)
	if tokens {
		configuration += "api: { tokens_env: CONSOLE_TOKENS }\n"
	}
	if err := os.WriteFile(filepath.Join(h.dir, "trackhook.yaml"), []byte(configuration), 0o600); err != nil {
		t.Fatal(err)
	}
	h.run("--config", "trackhook.yaml")
	return h
}

// run starts the command, as users do, and waits until it listens.
func (h *consoleHost) run(arguments ...string) {
	h.Helper()
	h.log = filepath.Join(h.dir, "host.log")
	log, err := os.Create(h.log)
	if err != nil {
		h.Fatal(err)
	}
	cmd := exec.Command("trackhook", append([]string{"run", "--log-format", "json"}, arguments...)...)
	cmd.Dir, cmd.Stderr = h.dir, log
	cmd.Env = append(os.Environ(), "CONSOLE_TOKENS="+consoleTokens)
	if err := cmd.Start(); err != nil {
		h.Fatal(err)
	}
	h.cmd = cmd
	h.Cleanup(func() {
		h.end(cmd)
		log.Close()
		if h.Failed() {
			h.Log(h.said())
		}
	})
	h.until("the host listens", func() bool { return strings.Contains(h.said(), "listening for sessions") })
}

// stop ends the command that runs.
func (h *consoleHost) stop() { h.end(h.cmd) }

func (*consoleHost) end(cmd *exec.Cmd) {
	if cmd.ProcessState == nil {
		_ = cmd.Process.Signal(os.Interrupt)
		_ = cmd.Wait()
	}
}

func (h *consoleHost) said() string {
	text, err := os.ReadFile(h.log)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// serve has the server answer in this way from now on.
func (h *consoleHost) serve(answer func(path string, form url.Values) (int, string)) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.answer = answer
}

func delivered(string, url.Values) (status int, body string) {
	return http.StatusOK, `{"app_token":"abc123def456","adid":"0123456789abcdef","message":"OK"}`
}

// until waits for something that comes by itself.
func (h *consoleHost) until(what string, done func() bool) {
	h.Helper()
	tick, late := time.NewTicker(20*time.Millisecond), time.After(webPatience)
	defer tick.Stop()
	for !done() {
		select {
		case <-tick.C:
		case <-late:
			h.Fatalf("waited in vain until %s", what)
		}
	}
}

func (h *consoleHost) write(script, text string) {
	h.Helper()
	path := filepath.Join(h.dir, "plugins", filepath.FromSlash(script))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		h.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		h.Fatal(err)
	}
}

func (h *consoleHost) read(script string) string {
	h.Helper()
	text, err := os.ReadFile(filepath.Join(h.dir, "plugins", filepath.FromSlash(script)))
	if err != nil {
		h.Fatal(err)
	}
	return string(text)
}

// send hands an activity in, as a sender does.
func (h *consoleHost) send(kind string, values ...string) {
	h.Helper()
	form := url.Values{"s2s": {"1"}, "app_token": {webApp}, "environment": {"sandbox"}, "external_device_id": {"pc-17"}}
	for i := 0; i < len(values); i += 2 {
		form.Set(values[i], values[i+1])
	}
	request, err := http.NewRequestWithContext(h.Context(), http.MethodPost, h.url+"/"+kind, strings.NewReader(form.Encode()))
	if err != nil {
		h.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Authorization", "Bearer "+consoleAll)
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		h.Fatal(err)
	}
	defer answer.Body.Close()
	if text, _ := io.ReadAll(answer.Body); answer.StatusCode != http.StatusOK {
		h.Fatalf("%s: %s: %s", kind, answer.Status, text)
	}
}

// settled waits until so many answers are in the log.
func (h *consoleHost) settled(answers int) {
	h.Helper()
	h.until(fmt.Sprintf("%d answers are in the log", answers), func() bool {
		request, err := http.NewRequestWithContext(h.Context(), http.MethodGet, h.url+"/api/v1/stats", nil)
		if err != nil {
			h.Fatal(err)
		}
		request.Header.Set("Authorization", "Bearer "+consoleAll)
		answer, err := http.DefaultClient.Do(request)
		if err != nil {
			h.Fatal(err)
		}
		defer answer.Body.Close()
		var stats struct{ Last int }
		return json.NewDecoder(answer.Body).Decode(&stats) == nil && stats.Last >= answers
	})
}

// link is a link that signs in, as `trackhook open` prints it.
func (h *consoleHost) link(token string) string {
	h.Helper()
	cmd := exec.Command("trackhook", "open", "--host", h.url)
	cmd.Dir, cmd.Env = h.dir, append(os.Environ(), "TRACKHOOK_TOKEN="+token)
	text, err := cmd.CombinedOutput()
	link := regexp.MustCompile(`http://\S+#code=\w+`).FindString(string(text))
	if err != nil || link == "" {
		h.Fatalf("trackhook open: %v\n%s", err, text)
	}
	return link
}

// enter opens the console as somebody who may do what a token may.
func (b *browser) enter(h *consoleHost, token string) {
	b.Helper()
	b.open(h.url + "/console/")
	b.until(`one(".sign-in input")`)
	b.until(fmt.Sprintf(`fill(".sign-in input", %q)`, token))
	b.click(".sign-in button", "Sign in")
	b.until(`one(".rail")`)
}

// signOut signs out.
func (b *browser) signOut() {
	b.Helper()
	b.click("[aria-label='Sign out']", "")
	b.until(`one(".sign-in h1", "Sign in")`)
}

// outcomesScript is the script that is shipped.
func outcomesScript(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../plugins/outcomes.js")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// A first visit: the demo, the link that it prints, and the first event.
func TestConsoleFirstVisit(t *testing.T) {
	path := needBrowser(t)
	h := &consoleHost{T: t, dir: t.TempDir()}
	h.write("outcomes.js", outcomesScript(t))
	port, err := freePort()
	if err != nil {
		t.Fatal(err)
	}
	h.url = "http://127.0.0.1:" + port
	h.run("--listen", "127.0.0.1:"+port)
	link := regexp.MustCompile(`http://[^"]+#code=\w+`)
	h.until("the log has a link", func() bool { return link.MatchString(h.said()) })

	b := startBrowser(t, path)
	b.show(1280, 800, "light")
	b.open(link.FindString(h.said()))
	b.until(`one(".answer-rows .rows-seen .row", "Install tracked")`)
	if at := b.do(`location.href`); at != h.url+"/console/" {
		t.Errorf("the page is at %s: the code must not stay in its address", at)
	}
	if kept := b.do(`JSON.stringify(localStorage) + document.cookie`); strings.Contains(kept, "code") || strings.Contains(kept, "trackhook_") {
		t.Errorf("scripts of the page can read %s", kept)
	}

	// The event that the page itself teaches, for the device that the demo knows.
	send := exec.Command("trackhook", "track", "event", "--event-token", "abc123", "--host", h.url)
	send.Dir = h.dir
	if out, err := send.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	b.until(`one(".answer-rows .rows-seen .row", "abc123")`)
	b.until(`one(".answer-rows .rows-seen .row .c-scripts", "event abc123 delivered: OK")`)
	b.click(".answer-rows .rows-seen .row", "abc123")
	b.until(`one(".detail .json", '"status"') && one(".detail .form", "event_token") && one(".detail .timeline", "attempt 1: delivered")`)
	b.until(`one(".detail .printed", "event abc123 delivered: OK")`)
	b.click(".detail [role=tab]", "curl")
	b.until(`one(".detail .code pre", "curl")`)
	b.quiet()

	// The address of what is shown shows it to others, and to who loads the page again.
	b.open(b.do(`location.href`))
	b.until(`one(".detail .timeline", "attempt 1: delivered") && one(".row.chosen", "abc123")`)

	// The keyboard.
	b.press("Escape")
	b.until(`one(".detail") === null`)
	b.press("j")
	b.until(`one(".detail h2", "event")`)
	b.press("j")
	b.until(`one(".detail h2", "session")`)
	b.press("k")
	b.until(`one(".detail h2", "event")`)
	b.press("?")
	b.until(`one("dialog[open] .keys", "next answer below")`)
	b.press("Escape")
	b.until(`one("dialog[open]") === null`)
	b.press("/")
	b.until(`document.activeElement.matches("[data-search]")`)
	b.insert("no such thing")
	b.until(`new URLSearchParams(location.search).get("text") === "no such thing" && one(".empty", "No answer passes")`)
	b.quiet()
}

// What is pasted from an empty page works.
func TestConsoleTeaches(t *testing.T) {
	path := needBrowser(t)
	h := startConsole(t, false, map[string]string{"outcomes.js": outcomesScript(t)})
	b := startBrowser(t, path)
	b.open(h.link(""))
	b.until(`one(".empty .code pre", "curl")`)
	paste := exec.Command("sh", "-c", b.do(`one(".empty .code pre").textContent`))
	if out, err := paste.CombinedOutput(); err != nil || strings.Count(string(out), "OK") != 2 {
		t.Fatalf("what the page says to paste: %v\n%s", err, out)
	}
	b.until(`one(".answer-rows .row", "abc123") && one(".answer-rows .row", "session")`)
	b.quiet()
}

// Signing in and out, what a token may, and sessions that end.
func TestConsoleSignIn(t *testing.T) {
	path := needBrowser(t)
	h := startConsole(t, true, map[string]string{"outcomes.js": outcomesScript(t)})
	h.send("session")
	h.send("event", "event_token", "abc123")
	b := startBrowser(t, path)
	b.open(h.url + "/console/queue")
	b.until(`one(".sign-in input")`)
	b.until(`fill(".sign-in input", "wrong")`)
	b.click(".sign-in button", "Sign in")
	b.until(`one(".sign-in .problem")`)
	h.until("the log tells of it", func() bool { return strings.Contains(h.said(), "sign") })

	b.enter(h, consoleReader)
	b.open(h.url + "/console/queue/dead")
	b.until(`one(".page h1", "Queue")`)
	b.open(h.url + "/console/scripts/outcomes")
	b.until(`content()`)
	if shown := b.do(`String(one("button", "Save") !== null) + String(one(".panel-bar button[disabled]", "Try") !== null)`); shown != "falsetrue" {
		t.Errorf("a reader is offered to save, or to try: %s", shown)
	}
	// The page hides it, and the host refuses it.
	for _, refused := range []string{
		`fetch("/api/v1/dead/retry", {method: "POST", headers: {"Content-Type": "application/json"}, body: '{"filter":{}}'})`,
		`fetch("/api/v1/scripts/file?path=outcomes.js", {method: "PUT", headers: {"Content-Type": "application/json"}, body: '{"text":"","version":""}'})`,
		`fetch("/api/v1/scripts/try", {method: "POST", headers: {"Content-Type": "application/json"}, body: '{"plugin":"outcomes","files":{}}'})`,
	} {
		if status := b.do(refused + ".then((r) => String(r.status))"); status != "403" {
			t.Errorf("%s: %s, want 403", refused, status)
		}
	}
	b.signOut()
	if status := b.do(`fetch("/api/v1/stats").then((r) => String(r.status))`); status != "401" {
		t.Errorf("who has signed out gets %s", status)
	}

	// A session that ends while the page is open: it says so, and goes on where it was.
	b.enter(h, consoleAll)
	b.click(".rail a", "Report")
	b.until(`one(".page h1", "Report") && one(".grid", "delivered")`)
	b.do(`fetch("/console/session", {method: "DELETE"}).then(() => "")`)
	b.click(".rail a", "Health")
	b.until(`one(".sign-in h1", "session has ended")`)
	b.until(fmt.Sprintf(`fill(".sign-in input", %q)`, consoleAll))
	b.click(".sign-in button", "Sign in")
	b.until(`one(".page h1", "Health")`)
	if kept := b.do(`JSON.stringify(localStorage) + JSON.stringify(sessionStorage) + document.cookie + location.href`); strings.Contains(kept, "secret") {
		t.Errorf("the page keeps %s", kept)
	}
	b.quiet()
}

// Dead letters are put back, many at once, with a count before and how far it has come.
func TestConsoleBulkRetry(t *testing.T) {
	path := needBrowser(t)
	h := startConsole(t, true, nil)
	h.send("session")
	h.settled(1)
	h.serve(func(string, url.Values) (int, string) {
		return 400, `{"error":"Event request failed (Invalid event token)"}`
	})
	for i := range 25 {
		h.send("event", "event_token", fmt.Sprintf("abc%03d", i))
	}
	h.settled(26)
	b := startBrowser(t, path)
	b.enter(h, consoleOperator)
	b.open(h.url + "/console/queue/dead")
	b.until(`one(".grid", "Invalid event token") && document.querySelectorAll(".grid .pick input").length === 25`)
	h.serve(delivered)
	b.click("button", "Retry all")
	b.until(`one("dialog[open] h2", "Retry 25 dead letters?")`)
	b.click("dialog[open] button", "Retry 25")
	b.until(`one("dialog[open] .progress", "25 put back of 25")`)
	b.click("dialog[open] footer button", "Close")
	b.until(`one(".empty", "Nothing has died")`)
	b.open(h.url + "/console/?outcome=delivered&kind=event")
	b.until(`document.querySelectorAll(".answer-rows .rows-seen .row").length >= 20`)
	b.quiet()
}

// hostileText is text that becomes something else where it is not kept text.
const hostileText = `<img src=x onerror="globalThis.broken=1"><script>globalThis.broken=1</script>{{nonce}}'"&` + "\u202e\u0007\u0000end"

// What servers, devices and scripts say stays text.
func TestConsoleShowsText(t *testing.T) {
	path := needBrowser(t)
	printed, err := json.Marshal(hostileText)
	if err != nil {
		t.Fatal(err)
	}
	script := `const c = new AdjustConfig(appToken, environment);
c.setEventTrackingFailedCallbackListener(function (event) { console.log(` + string(printed) + `); throw new Error(` + string(printed) + `); });
Adjust.create(c);
`
	h := startConsole(t, true, map[string]string{"hostile.js": script, "<b onclick=alert(1)>.js": "throw new Error('<i>broken</i>');\n"})
	h.send("session", "external_device_id", "<svg onload=globalThis.broken=1>\u202e")
	h.settled(1)
	body, err := json.Marshal(map[string]string{"error": hostileText, hostileText: hostileText})
	if err != nil {
		t.Fatal(err)
	}
	h.serve(func(string, url.Values) (int, string) { return 400, string(body) })
	h.send("event", "external_device_id", "<svg onload=globalThis.broken=1>\u202e", "event_token", "abc123", "event_callback_id", "</script><h1>", "callback_params", `{"<a href=javascript:alert(1)>":"x"}`)

	b := startBrowser(t, path)
	b.enter(h, consoleAll)
	b.until(`one(".row .c-scripts", "hostile")`)
	b.click(".answer-rows .row", "abc123")
	b.until(`one(".detail .json", "onerror") && one(".detail .printed", "onerror") && one(".detail .form", "javascript:")`)
	for _, view := range []string{"/console/scripts", "/console/scripts/hostile", "/console/queue/dead", "/console/queue/packages", "/console/report", "/console/health"} {
		b.open(h.url + view)
		b.until(`one(".page h1")`)
		b.until(`document.querySelector("[aria-busy=true]") === null`)
		if found := b.do(`String(globalThis.broken) + document.querySelectorAll("#app img, #app script, #app iframe, #app [onclick], #app [onload], #app b[onclick]").length + [...document.querySelectorAll("#app a")].filter((a) => !/^https?:$/.test(a.protocol)).length`); found != "undefined00" {
			t.Errorf("%s: what others say is more than text: %s", view, found)
		}
	}
	b.open(h.url + "/console/?kind=event")
	b.until(`one(".answer-rows .hidden-char")`)
	b.quiet()
}

package main

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

// needBrowser finds the browser, where all is to be checked: there it must be.
func needBrowser(t *testing.T) string {
	t.Helper()
	if testing.Short() || os.Getenv("CI") != "true" && os.Getenv("TRACKHOOK_LONG") == "" {
		t.Skip("it starts a browser: set TRACKHOOK_LONG=1, without -short")
	}
	if runtime.GOOS == "windows" {
		t.Skip("the browser is spoken to by inherited pipes, which Windows has none of")
	}
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	if os.Getenv("CI") == "true" {
		t.Fatal("no Chromium was found; Debian's package is called chromium")
	}
	t.Skip("no Chromium was found; Debian's package is called chromium")
	return ""
}

// browser is a browser with one page, which is spoken to in Chromium's own protocol: JSON with a zero byte after each message.
type browser struct {
	*testing.T
	to      io.WriteCloser
	session string

	mu      sync.Mutex
	last    int
	waiting map[int]chan message
	// said is what the page has complained of: exceptions, and what its policy has refused.
	said []string
	gone error
}

type message struct {
	ID        int             `json:"id,omitempty"`
	SessionID string          `json:"sessionId,omitempty"`
	Method    string          `json:"method,omitempty"`
	Params    json.RawMessage `json:"params,omitempty"`
	Result    json.RawMessage `json:"result,omitempty"`
	Error     *struct {
		Message string `json:"message"`
	} `json:"error,omitempty"`
}

// startBrowser starts a browser that knows nothing yet. It ends with the test.
func startBrowser(t *testing.T, path string, flags ...string) *browser {
	t.Helper()
	dir := newProfile(t)
	readCommands, to, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	from, writeAnswers, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, append([]string{
		"--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking",
		"--disable-component-update", "--disable-sync", "--disable-extensions", "--no-proxy-server", "--remote-debugging-pipe",
		"--font-render-hinting=none", "--hide-scrollbars", "--user-data-dir=" + filepath.Join(dir, "browser"),
	}, append(flags, "about:blank")...)...)
	cmd.ExtraFiles = []*os.File{readCommands, writeAnswers}
	cmd.Env = append(os.Environ(), "HOME="+dir)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	readCommands.Close()
	writeAnswers.Close()
	b := &browser{T: t, to: to, waiting: map[int]chan message{}}
	done := make(chan struct{})
	go b.listen(from, done)
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		to.Close()
		<-done
		from.Close()
	})
	var target struct {
		TargetID string `json:"targetId"`
	}
	b.call("Target.createTarget", map[string]any{"url": "about:blank"}, &target)
	var attached struct {
		SessionID string `json:"sessionId"`
	}
	b.call("Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true}, &attached)
	b.session = attached.SessionID
	for _, domain := range []string{"Page", "Runtime", "Log", "Performance"} {
		b.call(domain+".enable", nil, nil)
	}
	b.call("Page.addScriptToEvaluateOnNewDocument", map[string]any{"source": helpers}, nil)
	return b
}

// newProfile makes a home for a browser, which goes with the test once the browser has ended. Call it before that is told to be
// ended: its processes end a moment after it, and write until then.
func newProfile(t *testing.T) (home string) {
	t.Helper()
	home, err := os.MkdirTemp("", "trackhook-browser-") //nolint:usetesting // that removes it once, and fails
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		tick, late := time.NewTicker(10*time.Millisecond), time.After(webPatience)
		defer tick.Stop()
		for os.RemoveAll(home) != nil {
			select {
			case <-tick.C:
			case <-late:
				t.Errorf("what the browser has kept in %s cannot be removed", home)
				return
			}
		}
	})
	return home
}

// helpers are functions for the expressions of tests. They stand beside the page's own scripts.
const helpers = `
globalThis.seen = (element) => element !== null && element.getClientRects().length > 0;
globalThis.one = (selector, text = "") => [...document.querySelectorAll(selector)].find((e) => seen(e) && e.textContent.includes(text)) ?? null;
globalThis.click = (selector, text = "") => { const e = one(selector, text); if (e === null) { throw new Error("nothing to click: " + selector + " " + text); } e.click(); return true; };
globalThis.fill = (selector, value) => {
  const e = one(selector);
  if (e === null) { throw new Error("nothing to fill: " + selector); }
  Object.getOwnPropertyDescriptor(Object.getPrototypeOf(e), "value").set.call(e, value);
  e.dispatchEvent(new Event("input", { bubbles: true }));
  e.dispatchEvent(new Event("change", { bubbles: true }));
  return true;
};
globalThis.content = (n = 0) => [...document.querySelectorAll(".editor")][n]?.shadowRoot?.querySelector(".cm-content") ?? null;
globalThis.view = (n = 0) => content(n).cmTile.root.view;
globalThis.text = (n = 0) => view(n).state.doc.toString();
globalThis.body = () => document.body.innerText;
`

// listen reads what the browser says until it ends.
func (b *browser) listen(from io.Reader, done chan<- struct{}) {
	defer close(done)
	reader := bufio.NewReader(from)
	for {
		text, err := reader.ReadBytes(0)
		if err != nil {
			b.mu.Lock()
			b.gone = err
			for _, answer := range b.waiting {
				close(answer)
			}
			b.waiting = nil
			b.mu.Unlock()
			return
		}
		var m message
		if json.Unmarshal(text[:len(text)-1], &m) != nil {
			continue
		}
		b.mu.Lock()
		if answer, ok := b.waiting[m.ID]; ok && m.ID != 0 {
			delete(b.waiting, m.ID)
			answer <- m
		} else {
			b.hear(&m)
		}
		b.mu.Unlock()
	}
}

// hear keeps what the page complains of. b.mu is held.
func (b *browser) hear(m *message) {
	var said struct {
		Entry struct {
			Source, Level, Text, URL string
		}
		ExceptionDetails struct {
			Text      string
			Exception struct{ Description string }
		}
	}
	if json.Unmarshal(m.Params, &said) != nil {
		return
	}
	switch {
	case m.Method == "Log.entryAdded" && said.Entry.Level == "error" && said.Entry.Source != "network":
		b.said = append(b.said, said.Entry.Source+": "+said.Entry.Text)
	case m.Method == "Runtime.exceptionThrown":
		b.said = append(b.said, said.ExceptionDetails.Text+" "+said.ExceptionDetails.Exception.Description)
	}
}

// ask sends a command and waits for its answer.
func (b *browser) ask(method string, params, result any) error {
	b.mu.Lock()
	if b.gone != nil {
		b.mu.Unlock()
		return fmt.Errorf("the browser has ended: %w", b.gone)
	}
	b.last++
	id, answer := b.last, make(chan message, 1)
	b.waiting[id] = answer
	b.mu.Unlock()
	if params == nil {
		params = struct{}{}
	}
	command := map[string]any{"id": id, "method": method, "params": params}
	if b.session != "" {
		command["sessionId"] = b.session
	}
	text, err := json.Marshal(command)
	if err != nil {
		return err
	}
	if _, err := b.to.Write(append(text, 0)); err != nil {
		return err
	}
	select {
	case m, ok := <-answer:
		if !ok {
			return errors.New("the browser has ended")
		}
		if m.Error != nil {
			return fmt.Errorf("%s: %s", method, m.Error.Message)
		}
		if result == nil {
			return nil
		}
		return json.Unmarshal(m.Result, result)
	case <-time.After(webPatience):
		return fmt.Errorf("%s: no answer", method)
	}
}

func (b *browser) call(method string, params, result any) {
	b.Helper()
	if err := b.ask(method, params, result); err != nil {
		b.Fatal(err)
	}
}

// evaluate runs an expression in the page and returns its value as JSON, or as it is if it is a text. A promise is awaited.
func (b *browser) evaluate(expression string) (string, error) {
	var got struct {
		Result struct {
			Value json.RawMessage `json:"value"`
		} `json:"result"`
		ExceptionDetails *struct {
			Text      string `json:"text"`
			Exception struct {
				Description string `json:"description"`
			} `json:"exception"`
		} `json:"exceptionDetails"`
	}
	params := map[string]any{"expression": expression, "awaitPromise": true, "returnByValue": true, "userGesture": true}
	if err := b.ask("Runtime.evaluate", params, &got); err != nil {
		return "", err
	}
	if got.ExceptionDetails != nil {
		return "", errors.New(got.ExceptionDetails.Text + " " + got.ExceptionDetails.Exception.Description)
	}
	var text string
	if json.Unmarshal(got.Result.Value, &text) == nil {
		return text, nil
	}
	return string(got.Result.Value), nil
}

func (b *browser) do(expression string) string {
	b.Helper()
	value, err := b.evaluate(expression)
	if err != nil {
		b.Fatalf("%s: %v\n%s", expression, err, b.shown())
	}
	return value
}

// shown is what the page shows, for messages.
func (b *browser) shown() string {
	value, err := b.evaluate(`location.href + "\n" + document.body.innerText.slice(0, 2000)`)
	if err != nil {
		return err.Error()
	}
	return value
}

// until waits until an expression is true. What throws is not true yet.
func (b *browser) until(expression string) {
	b.Helper()
	tick, late := time.NewTicker(30*time.Millisecond), time.After(webPatience)
	defer tick.Stop()
	for {
		if value, err := b.evaluate("Boolean(" + expression + ")"); err == nil && value == "true" {
			return
		}
		select {
		case <-tick.C:
		case <-late:
			b.Fatalf("waited in vain for %s; the page shows\n%s", expression, b.shown())
		}
	}
}

// click clicks on what a selector finds that holds a text, as soon as it is there.
func (b *browser) click(selector, text string) {
	b.Helper()
	b.until(fmt.Sprintf("click(%q, %q)", selector, text))
}

// open loads an address anew.
func (b *browser) open(url string) {
	b.Helper()
	b.call("Page.navigate", map[string]any{"url": "about:blank"}, nil)
	b.until(`location.href === "about:blank"`)
	b.call("Page.navigate", map[string]any{"url": url}, nil)
	b.until(`document.readyState === "complete" && location.href !== "about:blank"`)
}

// insert types a text where the cursor is.
func (b *browser) insert(text string) {
	b.Helper()
	b.call("Input.insertText", map[string]any{"text": text}, nil)
}

// press presses a key: a letter, or a name such as Enter. With ctrl it is held.
func (b *browser) press(key string, ctrl ...bool) {
	b.Helper()
	codes := map[string]int{"Enter": 13, "Escape": 27, "Tab": 9, "End": 35, "Home": 36, "ArrowDown": 40, "/": 191, "?": 191}
	code, text := codes[key], ""
	if len(key) == 1 {
		text = key
		if code == 0 {
			code = int(strings.ToUpper(key)[0])
		}
	}
	modifiers := 0
	if len(ctrl) > 0 {
		modifiers, text = 2, ""
	}
	kind := "keyDown"
	if text == "" {
		kind = "rawKeyDown"
	}
	params := map[string]any{"type": kind, "key": key, "windowsVirtualKeyCode": code, "modifiers": modifiers}
	if text != "" {
		params["text"] = text
	}
	b.call("Input.dispatchKeyEvent", params, nil)
	b.call("Input.dispatchKeyEvent", map[string]any{"type": "keyUp", "key": key, "windowsVirtualKeyCode": code, "modifiers": modifiers}, nil)
}

// show sets how large the page is, and whether the system likes it dark.
func (b *browser) show(width, height int, theme string) {
	b.Helper()
	b.call("Emulation.setDeviceMetricsOverride", map[string]any{"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false}, nil)
	b.call("Emulation.setEmulatedMedia", map[string]any{"features": []map[string]string{
		{"name": "prefers-color-scheme", "value": theme}, {"name": "prefers-reduced-motion", "value": "reduce"},
	}}, nil)
}

// picture keeps a picture of the page in the folder that TRACKHOOK_PICTURES names, where there is one.
func (b *browser) picture(name string) {
	b.Helper()
	dir := os.Getenv("TRACKHOOK_PICTURES")
	if dir == "" {
		return
	}
	var got struct {
		Data string `json:"data"`
	}
	b.call("Page.captureScreenshot", map[string]any{"format": "png"}, &got)
	picture, err := base64.StdEncoding.DecodeString(got.Data)
	if err == nil {
		err = errors.Join(os.MkdirAll(dir, 0o755), os.WriteFile(filepath.Join(dir, name+".png"), picture, 0o644))
	}
	if err != nil {
		b.Error(err)
	}
}

// quiet fails when the page has complained of something: an exception, or something that its policy has refused.
func (b *browser) quiet() {
	b.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, said := range b.said {
		b.Errorf("the page complains: %s", said)
	}
	b.said = nil
}

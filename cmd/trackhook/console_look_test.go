package main

import (
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"regexp"
	"testing"
	"time"
)

// fetchAxe returns the program that looks for what keeps people from using a page, in the version that the page pins.
func fetchAxe(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../engine/console/ui/package.json")
	if err != nil {
		t.Fatal(err)
	}
	version := regexp.MustCompile(`"axe-core": "([0-9.]+)"`).FindSubmatch(text)
	if version == nil {
		t.Fatal("package.json pins no axe-core")
	}
	program, err := fetchPackage(t.Context(), t.TempDir(), "axe-core@"+string(version[1]), "package/axe.min.js")
	if err != nil {
		t.Fatalf("it is not looked at: %v", err)
	}
	return string(program)
}

// Every view, at two widths and in both themes: axe finds nothing serious, nothing lies outside of a narrow page, and a
// picture is kept.
func TestConsoleLooks(t *testing.T) {
	path := needBrowser(t)
	axe := fetchAxe(t)
	h := startConsole(t, true, map[string]string{"outcomes.js": outcomesScript(t), "broken.js": "const a = ;\n", "README.md": "# Scripts\n"})
	h.send("session")
	for i := range 12 {
		h.send("event", "event_token", fmt.Sprintf("abc%03d", i%4), "revenue", "1.99", "currency", "EUR", "callback_params", `{"order":"4711"}`)
	}
	b := startBrowser(t, path)
	b.show(1440, 900, "light")
	b.enter(h, consoleAll)
	h.settled(13)
	h.serve(func(_ string, form url.Values) (int, string) {
		if form.Get("revenue") != "" {
			return 503, ""
		}
		return 400, `{"error":"Event request failed (Invalid event token)"}`
	})
	for i := range 4 {
		h.send("event", "event_token", fmt.Sprintf("bad%03d", i))
	}
	h.settled(17)
	h.send("event", "event_token", "rev999", "revenue", "4.99", "currency", "EUR")
	h.settled(18)
	newest := b.do(`fetch("/api/v1/responses?kind=event&limit=1000").then((r) => r.json()).then((r) => r.responses.at(-1)).then((a) => "seq=" + a.seq + "&id=" + a.id)`)

	views := []struct{ name, path, ready string }{
		{"answers", "/", `one(".answer-rows .row", "abc000")`},
		{"detail", "/?" + newest, `one(".detail .timeline") && one(".detail .form")`},
		{"scripts", "/scripts", `one(".plugins", "outcomes") && one(".excerpt")`},
		{"script", "/scripts/outcomes", `content() && text().includes("Prints")`},
		{"about", "/scripts/outcomes?panel=about", `content() && one(".about")`},
		{"queue", "/queue", `one(".grid", "rev999") || one(".grid", "pc-17")`},
		{"packages", "/queue/packages", `one(".grid", "pc-17")`},
		{"dead", "/queue/dead", `one(".grid", "Invalid event token")`},
		{"report", "/report", `one(".grid tfoot") && one(".chart")`},
		{"health", "/health", `one(".components li") && one(".settings td")`},
	}
	for _, theme := range []string{"light", "dark"} {
		for _, size := range []struct{ width, height int }{{1440, 900}, {360, 740}} {
			b.show(size.width, size.height, theme)
			for _, view := range views {
				b.open(h.url + "/console" + view.path)
				b.until(view.ready)
				if view.name == "script" {
					b.click(".panel-bar button", "Try")
					b.until(`one(".sum", "answers")`)
				}
				b.picture(fmt.Sprintf("%s-%d-%s", view.name, size.width, theme))
				if wide := b.do(`String(document.documentElement.scrollWidth > innerWidth)`); wide != "false" {
					t.Errorf("%s, %d wide: the page is wider", view.name, size.width)
				}
				serious(b, axe, fmt.Sprintf("%s, %d wide, %s", view.name, size.width, theme))
			}
		}
	}
	b.click("[aria-label='Sign out']", "")
	b.until(`one(".sign-in input")`)
	b.picture("sign-in")
	serious(b, axe, "signing in")
	b.quiet()
}

// serious has axe look at the page as it is, and fails for what it calls serious or worse.
func serious(b *browser, axe, where string) {
	b.Helper()
	b.do(axe + "; typeof axe")
	var found []struct {
		ID, Impact, Help string
		Nodes            []string
	}
	text := b.do(`axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) => JSON.stringify(violations
		.filter((v) => v.impact === "serious" || v.impact === "critical")
		.map((v) => ({ id: v.id, impact: v.impact, help: v.help, nodes: v.nodes.slice(0, 4).map((n) => n.html.slice(0, 200) + " " + (n.any[0]?.message ?? "")) }))))`)
	if err := json.Unmarshal([]byte(text), &found); err != nil {
		b.Fatalf("%v: %s", err, text)
	}
	for _, problem := range found {
		b.Errorf("%s: %s (%s): %q", where, problem.Help, problem.ID, problem.Nodes)
	}
}

// Many answers in a tab that stays open: it shows them as they come, keeps a bounded number, and answers to clicks.
func TestConsoleEndures(t *testing.T) {
	path := needBrowser(t)
	h := startConsole(t, true, map[string]string{"outcomes.js": outcomesScript(t)})
	h.send("session")
	b := startBrowser(t, path, "--enable-precise-memory-info")
	b.show(1440, 900, "light")
	b.enter(h, consoleAll)
	b.until(`one(".answer-rows .row", "session")`)
	// A stand-in for the host's stream, which is bounded by the host: here all are told, as fast as the page takes them.
	const answers = 100_000
	b.do(fmt.Sprintf(`(() => {
		const told = globalThis.fetch;
		globalThis.toldAll = false;
		globalThis.fetch = (path, how) => {
			if (!String(path).startsWith("/api/v1/answers")) { return told(path, how); }
			let seq = 1000;
			const text = new TextEncoder();
			return Promise.resolve(new Response(new ReadableStream({ async pull(c) {
				if (seq >= %d + 1000) { globalThis.toldAll = true; return new Promise(() => undefined); }
				let lines = "";
				for (let i = 0; i < 500; i++) {
					seq++;
					lines += JSON.stringify({ type: "answer", answer: { seq, at: new Date().toISOString(), id: "id" + seq, kind: "event", app_token: "abc123def456", environment: "sandbox", device: "external_device_id=pc-" + seq, event_token: "abc123", params: { a: "x".repeat(300) }, attempt: 1, outcome: "delivered", status: 200, message: "OK", body: { message: "y".repeat(1000) }, will_retry: false } }) + "\n";
					lines += JSON.stringify({ type: "runs", seq, runs: [{ listener: "outcomes", version: "349cb9a8", lines: [{ level: "info", text: "z".repeat(200) }], lines_left_out: 0 }] }) + "\n";
				}
				await new Promise((done) => setTimeout(done, 5));
				c.enqueue(text.encode(lines));
			} })));
		};
		return "";
	})()`, answers))
	b.click(".rail a", "Health")
	b.until(`one(".page h1", "Health")`)
	began := time.Now()
	b.click(".rail a", "Answers")
	b.until(`globalThis.toldAll`)
	b.until(`one(".answer-rows .row", "pc-101000") && Number(document.querySelector(".rows").getAttribute("aria-rowcount")) <= 5600`)
	t.Logf("%d answers in %s", answers, time.Since(began).Round(time.Millisecond))
	b.click(".answer-rows .row", "pc-101000")
	b.until(`one(".detail")`)
	var heap struct {
		UsedSize float64 `json:"usedSize"`
	}
	b.call("HeapProfiler.collectGarbage", nil, nil)
	b.call("Runtime.getHeapUsage", nil, &heap)
	t.Logf("the tab's scripts hold %.1f MB", heap.UsedSize/1e6)
	if heap.UsedSize > 150e6 {
		t.Errorf("the tab holds %.0f MB", heap.UsedSize/1e6)
	}
	b.quiet()
}

// A tab that nobody sees asks the host for nothing, and catches up when it is seen again.
func TestConsoleRestsUnseen(t *testing.T) {
	path := needBrowser(t)
	h := startConsole(t, true, map[string]string{"outcomes.js": outcomesScript(t)})
	h.send("session")
	b := startBrowser(t, path)
	b.show(1440, 900, "light")
	b.enter(h, consoleAll)
	b.until(`one(".answer-rows .row", "session") && one(".pulse", "Live")`)
	b.do(`(() => {
		globalThis.asked = [];
		const told = globalThis.fetch;
		globalThis.fetch = (path, how) => {
			if (String(path).startsWith("/api/v1/answers")) { globalThis.asked.push(String(path)); }
			return told(path, how);
		};
		globalThis.unseen = (hidden) => {
			Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
			document.dispatchEvent(new Event("visibilitychange"));
		};
		unseen(true);
		return "";
	})()`)
	h.send("event", "event_token", "abc123")
	h.settled(2)
	b.do(`unseen(false)`)
	b.until(`one(".answer-rows .row", "abc123") && one(".answer-rows .row", "session")`)
	if asked := b.do(`JSON.stringify(asked)`); asked != `["/api/v1/answers?after=1&recent=500"]` {
		t.Errorf("it has asked %s", asked)
	}
	b.quiet()
}

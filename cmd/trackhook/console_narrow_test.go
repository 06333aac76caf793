package main

import (
	"strings"
	"testing"
)

// fits tells whether nothing makes the page itself scroll sideways.
const fits = `document.documentElement.scrollWidth <= innerWidth && document.body.scrollWidth <= innerWidth`

// On a telephone a script can be read, what would have come of a draft is seen, and the page does not scroll sideways.
func TestConsoleEditorIsNarrow(t *testing.T) {
	path := needBrowser(t)
	h := startConsole(t, true, map[string]string{"outcomes.js": outcomesScript(t)})
	h.send("session")
	h.settled(1)
	h.send("event", "event_token", "abc123", "event_callback_id", "order-4711")
	h.settled(2)
	b := startBrowser(t, path)
	b.show(360, 740, "dark")
	b.enter(h, consoleAll)
	b.open(h.url + "/console/scripts/outcomes")
	b.until(`content() && text().includes("Prints one readable line") && one(".state", "runs")`)
	b.until(fits)
	// Lines that are longer than the screen scroll within the editor, which has room for some.
	b.until(`(() => { const s = document.querySelector(".editor").shadowRoot.querySelector(".cm-scroller"); return s.scrollWidth > s.clientWidth && s.clientWidth <= 360 && s.clientHeight > 200; })()`)
	b.picture("editor-narrow")
	b.put("`session ${delivered", "`SESSION ${delivered")
	b.until(`one(".state", "draft")`)
	b.press("Enter", true)
	// The result comes into view.
	b.until(`(() => { const s = one(".sum", "1 differs"); if (s === null) { return false; } const r = s.getBoundingClientRect(); return r.top >= 0 && r.bottom <= innerHeight; })()`)
	b.until(fits)
	b.picture("try-narrow")
	// What is said of an answer leaves room for the link to it.
	b.click(".panel button", "All")
	b.until(`document.querySelectorAll(".compared .answer-link").length === 2`)
	if over := b.do(`JSON.stringify([...document.querySelectorAll(".compared")].map((one) => {
		const link = one.querySelector(".answer-link")?.getBoundingClientRect();
		return link !== undefined && [...one.querySelectorAll("summary > *")].some((e) => { const r = e.getBoundingClientRect(); return r.right > link.left && r.top < link.bottom && r.bottom > link.top; });
	}))`); over != "[false,false]" {
		t.Errorf("something stands over the links to answers: %s", over)
	}
	// What was tried is not what stands there any more.
	b.put("`SESSION ${delivered", "`ANOTHER ${delivered")
	b.until(`one(".result.old .strip", "has changed since")`)
	b.click(".result .strip button", "Try again")
	b.until(`one(".compared", "ANOTHER") && one(".result.old") === null`)
	for _, tab := range []string{"Tests", "About"} {
		b.click(".panel [role=tab]", tab)
		b.until(fits)
	}
	for _, place := range []string{"Answers", "Queue", "Report", "Health", "Scripts"} {
		b.click(".rail a", place)
		b.until(`one(".rail a[aria-current]", "` + place + `") && ` + fits)
	}
	b.quiet()
}

// On a tablet nothing of what stands above a view is cut off, and it takes three lines at most.
func TestConsoleBarsWrap(t *testing.T) {
	path := needBrowser(t)
	h := startConsole(t, true, map[string]string{"outcomes.js": outcomesScript(t), "another.js": outcomesScript(t)})
	h.send("session")
	h.settled(1)
	b := startBrowser(t, path)
	b.show(768, 900, "light")
	b.enter(h, consoleAll)
	for view, ready := range map[string]string{
		"/": `one(".bar .choice", "All plugins")`, "/scripts": `one(".plugins")`, "/scripts/outcomes": `content()`,
		"/queue": `one(".numbers", "dead")`, "/queue/packages": `one(".numbers", "dead")`, "/report": `one(".grid tfoot")`, "/health": `one(".components li")`,
	} {
		b.open(h.url + "/console" + view)
		b.until(ready + ` && ` + fits)
		if cut := b.do(`JSON.stringify([...document.querySelectorAll(".bar, .bar > *, .bar > * > *")].filter((e) => seen(e) && e.getBoundingClientRect().right > innerWidth).map((e) => e.textContent))`); cut != "[]" {
			t.Errorf("%s: cut off is %s", view, cut)
		}
		if tall := b.do(`String(one(".bar").getBoundingClientRect().height)`); b.do(`String(one(".bar").getBoundingClientRect().height > 120)`) == "true" {
			t.Errorf("%s: the bar is %s tall", view, tall)
		}
		b.picture("bar-768-" + strings.ReplaceAll(strings.Trim(view, "/"), "/", "-"))
	}
	b.quiet()
}

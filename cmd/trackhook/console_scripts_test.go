package main

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// put has the editor hold a text that differs from what it holds, as if somebody had typed it. The page makes its editor anew when what it
// shows changes, so it is tried until an editor that holds the text has the cursor.
func (b *browser) put(old, replacement string) {
	b.Helper()
	b.until(fmt.Sprintf(`(() => {
		const at = text().indexOf(%[1]q);
		if (at < 0) { return false; }
		view().focus();
		view().dispatch({ selection: { anchor: at, head: at + %[1]q.length } });
		return true;
	})()`, old))
	b.insert(replacement)
}

// A script is edited in the page: the next answer runs it; what is broken says where, and the version before goes on.
func TestConsoleEdits(t *testing.T) {
	path := needBrowser(t)
	h := startConsole(t, true, map[string]string{"outcomes.js": outcomesScript(t)})
	file := filepath.Join(h.dir, "plugins", "outcomes.js")
	if err := os.Chmod(file, 0o640); err != nil {
		t.Fatal(err)
	}
	h.send("session")
	b := startBrowser(t, path)
	b.show(1440, 900, "light")
	b.enter(h, consoleAll)
	b.click(".rail a", "Scripts")
	b.until(`one(".plugins tr", "outcomes") && one(".plugins", "runs")`)
	b.click(".plugins a", "outcomes")
	b.until(`content() && text().includes("Prints one readable line")`)

	b.put("`event ${name(event)} ${delivered", "`EVENT ${name(event)} ${delivered")
	b.until(`one(".state", "draft, not saved")`)
	if strings.Contains(h.read("outcomes.js"), "EVENT") {
		t.Error("it is on disk before it was saved")
	}
	// The draft survives the tab.
	b.open(h.url + "/console/scripts/outcomes")
	b.until(`content() && text().includes("EVENT ${name") && one(".state", "draft")`)

	// It is tried on the answers that there are before it is saved.
	h.send("event", "event_token", "abc123")
	h.settled(2)
	b.press("Enter", true)
	b.until(`one(".compared .act.new", "EVENT abc123 delivered") && one(".compared .act.gone", "event abc123 delivered") && one(".sum", "1 differs")`)

	b.until(`view().focus() === undefined`)
	b.press("s", true)
	b.until(`one(".state", "saved")`)
	h.until("it is on disk", func() bool { return strings.Contains(h.read("outcomes.js"), "EVENT ${name") })
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("the mode has changed: %v %v", info.Mode(), err)
	}
	h.until("the host has it", func() bool { return strings.Contains(h.said(), "plugin reloaded") })
	h.send("event", "event_token", "def456")
	h.until("the new version runs", func() bool { return strings.Contains(h.said(), "EVENT def456 delivered") })

	// Broken: while it is typed, the host says where; saved, the version before goes on.
	b.put("Adjust.create(adjustConfig)", "Adjust.crate(adjustConfig)")
	b.until(`one(".problems .where", "crate") && one(".problems .place", "outcomes.js:24")`)
	b.until(`document.querySelector(".editor").shadowRoot.querySelector(".cm-lintRange-error")`)
	b.press("s", true)
	b.until(`one(".state", "broken edit") && one(".state", "keeps running") && one(".problems .place", "outcomes.js:24")`)
	b.picture("broken-edit")
	h.send("event", "event_token", "ghi789")
	h.until("the version before runs", func() bool { return strings.Contains(h.said(), "EVENT ghi789 delivered") })
	b.click(".crumbs a", "Scripts")
	b.until(`one(".problem-row .excerpt", "Adjust.crate(adjustConfig)")`)
	b.click(".problem-row .place", "")
	b.until(`content() && text().includes("crate")`)

	// Mended.
	b.put("Adjust.crate(adjustConfig)", "Adjust.create(adjustConfig)")
	b.press("s", true)
	b.until(`one(".state .says-live") && one(".problems") === null`)
	b.quiet()
}

// Two edit the same file, one in the page and one in an editor: nothing is overwritten, and both changes can be kept.
func TestConsoleConflict(t *testing.T) {
	path := needBrowser(t)
	h := startConsole(t, true, map[string]string{"outcomes.js": strings.ReplaceAll(outcomesScript(t), "\n", "\r\n")})
	b := startBrowser(t, path)
	b.show(1440, 900, "dark")
	b.enter(h, consoleAll)
	b.open(h.url + "/console/scripts/outcomes")
	b.until(`content() && text().includes("Prints one readable line")`)
	b.put("`event ${name(event)} ${delivered", "`MINE ${name(event)} ${delivered")
	b.until(`one(".state", "draft")`)
	theirs := strings.Replace(h.read("outcomes.js"), "session failed:", "THEIRS failed:", 1)
	h.write("outcomes.js", theirs)
	b.press("s", true)
	b.until(`one(".changed", "changed on disk while you edited it") && content(2)`)
	if h.read("outcomes.js") != theirs {
		t.Error("the other's change was overwritten")
	}
	b.until(`text(0).includes("session failed:") && !text(0).includes("MINE") && text(1).includes("THEIRS failed:") && text(2).includes("MINE")`)
	b.picture("conflict")
	b.click("button", "Merge both")
	b.until(`text(2).includes("MINE") && text(2).includes("THEIRS failed:") && one(".hint", "Both changes are in")`)
	b.click("button", "Save yours")
	h.until("both are on disk", func() bool {
		text := h.read("outcomes.js")
		return strings.Contains(text, "MINE ${name") && strings.Contains(text, "THEIRS failed:")
	})
	if text := h.read("outcomes.js"); strings.Count(text, "\r\n") != strings.Count(text, "\n") {
		t.Error("line ends were changed")
	}
	b.until(`one(".changed") === null && one(".state .says-live")`)

	// Both in the same place: the marks must go before it can be saved.
	b.put("MINE ${name", "MINE AGAIN ${name")
	h.write("outcomes.js", strings.Replace(h.read("outcomes.js"), "MINE ${name", "THEIRS AGAIN ${name", 1))
	b.until(`one(".strip", "has changed on disk")`)
	b.click(".strip button", "Compare")
	b.until(`content(2) && one("button", "Merge both")`)
	b.click("button", "Merge both")
	b.until(`text(2).includes("<<<<<<< on disk") && one("button[disabled]", "Save yours")`)
	b.click("button", "Take what is on disk")
	b.until(`one(".changed") === null && content() && text().includes("THEIRS AGAIN")`)

	// Without a draft, what an editor saves shows by itself.
	h.write("outcomes.js", strings.Replace(h.read("outcomes.js"), "THEIRS AGAIN ${name", "LATER ${name", 1))
	b.until(`text().includes("LATER ${name")`)
	b.quiet()
}

// A script is made from a template, its tests are run, it is renamed and deleted.
func TestConsoleMakesScripts(t *testing.T) {
	path := needBrowser(t)
	h := startConsole(t, true, map[string]string{"README.md": "# Scripts\n"})
	b := startBrowser(t, path)
	b.show(1440, 900, "light")
	b.enter(h, consoleAll)
	b.open(h.url + "/console/scripts")
	b.until(`one(".empty", "No scripts yet")`)
	b.click(".empty button", "New script")
	b.until(`one("dialog .templates label", "daily-report")`)
	b.click("dialog .templates label", "daily-report")
	b.until(`fill("dialog footer input", "my-report")`)
	b.picture("new-script")
	b.click("dialog footer button", "Make it")
	b.until(`location.pathname === "/console/scripts/my-report" && content() && text().includes("AdjustConfig")`)
	b.until(`one(".state .says-live")`)
	b.click(".panel [role=tab]", "Tests")
	b.until(`one(".panel button", "Run tests")`)
	b.click(".panel button", "Run tests")
	b.until(`one(".tests .says-passed", "passed")`)
	b.picture("tests")

	// Its typed answer.
	b.click(".panel [role=tab]", "Try")
	b.until(`one(".panel-bar select")`)
	b.until(`fill(".panel-bar select", "typed")`)
	b.until(`one(".typed")`)
	b.click(".panel-bar button", "Try")
	b.until(`one(".compared", "stores")`)

	b.click(".panel [role=tab]", "About")
	b.until(`one(".about", "fetch from")`)
	b.click(".about button", "Rename")
	b.until(`one("dialog input[type=text]")`)
	b.until(`fill("dialog input[type=text]", "our-report")`)
	b.click("dialog footer button", "Rename")
	b.until(`location.pathname === "/console/scripts/our-report" && one(".state .says-live")`)
	if _, err := os.Stat(filepath.Join(h.dir, "plugins", "my-report.js")); err == nil {
		t.Error("the old file is still there")
	}
	h.read("our-report.js")
	b.click(".panel [role=tab]", "About")
	b.click(".about button", "Delete")
	b.until(`one("dialog[open] h2", "Delete our-report?")`)
	b.click("dialog footer button", "Delete it")
	b.until(`location.pathname === "/console/scripts"`)
	if _, err := os.Stat(filepath.Join(h.dir, "plugins", "our-report.js")); err == nil {
		t.Error("the file is still there")
	}
	b.quiet()
}

// The editor completes what scripts find, and explains it.
func TestConsoleCompletes(t *testing.T) {
	path := needBrowser(t)
	h := startConsole(t, true, map[string]string{"a.js": "const c = new AdjustConfig(appToken, environment);\nc.setEventTrackingSucceededCallbackListener(function (event) {\n  event;\n});\nAdjust.create(c);\n"})
	h.serve(func(string, url.Values) (int, string) { return 200, `{}` })
	b := startBrowser(t, path)
	b.show(1280, 800, "light")
	b.enter(h, consoleAll)
	b.open(h.url + "/console/scripts/a")
	b.until(`content() && text().includes("AdjustConfig")`)
	offers := func(what string) string {
		return `[...document.querySelector(".editor").shadowRoot.querySelectorAll(".cm-tooltip-autocomplete li")].some((e) => e.textContent.includes("` + what + `"))`
	}
	b.until(`document.querySelector(".editor").shadowRoot.querySelector(".cm-content") && performance.getEntriesByName(location.origin + "/api/v1/scripts/surface").length > 0`)
	b.put("event;", "event")
	b.insert(".")
	b.insert("e")
	b.until(offers("eventToken"))
	b.picture("completion")
	b.press("Escape")
	b.put("Adjust.create(c);", "Adjust")
	b.insert(".")
	b.insert("tr")
	b.until(offers("trackEvent"))
	b.quiet()
}

package main

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Queued packages are dropped, all that a filter takes and all of a lane: how many they are is said first, it is seen how far it
// has come, and it can be stopped. Those of an app that is not configured any more are given to another.
func TestConsoleBulkDrop(t *testing.T) {
	path := needBrowser(t)
	h := startConsole(t, true, nil)
	h.serve(func(string, url.Values) (int, string) { return 503, "" })
	for i := range 30 {
		h.send("event", "event_token", []string{"abc123", "def456"}[i%2], "external_device_id", fmt.Sprintf("pc-%d", i%3))
	}
	b := startBrowser(t, path)
	b.show(1440, 900, "light")
	b.enter(h, consoleReader)
	b.open(h.url + "/console/queue/packages")
	b.until(`one(".grid tbody tr", "abc123") && one("button", "Drop") === null && one(".grid input") === null`)
	b.signOut()
	b.enter(h, consoleOperator)
	b.open(h.url + "/console/queue/packages?event_token=abc123")
	b.click("button", "Drop these")
	b.until(`one("dialog h2", "Drop 15 queued packages?") && document.activeElement.textContent === "Cancel"`)
	b.picture("drop-queued")
	b.until(`fill(".rate input", "10")`)
	b.click("dialog footer button", "Drop 15")
	b.until(`one("dialog .progress", "of 15 queued packages")`)
	b.click("dialog footer button", "Stop")
	b.until(`one("dialog h2", "Drop: stopped")`)
	b.click("dialog footer button", "Close")
	b.click("button", "Drop these")
	b.until(`one("dialog h2", "queued package") && one("dialog h2", "Drop 15") === null`)
	b.click("dialog footer .danger", "Drop")
	b.until(`one("dialog h2", "Drop: done")`)
	b.click("dialog footer button", "Close")
	b.until(`one(".empty", "No such package") && one(".numbers", "queued15")`)

	// A lane, by the keyboard.
	b.open(h.url + "/console/queue")
	b.until(`one(".grid tbody tr", "pc-0")`)
	b.press("j")
	b.click(".detail button", "Drop its lane")
	b.until(`one("dialog h2", "Drop 5 queued packages?")`)
	b.click("dialog footer .danger", "Drop 5")
	b.until(`one("dialog h2", "Drop: done")`)
	b.click("dialog footer button", "Close")
	b.until(`one(".numbers", "queued10")`)
	b.quiet()
	if said := h.said(); !strings.Contains(said, "packages were dropped on request") {
		t.Error("the log does not tell of it")
	}

	// Another app in the configuration: what waits is held.
	file := filepath.Join(h.dir, "trackhook.yaml")
	configuration, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	h.stop()
	if err := os.WriteFile(file, []byte(strings.Replace(string(configuration), webApp, "xyz123def456", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	h.run("--config", "trackhook.yaml")
	b.open(h.url + "/console/")
	b.enter(h, consoleOperator)
	b.open(h.url + "/console/queue")
	b.until(`one(".grid tr", "held")`)
	b.picture("held")
	b.click("button", "Adopt")
	b.until(`one("dialog h2", "Adopt 10 held packages?") && one("dialog select", "xyz123def456")`)
	b.click("dialog footer button", "Adopt 10")
	b.until(`one("dialog h2", "Adopt: done") && one("dialog .progress", "10 given over of 10")`)
	b.click("dialog footer button", "Close")
	b.until(`one(".grid tr", "xyz123def456") && [...document.querySelectorAll(".grid tr")].every((row) => !row.textContent.includes("held"))`)
	b.quiet()
}

// A lane that waits, for its time or for a session of its device, is tried now by whoever may operate.
func TestConsoleHastens(t *testing.T) {
	path := needBrowser(t)
	h := startConsole(t, true, nil)
	h.serve(func(string, url.Values) (int, string) { return 404, `{"error":"Device not found"}` })
	h.send("event", "event_token", "abc123", "external_device_id", "pc-1")
	h.settled(1)
	b := startBrowser(t, path)
	b.show(1440, 900, "light")
	b.enter(h, consoleReader)
	b.open(h.url + "/console/queue")
	b.until(`one(".grid tbody tr", "a session of its device") && one("button", "Try now") === null`)
	b.signOut()
	b.enter(h, consoleOperator)
	b.open(h.url + "/console/queue")
	h.serve(func(string, url.Values) (int, string) { return 503, "" })
	b.click(".grid button", "Try now")
	b.until(`one(".grid tbody tr", "its time")`)
	b.picture("hasten")
	h.serve(delivered)
	b.click(".grid button", "Try now")
	b.until(`one(".empty", "Nothing is queued")`)
	b.quiet()
	h.settled(3)
}

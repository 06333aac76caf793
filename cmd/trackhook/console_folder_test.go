package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A folder that cannot be written to is one to read and to try in: the page says so, and offers nothing that would fail.
func TestConsoleReadOnlyFolder(t *testing.T) {
	path := needBrowser(t)
	h := startConsole(t, true, map[string]string{"outcomes.js": outcomesScript(t)})
	h.send("session")
	h.settled(1)
	h.lock()
	b := startBrowser(t, path)
	b.show(1280, 800, "light")
	b.enter(h, consoleAll)
	b.open(h.url + "/console/scripts")
	b.until(`one(".notice", "try drafts here, and not save them") && one("button", "New script") === null`)
	b.picture("read-only")
	b.click(".plugins a", "outcomes")
	b.until(`content() && text().includes("Prints one readable line") && one(".strip", "Drafts can be tried, and not saved") && one("button", "Save") === null`)
	b.put("`session ${delivered", "`SESSION ${delivered")
	b.until(`one(".state", "draft")`)
	b.press("s", true)
	b.press("Enter", true)
	b.until(`one(".sum", "1 differs") && one(".state", "draft")`)
	b.click(".panel [role=tab]", "Tests")
	b.until(`one(".empty", "No tests yet") && one(".empty button") === null`)
	b.click(".panel [role=tab]", "About")
	b.until(`one(".about", "Listens to") && one(".about button") === null`)
	if h.read("outcomes.js") != outcomesScript(t) {
		t.Error("the file has changed")
	}
	if answer := saving(b); !strings.HasPrefix(answer, "403") {
		t.Errorf("a save is answered with %s", answer)
	}
	b.quiet()
}

// lock starts the host anew with a plugins folder that it cannot write to. Root may write everywhere: then the host is somebody
// else.
func (h *consoleHost) lock() {
	h.Helper()
	h.stop()
	dir := filepath.Join(h.dir, "plugins")
	if err := os.Chmod(dir, 0o555); err != nil {
		h.Fatal(err)
	}
	h.Cleanup(func() { _ = os.Chmod(dir, 0o755) })
	if os.Geteuid() == 0 {
		const nobody = "65534"
		setpriv, err := exec.LookPath("setpriv")
		if err != nil {
			h.Skip("root may write everywhere, and there is no setpriv to be somebody else with; Debian has it in util-linux")
		}
		program, err := exec.LookPath("trackhook")
		if err != nil {
			h.Fatal(err)
		}
		// The folders of the tests, and of the command that they run, are their user's alone.
		for _, folder := range []string{filepath.Dir(h.dir), filepath.Dir(program), filepath.Dir(filepath.Dir(program))} {
			if err := os.Chmod(folder, 0o711); err != nil {
				h.Fatal(err)
			}
		}
		for _, name := range []string{".", "trackhook.yaml", ".trackhook"} {
			if out, err := exec.Command("chown", "-R", nobody, filepath.Join(h.dir, name)).CombinedOutput(); err != nil {
				h.Fatalf("%v %s", err, out)
			}
		}
		if out, err := exec.Command("chmod", "-R", "a+rX", dir).CombinedOutput(); err != nil {
			h.Fatalf("%v %s", err, out)
		}
		if out, err := exec.Command("chown", "-R", "0", dir).CombinedOutput(); err != nil {
			h.Fatalf("%v %s", err, out)
		}
		h.as = []string{setpriv, "--reuid=" + nobody, "--regid=" + nobody, "--clear-groups", "--"}
	}
	h.run("--config", "trackhook.yaml")
}

// saving asks the host to save a script as the page would, and returns what it answers.
func saving(b *browser) string {
	b.Helper()
	return b.do(`(async () => {
		const file = await (await fetch("/api/v1/scripts/file?path=outcomes.js")).json();
		const answer = await fetch("/api/v1/scripts/file?path=outcomes.js", {
			method: "PUT", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ text: "1", version: file.version }),
		});
		return answer.status + " " + await answer.text();
	})()`)
}

// With edit: false the page lets drafts be tried and the host refuses saves; with enabled: false there is no page.
func TestConsoleSwitches(t *testing.T) {
	path := needBrowser(t)
	h := startConsole(t, true, map[string]string{"outcomes.js": outcomesScript(t)})
	h.send("session")
	h.settled(1)
	h.configure("console: { edit: false }\n")
	b := startBrowser(t, path)
	b.show(1280, 800, "light")
	b.enter(h, consoleAll)
	b.open(h.url + "/console/scripts")
	b.until(`one(".notice", "console.edit") && one("button", "New script") === null`)
	b.click(".plugins a", "outcomes")
	b.until(`content() && one(".strip", "console.edit") && one("button", "Save") === null`)
	b.put("`session ${delivered", "`SESSION ${delivered")
	b.press("Enter", true)
	b.until(`one(".sum", "1 differs")`)
	var refused struct{ Detail string }
	answer := saving(b)
	if err := json.Unmarshal([]byte(strings.TrimPrefix(answer, "403 ")), &refused); err != nil || !strings.Contains(refused.Detail, "console.edit") {
		t.Errorf("a save is answered with %s", answer)
	}
	if h.read("outcomes.js") != outcomesScript(t) {
		t.Error("the file has changed")
	}
	b.quiet()

	h.configure("console: { enabled: false }\n")
	b.open(h.url + "/console/")
	b.until(`document.body.innerText.includes("the console of this host is switched off (console.enabled)") && document.getElementById("app") === null`)
}

// configure starts the host anew with more in its configuration than before, in place of what was added last.
func (h *consoleHost) configure(more string) {
	h.Helper()
	file := filepath.Join(h.dir, "trackhook.yaml")
	text, err := os.ReadFile(file)
	if err != nil {
		h.Fatal(err)
	}
	before, _, _ := strings.Cut(string(text), "console:")
	h.stop()
	if err := os.WriteFile(file, []byte(before+more), 0o600); err != nil {
		h.Fatal(err)
	}
	h.run("--config", "trackhook.yaml")
}

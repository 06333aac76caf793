package scripting_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"trackhook/scripting"
)

// A host that is edited live for months must not grow by what each reload leaves behind.
func TestReloadsLeaveNothingBehind(t *testing.T) {
	reloads := 60
	if os.Getenv("TRACKHOOK_LONG") != "" {
		reloads = 300
	}
	for _, c := range []struct{ name, file, before string }{
		{"JavaScript", "a.js", ""},
		{"TypeScript", "a.ts", "const n: number = 1;\n"},
		{"a package", "a.js", "const money = require('money-text'); money(1);\n"},
		{"modules of Node", "a.js", "const c = require('crypto'), u = require('util'); Buffer.from('a');\n"},
		{"timers", "a.js", "setInterval(() => {}, 1000); setTimeout(() => {}, 3_600_000);\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if os.Getenv("TRACKHOOK_LONG") == "" && c.name != "timers" {
				t.Skip("one kind is enough for a short run: set TRACKHOOK_LONG=1")
			}
			r := setUp(t)
			library := filepath.Join(r.dir, "node_modules", "money-text")
			if err := os.MkdirAll(library, 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(library, "index.js"), []byte("module.exports = (x) => x + ' EUR';"), 0o600); err != nil {
				t.Fatal(err)
			}
			n := 0
			write := func() { n++; r.write(c.file, c.before+version(fmt.Sprintf("v%d", n))) }
			write()
			r.start(scripting.Config.WithoutEvents)
			r.says("a", "plugin loaded")
			reload := func(times int) {
				for range times {
					write()
					r.host.Compare("a")
					r.says("a", "plugin reloaded")
				}
			}
			reload(reloads) // sources of so many versions are kept, for replays
			before := heapInUse()
			reload(reloads)
			// What the test itself keeps of the log is a fifth of this. A runtime has 200 KB and more.
			late, tick := time.After(patience), time.NewTicker(50*time.Millisecond)
			defer tick.Stop()
			for heapInUse() > before+2048*uint64(reloads) { // the version before may still be on its way out
				select {
				case <-tick.C:
				case <-late:
					t.Fatalf("%d reloads leave %d bytes behind", reloads, heapInUse()-before)
				}
			}
		})
	}
}

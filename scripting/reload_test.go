package scripting_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"trackhook/scripting"
)

func TestEditReloadsAndSaysSo(t *testing.T) {
	t.Parallel()
	r := setUp(t)
	r.write("a.js", version("one"))
	r.start()
	loaded := r.says("a", "plugin loaded")
	if loaded.File != "a.js" || loaded.Version == "" {
		t.Errorf("loaded: %+v", loaded)
	}
	r.prints("a", "r1", "one r1")

	r.write("a.js", version("two"))
	reloaded := r.says("a", "plugin reloaded")
	if reloaded.Was != loaded.Version || reloaded.Version == loaded.Version {
		t.Errorf("reloaded: %+v after %+v", reloaded, loaded)
	}
	r.prints("a", "r2", "two r2")

	got := r.plugin("a")
	if got.State != scripting.Live || got.Disk != reloaded.Version || got.Running != reloaded.Version ||
		got.Reloads != 1 || got.LastReload.IsZero() || got.Error != nil || got.File != "a.js" {
		t.Errorf("status: %+v", got)
	}
	if got.Runs != 2 || got.Errors != 0 || got.Cursor != 2 || got.Lag != 0 {
		t.Errorf("counts do not survive the reload: %+v", got)
	}
	if r.log.count("a", "plugin loaded") != 1 || r.log.count("a", "plugin reloaded") != 1 {
		t.Error("a load or a reload was not logged exactly once")
	}
}

func TestBrokenEditKeepsTheLastGoodVersion(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, script, message, source string
		line                          int
	}{
		{"syntax", "console.log('fine');\nfunction (", "SyntaxError", "function (", 2},
		{"throw", "\n\nundefined_thing.call();", "undefined_thing is not defined", "undefined_thing.call();", 3},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r := setUp(t)
			r.write("a.js", version("one"))
			r.write("b.js", version("other"))
			r.start()
			good := r.says("a", "plugin loaded")

			r.write("a.js", test.script)
			broken := r.says("a", "plugin broken, version "+good.Version+" keeps running")
			if broken.Level != "error" || !strings.HasSuffix(broken.File, "a.js") || broken.Line != test.line ||
				broken.Column == 0 || broken.Source != test.source || !strings.Contains(broken.Error, test.message) {
				t.Errorf("broken: %+v", broken)
			}
			r.prints("a", "r1", "one r1")
			r.prints("b", "r2", "other r2")
			got := r.plugin("a")
			if got.State != scripting.BrokenEdit || got.Running != good.Version || got.Disk == good.Version ||
				got.Error == nil || got.Error.Line != test.line || got.Error.Since.IsZero() || got.Since.IsZero() {
				t.Errorf("status: %+v", got)
			}

			r.write("a.js", version("two"))
			r.says("a", "plugin reloaded")
			r.says("a", "plugin healed")
			r.prints("a", "r3", "two r3")
			if got := r.plugin("a"); got.State != scripting.Live || got.Error != nil || got.Disk != got.Running {
				t.Errorf("status: %+v", got)
			}
			if n := r.log.count("b", "plugin reloaded"); n != 0 {
				t.Errorf("b was reloaded %d times", n)
			}
		})
	}
}

func TestBrokenEditUndoneHealsWithoutReload(t *testing.T) {
	t.Parallel()
	r := setUp(t)
	r.write("a.js", version("one"))
	r.start()
	good := r.says("a", "plugin loaded")
	r.write("a.js", "function (")
	r.says("a", "plugin broken")
	r.write("a.js", version("one"))
	if healed := r.says("a", "plugin healed"); healed.Version != good.Version {
		t.Errorf("healed: %+v", healed)
	}
	if got := r.plugin("a"); got.State != scripting.Live || got.Reloads != 0 || got.Error != nil || got.Disk != good.Version {
		t.Errorf("status: %+v", got)
	}
	if n := r.log.count("a", "plugin reloaded"); n != 0 {
		t.Errorf("reloaded %d times", n)
	}
	r.prints("a", "r1", "one r1")
}

func TestBrokenAtFirstStartWaits(t *testing.T) {
	t.Parallel()
	r := setUp(t)
	r.write("a.js", "function (")
	r.write("b.js", version("other"))
	r.start()
	r.says("a", "plugin broken, its responses wait")
	r.prints("b", "r1", "other r1")
	if got := r.plugin("a"); got.State != scripting.Broken || got.Running != "" || got.Error == nil || got.Lag != 1 {
		t.Errorf("status: %+v", got)
	}
	r.write("a.js", version("one"))
	r.says("a", "plugin loaded")
	r.says("a", "plugin healed")
	from := r.log.len()
	r.answer("r2", "a", "b")
	if got := r.log.printed(0, "a"); len(got) != 2 || got[0] != "one r1" || got[1] != "one r2" {
		t.Errorf("a printed %q (the last from line %d)", got, from)
	}
}

func TestEndlessTopLevelBlocksNobody(t *testing.T) {
	t.Parallel()
	r := setUp(t)
	r.write("a.js", version("one"))
	r.write("b.js", version("one"))
	r.start(func(c scripting.Config) scripting.Config {
		c.Timeout = time.Minute
		return c
	})
	r.says("a", "plugin loaded")
	r.write("a.js", "while (true);")
	r.write("b.js", version("two"))
	r.says("b", "plugin reloaded")
	r.prints("b", "r1", "two r1")
	r.prints("a", "r2", "one r2")
	if got := r.plugin("a"); got.State != scripting.Live {
		t.Errorf("status: %+v", got)
	}
	// The correction does not wait for the time limit.
	r.write("a.js", version("three"))
	r.says("a", "plugin reloaded")
	r.prints("a", "r3", "three r3")
	if n := r.log.count("a", "plugin broken"); n != 0 {
		t.Errorf("an edit that was replaced meanwhile was reported as broken")
	}
}

func TestTopLevelIsHeard(t *testing.T) {
	t.Parallel()
	r := setUp(t)
	r.write("a.js", version("one")+`console.log("top");`)
	r.begin()
	// What is logged as soon as the plugin is enrolled, before or during its load, is for the plugin.
	r.must(r.store.WaitEnroll(r.ctx, "plugin/a"))
	r.answer("r1", "a")
	if got := r.log.printed(0, "a"); len(got) != 2 || got[1] != "one r1" {
		t.Errorf("printed %q", got)
	}
}

func TestDeleteAndAddAgainContinuesAtTheCursor(t *testing.T) {
	t.Parallel()
	r := setUp(t)
	r.write("a.js", version("one"))
	r.start()
	r.prints("a", "r1", "one r1")
	r.must(os.Remove(r.path("a.js")))
	r.says("a", "plugin removed")
	if rows := r.host.Plugins(); len(rows) != 0 {
		t.Errorf("rows: %+v", rows)
	}
	r.store.Log(event("r2"), event("r3"))
	from := r.log.len()
	r.write("a.js", version("two"))
	r.says("a", "plugin loaded")
	r.says("a", "plugin loaded")
	r.answer("r4", "a")
	if got := strings.Join(r.log.printed(from, "a"), ","); got != "two r2,two r3,two r4" {
		t.Errorf("printed %q", got)
	}
}

func TestNewestOfManyEditsWins(t *testing.T) {
	t.Parallel()
	r := setUp(t)
	r.write("a.js", version("0"))
	r.start()
	r.says("a", "plugin loaded")
	for mark := range strings.SplitSeq("1 2 3 4 5 6 7 8 9 last", " ") {
		r.replace("a.js", version(mark))
	}
	for {
		from := r.log.len()
		r.says("a", "plugin reloaded")
		r.answer("r", "a")
		if got := r.log.printed(from, "a"); got[len(got)-1] == "last r" {
			break
		}
	}
	r.quiet("a", func() { r.host.Compare("a") })
	r.prints("a", "r", "last r")
}

func TestShutdownLetsARunInHandReturn(t *testing.T) {
	t.Parallel()
	r := setUp(t)
	r.write("a.js", version("one"))
	r.write("broken.js", "function (")
	r.start()
	for range 500 {
		r.store.Log(event("r"))
	}
	r.stop() // checks that everything ends; the broken plugin has responses waiting
	printed := len(r.log.printed(0, "a"))
	if got := int(r.store.Committed("plugin/a")); got != printed {
		t.Errorf("the cursor is at %d after %d runs", got, printed)
	}
	if err := r.host.Run(t.Context()); err == nil {
		t.Error("a second Run is not refused")
	}
}

func TestEmptyFileIsNotBelievedAtOnce(t *testing.T) {
	t.Parallel()
	r := setUp(t)
	r.write("a.js", version("one"))
	r.start()
	// The first half of a slow save: the file is empty for longer than the debounce.
	r.must(os.Truncate(r.path("a.js"), 0))
	r.write("b.js", version("b"))
	r.says("b", "plugin loaded")
	r.prints("a", "r1", "one r1")
	r.write("a.js", version("two"))
	r.says("a", "plugin reloaded")
	r.prints("a", "r2", "two r2")
}

// A file that the first one requires may be saved as slowly.
func TestEmptyRequiredFileIsNotBelievedAtOnce(t *testing.T) {
	t.Parallel()
	r := setUp(t)
	marked := func(mark string) string { return `module.exports = "` + mark + `";` }
	r.write("lib/mark.js", marked("one"))
	r.write("a.js", `const mark = require("./lib/mark.js");`+strings.Replace(version("MARK"), `"MARK "`, `mark + " "`, 1))
	r.start()
	r.says("a", "plugin loaded")
	r.must(os.Truncate(r.path("lib/mark.js"), 0))
	r.write("b.js", version("b"))
	r.says("b", "plugin loaded")
	r.prints("a", "r1", "one r1")
	r.write("lib/mark.js", marked("two"))
	r.says("a", "plugin reloaded")
	r.prints("a", "r2", "two r2")
}

// Who empties a file for good gets what was asked for.
func TestEmptyFileIsBelievedInTheEnd(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"a.js", "lib/mark.js"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := setUp(t)
			r.write("lib/mark.js", version("one"))
			r.write("a.js", `require("./lib/mark.js");`)
			r.start(func(c scripting.Config) scripting.Config { return c.WithEmptyPatience(time.Millisecond) })
			r.says("a", "plugin loaded")
			r.must(os.Truncate(r.path(name), 0))
			r.says("a", "plugin reloaded")
			if got := r.plugin("a"); got.Reloads != 1 || len(got.Registered) != 0 {
				t.Errorf("status: %+v", got)
			}
		})
	}
}

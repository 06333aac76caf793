package scripting_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"trackhook/scripting"
)

func TestSavesOfEditors(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		save func(r *rig, text string)
	}{
		{"plain", func(r *rig, text string) { r.write("a.js", text) }},
		{"rename over", func(r *rig, text string) { r.replace("a.js", text) }},
		{"truncate, then write in two steps", func(r *rig, text string) {
			f, err := os.Create(r.path("a.js"))
			r.must(err)
			_, err = f.WriteString(text[:len(text)/2])
			r.must(err)
			_, err = f.WriteString(text[len(text)/2:])
			r.must(err)
			r.must(f.Close())
		}},
		{"vim: probe, backup by rename, create", func(r *rig, text string) {
			r.write("4913", "")
			r.must(os.Remove(r.path("4913")))
			r.must(os.Rename(r.path("a.js"), r.path("a.js~")))
			r.write("a.js", text)
			r.must(os.Remove(r.path("a.js~")))
		}},
		{"delete, then create", func(r *rig, text string) {
			r.must(os.Remove(r.path("a.js")))
			r.write("a.js", text)
		}},
		{"emacs: lock link, backup, write", func(r *rig, text string) {
			r.must(os.Symlink("someone@host.1", r.path(".#a.js")))
			r.must(os.Rename(r.path("a.js"), r.path("a.js~")))
			r.write("#a.js#", "half of it")
			r.write("a.js", text)
			r.must(os.Remove(r.path(".#a.js")))
		}},
		{"the folder away and back", func(r *rig, text string) {
			r.must(os.Rename(r.dir, r.dir+"-old"))
			r.must(os.Mkdir(r.dir, 0o755))
			r.write("a.js", text)
		}},
	} {
		for _, mode := range []string{"events", "poll"} {
			t.Run(test.name+"/"+mode, func(t *testing.T) {
				t.Parallel()
				r := setUp(t)
				r.write("a.js", version("one"))
				if mode == "poll" {
					r.start(polling)
				} else {
					r.start()
				}
				r.says("a", "plugin loaded")
				// Twice, because a watcher that has followed the file away would still see the first one.
				for _, mark := range []string{"two", "three"} {
					os.RemoveAll(r.dir + "-old")
					test.save(r, version(mark))
					r.says("a", "plugin reloaded")
					r.prints("a", mark, mark+" "+mark)
				}
				if got := r.plugin("a"); got.Reloads != 2 || got.State != scripting.Live {
					t.Errorf("status: %+v", got)
				}
				for _, unwanted := range []string{"plugin removed", "plugin broken", "plugin healed"} {
					if n := r.log.count("a", unwanted); n != 0 {
						t.Errorf("%q was said %d times", unwanted, n)
					}
				}
			})
		}
	}
}

func TestWhatIsNoChangeReloadsNothing(t *testing.T) {
	t.Parallel()
	r := setUp(t)
	r.write("a.js", version("one"))
	r.write("lib/unused.txt", "")
	r.write("node_modules/dep/index.js", "")
	r.start()
	for name, touch := range map[string]func(){
		"same bytes":          func() { r.write("a.js", version("one")) },
		"same bytes, renamed": func() { r.replace("a.js", version("one")) },
		"times": func() {
			now := r.plugin("a").Since
			r.must(os.Chtimes(r.path("a.js"), now, now))
		},
		"a file that nobody imports": func() { r.write("lib/unused.txt", "new") },
		"a new one":                  func() { r.write("lib/another.json", "{}") },
	} {
		r.quiet("a", touch)
		if got := r.plugin("a"); got.Reloads != 0 || got.State != scripting.Live {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if n := r.log.count("a", "plugin"); n != 1 {
		t.Errorf("%d lines about a", n)
	}
}

func TestIgnoredNamesCauseNoLook(t *testing.T) {
	t.Parallel()
	r := setUp(t)
	r.write("a.js", version("one"))
	r.write("node_modules/dep/index.js", "")
	r.start()
	const changed = "a file of the plugins folder has changed"
	from := r.log.len()
	for _, name := range []string{
		".a.js.swp", ".a.js.swx", "a.js~", "4913", "5036", "#a.js#", ".#a.js", "a.js.tmp", "a.js___jb_tmp___", ".hidden.js",
		"node_modules/dep/index.js", "node_modules/new/index.js", "a.js.bak",
	} {
		r.write(name, "x")
		r.must(os.Remove(r.path(name)))
	}
	// The fence: an event that counts. Events come in order, so everything before it was passed over or let through when
	// it is acted on.
	r.write("a.js", version("two"))
	r.says("a", "plugin reloaded")
	if rows := r.host.Plugins(); len(rows) != 1 || rows[0].Reloads != 1 {
		t.Errorf("rows: %+v", rows)
	}
	let := r.log.files(from, changed)
	if len(let) == 0 || slices.ContainsFunc(let, func(file string) bool { return file != r.path("a.js") }) {
		t.Errorf("events of %q are let through, want those of a.js only", let)
	}
}

func TestAddPlugins(t *testing.T) {
	t.Parallel()
	r := setUp(t)
	r.start()
	if rows := r.host.Plugins(); len(rows) != 0 {
		t.Fatalf("rows: %+v", rows)
	}
	r.write("a.js", version("a"))
	r.says("a", "plugin loaded")
	r.prints("a", "r1", "a r1")

	r.write("folder/helper.js", `module.exports = "helped";`)
	r.write("folder/index.js", version("folder")+`console.log(require("./helper.js"));`)
	if got := r.says("folder", "plugin loaded"); got.File != "folder/index.js" {
		t.Errorf("loaded: %+v", got)
	}
	r.prints("folder", "r2", "folder r2")
	r.write("folder/helper.js", `module.exports = "again";`)
	r.says("folder", "plugin reloaded")
	r.prints("a", "r3", "a r3")

	// A folder that comes with all its files at once.
	r.write(".new/index.js", version("moved"))
	r.must(os.Rename(r.path(".new"), r.path("moved")))
	r.says("moved", "plugin loaded")
	r.prints("moved", "r4", "moved r4")
	r.write("moved/index.js", version("again"))
	r.says("moved", "plugin reloaded")

	r.must(os.RemoveAll(r.path("folder")))
	r.says("folder", "plugin removed")
	if n := r.log.count("a", "plugin reloaded"); n != 0 {
		t.Errorf("a was reloaded %d times", n)
	}
	names := []string{}
	for _, p := range r.host.Plugins() {
		names = append(names, p.Name)
	}
	if got := strings.Join(names, " "); got != "a moved" {
		t.Errorf("plugins: %s", got)
	}
}

func TestRenamedFolderIsStillWatched(t *testing.T) {
	t.Parallel()
	r := setUp(t)
	r.write("old/index.js", version("one"))
	r.start()
	r.must(os.Rename(r.path("old"), r.path("new")))
	r.says("old", "plugin removed")
	r.says("new", "plugin loaded")
	r.write("new/index.js", version("two"))
	r.says("new", "plugin reloaded")
	r.prints("new", "r1", "two r1")
}

func TestRequiredFile(t *testing.T) {
	t.Parallel()
	r := setUp(t)
	script := `const mark = require("./lib/mark.js");` + strings.Replace(version("MARK"), `"MARK "`, `mark + " "`, 1)
	r.write("lib/mark.js", `module.exports = "one";`)
	r.write("a.js", script)
	r.write("b.js", version("b"))
	r.start()
	r.prints("a", "r1", "one r1")

	r.write("lib/mark.js", `module.exports = "two";`)
	r.says("a", "plugin reloaded")
	r.prints("a", "r2", "two r2")

	r.write("lib/mark.js", `module.exports = ;`)
	if broken := r.says("a", "plugin broken"); !strings.HasSuffix(broken.File, "mark.js") || broken.Line != 1 {
		t.Errorf("broken: %+v", broken)
	}
	r.prints("a", "r3", "two r3")

	r.must(os.Remove(r.path("lib/mark.js")))
	r.says("a", "plugin broken")
	// A file that was looked for and not found belongs to the graph: it heals the plugin when it appears.
	r.write("lib/mark.js", `module.exports = "three";`)
	r.says("a", "plugin reloaded")
	r.says("a", "plugin healed")
	r.prints("a", "r4", "three r4")
	if n := r.log.count("b", "plugin reloaded"); n != 0 {
		t.Errorf("b was reloaded %d times", n)
	}
}

func TestSymlinks(t *testing.T) {
	t.Parallel()
	// swap makes link point at another target in one step.
	swap := func(r *rig, target, link string) {
		r.must(os.Symlink(target, link+"_tmp"))
		r.must(os.Rename(link+"_tmp", link))
	}
	for _, test := range []struct {
		name   string
		before func(r *rig)
		swap   func(r *rig)
		edit   string // a file to write afterwards, through no link
	}{
		{
			"a file that is a link",
			func(r *rig) {
				r.write(".versions/1.js", version("one"))
				r.write(".versions/2.js", version("two"))
				r.must(os.Symlink(".versions/1.js", r.path("a.js")))
			},
			func(r *rig) { swap(r, ".versions/2.js", r.path("a.js")) },
			".versions/2.js",
		},
		{
			"a ConfigMap",
			func(r *rig) {
				r.write("..2026_01_01/a.js", version("one"))
				r.must(os.Symlink("..2026_01_01", r.path("..data")))
				r.must(os.Symlink("..data/a.js", r.path("a.js")))
			},
			func(r *rig) {
				r.write("..2026_01_02/a.js", version("two"))
				swap(r, "..2026_01_02", r.path("..data"))
				r.must(os.RemoveAll(r.path("..2026_01_01")))
			},
			"..2026_01_02/a.js",
		},
		{
			"the plugins folder itself",
			func(r *rig) {
				r.must(os.Rename(r.dir, r.dir+"-1"))
				r.must(os.Mkdir(r.dir+"-2", 0o755))
				r.write("../plugins-1/a.js", version("one"))
				r.write("../plugins-2/a.js", version("two"))
				r.must(os.Symlink("plugins-1", r.dir))
			},
			func(r *rig) { swap(r, "plugins-2", r.dir) },
			"../plugins-2/a.js",
		},
		{
			"a folder plugin that is a link",
			func(r *rig) {
				r.write(".versions/1/index.js", version("one"))
				r.write(".versions/2/index.js", version("two"))
				r.must(os.Symlink(filepath.Join(r.dir, ".versions", "1"), r.path("a")))
			},
			func(r *rig) { swap(r, filepath.Join(r.dir, ".versions", "2"), r.path("a")) },
			".versions/2/index.js",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r := setUp(t)
			test.before(r)
			r.start()
			r.prints("a", "r1", "one r1")
			test.swap(r)
			r.says("a", "plugin reloaded")
			r.prints("a", "r2", "two r2")
			r.write(test.edit, version("three"))
			r.says("a", "plugin reloaded")
			r.prints("a", "r3", "three r3")
			if n := r.log.count("a", "plugin"); n != 3 {
				t.Errorf("%d lines about a, want one load and two reloads", n)
			}
		})
	}
}

func TestLinkThatLeadsInACircle(t *testing.T) {
	t.Parallel()
	r := setUp(t)
	r.must(os.Symlink(".", r.path("self")))
	r.must(os.Symlink("loop.js", r.path("loop.js")))
	r.write("a.js", version("one"))
	r.start()
	r.prints("a", "r1", "one r1")
	if got := r.plugin("loop"); got.State != scripting.Broken {
		t.Errorf("status: %+v", got)
	}
}

func TestFolderDeletedAndMadeAgain(t *testing.T) {
	t.Parallel()
	r := setUp(t)
	r.write("a.js", version("one"))
	r.start()
	r.must(os.RemoveAll(r.dir))
	r.says("", "the plugins folder has gone")
	r.says("a", "plugin removed")
	r.write("a.js", version("two"))
	r.says("a", "plugin loaded")
	r.says("a", "plugin loaded")
	r.prints("a", "r1", "two r1")
	r.write("a.js", version("three"))
	r.says("a", "plugin reloaded")
}

func TestFolderThatAppearsLater(t *testing.T) {
	t.Parallel()
	r := setUp(t)
	r.dir = filepath.Join(r.dir, "deeper", "plugins")
	r.start()
	r.says("", "there is no plugins folder at this path, so no scripts run until it appears; if it is a slip, correct the setting")
	if _, err := os.Stat(filepath.Dir(r.dir)); err == nil {
		t.Error("the folder is created, although it may be a slip")
	}
	r.write("a.js", version("one"))
	r.says("a", "plugin loaded")
	r.prints("a", "r1", "one r1")
}

func TestPollOnly(t *testing.T) {
	t.Parallel()
	r := setUp(t)
	r.write("a.js", version("one"))
	r.start(polling)
	r.says("a", "plugin loaded")
	r.write("a.js", "function (")
	r.says("a", "plugin broken")
	r.write("a.js", version("two"))
	r.says("a", "plugin reloaded")
	r.write("b/index.js", version("b"))
	r.says("b", "plugin loaded")
	r.must(os.Remove(r.path("a.js")))
	r.says("a", "plugin removed")
	r.prints("b", "r1", "b r1")
	r.must(os.RemoveAll(r.dir))
	r.says("b", "plugin removed")
	r.write("a.js", version("three"))
	r.says("a", "plugin loaded")
}

func TestPackagesAreNoticedByThePoll(t *testing.T) {
	t.Parallel()
	r := setUp(t)
	r.write("node_modules/dep/index.js", `module.exports = "one";`)
	r.write("a.js", `const mark = require("./node_modules/dep/index.js");`+strings.Replace(version("MARK"), `"MARK "`, `mark + " "`, 1))
	r.start(polling)
	r.prints("a", "r1", "one r1")
	r.write("node_modules/dep/index.js", `module.exports = "two";`)
	r.says("a", "plugin reloaded")
	r.prints("a", "r2", "two r2")
}

func TestMisfits(t *testing.T) {
	t.Parallel()
	r := setUp(t)
	r.write("a.js", version("file"))
	r.write("a/index.js", version("folder"))
	r.write("typed.ts", "const x: number = 1;")
	r.write("my plugin.js", version("space"))
	r.write("trackhook.d.ts", "")
	r.write("a.test.js", "throw 1")
	r.write("README.md", "")
	r.must(os.MkdirAll(r.path("empty"), 0o755))
	r.start()
	r.prints("a", "r1", "file r1")
	want := map[string]string{
		"a.js": "", "a/index.js": `the name "a" is taken by a.js`, "typed.ts": "", "my plugin.js": "rename it",
	}
	rows := r.host.Plugins()
	if len(rows) != len(want) {
		t.Errorf("%d rows: %+v", len(rows), rows)
	}
	for _, row := range rows {
		switch problem, ok := want[row.File]; {
		case !ok:
			t.Errorf("unexpected row %+v", row)
		case problem == "" && row.Error != nil:
			t.Errorf("%s: %+v", row.File, row.Error)
		case problem != "" && (row.Error == nil || row.State != scripting.Broken || !strings.Contains(row.Error.Message, problem)):
			t.Errorf("%s: %+v, want %q", row.File, row.Error, problem)
		}
	}
	r.must(os.Remove(r.path("a.js")))
	r.says("a", "plugin reloaded")
	r.prints("a", "r2", "folder r2")
	if n := r.log.count("a", "plugin cannot be loaded"); n != 1 {
		t.Errorf("the second entry was reported %d times", n)
	}
}

package folder_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"trackhook/engine/scripts"
	"trackhook/scripting/internal/folder"
)

// plugins makes a plugins folder with files, and opens it.
func plugins(t *testing.T, files map[string]string) (*folder.Folder, string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "plugins")
	write(t, dir, files)
	return folder.New(folder.Config{Dir: dir}), dir
}

func write(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func read(t *testing.T, dir, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func version(t *testing.T, f *folder.Folder, name string) string {
	t.Helper()
	file, err := f.File(name)
	if err != nil {
		t.Fatal(err)
	}
	return file.Version
}

// refused returns why something was refused; -1: it was not, or in another way.
func refused(err error) scripts.Reason {
	if e, ok := errors.AsType[*scripts.RefusedError](err); ok {
		return e.Reason
	}
	return -1
}

// left lists every name in a folder: nothing that was written beside may stay.
func left(t *testing.T, dir string) []string {
	t.Helper()
	var names []string
	err := filepath.WalkDir(dir, func(at string, d fs.DirEntry, err error) error {
		if rel, _ := filepath.Rel(dir, at); err == nil && !d.IsDir() {
			names = append(names, filepath.ToSlash(rel))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func TestSaveKeepsTheVersionThatItWasMadeFrom(t *testing.T) {
	t.Parallel()
	f, dir := plugins(t, map[string]string{"daily.js": "one\n"})
	file, err := f.File("daily.js")
	if err != nil {
		t.Fatal(err)
	}
	saved, err := f.Save("daily.js", scripts.Save{Text: "two\n", Version: file.Version})
	if err != nil || saved.Created || saved.Unchanged || saved.Plugin != "daily" || read(t, dir, "daily.js") != "two\n" || saved.Version != version(t, f, "daily.js") {
		t.Fatalf("saved %+v, %v", saved, err)
	}
	write(t, dir, map[string]string{"daily.js": "theirs\n"})
	_, err = f.Save("daily.js", scripts.Save{Text: "three\n", Version: saved.Version})
	conflict, ok := errors.AsType[*scripts.ConflictError](err)
	if !ok || read(t, dir, "daily.js") != "theirs\n" {
		t.Fatalf("error %v, and the file is %q", err, read(t, dir, "daily.js"))
	}
	c := &conflict.Conflict
	if c.Base == nil || c.Base.Text != "two\n" || c.Theirs == nil || c.Theirs.Text != "theirs\n" || c.Yours.Text != "three\n" {
		t.Errorf("conflict %+v", c)
	}
	// Who has seen theirs may replace it.
	if _, err = f.Save("daily.js", scripts.Save{Text: "three\n", Version: c.Theirs.Version}); err != nil {
		t.Error(err)
	}
	// Two who come to the same have no conflict.
	write(t, dir, map[string]string{"daily.js": "four\n"})
	if saved, err = f.Save("daily.js", scripts.Save{Text: "four\n", Version: c.Theirs.Version}); err != nil || !saved.Unchanged {
		t.Errorf("saved %+v, %v", saved, err)
	}
	if got := left(t, dir); !slices.Equal(got, []string{"daily.js"}) {
		t.Errorf("the folder holds %v", got)
	}
}

func TestSaveMakesFilesAndNotTwice(t *testing.T) {
	t.Parallel()
	f, dir := plugins(t, nil)
	saved, err := f.Save("deep/er/index.ts", scripts.Save{Text: "new\n"})
	if err != nil || !saved.Created || read(t, dir, "deep/er/index.ts") != "new\n" {
		t.Fatalf("saved %+v, %v", saved, err)
	}
	_, err = f.Save("deep/er/index.ts", scripts.Save{Text: "other\n"})
	if conflict, ok := errors.AsType[*scripts.ConflictError](err); !ok || conflict.Conflict.Base != nil || conflict.Conflict.Theirs.Text != "new\n" {
		t.Errorf("error %v", err)
	}
	_, err = f.Save("gone.js", scripts.Save{Text: "x", Version: "0123456789abcdef"})
	if conflict, ok := errors.AsType[*scripts.ConflictError](err); !ok || conflict.Conflict.Theirs != nil {
		t.Errorf("error %v", err)
	}
	if _, err = f.Save("deep/er/index.ts/x.js", scripts.Save{Text: "x"}); refused(err) != scripts.Invalid {
		t.Errorf("below a file: %v", err)
	}
}

func TestSaveKeepsWhatAFileIs(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct{ before, edited, after string }{
		"line ends of Windows":      {"a\r\nb\r\n", "a\nx\nb\n", "a\r\nx\r\nb\r\n"},
		"no final newline":          {"a\nb", "a\nc", "a\nc"},
		"a final newline":           {"a\nb\n", "a\nc\n", "a\nc\n"},
		"a mark":                    {"\ufeffa\n", "b\n", "\ufeffb\n"},
		"a mark and no line end":    {"\ufeffa", "b", "\ufeffb"},
		"both line ends, most CRLF": {"a\r\nb\nc\r\nd\r\n", "a\nb\nX\nd\n", "a\r\nb\nX\r\nd\r\n"},
		"both line ends, most LF":   {"a\nb\r\nc\nd\n", "a\nb\nX\nd\n", "a\nb\r\nX\nd\n"},
		"an end put in the middle":  {"a\r\nb\n", "a\nnew\nb\n", "a\r\nnew\nb\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, dir := plugins(t, map[string]string{"x.js": row.before})
			path := filepath.Join(dir, "x.js")
			if err := os.Chmod(path, 0o604); err != nil {
				t.Fatal(err)
			}
			file, err := f.File("x.js")
			if err != nil || strings.Contains(file.Text, "\r") || strings.Contains(file.Text, "\ufeff") {
				t.Fatalf("read %+v, %v", file, err)
			}
			saved, err := f.Save("x.js", scripts.Save{Text: row.edited, Version: file.Version})
			if err != nil || read(t, dir, "x.js") != row.after || saved.Version != version(t, f, "x.js") {
				t.Errorf("saved %q, %+v, %v", read(t, dir, "x.js"), saved, err)
			}
			if info, err := os.Stat(path); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o604 {
				t.Errorf("mode %v, %v", info.Mode(), err)
			}
		})
	}
}

func TestPathsThatAreRefused(t *testing.T) {
	t.Parallel()
	f, dir := plugins(t, map[string]string{"daily.js": "x", "sub/a.js": "x", ".hidden.js": "secret", "node_modules/p/index.js": "x"})
	write(t, filepath.Dir(dir), map[string]string{"outside.js": "secret"})
	for _, name := range []string{
		"", ".", "..", "/etc/passwd", "../outside.js", "sub/../../outside.js", "sub/../daily.js", "./daily.js", "sub//a.js", "sub/", `sub\a.js`, `..\outside.js`,
		".hidden.js", "sub/.git/config", "node_modules/p/index.js", "x/node_modules/p.js", "daily.js~", "#x#", "4913", "a.swp", "a.tmp",
		"CON", "con.js", "nul.txt", "COM1.js", "lpt9", "aux.test.js", "com¹.js", "CONIN$", "a.", "a ", " a.js", "a:b.js", "a.js:stream", "a?.js", "a*.js", `a".js`, "a|b", "<a>",
		"a\x00b.js", "a\nb.js", "\x7f.js", "a\u202eb.js", "a\xff.js", strings.Repeat("a", 181), strings.Repeat("abc/", 150) + "a.js",
	} {
		if _, err := f.File(name); refused(err) != scripts.Invalid {
			t.Errorf("reading %q: %v", name, err)
		}
		if _, err := f.Save(name, scripts.Save{Text: "x"}); refused(err) != scripts.Invalid {
			t.Errorf("saving %q: %v", name, err)
		}
		if _, err := f.Delete(name, "0"); refused(err) != scripts.Invalid {
			t.Errorf("removing %q: %v", name, err)
		}
		if _, err := f.Rename(scripts.Rename{Path: "daily.js", To: name}); refused(err) != scripts.Invalid {
			t.Errorf("renaming to %q: %v", name, err)
		}
		if _, err := f.Tree(name); refused(err) != scripts.Invalid {
			t.Errorf("looking into %q: %v", name, err)
		}
	}
	if got := left(t, filepath.Dir(dir)); len(got) != 5 {
		t.Errorf("there are %v", got)
	}
	for _, name := range []string{"daily.js", "COM10.js", "console.js", "ä ö.md", "sub/a.js", "Makefile"} {
		if _, err := f.File(name); err != nil && refused(err) != scripts.NotFound {
			t.Errorf("reading %q: %v", name, err)
		}
	}
}

func TestLinksDoNotLeadOut(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("links need a privilege on Windows")
	}
	f, dir := plugins(t, map[string]string{"..data/daily.js": "mapped\n", "real.js": "real\n"})
	write(t, filepath.Dir(dir), map[string]string{"away/secret.js": "secret\n"})
	for link, to := range map[string]string{
		"out.js": "../away/secret.js", "abs.js": filepath.Join(filepath.Dir(dir), "away", "secret.js"), "away": "../away", "nowhere.js": "gone.js",
		"daily.js": "..data/daily.js", "loop.js": "loop.js",
	} {
		if err := os.Symlink(to, filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"out.js", "abs.js", "away/secret.js", "loop.js"} {
		if file, err := f.File(name); refused(err) != scripts.NotAllowed {
			t.Errorf("reading %s: %q, %v", name, file.Text, err)
		}
		if _, err := f.Save(name, scripts.Save{Text: "x"}); err == nil {
			t.Errorf("%s was saved", name)
		}
		if _, err := f.Delete(name, ""); err == nil {
			t.Errorf("%s was removed", name)
		}
	}
	for _, name := range []string{"away/new.js", "nowhere.js"} {
		if _, err := f.Save(name, scripts.Save{Text: "x"}); err == nil {
			t.Errorf("%s was made", name)
		}
	}
	// As Kubernetes lays a ConfigMap: it is read, and not replaced.
	file, err := f.File("daily.js")
	if err != nil || file.Text != "mapped\n" || file.Editable || file.Why == "" {
		t.Errorf("read %+v, %v", file, err)
	}
	if _, err := f.Save("daily.js", scripts.Save{Text: "x", Version: file.Version}); refused(err) != scripts.NotAllowed {
		t.Errorf("saving a link: %v", err)
	}
	if _, err := f.Delete("daily.js", file.Version); refused(err) != scripts.NotAllowed {
		t.Errorf("removing a link: %v", err)
	}
	if _, err := f.Rename(scripts.Rename{Path: "real.js", To: "away/real.js", Version: version(t, f, "real.js")}); err == nil {
		t.Error("a file was renamed out of the folder")
	}
	if got := read(t, filepath.Dir(dir), "away/secret.js"); got != "secret\n" || len(left(t, filepath.Join(filepath.Dir(dir), "away"))) != 1 {
		t.Errorf("outside there is %q", got)
	}
	if list, err := f.List(t.Context()); err != nil || slices.ContainsFunc(list.Files, func(e scripts.Entry) bool { return e.Editable && e.Path != "real.js" }) {
		t.Errorf("list %+v, %v", list.Files, err)
	}
}

func TestWhatCannotBeEdited(t *testing.T) {
	t.Parallel()
	f, dir := plugins(t, map[string]string{
		"large.js": strings.Repeat("x", scripts.MaxFile+1), "binary.js": "a\x00b", "latin.js": "\xe4", "wide.js": "\xff\xfea\x00", "fixed.js": "x\n",
	})
	if err := os.Chmod(filepath.Join(dir, "fixed.js"), 0o444); err != nil {
		t.Fatal(err)
	}
	for name, reason := range map[string]scripts.Reason{
		"large.js": scripts.TooLarge, "binary.js": scripts.NoText, "latin.js": scripts.NoText, "wide.js": scripts.NoText, "none.js": scripts.NotFound,
	} {
		if _, err := f.File(name); refused(err) != reason {
			t.Errorf("reading %s: %v", name, err)
		}
	}
	file, err := f.File("fixed.js")
	if err != nil || file.Editable {
		t.Errorf("read %+v, %v", file, err)
	}
	for name, save := range map[string]struct {
		path, text string
		reason     scripts.Reason
	}{
		"fixed":  {"fixed.js", "y", scripts.NotAllowed},
		"large":  {"new.js", strings.Repeat("x", scripts.MaxFile+1), scripts.TooLarge},
		"no nul": {"new.js", "a\x00", scripts.NoText},
		"utf-8":  {"new.js", "a\xff", scripts.NoText},
	} {
		if _, err := f.Save(save.path, scripts.Save{Text: save.text, Version: file.Version}); refused(err) != save.reason {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestReadOnlyFolder(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("folders have no such permissions on Windows")
	}
	f, dir := plugins(t, map[string]string{"daily.js": "x\n"})
	if err := os.Chmod(dir, 0o555); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Chmod(dir, 0o755) })
	list, err := f.List(t.Context())
	if err != nil || list.Writable || list.Why == "" || len(list.Files) != 1 {
		t.Errorf("list %+v, %v", list, err)
	}
	file, err := f.File("daily.js")
	if err != nil || file.Editable {
		t.Fatalf("read %+v, %v", file, err)
	}
	locked := folder.New(folder.Config{Dir: filepath.Dir(dir), Locked: func() string { return "no editing here" }})
	for name, err := range map[string]error{
		"save": third(f.Save("daily.js", scripts.Save{Text: "y\n", Version: file.Version})), "new": third(f.Save("new.js", scripts.Save{Text: "y\n"})),
		"delete": third(f.Delete("daily.js", file.Version)), "rename": third(f.Rename(scripts.Rename{Path: "daily.js", To: "b.js", Version: file.Version})),
		"create": third(f.Create(scripts.Create{Template: "empty", Name: "x"})), "locked": third(locked.Save("new.js", scripts.Save{Text: "y\n"})),
	} {
		if refused(err) != scripts.NotAllowed {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got := left(t, dir); len(got) != 1 || read(t, dir, "daily.js") != "x\n" {
		t.Errorf("there is %v", got)
	}
	absent := folder.New(folder.Config{Dir: filepath.Join(dir, "none")})
	if list, err := absent.List(t.Context()); err != nil || list.Present || list.Why == "" {
		t.Errorf("list %+v, %v", list, err)
	}
}

func third[T any](_ T, err error) error { return err }

func TestListKnowsWhatBelongsTogether(t *testing.T) {
	t.Parallel()
	f, _ := plugins(t, map[string]string{
		"daily.js": "x", "daily.test.js": "x", "daily-other.js": "x", "euro/index.ts": "x", "euro/rates.ts": "x", "euro/index.test.ts": "x",
		"euro/node_modules/p/index.js": "x", "shared/lib.js": "x", "README.md": "x", ".git/config": "x", "daily.js~": "x",
	})
	list, err := f.List(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for i := range list.Files {
		got[list.Files[i].Path] = list.Files[i].Plugin
	}
	want := map[string]string{
		"README.md": "", "daily-other.js": "daily-other", "daily.js": "daily", "daily.test.js": "daily", "euro/index.test.ts": "euro", "euro/index.ts": "euro",
		"euro/node_modules": "euro", "euro/rates.ts": "euro", "shared/lib.js": "",
	}
	if len(got) != len(want) {
		t.Errorf("got %v", got)
	}
	for name, plugin := range want {
		if got[name] != plugin {
			t.Errorf("%s belongs to %q", name, got[name])
		}
	}
	for i := range list.Plugins {
		p := &list.Plugins[i]
		if p.Name == "euro" && (!slices.Equal(p.Files, []string{"euro/index.ts", "euro/index.test.ts", "euro/rates.ts"}) || !slices.Equal(p.Tests, []string{"euro/index.test.ts"})) {
			t.Errorf("euro has %+v", p)
		}
	}
	if len(list.Plugins) != 3 {
		t.Errorf("plugins %+v", list.Plugins)
	}
}

func TestDeleteAndRename(t *testing.T) {
	t.Parallel()
	f, dir := plugins(t, map[string]string{
		"daily.js": "x", "daily.test.js": "t", "daily.test.ts": "t", "other.js": "o", "euro/index.ts": "x", "euro/node_modules/p/index.js": "x",
	})
	old := version(t, f, "daily.js")
	moved, err := f.Rename(scripts.Rename{Path: "daily.js", To: "report.js", Version: old})
	if err != nil || len(moved.Renamed) != 3 || read(t, dir, "report.test.js") != "t" || read(t, dir, "report.test.ts") != "t" {
		t.Fatalf("renamed %+v, %v", moved, err)
	}
	if _, err = f.Rename(scripts.Rename{Path: "report.js", To: "other.js", Version: old}); refused(err) != scripts.Taken || read(t, dir, "other.js") != "o" {
		t.Errorf("onto another: %v", err)
	}
	write(t, dir, map[string]string{"report.js": "changed"})
	for name, err := range map[string]error{
		"delete": third(f.Delete("report.js", old)), "rename": third(f.Rename(scripts.Rename{Path: "report.js", To: "x.js", Version: old})),
	} {
		if conflict, ok := errors.AsType[*scripts.ConflictError](err); !ok || conflict.Conflict.Theirs == nil || conflict.Conflict.Theirs.Text != "changed" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if deleted, err := f.Delete("report.js", version(t, f, "report.js")); err != nil || len(deleted.Deleted) != 1 {
		t.Errorf("deleted %+v, %v", deleted, err)
	}
	tree, err := f.Tree("euro")
	if err != nil || !tree.Packages || !slices.Equal(tree.Files, []string{"euro/index.ts"}) {
		t.Fatalf("tree %+v, %v", tree, err)
	}
	if moved, err = f.Rename(scripts.Rename{Path: "euro", To: "dollar", Version: tree.Version}); err != nil || read(t, dir, "dollar/node_modules/p/index.js") != "x" {
		t.Errorf("renamed %+v, %v", moved, err)
	}
	if again, err := f.Tree("dollar"); err != nil || again.Version != tree.Version {
		t.Errorf("tree %+v, %v", again, err)
	}
	write(t, dir, map[string]string{"dollar/more.ts": "x"})
	if _, err = f.Delete("dollar", tree.Version); err == nil {
		t.Error("a folder was removed that has changed")
	}
	tree, err = f.Tree("dollar")
	if err != nil {
		t.Fatal(err)
	}
	if deleted, err := f.Delete("dollar", tree.Version); err != nil || len(deleted.Deleted) != 2 {
		t.Errorf("deleted %+v, %v", deleted, err)
	}
	if got := left(t, dir); !slices.Equal(got, []string{"other.js", "report.test.js", "report.test.ts"}) {
		t.Errorf("there is %v", got)
	}
}

func TestTemplates(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "plugins")
	write(t, dir, map[string]string{"taken.ts": "x"})
	f := folder.New(folder.Config{Dir: dir, Templates: fstest.MapFS{
		"alert.js":                   {Data: []byte("// Tells a room. More of it.\n//\n//   plugins:\n//     alert: { env: [URL] }\n\nx();\n")},
		"alert.test.js":              {Data: []byte(`plugin.load("./alert.js")`)},
		"alert-two.js":               {Data: []byte("x")},
		"euro/index.ts":              {Data: []byte("// In euro.\nimport './rates';\n")},
		"euro/rates.ts":              {Data: []byte("x")},
		"euro/node_modules/p/x.js":   {Data: []byte("p")},
		"euro/node_modules/p/README": {Data: []byte("p")},
		"notes/a.txt":                {Data: []byte("x")},
	}})
	templates := f.Templates()
	var names []string
	for i := range templates {
		names = append(names, templates[i].Name)
	}
	if !slices.Equal(names, []string{"empty", "alert-two", "alert", "euro"}) {
		t.Fatalf("templates %v", names)
	}
	if alert := templates[2]; alert.Summary != "Tells a room." || alert.Permissions != "{ env: [URL] }" || len(alert.Files) != 2 || alert.Files[0].Path != "alert.js" {
		t.Errorf("template %+v", alert)
	}
	created, err := f.Create(scripts.Create{Template: "alert", Name: "mine"})
	if err != nil || created.File != "mine.js" || read(t, dir, "mine.test.js") != `plugin.load("./mine.js")` || !strings.Contains(read(t, dir, "mine.js"), "mine: { env") {
		t.Errorf("created %+v, %v", created, err)
	}
	created, err = f.Create(scripts.Create{Template: "euro", Name: "dollar"})
	if err != nil || created.File != "dollar/index.ts" || len(created.Files) != 2 || read(t, dir, "dollar/node_modules/p/x.js") != "p" {
		t.Errorf("created %+v, %v", created, err)
	}
	for name, row := range map[string]struct {
		from   scripts.Create
		reason scripts.Reason
	}{
		"taken":      {scripts.Create{Template: "empty", Name: "taken"}, scripts.Taken},
		"folder":     {scripts.Create{Template: "empty", Name: "dollar"}, scripts.Taken},
		"template":   {scripts.Create{Template: "none", Name: "x"}, scripts.NotFound},
		"path":       {scripts.Create{Template: "empty", Name: "../x"}, scripts.Invalid},
		"hidden":     {scripts.Create{Template: "empty", Name: ".x"}, scripts.Invalid},
		"tests":      {scripts.Create{Template: "empty", Name: "x.test"}, scripts.Invalid},
		"of Windows": {scripts.Create{Template: "empty", Name: "nul"}, scripts.Invalid},
		"no name":    {scripts.Create{Template: "empty"}, scripts.Invalid},
	} {
		if _, err := f.Create(row.from); refused(err) != row.reason {
			t.Errorf("%s: %v", name, err)
		}
	}
}

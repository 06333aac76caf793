package bundle

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/dop251/goja"
	"github.com/google/go-cmp/cmp"

	"trackhook/scripting/internal/regex"

	"trackhook/scripting/internal/documents"
	"trackhook/scripting/internal/node"
	"trackhook/scripting/internal/surface"
)

// Bundles are unexported, so these tests are internal. Each file of testdata is a plugins folder: its comment
// names the entry, "want" holds the kind of bundle and the lines that are printed, "problems" the errors or warnings.

func TestBundle(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no test data: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			entry, tree := parseArchive(string(text))
			want := map[string]string{"want": tree["want"], "problems": tree["problems"]}
			delete(tree, "want")
			delete(tree, "problems")
			disk := newTestTree(t, tree)
			got := map[string]string{}
			b, err := Build(disk.options(entry))
			if err != nil {
				got["problems"] = problemText(t, err)
			} else {
				got["problems"] = listProblems(b.Warnings)
				got["want"] = kindOf(b) + "\n" + runBundled(t, b)
			}
			if os.Getenv("TRACKHOOK_UPDATE") != "" {
				head, _, _ := strings.Cut(string(text), "-- want --\n")
				head += "-- want --\n" + got["want"] + "-- problems --\n" + got["problems"]
				if err := os.WriteFile(file, []byte(head), 0o600); err != nil {
					t.Fatal(err)
				}
				return
			}
			for _, name := range []string{"want", "problems"} {
				if diff := cmp.Diff(want[name], got[name]); diff != "" {
					t.Errorf("%s differs (-want +got):\n%s", name, diff)
				}
			}
		})
	}
}

// parseArchive reads a first line and files, each after a line "-- name --".
func parseArchive(text string) (first string, files map[string]string) {
	first, rest, _ := strings.Cut(text, "\n")
	files = map[string]string{}
	name := ""
	for line := range strings.Lines(rest) {
		if title, ok := strings.CutPrefix(strings.TrimSuffix(line, " --\n"), "-- "); ok && strings.HasSuffix(line, " --\n") {
			name = title
			files[name] = ""
			continue
		}
		files[name] += line
	}
	return first, files
}

func kindOf(b *Bundle) string {
	kind := "script"
	if b.Module {
		kind = "module"
	}
	if b.Plain() {
		kind = "plain " + kind
	}
	if b.Async {
		kind = "async " + kind
	}
	if b.Library != nil {
		kind += " with library"
	}
	return kind
}

func problemText(t *testing.T, err error) string {
	t.Helper()
	var failure *Error
	if !errors.As(err, &failure) {
		t.Fatalf("%T: %v", err, err)
	}
	return listProblems(failure.Problems)
}

func listProblems(list []Problem) string {
	var b strings.Builder
	for i := range list {
		p := &list[i]
		_, _ = fmt.Fprintln(&b, p)
		if p.Source != "" {
			_, _ = fmt.Fprintf(&b, "  %s\n  %s%s\n", p.Source, strings.Repeat(" ", p.Column-1), strings.Repeat("^", max(p.Length, 1)))
		}
		for _, note := range p.Notes {
			_, _ = fmt.Fprintf(&b, "  note: %s\n", note)
		}
	}
	return b.String()
}

// runBundled runs a bundle as a runtime does, and returns what it prints and what it throws.
func runBundled(t *testing.T, b *Bundle) string {
	t.Helper()
	var out strings.Builder
	vm := goja.New()
	if _, err := vm.RunString(LanguageGaps); err != nil {
		t.Fatal(err)
	}
	if err := regex.Install(regex.Options{VM: vm, Engine: regex.NewEngine(), Stop: func() bool { return false }}); err != nil {
		t.Fatal(err)
	}
	global := vm.GlobalObject()
	console := vm.NewObject()
	set := func(o *goja.Object, name string, v any) {
		if err := o.DefineDataProperty(name, vm.ToValue(v), goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE); err != nil {
			t.Fatal(err)
		}
	}
	set(global, EvalGuard, func(text goja.Value) goja.Value { return text })
	set(console, "log", func(call goja.FunctionCall) goja.Value {
		for i, arg := range call.Arguments {
			if i > 0 {
				out.WriteByte(' ')
			}
			if o, ok := arg.(*goja.Object); ok && o.ClassName() != "Error" {
				text, err := o.MarshalJSON()
				if err != nil {
					t.Error(err)
				}
				out.Write(text)
			} else {
				out.WriteString(arg.String())
			}
		}
		out.WriteByte('\n')
		return nil
	})
	set(global, "console", console)
	for _, name := range surface.Exports() {
		set(global, name, name)
	}
	set(global, "Buffer", "Buffer")
	set(global, NodeGlobal, func(call goja.FunctionCall) goja.Value {
		module := vm.NewObject()
		set(module, "name", call.Argument(0))
		return module
	})
	fail := func(err error) bool {
		if exception, ok := errors.AsType[*goja.Exception](err); ok {
			out.WriteString("throws " + exception.Value().String() + "\n")
			if o, ok := exception.Value().(*goja.Object); ok {
				out.WriteString(o.Get("stack").String())
			}
			return true
		}
		if err != nil {
			t.Fatal(err)
		}
		return false
	}
	table := vm.NewObject()
	if b.Library != nil {
		program, err := b.Library.Compile()
		if err != nil {
			t.Fatal(err)
		}
		v, err := vm.RunProgram(program)
		if fail(err) {
			return out.String()
		}
		table = v.ToObject(vm)
	}
	if !b.Module {
		module, exports := vm.NewObject(), vm.NewObject()
		set(module, "exports", exports)
		set(global, "module", module)
		set(global, "exports", exports)
		set(global, "require", func(call goja.FunctionCall) goja.Value {
			load, ok := goja.AssertFunction(table.Get(call.Argument(0).String()))
			if !ok {
				panic(vm.NewTypeError("Cannot find module " + call.Argument(0).String()))
			}
			v, err := load(goja.Undefined())
			if err != nil {
				panic(err)
			}
			return v
		})
	}
	program, err := b.Code.Compile()
	if err != nil {
		if failure, ok := errors.AsType[*Error](err); ok {
			return out.String() + "does not compile: " + listProblems(failure.Problems)
		}
		t.Fatal(err)
	}
	v, err := vm.RunProgram(program)
	if fail(err) {
		return out.String()
	}
	if p, ok := v.Export().(*goja.Promise); ok && b.Async {
		switch p.State() {
		case goja.PromiseStateRejected:
			out.WriteString("rejects " + p.Result().String() + "\n")
		case goja.PromiseStatePending:
			out.WriteString("is still pending\n")
		case goja.PromiseStateFulfilled:
		}
	}
	for _, name := range global.Keys() {
		_, _ = fmt.Fprintf(&out, "global %s\n", name)
	}
	return out.String()
}

// testTree is a plugins folder on disk. It reads as a plugin's graph does: each path once, within the root.
type testTree struct {
	root string
	open *os.Root

	mu    sync.Mutex
	files map[string]testFile
}

type testFile struct {
	text    string
	missing bool
	err     error
	sum     [sha256.Size]byte
}

func newTestTree(tb testing.TB, files map[string]string) *testTree {
	tb.Helper()
	root := filepath.Join(tb.TempDir(), "plugins")
	if err := os.Mkdir(root, 0o755); err != nil {
		tb.Fatal(err)
	}
	for name, text := range files {
		file := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			tb.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			tb.Fatal(err)
		}
	}
	open, err := os.OpenRoot(root)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = open.Close() })
	return &testTree{root: root, open: open, files: map[string]testFile{}}
}

func (d *testTree) options(entry string) Options {
	return Options{Root: d.root, Entry: filepath.Join(d.root, filepath.FromSlash(entry)), Look: d.look, Name: d.name, Node: findNode}
}

// findNode knows the modules of Node.
func findNode(name string) (instead string, ok bool) {
	m, ok := node.Find(name)
	return m.Instead, ok
}

func (d *testTree) name(file string) string {
	rel, err := filepath.Rel(d.root, file)
	if err != nil {
		return path.Base(file)
	}
	return path.Join("plugins", filepath.ToSlash(rel))
}

func (d *testTree) look(file string) (text string, missing bool, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	f, known := d.files[file]
	if !known {
		f = d.read(file)
		d.files[file] = f
	}
	return f.text, f.missing, f.err
}

func (d *testTree) read(file string) testFile {
	rel, err := filepath.Rel(d.root, file)
	if err != nil || !filepath.IsLocal(rel) {
		return testFile{err: errors.New("leads out of the plugins folder")}
	}
	info, err := d.open.Stat(rel)
	if errors.Is(err, fs.ErrNotExist) || err != nil && strings.Contains(err.Error(), "not a directory") ||
		err == nil && !info.Mode().IsRegular() {
		return testFile{missing: true}
	}
	if err != nil {
		return testFile{err: errors.New("leads out of the plugins folder")}
	}
	data, err := d.open.ReadFile(rel)
	return testFile{text: string(data), err: err, sum: sha256.Sum256(data)}
}

// looked returns the paths that were asked for, the missing ones with a question mark.
func (d *testTree) looked() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	var out []string
	for _, file := range slices.Sorted(maps.Keys(d.files)) {
		name := d.name(file)
		if d.files[file].missing {
			name += "?"
		}
		out = append(out, name)
	}
	return out
}

func TestBundleLooksOnlyAtWhatMatters(t *testing.T) {
	d := newTestTree(t, map[string]string{"a/index.ts": `import { b } from "./b"; import x from "left"; console.log(b, x)`, "a/b.ts": "export const b = 1", "node_modules/left/index.js": "module.exports = 2"})
	if _, err := Build(d.options("a/index.ts")); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"plugins/a/b.ts", "plugins/a/b?", "plugins/a/index.ts", "plugins/a/node_modules/left/package.json?",
		"plugins/a/package.json?", "plugins/a/tsconfig.json?", "plugins/node_modules/left/index.js",
		"plugins/node_modules/left/package.json?", "plugins/package.json?", "plugins/tsconfig.json?",
	}
	got := d.looked()
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("paths looked at differ (-want +got):\n%s", diff)
	}
}

// Everything that the SDK's documentation shows is a classic script, and runs byte for byte as it is written.
func TestBundleLeavesTheDocumentationAlone(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(documents.Path(t, "spec/blocks/cordova-v4"), "*.js"))
	if err != nil || len(files) == 0 {
		t.Skip("the blocks of the documentation are not at hand")
	}
	plain := 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		b, err := Build(newTestTree(t, map[string]string{"e.js": string(text)}).options("e.js"))
		if err != nil {
			continue // a bare signature of a method, which no engine parses
		}
		if b.Plain() && !b.Module && b.Library == nil && b.Code.Text == string(text) {
			plain++
		} else {
			t.Errorf("%s is no plain script but a %s", filepath.Base(file), kindOf(b))
		}
	}
	if plain < 95 {
		t.Errorf("%d blocks are plain scripts, want the 95 that compile at least", plain)
	}
}

package scripting_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"trackhook/engine"
	"trackhook/scripting"
)

// endless nests until it ends the process that runs it; nothing can catch that.
const endless = `JSON["pa" + "rse"]("[".repeat(3e6));`

// sameAway compares what came of a file of tests with what comes of it in a process of its own.
func sameAway(t *testing.T, cfg scripting.TestConfig, file string, here *scripting.TestFile) {
	t.Helper()
	cfg.Isolation, cfg.Worker = scripting.InProcess, []string{os.Args[0], "worker"}
	cfg.WorkerMemory = 4 << 30 // the race detector needs many times as much
	away, err := scripting.Test(t.Context(), cfg, file)
	if err != nil {
		t.Fatal(err)
	}
	if a, b := timeless(t, here), timeless(t, away); a != b {
		t.Errorf("in a process of its own:\n%s\nhere:\n%s", b, a)
	}
	if away.Stale() {
		t.Error("it is stale at once")
	}
}

// timeless is the JSON of a result without what differs from run to run.
func timeless(t *testing.T, result *scripting.TestFile) string {
	t.Helper()
	timeless := *result
	timeless.Took = 0
	timeless.Tests = nil
	for _, test := range result.Tests {
		test.Took = 0
		timeless.Tests = append(timeless.Tests, test)
	}
	text, err := json.MarshalIndent(timeless, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// What goes from one process to another has no field that would stay behind without a word.
func TestNothingStaysBehind(t *testing.T) {
	t.Parallel()
	seen := map[reflect.Type]bool{reflect.TypeFor[time.Time](): true}
	var look func(typ reflect.Type, path string)
	look = func(typ reflect.Type, path string) {
		if seen[typ] {
			return
		}
		seen[typ] = true
		switch typ.Kind() {
		case reflect.Pointer, reflect.Slice, reflect.Array:
			look(typ.Elem(), path)
		case reflect.Map:
			look(typ.Key(), path)
			look(typ.Elem(), path)
		case reflect.Interface, reflect.Func, reflect.Chan:
			t.Errorf("%s is a %s", path, typ)
		case reflect.Struct:
			for f := range typ.Fields() {
				if !f.IsExported() {
					t.Errorf("%s.%s is not exported", path, f.Name)
				}
				look(f.Type, path+"."+f.Name)
			}
		default:
		}
	}
	for _, value := range []any{scripting.Report{}, scripting.TestFile{}, scripting.ReplaySummary{}, scripting.PluginConfig{}, engine.Response{}} {
		look(reflect.TypeOf(value), reflect.TypeOf(value).String())
	}
}

// A script that ends the process in which it is checked has a problem, and those before and after it are checked.
func TestCheckSurvives(t *testing.T) {
	t.Parallel()
	good := `const c = new AdjustConfig(appToken, environment); c.setEventTrackingSucceededCallbackListener(() => {}); Adjust.create(c); console.log("here");`
	dir := folder(t, map[string]string{"a.js": good, "b.js": endless, "c.js": "no script", "d.js": endless, "e.js": good})
	cfg := testConfig(dir).Config
	cfg.Device = nil // with one, a session is tracked, whose id is another each time
	cfg.Timeout = patience
	here, err := scripting.Check(t.Context(), cfg, filepath.Join(dir, "a.js"))
	if err != nil {
		t.Fatal(err)
	}
	cfg.Isolation, cfg.Worker = scripting.InProcess, []string{os.Args[0], "worker"}
	cfg.WorkerMemory = 4 << 30 // the race detector needs many times as much
	var files []string
	for _, name := range []string{"a.js", "b.js", "c.js", "d.js", "e.js"} {
		files = append(files, filepath.Join(dir, name))
	}
	var got []scripting.Report
	if err := scripting.CheckAll(t.Context(), cfg, files, func(file string, report scripting.Report) error {
		if file != files[len(got)] {
			t.Errorf("%s was checked as number %d", file, len(got))
		}
		got = append(got, report)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if len(got) != len(files) {
		t.Fatalf("%d reports", len(got))
	}
	if fmt.Sprintf("%+v", got[0]) != fmt.Sprintf("%+v", here) {
		t.Errorf("in a process of its own: %+v\nhere: %+v", got[0], here)
	}
	for i, message := range map[int]string{1: "was ended: stack overflow", 2: "SyntaxError", 3: "was ended: stack overflow"} {
		p := got[i].Problem
		if p == nil || !strings.Contains(p.Message, message) || p.File != "plugins/"+filepath.Base(files[i]) || p.Since.IsZero() || got[i].Name == "" {
			t.Errorf("%s: %+v", files[i], p)
		}
	}
	if got[4].Problem != nil || got[4].Version == "" {
		t.Errorf("the last one: %+v", got[4])
	}

	// The same errors as here, and that of whoever takes the reports.
	if _, err := scripting.Check(t.Context(), cfg, filepath.Join(dir, "none.js")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("of a file that is not there: %v", err)
	}
	enough := errors.New("enough")
	if err := scripting.CheckAll(t.Context(), cfg, files, func(string, scripting.Report) error { return enough }); !errors.Is(err, enough) {
		t.Errorf("with an error of its own it returns %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := scripting.Check(ctx, cfg, files[0]); !errors.Is(err, context.Canceled) {
		t.Errorf("once its context has ended: %v", err)
	}
}

// So has a file of tests; it is run again when something beside it has changed.
func TestTestSurvives(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{"bad.js": "", "bad.test.js": `test("nests", () => {` + endless + `})`})
	cfg := testConfig(dir)
	cfg.Isolation, cfg.Worker = scripting.InProcess, []string{os.Args[0], "worker"}
	cfg.WorkerMemory = 4 << 30 // the race detector needs many times as much
	file := filepath.Join(dir, "bad.test.js")
	got, err := scripting.Test(t.Context(), cfg, file)
	if err != nil {
		t.Fatal(err)
	}
	if got.File != file || got.Problem == nil || !strings.Contains(got.Problem.Message, "was ended: stack overflow") || got.Stale() {
		t.Errorf("got %+v", got)
	}
	for _, name := range []string{"bad.test.js", "bad.js"} {
		path := filepath.Join(dir, name)
		before, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte("1"), 0o600); err != nil {
			t.Fatal(err)
		}
		if !got.Stale() {
			t.Errorf("it is not stale after %s has changed", name)
		}
		if err := os.WriteFile(path, before, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// A replay that ends its process says at which response.
func TestReplaySurvives(t *testing.T) {
	r := setUp(t)
	r.write("a.js", version("one"))
	r.start()
	for _, id := range []string{"1", "2", "3"} {
		r.answer(id, "a")
	}
	responses, sources := r.history("a")
	r.write("a.js", hearing("", `if (event.callbackId === "2") { `+endless+` }`))
	texts, _, err := r.replayOnce("a", responses, sources, func(c *scripting.ReplayConfig) {
		c.Isolation, c.Worker = scripting.InProcess, []string{os.Args[0], "worker"}
		c.WorkerMemory = 4 << 30 // the race detector needs many times as much
	})
	if err == nil || !strings.Contains(err.Error(), "was ended: stack overflow") || !strings.Contains(err.Error(), "of package "+responses[1].Package.ID+":") {
		t.Errorf("the error is %v", err)
	}
	if len(texts) != 2 {
		t.Errorf("before that it says %q", texts)
	}
}

// Whatever a script, a package or a tsconfig.json names outside of the plugins folder is not read, here and in a process of its
// own, and the reason is the same.
func TestErrandsStayInTheFolder(t *testing.T) {
	t.Parallel()
	const secret = "s3cret of the machine"
	dir := folder(t, map[string]string{
		"import.js": `import "../outside.js";`, "require.js": `require("../outside.js");`, "json.js": `console.log(require("../outside.json"));`,
		"link.js": `import "./linked.js";`, "package.js": `import "away";`, "config/index.ts": `import "#away";`, "config/tsconfig.json": `{"extends": "../../outside.json"}`,
		"load.js": "", "load.test.js": `test("a", async () => { const p = await plugin.load("../outside.js"); console.log(p.text); });`,
		"fs.js": `console.log(require("fs").readFileSync("../outside.json", "utf8"));`,
	})
	above := filepath.Dir(dir)
	for name, text := range map[string]string{
		"outside.js": `console.log("` + secret + `");`, "outside.json": `{"compilerOptions": {"paths": {"#away": ["./outside.js"]}}, "secret": "` + secret + `"}`,
	} {
		if err := os.WriteFile(filepath.Join(above, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "node_modules"), 0o700); err != nil {
		t.Fatal(err)
	}
	for link, target := range map[string]string{"linked.js": "outside.js", "node_modules/away.js": "outside.js"} {
		if err := os.Symlink(filepath.Join(above, target), filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	apart := testConfig(dir)
	apart.Isolation, apart.Worker = scripting.InProcess, []string{os.Args[0], "worker"}
	apart.WorkerMemory = 4 << 30 // the race detector needs many times as much
	for _, name := range []string{"import.js", "require.js", "json.js", "link.js", "package.js", "config", "fs.js"} {
		var told [2]string
		for i, cfg := range []scripting.Config{testConfig(dir).Config, apart.Config} {
			report, err := scripting.Check(t.Context(), cfg, filepath.Join(dir, name))
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if report.Problem == nil {
				t.Errorf("%s: it was loaded", name)
				continue
			}
			told[i] = report.Problem.Message
			if strings.Contains(fmt.Sprintf("%+v", report)+fmt.Sprintf("%+v", report.Problem), secret) {
				t.Errorf("%s: it read %+v", name, report)
			}
		}
		if told[0] != told[1] {
			t.Errorf("%s: here: %s\nin a process of its own: %s", name, told[0], told[1])
		}
	}
	for _, cfg := range []scripting.TestConfig{testConfig(dir), apart} {
		result, err := scripting.Test(t.Context(), cfg, filepath.Join(dir, "load.test.js"))
		if err != nil {
			t.Fatal(err)
		}
		if len(result.Tests) != 1 || len(result.Tests[0].Failures) != 1 || !strings.Contains(result.Tests[0].Failures[0].Message, "outside of the plugins folder") {
			t.Errorf("the test: %+v", result)
		}
	}
}

package scripting_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"trackhook/engine"
	"trackhook/engine/scripts"
	"trackhook/scripting"
)

// beside lets drafts run in processes of their own, and plugins in the host.
func beside(c scripting.Config) scripting.Config {
	c.Worker = []string{os.Args[0], "worker"}
	return c
}

// places are where drafts run: in the host, and in processes of their own.
func places() map[string]func(scripting.Config) scripting.Config {
	return map[string]func(scripting.Config) scripting.Config{
		"host": func(c scripting.Config) scripting.Config { return c }, "process": beside,
	}
}

// draft is a plugin of one file with a text that is not saved.
func draft(plugin, text string) scripts.Draft {
	return scripts.Draft{Plugin: plugin, Files: map[string]*string{plugin + ".js": &text}}
}

// unhurried is the configuration of an editor whose drafts have the time that busy machines take.
func unhurried() scripting.EditorConfig {
	return scripting.EditorConfig{}.WithLimits(patience, patience)
}

func texts(acts []scripts.Act) []string {
	var all []string
	for i := range acts {
		all = append(all, acts[i].Type+" "+acts[i].Text)
	}
	return all
}

func TestTryBesideTheVersionThatRuns(t *testing.T) {
	t.Parallel()
	for where, place := range places() {
		t.Run(where, func(t *testing.T) {
			t.Parallel()
			isDetached := where == "process"
			r := setUp(t)
			r.write("count.js", version("old"))
			r.start(place, func(c scripting.Config) scripting.Config {
				c.Device = map[string]string{"external_device_id": "kiosk-17"}
				return c
			})
			for n := range 5 {
				r.answer(fmt.Sprint("p", n), "count")
			}
			e := r.host.Editor(unhurried())
			running := r.plugin("count").Running
			tried, err := e.Try(r.ctx, scripts.Trial{Draft: draft("count", `
const config = new AdjustConfig("{YourAppToken}", AdjustConfig.EnvironmentSandbox);
config.setEventTrackingSucceededCallbackListener(async function (event) {
  if (event.callbackId === "p0") { console.log("old p0"); return; }
  if (event.callbackId === "p3") { null.x; }
  console.warn("new", event.callbackId);
  localStorage.setItem("last", event.callbackId);
  await fetch("https://hooks.example.com/x", { method: "POST", headers: { authorization: "Bearer s3cret" }, body: "hello" });
  Adjust.trackEvent(new AdjustEvent("f0ob4r"));
});
Adjust.create(config);`)})
			if err != nil {
				t.Fatal(err)
			}
			if tried.Against.Version != running || tried.Draft.Problem != nil || tried.Draft.Version == running || tried.Draft.Version == "" || tried.Isolated != isDetached ||
				tried.Stopped != "" || tried.Scanned != 5 || tried.Summary != (scripts.TrialSummary{Answers: 5, Same: 1, Differs: 3, NowThrows: 1}) {
				t.Fatalf("tried %+v", tried)
			}
			one := &tried.Answers[1]
			if one.Seq != 2 || one.ID != "p1" || one.EventToken != "abc123" || one.Outcome != "delivered" || one.Typed {
				t.Errorf("answer %+v", one)
			}
			if got := texts(one.Running); !slices.Equal(got, []string{"line old p1"}) {
				t.Errorf("the running version did %q", got)
			}
			got := texts(one.Draft)
			if want := []string{
				"line new p1", "stored store last = p1", "fetch fetch POST https://hooks.example.com/x authorization=(hidden) hello",
				"tracked track event f0ob4r for external_device_id=kiosk-17",
			}; !slices.Equal(got, want) {
				t.Errorf("the draft did %q", got)
			}
			text, err := json.Marshal(tried)
			if err != nil || strings.Contains(string(text), "s3cret") {
				t.Errorf("the result tells a secret: %s, %v", text, err)
			}
			thrown := &tried.Answers[3].Draft[0]
			if thrown.Type != scripts.ActError || thrown.Problem == nil || thrown.Problem.Path != "count.js" || thrown.Problem.Line != 5 || !strings.Contains(thrown.Problem.Source, "null.x") {
				t.Errorf("thrown %+v, %+v", thrown, thrown.Problem)
			}
			// Nothing has left the stage, and what runs is what ran.
			if stored, err := r.store.Values(r.ctx, scripting.StoredSpace("count")); err != nil || len(stored) > 0 ||
				slices.ContainsFunc(r.store.Accepted(), func(p engine.Package) bool { return p.Kind == engine.KindEvent }) {
				t.Errorf("stored %v, %v; tracked %v", stored, err, r.store.Accepted())
			}
			if got := r.plugin("count").Running; got != running {
				t.Errorf("version %s runs", got)
			}
		})
	}
}

func TestTryOnWhatWasAskedFor(t *testing.T) {
	t.Parallel()
	r := setUp(t)
	r.write("count.js", version("old"))
	r.start()
	for n := range 250 {
		a := event(fmt.Sprint("p", n))
		if n%10 == 0 {
			a.Package.Params = map[string]string{"event_token": "rare12"}
		}
		r.store.Log(a)
	}
	other := event("other")
	other.Package.App = engine.App{Token: "otherapp1234", Environment: engine.Sandbox}
	r.store.Log(other)
	r.must(r.store.WaitCommit(r.ctx, "plugin/count", 251))
	e := r.host.Editor(unhurried())
	try := func(change func(*scripts.Trial)) scripts.Tried {
		t.Helper()
		trial := scripts.Trial{Draft: scripts.Draft{Plugin: "count"}}
		change(&trial)
		tried, err := e.Try(r.ctx, trial)
		if err != nil {
			t.Fatal(err)
		}
		return tried
	}
	// By default the latest hundred of the app that it hears, and of its own text all is the same.
	tried := try(func(*scripts.Trial) {})
	if tried.Summary.Same != 100 || tried.Answers[99].ID != "p249" {
		t.Errorf("tried %+v", tried.Summary)
	}
	tried = try(func(trial *scripts.Trial) { trial.Answers = scripts.Answers{Last: 20, EventToken: []string{"rare12"}} })
	if tried.Summary.Answers != 20 || tried.Answers[0].ID != "p50" || tried.Answers[19].ID != "p240" {
		t.Errorf("tried %+v", tried.Summary)
	}
	tried = try(func(trial *scripts.Trial) { trial.Answers = scripts.Answers{Seqs: []uint64{9, 3, 9, 7777}} })
	if tried.Summary.Answers != 2 || tried.Answers[0].Seq != 3 || tried.Answers[1].Seq != 9 {
		t.Errorf("tried %+v", tried.Summary)
	}
	tried = try(func(trial *scripts.Trial) {
		trial.Against = scripts.None
		trial.Answers.Typed = []scripts.TypedAnswer{
			{Listener: "eventSuccess", Response: json.RawMessage(`{"callbackId":"typed","revenue":9.99}`)}, {Listener: "eventFailure"},
		}
	})
	if tried.Summary.Unknown != 2 || !tried.Answers[0].Typed || tried.Against.Version != "" || tried.Against.Why == "" ||
		!slices.Equal(texts(tried.Answers[0].Draft), []string{"line old typed"}) {
		t.Errorf("tried %+v", tried)
	}
	tried = try(func(trial *scripts.Trial) { trial.Answers.AppToken = "nobody" })
	if tried.Summary.Answers != 0 || tried.Draft.Version == "" || tried.Draft.Problem != nil {
		t.Errorf("tried %+v", tried)
	}
	for name, trial := range map[string]scripts.Trial{
		"two ways":    {Answers: scripts.Answers{Last: 1, Seqs: []uint64{1}}},
		"too many":    {Answers: scripts.Answers{Last: 501}},
		"an outcome":  {Answers: scripts.Answers{Outcome: []string{"lost"}}},
		"a kind":      {Answers: scripts.Answers{Kind: []string{"x"}}},
		"a listener":  {Answers: scripts.Answers{Typed: []scripts.TypedAnswer{{Listener: "x"}}}},
		"a response":  {Answers: scripts.Answers{Typed: []scripts.TypedAnswer{{Listener: "response", Response: json.RawMessage(`{"x":1}`)}}}},
		"a path":      {Draft: scripts.Draft{Files: map[string]*string{"../x.js": new("")}}},
		"a version":   {Against: "0badbeef"},
		"the answers": {Answers: scripts.Answers{Seqs: []uint64{999}}},
		"no plugin":   {Draft: scripts.Draft{Plugin: "nothing"}},
		"a bad name":  {Draft: scripts.Draft{Plugin: "../count"}},
	} {
		if trial.Plugin == "" {
			trial.Plugin = "count"
		}
		_, err := e.Try(r.ctx, trial)
		if _, ok := errors.AsType[*scripts.RefusedError](err); !ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What a person types on the way to what they mean ends, and harms nobody.
func TestDraftsThatDoNotEnd(t *testing.T) {
	t.Parallel()
	listener := func(body string) string {
		return strings.Replace(version("x"), `console.log("x " + event.callbackId);`, body, 1)
	}
	for where, place := range places() {
		t.Run(where, func(t *testing.T) {
			t.Parallel()
			isDetached := where == "process"
			if !isDetached {
				shortens(t)
			}
			if isDetached && testing.Short() {
				t.Skip("the race detector, for which runs are short, takes the memory that the process may have: leave out -short")
			}
			r := setUp(t)
			r.write("count.js", version("old"))
			r.start(place, func(c scripting.Config) scripting.Config {
				c.Timeout = patience
				return c
			})
			r.answer("p0", "count")
			soon := r.host.Editor(scripting.EditorConfig{}.WithLimits(200*time.Millisecond, patience))
			late := r.host.Editor(unhurried()) // whatever ends it, it is not the time
			for name, row := range map[string]struct {
				text, says string
				detached   bool // in the host it would end the host
			}{
				"top level":     {text: "let n = 0;\nfor (;;) n++;", says: "time limit"},
				"listener":      {text: listener("for (;;);"), says: "time limit"},
				"syntax":        {text: "const = 3", says: "SyntaxError"},
				"deep nesting":  {text: strings.Repeat("[", 100_000), says: "inside of each other"},
				"deep braces":   {text: strings.Repeat("{", 50_000), says: "inside of each other"},
				"printing":      {text: listener("for (;;) console.log('x'.repeat(1000));"), says: "time limit"},
				"no such thing": {text: "nothing();", says: "ReferenceError"},
				"a stack":       {text: listener(endless), says: "was ended: stack overflow", detached: true},
				"memory":        {text: listener("const all = []; for (;;) all.push('x'.repeat(1e7) + all.length)"), says: "was ended: ", detached: true},
			} {
				if row.detached && !isDetached {
					continue
				}
				t.Run(name, func(t *testing.T) {
					e := soon
					if row.detached {
						e = late
					}
					tried, err := e.Try(r.ctx, scripts.Trial{Draft: draft("count", row.text)})
					text, _ := json.Marshal(tried)
					if err != nil || !strings.Contains(string(text), row.says) || tried.Draft.Problem == nil && tried.Stopped == "" && tried.Summary.NowThrows+tried.Summary.Differs == 0 {
						t.Errorf("%v, %.1000s", err, text)
					}
					if len(text) > 8<<20 {
						t.Errorf("the result has %d bytes", len(text))
					}
					checked, err := e.Check(r.ctx, draft("count", row.text))
					if err != nil || !strings.Contains(row.text, "event") && (checked.OK || len(checked.Problems) == 0) {
						t.Errorf("%v, %+v", err, checked)
					}
				})
			}
			r.prints("count", "after", "old after")
		})
	}
}

// One that takes too long again and again is given up, and what came of the answers before is told.
func TestTryIsGivenUp(t *testing.T) {
	t.Parallel()
	r := setUp(t)
	r.write("count.js", version("old"))
	r.start()
	for n := range 6 {
		r.answer(fmt.Sprint("p", n), "count")
	}
	body := `if (event.callbackId > "p1") { for (;;); } console.log("old " + event.callbackId);`
	tried, err := r.host.Editor(scripting.EditorConfig{}.WithLimits(300*time.Millisecond, patience)).Try(r.ctx, scripts.Trial{
		Draft: draft("count", strings.Replace(version("old"), `console.log("old " + event.callbackId);`, body, 1)),
	})
	if err != nil || tried.Summary != (scripts.TrialSummary{Answers: 5, Same: 2, NowThrows: 3}) || !strings.Contains(tried.Stopped, "the draft was given up") {
		t.Errorf("tried %+v, %v", tried, err)
	}
}

func TestCheckSaysAllThatIsWrong(t *testing.T) {
	t.Parallel()
	for where, place := range places() {
		t.Run(where, func(t *testing.T) {
			t.Parallel()
			isDetached := where == "process"
			r := setUp(t)
			r.write("euro/index.ts", "import { rate } from './rates';\nconsole.log(rate);\n")
			r.write("euro/rates.ts", "export const rate: number = 2;\n")
			r.start(place)
			e := r.host.Editor(unhurried())
			// What the plugin does not read is not part of its version.
			checked, err := e.Check(r.ctx, scripts.Draft{Plugin: "euro", Files: map[string]*string{"euro/other.ts": new("export {};\n")}})
			if running := r.plugin("euro").Running; err != nil || checked.Version != running {
				t.Errorf("checked %+v, %v; %s runs", checked, err, running)
			}
			checked, err = e.Check(r.ctx, scripts.Draft{Plugin: "euro", Files: map[string]*string{"euro/rates.ts": new("export const rate: number = 3;\n")}})
			if err != nil || !checked.OK || !slices.Equal(checked.Lines, []scripts.Line{{Level: "info", Text: "3"}}) || checked.Isolated != isDetached {
				t.Errorf("checked %+v, %v", checked, err)
			}
			// Tests, and files of no plugin, are looked at and not run.
			checked, err = e.Check(r.ctx, scripts.Draft{Plugin: "euro", Files: map[string]*string{"euro/index.test.ts": new("test('a', () => {\n"), "lib/x.js": new("throw 1")}})
			if err != nil || !checked.OK || len(checked.Problems) != 1 || checked.Problems[0].Path != "euro/index.test.ts" || checked.Problems[0].Line != 2 {
				t.Errorf("checked %+v, %v", checked, err)
			}
			checked, err = e.Check(r.ctx, scripts.Draft{Files: map[string]*string{"lib/x.js": new("throw 1; const = 2"), "lib/y.md": new("const = 2")}})
			if err != nil || checked.OK || len(checked.Problems) != 1 || checked.Problems[0].Path != "lib/x.js" {
				t.Errorf("checked %+v, %v", checked, err)
			}
			checked, err = e.Check(r.ctx, scripts.Draft{Plugin: "euro", Files: map[string]*string{"euro/rates.ts": nil}})
			if err != nil || checked.OK || len(checked.Problems) == 0 || checked.Problems[0].Path != "euro/index.ts" || checked.Problems[0].Line != 1 || checked.Problems[0].Length == 0 {
				t.Errorf("checked %+v, %v", checked, err)
			}
			checked, err = e.Check(r.ctx, draft("fresh", version("new")+"console.log('é', x);"))
			if err != nil || checked.OK || len(checked.Problems) != 1 || checked.Problems[0].Path != "fresh.js" || checked.Problems[0].Line != 7 || checked.Problems[0].Column != 18 {
				t.Errorf("checked %+v, %v", checked, err)
			}
			checked, err = e.Check(r.ctx, draft("fresh", version("new")))
			if err != nil || !checked.OK || len(checked.Registered) != 1 || checked.Registered[0].Environment != "sandbox" {
				t.Errorf("checked %+v, %v", checked, err)
			}
			checked, err = e.Check(r.ctx, draft("fresh", "let a = 1;\nlet a = 2;\nconst b = ;\n"))
			if err != nil || checked.OK || len(checked.Problems) == 0 {
				t.Errorf("checked %+v, %v", checked, err)
			}
			checked, err = e.Check(r.ctx, draft("fresh", "const c = new AdjustConfig(appToken, environment);\nc.setEventTrackingSucceededCallbackListener(() => {});\n"))
			if err != nil || !checked.OK || len(checked.Problems) != 1 || checked.Problems[0].Severity != scripts.SeverityWarning {
				t.Errorf("a config that is not started: %+v, %v", checked, err)
			}
		})
	}
}

func TestTestsOfADraft(t *testing.T) {
	t.Parallel()
	for where, place := range places() {
		t.Run(where, func(t *testing.T) {
			t.Parallel()
			isDetached := where == "process"
			if !isDetached {
				shortens(t)
			}
			r := setUp(t)
			r.write("count.js", version("old"))
			r.write("count.test.js", `test("prints", async () => { const p = await plugin.load(); await p.eventSuccess({ callbackId: "a" }); expect(p.text).toBe("new a"); });`)
			r.start(place)
			e := r.host.Editor(scripting.EditorConfig{}.WithLimits(500*time.Millisecond, patience))
			tested, err := e.Test(r.ctx, scripts.Tests{Draft: scripts.Draft{Plugin: "count"}})
			if err != nil || tested.Summary != (scripts.TestSummary{Failed: 1}) || tested.Isolated != isDetached || tested.Files[0].Tests[0].Failures[0].Path != "count.test.js" {
				t.Errorf("tested %+v, %v", tested, err)
			}
			if tested, err = e.Test(r.ctx, scripts.Tests{Draft: draft("count", version("new"))}); err != nil || tested.Summary != (scripts.TestSummary{Passed: 1}) {
				t.Errorf("tested %+v, %v", tested, err)
			}
			// A plugin and tests that are nowhere but in the draft.
			fresh := draft("fresh", version("new"))
			fresh.Files["fresh.test.js"] = new(`test("a", async () => { const p = await plugin.load("./fresh.js"); await p.eventSuccess({ callbackId: "a" }); expect(p.text).toBe("new a"); }); test("b", () => {}); test.todo("c");`)
			if tested, err = e.Test(r.ctx, scripts.Tests{Draft: fresh, Run: "^[ac]$"}); err != nil || tested.Summary != (scripts.TestSummary{Passed: 1, Skipped: 1, Todo: 1}) {
				t.Errorf("tested %+v, %v", tested, err)
			}
			fresh.Files["fresh.test.js"] = new(`test("a", () => { for (;;); });`)
			if tested, err = e.Test(r.ctx, scripts.Tests{Draft: fresh}); err != nil || tested.Summary.Failed != 1 {
				t.Errorf("tested %+v, %v", tested, err)
			}
			for name, tests := range map[string]scripts.Tests{
				"no tests": {Draft: draft("other", "")}, "run": {Draft: fresh, Run: "("}, "file": {Draft: fresh, File: "count.test.js"}, "plugin": {Draft: scripts.Draft{Plugin: "nothing"}},
			} {
				if _, err := e.Test(r.ctx, tests); err == nil {
					t.Errorf("%s: no error", name)
				}
			}
		})
	}
}

// A save in the page is what an editor's save is: the host takes it over, and a broken one leaves the old version running.
func TestSavesAreTakenOver(t *testing.T) {
	t.Parallel()
	r := setUp(t)
	r.write("count.js", version("old"))
	r.start()
	e := r.host.Editor(unhurried())
	file, err := e.File("count.js")
	r.must(err)
	saved, err := e.Save("count.js", scripts.Save{Text: version("new"), Version: file.Version})
	r.must(err)
	r.says("count", "plugin reloaded")
	r.prints("count", "p1", "new p1")
	if _, err := e.Save("count.js", scripts.Save{Text: "for (", Version: file.Version}); err == nil {
		t.Error("a save of an old version was taken")
	}
	saved, err = e.Save("count.js", scripts.Save{Text: "for (", Version: saved.Version})
	r.must(err)
	r.says("count", "plugin broken")
	if row := r.plugin("count"); row.State != scripting.BrokenEdit || row.Error.Line != 1 {
		t.Errorf("row %+v", row)
	}
	r.prints("count", "p2", "new p2")
	// What the broken text is compared with is what runs.
	tried, err := e.Try(r.ctx, scripts.Trial{Draft: draft("count", version("new"))})
	if err != nil || tried.Summary.Same != 2 {
		t.Errorf("tried %+v, %v", tried, err)
	}
	_, err = e.Delete("count.js", saved.Version)
	r.must(err)
	r.says("count", "plugin removed")
}

// What a plugin was granted is told of no draft, wherever that puts it.
func TestDraftsTellNoSecrets(t *testing.T) {
	t.Parallel()
	const secret = "s3cret-of-the-room"
	for where, place := range places() {
		t.Run(where, func(t *testing.T) {
			t.Parallel()
			r := setUp(t)
			r.write("count.js", version("old"))
			r.start(place, func(c scripting.Config) scripting.Config {
				c.Device = map[string]string{"external_device_id": "kiosk-17"}
				c.Plugins = map[string]scripting.PluginConfig{"count": {Env: map[string]string{"ROOM": secret}}}
				return c
			})
			r.answer("p0", "count")
			e := r.host.Editor(unhurried())
			text := strings.Replace(version("x"), `console.log("x " + event.callbackId);`, `
  const room = process.env.ROOM;
  console.log(room, [room], { room });
  localStorage.setItem("a" + room, room);
  fetch("https://example.com/" + room, { headers: { x: room }, body: room, method: "POST" });
  const next = new AdjustEvent("abc123");
  next.addCallbackParameter("room", room);
  Adjust.trackEvent(next);
  throw new Error(room);`, 1) + "console.log(process.env.ROOM);\n"
			tried, err := e.Try(r.ctx, scripts.Trial{Draft: draft("count", text)})
			if told, _ := json.Marshal(tried); err != nil || strings.Contains(string(told), secret) || len(tried.Answers[0].Draft) != 5 {
				t.Errorf("%v, %s", err, told)
			}
			checked, err := e.Check(r.ctx, draft("count", text+"throw new Error(process.env.ROOM);"))
			if told, _ := json.Marshal(checked); err != nil || strings.Contains(string(told), secret) || checked.OK {
				t.Errorf("%v, %s", err, told)
			}
		})
	}
}

func TestTooManyDraftsAtOnce(t *testing.T) {
	t.Parallel()
	r := setUp(t)
	r.start()
	e := r.host.Editor(scripting.EditorConfig{})
	ctx, cancel := context.WithCancel(r.ctx)
	defer cancel()
	var all sync.WaitGroup
	refused := make(chan struct{}, 100)
	for range 20 {
		all.Go(func() {
			_, err := e.Check(ctx, draft("x", "for (;;);"))
			if e, ok := errors.AsType[*scripts.RefusedError](err); ok && e.Reason == scripts.Busy {
				refused <- struct{}{}
				cancel() // the others need not come to their end
			}
		})
	}
	all.Wait()
	if len(refused) == 0 {
		t.Error("none was refused")
	}
}

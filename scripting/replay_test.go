package scripting_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"trackhook/engine"
	"trackhook/scripting"
	"trackhook/scripting/scriptingtest"
)

// history is a host's log with the sources of the versions that handled it.
func (r *rig) history(plugin string) ([]engine.Response, *scripting.Sources) {
	r.Helper()
	last, err := r.store.Last(r.ctx)
	r.must(err)
	responses, err := r.store.Read(r.ctx, 0, int(last))
	r.must(err)
	running := ""
	for _, p := range r.host.Plugins() {
		if p.Name == plugin {
			running = p.Running
		}
	}
	// The source is kept after the version has taken over, and nobody waits for that.
	tick, deadline := time.NewTicker(time.Millisecond), time.After(patience)
	defer tick.Stop()
	for {
		values, err := r.store.Values(r.ctx, scripting.SourceSpace(plugin))
		r.must(err)
		sources, err := scripting.ReadSources(values)
		r.must(err)
		if n := len(sources.Takeovers); n > 0 && sources.Takeovers[n-1].Version == running {
			r.stop()
			return responses, sources
		}
		select {
		case <-tick.C:
		case <-deadline:
			r.Fatalf("the source of %s is not kept", running)
		}
	}
}

// replay replays responses on what is on disk, and returns a text of what came of it: here, and the same in a process of its own.
func (r *rig) replay(plugin string, responses []engine.Response, sources *scripting.Sources, change ...func(*scripting.ReplayConfig)) ([]string, scripting.ReplaySummary, error) {
	r.Helper()
	texts, summary, err := r.replayOnce(plugin, responses, sources, change...)
	away, summaryAway, errAway := r.replayOnce(plugin, responses, sources, append(change, func(c *scripting.ReplayConfig) {
		c.Isolation, c.Worker = scripting.InProcess, []string{os.Args[0], "worker"}
		c.WorkerMemory = 4 << 30 // the race detector needs many times as much
	})...)
	for _, s := range []*scripting.ReplaySummary{&summary, &summaryAway} { // clocks of their own are not told
		s.First, s.Last = s.First.Round(0).UTC(), s.Last.Round(0).UTC()
	}
	if !slices.Equal(texts, away) || !reflect.DeepEqual(summary, summaryAway) || fmt.Sprint(err) != fmt.Sprint(errAway) {
		r.Errorf("in a process of its own the replay says\n%s\n%+v %v\nand here\n%s\n%+v %v",
			strings.Join(away, "\n"), summaryAway, errAway, strings.Join(texts, "\n"), summary, err)
	}
	return texts, summary, err
}

func (r *rig) replayOnce(plugin string, responses []engine.Response, sources *scripting.Sources, change ...func(*scripting.ReplayConfig)) ([]string, scripting.ReplaySummary, error) {
	cfg := scripting.ReplayConfig{
		Config: scripting.Config{Dir: r.dir, DefaultApp: scriptingtest.App(), Device: map[string]string{"external_device_id": "kiosk"}},
		Name:   plugin, Sources: sources,
		Responses: func(context.Context) ([]engine.Response, error) {
			n := min(len(responses), 2)
			batch := responses[:n]
			responses = responses[n:]
			return batch, nil
		},
	}
	for _, f := range change {
		f(&cfg)
	}
	var texts []string
	summary, err := scripting.Replay(r.ctx, cfg, func(p *scripting.Replayed) error {
		name := p.Response.Package.ID
		if name == "" {
			name = "top"
		}
		var text strings.Builder
		text.WriteString(name + " " + string(p.Verdict) + ":")
		var before, after []string
		for i := range p.Live {
			before = append(before, p.Live[i].Text())
		}
		for i := range p.Edited {
			after = append(after, p.Edited[i].Text())
		}
		for _, line := range scripting.DiffLines(before, after) {
			text.WriteString(" [" + string(line.Op) + line.Text + "]")
		}
		texts = append(texts, text.String())
		return nil
	})
	return texts, summary, err
}

func (r *rig) same(got, want []string) {
	r.Helper()
	if !slices.Equal(got, want) {
		r.Errorf("the replay says\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestReplayComparesWithTheVersionThatRan(t *testing.T) {
	r := setUp(t)
	r.write("count.js", version("one"))
	r.start()
	r.answer("a", "count")
	r.answer("b", "count")
	r.write("count.js", version("two"))
	r.says("count", "plugin reloaded")
	r.answer("c", "count")
	responses, sources := r.history("count")

	got, summary, err := r.replay("count", responses, sources)
	r.must(err)
	r.same(got, []string{
		"top same:", "a differs: [-info: one a] [+info: two a]", "b differs: [-info: one b] [+info: two b]", "c same: [ info: two c]",
	})
	if summary.Responses != 3 || summary.Verdicts[scripting.Differs] != 2 || summary.Unedited {
		t.Errorf("summary %+v", summary)
	}
	versions := sources.Versions()
	if len(versions) != 2 || versions[0] != summary.Version {
		t.Errorf("kept are %v; on disk is %s", versions, summary.Version)
	}
	got, summary, err = r.replay("count", responses, sources, func(cfg *scripting.ReplayConfig) { cfg.Against = versions[0] })
	r.must(err)
	r.same(got, []string{"top same:", "a same: [ info: two a]", "b same: [ info: two b]", "c same: [ info: two c]"})
	if !summary.Unedited {
		t.Errorf("summary %+v", summary)
	}
	got, _, err = r.replay("count", responses[:1], nil)
	r.must(err)
	r.same(got, []string{"top unknown:", "a unknown: [+info: two a]"})
}

const replayHead = `
const config = new AdjustConfig("{YourAppToken}", AdjustConfig.EnvironmentSandbox);
const listen = (f) => { config.setEventTrackingSucceededCallbackListener(f); Adjust.create(config); };
`

func TestReplayRows(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name, live, edited string
		want               []string
	}{
		{
			"chance and time are the same", `listen((e) => console.log(Math.random(), new Date().toISOString(), e.replay))`,
			`listen((e) => { console.log(Math.random(), new Date().toISOString(), e.replay) })`,
			[]string{"top same:", "a same: *", "b same: *"},
		},
		{
			"a new error", `listen((e) => console.log(e.id))`, `listen((e) => { if (e.id === "b") null.x; console.log(e.id) })`,
			[]string{"top same:", "a same: [ info: a]", "b now_throws: [-info: b] [+throws TypeError: Cannot read property 'x' of undefined or null]"},
		},
		{
			"an error that is gone, repeated", `listen((e) => { null.x })`, `listen((e) => { if (e.id === "b") null.x })`,
			[]string{
				"top same:", "a no_longer_throws: [-throws TypeError: Cannot read property 'x' of undefined or null]",
				"b same: [ throws TypeError: Cannot read property 'x' of undefined or null]",
			},
		},
		{
			"timers belong to the response before", `listen((e) => setTimeout(() => console.log("later", e.id), 1000))`,
			`listen((e) => setTimeout(() => console.log("later", e.id, new Date().getTime() % 1000), 1000))`,
			[]string{"top same:", "a differs: [-info: later a] [+info: later a 0]", "b differs: [-info: later b] [+info: later b 0]"},
		},
		{
			"an async listener that waits", `listen(async (e) => { await new Promise((f) => setTimeout(f, 3000)); console.log(e.id) })`,
			`listen(async (e) => { await new Promise((f) => setTimeout(f, 6000)); console.log(e.id) })`,
			[]string{
				"top same:",
				"a now_throws: [+throws the promise of the async listener was not settled within 5s; it goes on unwatched] [ info: a]",
				"b now_throws: [-info: b] [+throws the promise of the async listener was not settled within 5s; it goes on unwatched]",
			},
		},
		{
			"what is tracked", `listen((e) => {})`,
			`listen((e) => { const n = new AdjustEvent("xyz789"); n.setRevenue(2, "EUR"); n.addCallbackParameter("of", e.id); Adjust.trackEvent(n) })`,
			[]string{
				"top same:",
				`a differs: [+track event xyz789 currency=EUR revenue=2.00000 callback={"of":"a"} for external_device_id=kiosk]`,
				`b differs: [+track event xyz789 currency=EUR revenue=2.00000 callback={"of":"b"} for external_device_id=kiosk]`,
			},
		},
		{
			"what would be fetched", `listen((e) => {})`,
			`listen(async (e) => { const r = await fetch("https://x.example/" + e.id, { headers: { Authorization: "s3cret" } }); console.log(r.status, await r.json()) })`,
			[]string{
				"top same:", "a differs: [+fetch GET https://x.example/a authorization=(hidden)] [+info: 200 {}]",
				"b differs: [+fetch GET https://x.example/b authorization=(hidden)] [+info: 200 {}]",
			},
		},
		{
			"state goes on", `let n = 0; listen((e) => console.log(++n))`, `let n = 10; listen((e) => console.log(++n)); console.log("hello")`,
			[]string{"top differs: [+info: hello]", "a differs: [-info: 1] [+info: 11]", "b differs: [-info: 2] [+info: 12]"},
		},
		{
			"an endless loop", `listen((e) => {})`, `listen((e) => { while (e.id === "a"); })`,
			[]string{"top same:", "a now_throws: [+throws the script ran longer than the time limit of 500ms and was interrupted]", "b same:"},
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			r := setUp(t)
			r.write("it.js", replayHead+row.live)
			r.start(func(cfg scripting.Config) scripting.Config {
				cfg.Device = map[string]string{"external_device_id": "kiosk"}
				return cfg
			})
			// Whatever the script waits for, it had time for.
			for i, id := range []string{"a", "b"} {
				response := event(id)
				response.At = time.Date(2026, 5, 1, 12, i, 0, 0, time.UTC)
				r.store.Log(response)
			}
			responses, sources := r.history("it")
			r.write("it.js", replayHead+row.edited)
			got, _, err := r.replay("it", responses, sources, func(cfg *scripting.ReplayConfig) {
				if strings.Contains(row.name, "endless") {
					cfg.Timeout = 500 * time.Millisecond
				}
			})
			r.must(err)
			for i := range got {
				if i < len(row.want) && strings.HasSuffix(row.want[i], "*") && strings.HasPrefix(got[i], strings.TrimSuffix(row.want[i], "*")) {
					got[i] = row.want[i]
				}
			}
			r.same(got, row.want)
		})
	}
}

func TestReplayOfWhatCannotBeLoaded(t *testing.T) {
	r := setUp(t)
	r.write("it.js", "let x = 1;\nnull.x;")
	_, _, err := r.replay("it", []engine.Response{event("a")}, nil)
	script, ok := errors.AsType[*scripting.ScriptError](err)
	if !ok || script.Line != 2 || script.File != "plugins/it.js" {
		t.Errorf("got %v", err)
	}
	_, _, err = r.replay("other", nil, nil)
	if unknown, ok := errors.AsType[*scripting.UnknownPluginError](err); !ok || !slices.Equal(unknown.Known, []string{"it"}) {
		t.Errorf("got %v", err)
	}
}

func TestNewlyTrackedIsTheSameEachTime(t *testing.T) {
	tracked := func(token string) scripting.Act {
		return scripting.Act{Tracked: &engine.Package{
			ID: token + time.Now().String(), Kind: engine.KindEvent, App: scriptingtest.App(), Device: "idfa=1",
			Params: map[string]string{"event_token": token, "event_count": "7"},
		}}
	}
	tracks := func() []engine.Package {
		p := scripting.Replayed{
			Response: event("a"), Live: []scripting.Act{tracked("one")},
			Edited: []scripting.Act{tracked("two"), tracked("one"), tracked("two"), tracked("one")},
		}
		p.Response.Seq = 9
		return p.NewlyTracked("it")
	}
	first, second := tracks(), tracks()
	var names []string
	ids := map[string]bool{}
	for i := range first {
		names = append(names, first[i].Params["event_token"])
		ids[first[i].ID] = true
		if first[i].ID != second[i].ID || first[i].Params["event_count"] != "" {
			t.Errorf("package %d is %v, then %v", i, first[i], second[i])
		}
	}
	if !slices.Equal(names, []string{"two", "two", "one"}) || len(ids) != 3 {
		t.Errorf("new are %v, ids %v", names, ids)
	}
}

func TestSourcesAreBounded(t *testing.T) {
	r := setUp(t)
	r.write("count.js", version("0"))
	r.start()
	for i := 1; i <= 25; i++ {
		r.answer(fmt.Sprint("e", i), "count")
		r.write("count.js", version(strconv.Itoa(i)))
		r.says("count", "plugin reloaded")
	}
	_, sources := r.history("count")
	if kept := sources.Versions(); len(kept) != 20 {
		t.Errorf("%d versions are kept: %v", len(kept), kept)
	}
	if len(sources.Takeovers) != 26 {
		t.Errorf("%d take-overs: %v", len(sources.Takeovers), sources.Takeovers)
	}
}

func TestDiffLines(t *testing.T) {
	for _, row := range [][3]string{
		{"", "", ""},
		{"a", "a", " a"},
		{"a b c", "a c", " a-b c"},
		{"a c", "a b c", " a+b c"},
		{"a b c d", "b d e", "-a b-c d+e"},
		{"a", "b", "-a+b"},
		{"x a b", "a b x", "-x a b+x"},
	} {
		var text strings.Builder
		for _, line := range scripting.DiffLines(strings.Fields(row[0]), strings.Fields(row[1])) {
			text.WriteString(string(line.Op) + line.Text)
		}
		if text.String() != row[2] {
			t.Errorf("%q to %q: %q, want %q", row[0], row[1], text.String(), row[2])
		}
	}
}

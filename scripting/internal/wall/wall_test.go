package wall_test

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"trackhook/engine"
	"trackhook/engine/memory"
	"trackhook/scripting/internal/adjust"
	"trackhook/scripting/internal/instance"
	"trackhook/scripting/internal/wall"
	"trackhook/scripting/internal/wire"
	"trackhook/scripting/internal/worker"
)

func TestMain(m *testing.M) {
	switch {
	case len(os.Args) == 2 && os.Args[1] == "worker":
		os.Exit(worker.Run(os.Stdin, os.Stdout))
	case len(os.Args) == 3 && os.Args[1] == "liar":
		lie(os.Args[2])
	case len(os.Args) == 3 && os.Args[1] == "host":
		stayAsHost(os.Args[2])
	default:
		os.Exit(m.Run())
	}
}

// lies are what no worker says.
func lies() map[string]func(*wire.Conn) {
	return map[string]func(*wire.Conn){
		"garbage":       func(*wire.Conn) { fmt.Print("Content-Type: text/plain\n\n" + strings.Repeat("x", 1000)) },
		"a huge frame":  func(*wire.Conn) { fmt.Print("\xff\xff\xff\xff\x41") },
		"version":       func(c *wire.Conn) { _ = c.Send(wire.Ready, []byte{99}) },
		"no answer":     func(c *wire.Conn) { _ = c.Send(wire.Handled, wire.AppendResult(nil, &wire.Result{Handled: 1})) },
		"a half result": func(c *wire.Conn) { _ = c.Send(wire.Loaded, []byte("{")) },
		"a call of nothing": func(c *wire.Conn) {
			_ = c.Send(wire.Call, []byte{1, byte(wire.SetValues), 2, 3, 'x'})
		},
		"a line that is none": func(c *wire.Conn) { _ = c.Send(wire.Line, []byte(`{"a":`)) },
		"nothing":             func(*wire.Conn) { os.Exit(7) },
		"what it has no business with": func(c *wire.Conn) {
			for range 100 {
				_ = c.Send(wire.Retired, nil)
			}
		},
	}
}

// laterLies are what no worker says that has loaded its plugin and was handed response 7.
func laterLies() map[string]wire.Result {
	return map[string]wire.Result{
		"more than it was handed":         {Handled: 2},
		"less than nothing":               {Handled: math.MaxUint64},
		"a failure of what is to come":    {Handled: 1, Failed: map[uint64]string{8: "x"}},
		"a failure of what is not done":   {Failed: map[uint64]string{7: "x"}},
		"a failure of what nobody has":    {Handled: 1, Failed: map[uint64]string{math.MaxUint64: "x"}},
		"more than it was handed, failed": {Handled: math.MaxUint64, Failed: map[uint64]string{7: "x"}},
	}
}

// honestly are results that are believed.
func honestly() map[string]wire.Result {
	return map[string]wire.Result{
		"spent": {Handled: 1, Spent: true},
		"late":  {Handled: 1, Failed: map[uint64]string{3: "a promise that was rejected late"}},
	}
}

func lie(what string) {
	conn := wire.NewConn(os.Stdin, os.Stdout)
	if what != "garbage" {
		_ = conn.Send(wire.Ready, []byte{wire.Version})
	}
	if before, ok := lies()[what]; ok {
		before(conn)
	}
	for {
		kind, _, err := conn.Receive()
		if err != nil {
			os.Exit(0)
		}
		switch result, ok := laterLies()[what]; {
		case kind == wire.Load && lies()[what] == nil:
			_ = conn.Send(wire.Loaded, []byte("{}"))
		case kind == wire.Handle:
			if !ok {
				result = honestly()[what]
			}
			_ = conn.Send(wire.Handled, wire.AppendResult(nil, &result))
		case kind == wire.Retire:
			os.Exit(0)
		}
	}
}

// config is that of a plugin of one file.
func config(tb testing.TB, text string, command ...string) (*wall.Config, *engine.Engine) {
	tb.Helper()
	dir := tb.TempDir()
	entry := filepath.Join(dir, "a.js")
	if err := os.WriteFile(entry, []byte(text), 0o600); err != nil {
		tb.Fatal(err)
	}
	eng, err := engine.New(engine.Config{Store: memory.New(), Deliverer: nowhere{}})
	if err != nil {
		tb.Fatal(err)
	}
	app := engine.App{Token: "abc123def456", Environment: engine.Sandbox}
	return &wall.Config{
		Command: append([]string{os.Args[0]}, command...), Home: adjust.NewHome(eng, true), Peers: &wall.Peers{}, Log: zerolog.Nop(), Own: zerolog.Nop(),
		OnDeath: func(bool) {},
		Start: wire.Start{
			Plugin: "a", Root: dir, Entry: entry, Apps: []engine.App{app}, DefaultApp: app, Timeout: time.Minute, Grace: time.Second, Memory: wall.DefaultMemory,
		},
	}, eng
}

type nowhere struct{}

func (nowhere) Deliver(context.Context, engine.Delivery) engine.Response { return engine.Response{} }

// A worker that does not keep to the protocol is ended, and the plugin hears why.
func TestLiarsAreEnded(t *testing.T) {
	t.Parallel()
	for what := range lies() {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			cfg, _ := config(t, "", "liar", what)
			_, graph, err := wall.Start(t.Context(), cfg)
			if err == nil || graph == nil {
				t.Fatal("it was believed")
			}
			if what != "nothing" && !strings.Contains(err.Error(), "protocol") {
				t.Errorf("the error is %v", err)
			}
		})
	}
}

// So is one that lies about what it was handed: nothing of it is believed.
func TestLiarsAreEndedLater(t *testing.T) {
	t.Parallel()
	for what := range laterLies() {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			cfg, _ := config(t, "", "liar", what)
			deaths := make(chan bool, 10)
			cfg.OnDeath = func(aside bool) { deaths <- aside }
			v, _, err := wall.Start(t.Context(), cfg)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { wait(t, v.Retire()) }()
			handled, err := v.Handle(t.Context(), []engine.Response{{Seq: 7}})
			if handled != 0 || err != nil {
				t.Errorf("it has handled %d, %v", handled, err)
			}
			if failed := v.Taken(math.MaxUint64); len(failed) > 0 {
				t.Errorf("%v was believed", failed)
			}
			select {
			case <-deaths:
			default:
				t.Error("it was not ended")
			}
		})
	}
}

// What fails of a response after its batch is over is told with a later one.
func TestLateFailuresAreTold(t *testing.T) {
	t.Parallel()
	cfg, _ := config(t, "", "liar", "late")
	v, _, err := wall.Start(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	handled, err := v.Handle(t.Context(), []engine.Response{{Seq: 7}})
	if handled != 1 || err != nil || v.Taken(7)[3] == "" {
		t.Errorf("it has handled %d, %v", handled, err)
	}
	wait(t, v.Retire())
}

// patience is when a test gives up; a passing test never waits for it.
const patience = time.Minute

// wait waits for what must come.
func wait[T any](tb testing.TB, what <-chan T) {
	tb.Helper()
	select {
	case <-what:
	case <-time.After(patience):
		tb.Fatal("it does not come")
	}
}

// A process may ask for what is its own, and for nothing else.
func TestCallsAreChecked(t *testing.T) {
	t.Parallel()
	cfg, eng := config(t, `
const config = new AdjustConfig(appToken, environment);
config.setExternalDeviceId("d1");
Adjust.create(config);
const event = new AdjustEvent("abc123");
Adjust.trackEvent(event);
localStorage.x = "y";`, "worker")
	v, _, err := wall.Start(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	<-v.Retire()
	kept, err := eng.Store().Values(t.Context(), "plugin/a")
	if err != nil || string(kept["item/x"]) != "y" {
		t.Errorf("kept %q, %v", kept, err)
	}
	if stats, err := eng.Store().Stats(t.Context()); err != nil || stats.Queued != 2 {
		t.Errorf("%d packages were tracked, want a session and an event", stats.Queued)
	}
}

// BenchmarkHandle is one response to a listener that prints, handed over in batches of 100, in the process of the benchmark and
// in one of its own. cpu-µs/op is what both sides need together.
func BenchmarkHandle(b *testing.B) {
	const text = `const config = new AdjustConfig(appToken, environment);
config.setEventTrackingSucceededCallbackListener((e) => console.log(e.timestamp)); Adjust.create(config);`
	batch := make([]engine.Response, 100)
	for n := range batch {
		batch[n] = engine.Response{
			Seq: uint64(n + 1), Attempt: 1, Outcome: engine.Delivered, Status: 200, Timestamp: "2026-11-30T08:00:00.000Z+0000", At: time.Now(),
			Body: []byte(`{"app_token":"abc123def456","adid":"b2c5","timestamp":"2026-11-30T08:00:00.000Z+0000","message":"Event tracked"}`),
			Package: engine.Package{
				ID: "p", Kind: engine.KindEvent, App: engine.App{Token: "abc123def456", Environment: engine.Sandbox}, Device: "external_device_id=1",
				Params: map[string]string{"event_token": "abc123", "external_device_id": "1", "os_name": "windows"}, Created: time.Now(),
			},
		}
	}
	run := func(b *testing.B, handle func(context.Context, []engine.Response) (int, error)) {
		b.Helper()
		before := cpu()
		for b.Loop() {
			for left := batch; len(left) > 0; {
				n, err := handle(b.Context(), left)
				if err != nil {
					b.Fatal(err)
				}
				left = left[n:]
			}
		}
		b.ReportMetric(float64((cpu()-before).Microseconds())/float64(b.N), "own-cpu-µs/op")
	}
	b.Run("none", func(b *testing.B) {
		cfg, eng := config(b, text)
		own, err := instance.OfflineResources(b.Context(), "a", eng.Store())
		if err != nil {
			b.Fatal(err)
		}
		shared := instance.NewShared(instance.Settings{
			Settings: adjust.Settings{Engine: eng, Apps: cfg.Start.Apps, DefaultApp: cfg.Start.DefaultApp}, Dir: cfg.Start.Root, Log: zerolog.New(discard{}),
		})
		i, _, err := instance.Start(b.Context(), instance.Config{Shared: shared, Name: "a", Entry: cfg.Start.Entry, Resources: own})
		if err != nil {
			b.Fatal(err)
		}
		run(b, i.Handle)
		<-i.Retire()
	})
	b.Run("process", func(b *testing.B) {
		cfg, _ := config(b, text, "worker")
		cfg.Log = zerolog.New(discard{})
		v, _, err := wall.Start(b.Context(), cfg)
		if err != nil {
			b.Fatal(err)
		}
		before := childCPU(v.Process().Pid)
		run(b, v.Handle)
		b.ReportMetric(float64((childCPU(v.Process().Pid)-before).Microseconds())/float64(b.N), "worker-cpu-µs/op")
		<-v.Retire()
	})
}

type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }

package wall_test

import (
	"context"
	"errors"
	"flag"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"trackhook/engine"
	"trackhook/engine/memory"
	"trackhook/engine/proctest"
	"trackhook/scripting/internal/adjust"
	"trackhook/scripting/internal/instance"
	"trackhook/scripting/internal/wall"
	"trackhook/scripting/internal/wire"
	"trackhook/scripting/internal/worker"
)

func TestMain(m *testing.M) {
	switch {
	case len(os.Args) == 2 && os.Args[1] == "worker":
		os.Exit(worker.Run(os.Stdin, os.Stdout, errands()))
	case len(os.Args) == 3 && os.Args[1] == "liar":
		lie(os.Args[2])
	case len(os.Args) == 3 && os.Args[1] == "host":
		stayAsHost(os.Args[2])
	}
	// Many wait for what scripts do, and for their processes, and keep no processor busy meanwhile.
	if err := flag.Set("test.parallel", strconv.Itoa(2*runtime.GOMAXPROCS(0))); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
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

func TestCallsForMoreAreRefused(t *testing.T) {
	t.Parallel()
	for what := range greedy() {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			cfg, _ := config(t, "", "liar", what)
			v, _, err := wall.Start(t.Context(), cfg)
			if err != nil {
				t.Fatal(err)
			}
			handled, err := v.Handle(t.Context(), []engine.Response{{Seq: 7}})
			if answer := v.Taken(7)[7]; handled != 1 || err != nil || answer != "a worker may not ask for that" {
				t.Errorf("it has handled %d, %v; it was told %q", handled, err, answer)
			}
			wait(t, v.Retire())
		})
	}
}

// A process that asks for more than can be answered is ended, and one that ends waits for nothing.
func TestCallsAreBounded(t *testing.T) {
	t.Parallel()
	for _, what := range []string{"insatiable", "waiting"} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			cfg, _ := config(t, "", "liar", what)
			var log said
			cfg.Own = zerolog.New(&log)
			locked, given := make(chan struct{}, 1000), make(chan error, 1000)
			cfg.Home = &hooked{Home: cfg.Home, lock: func(ctx context.Context) error {
				locked <- struct{}{}
				<-ctx.Done()
				given <- ctx.Err()
				return ctx.Err()
			}}
			deaths := make(chan bool, 100)
			cfg.OnDeath = func(aside bool) { deaths <- aside }
			v, _, err := wall.Start(t.Context(), cfg)
			if err != nil {
				t.Fatal(err)
			}
			wait(t, locked)
			if what == "waiting" {
				if err := v.Process().Kill(); err != nil {
					t.Error(err)
				}
			}
			wait(t, deaths)
			if err := <-given; !errors.Is(err, context.Canceled) {
				t.Errorf("it was waited for: %v", err)
			}
			if what == "insatiable" && !strings.Contains(log.String(), "it asked for too much at once") {
				t.Errorf("it was said: %s", log.String())
			}
			v.GiveUp()
			wait(t, v.Retire())
		})
	}
}

// BenchmarkHandle is one response to a listener that prints, handed over in batches of 100, in the process of the benchmark and
// in one of its own. cpu-µs/op is what both sides need together.
func BenchmarkHandle(b *testing.B) {
	for name, listener := range map[string]string{"prints": "(e) => console.log(e.timestamp)", "empty": "(e) => {}"} {
		b.Run("listener="+name, func(b *testing.B) { benchmarkHandle(b, listener) })
	}
}

func benchmarkHandle(b *testing.B, listener string) {
	b.Helper()
	text := `const config = new AdjustConfig(appToken, environment);
config.setEventTrackingSucceededCallbackListener(` + listener + `); Adjust.create(config);`
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
	b.Run("isolation=none", func(b *testing.B) {
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
	for _, isolation := range []string{"process", "shared"} {
		b.Run("isolation="+isolation, func(b *testing.B) {
			cfg, _ := config(b, text, "worker")
			cfg.Log = zerolog.New(discard{})
			if isolation == "shared" {
				cfg.Pool = wall.NewPool(wall.PoolConfig{Command: cfg.Command, Memory: wall.DefaultMemory, Log: zerolog.Nop()})
				defer cfg.Pool.Close()
			}
			v, _, err := wall.Start(b.Context(), cfg)
			if err != nil {
				b.Fatal(err)
			}
			before := proctest.CPU(strconv.Itoa(v.Process().Pid))
			run(b, v.Handle)
			b.ReportMetric(float64((proctest.CPU(strconv.Itoa(v.Process().Pid))-before).Microseconds())/float64(b.N), "worker-cpu-µs/op")
			<-v.Retire()
		})
	}
}

type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }

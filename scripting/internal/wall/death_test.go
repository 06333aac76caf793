package wall_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"trackhook/engine"
	"trackhook/scripting/internal/instance"
	"trackhook/scripting/internal/script"
	"trackhook/scripting/internal/wall"
)

// said is a log that may be read while it is written.
type said struct {
	mu   sync.Mutex
	text bytes.Buffer // guarded by mu
}

func (s *said) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(p)
}

func (s *said) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

// While the store does not take what a plugin has stored, its responses wait; they do not run again.
func TestRunsAreKeptOnce(t *testing.T) {
	t.Parallel()
	cfg, eng := config(t, hearing(`console.log("ran"); localStorage.n = +(localStorage.n || 0) + 1;`), "worker")
	var log said
	cfg.Log = zerolog.New(&log)
	var failures atomic.Int32
	home := &hooked{Home: cfg.Home}
	home.set = func(ctx context.Context, space string, pairs map[string][]byte) error {
		if failures.Add(1) <= 2 { // what the runtime tries by itself, and what it tries for the batch
			return io.ErrShortWrite
		}
		return home.Home.SetValues(ctx, space, pairs)
	}
	cfg.Home = home
	v, _, err := wall.Start(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	handle(t, v, delivered(1, 7))
	if n := stored(t, eng, "n"); n != "7" {
		t.Errorf("it has stored %s, want 7", n)
	}
	if text := log.String(); strings.Count(text, `"message":"ran"`) != 7 || strings.Count(text, "responses wait until it can") != 1 {
		t.Errorf("it printed %s", text)
	}
	wait(t, v.Retire())
}

// What the top level has tracked is sent although the process dies before that is done.
func TestTopLevelIsTrackedInTheEnd(t *testing.T) {
	t.Parallel()
	cfg, eng := config(t, `
const config = new AdjustConfig(appToken, environment);
config.setExternalDeviceId("d1");
Adjust.create(config);
Adjust.trackEvent(new AdjustEvent("abc123"));`, "worker")
	cfg.Start.Held = true
	started := make(chan *wall.Version, 1)
	home := &hooked{Home: cfg.Home}
	home.track = func(ctx context.Context, packages ...engine.Package) error {
		select {
		case v := <-started:
			_ = v.Process().Kill() // it may have ended
			return io.ErrUnexpectedEOF
		default:
			return home.Home.Track(ctx, packages...)
		}
	}
	cfg.Home = home
	v, _, err := wall.Start(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	started <- v
	v.GoLive()
	for range 2 { // the second process has tracked it before it is handed anything, and the third does not again
		handle(t, v, delivered(1, 1))
		process := v.Process()
		if process == nil {
			continue
		}
		_ = process.Kill() // it may have ended
	}
	handle(t, v, delivered(2, 1))
	wait(t, v.Retire())
	// The session is that of the device, which the first process has counted.
	if stats, err := eng.Store().Stats(t.Context()); err != nil || stats.Queued != 1 {
		t.Errorf("%d packages were tracked, want an event", stats.Queued)
	}
}

// A version that is retired while its next process loads has no process any more when it is done.
func TestRetiredWhileItLoads(t *testing.T) {
	t.Parallel()
	cfg, _ := config(t, hearing(""), "worker")
	loads := make(chan *wall.Version, 1)
	retired := make(chan (<-chan struct{}), 1)
	cfg.Home = &hooked{Home: cfg.Home, read: func() {
		select {
		case v := <-loads:
			done := v.Retire()
			select {
			case <-done:
				t.Error("it is done before its process is")
			default:
			}
			retired <- done
		default:
		}
	}}
	v, _, err := wall.Start(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	loads <- v
	if err := v.Process().Kill(); err != nil {
		t.Fatal(err)
	}
	wait(t, <-retired)
	if v.Process() != nil {
		t.Error("it has a process")
	}
}

// A process that does not read, or has nothing to say any more, is ended.
func TestStonesAreEnded(t *testing.T) {
	t.Parallel()
	for what, want := range map[string]string{"deaf": "it did not read what it was told", "dumb": "it said nothing more, and did not end"} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			cfg, _ := config(t, "", "liar", what)
			cfg.SetWaits(10*time.Millisecond, 10*time.Millisecond)
			var log said
			cfg.Own = zerolog.New(&log)
			deaths := make(chan bool, 100)
			cfg.OnDeath = func(aside bool) { deaths <- aside }
			v, _, err := wall.Start(t.Context(), cfg)
			if err != nil {
				t.Fatal(err)
			}
			responses := delivered(1, 1)
			responses[0].Body = make([]byte, 1<<20)
			if handled, err := v.Handle(t.Context(), responses); handled != 0 || err != nil {
				t.Errorf("it has handled %d, %v", handled, err)
			}
			wait(t, deaths)
			if !strings.Contains(log.String(), want) {
				t.Errorf("it was said: %s", log.String())
			}
			v.GiveUp()
			wait(t, v.Retire())
		})
	}
}

// A version that goes on with what cannot be interrupted again and again is given up, as one in the process of the host is.
func TestSpentTooOften(t *testing.T) {
	t.Parallel()
	cfg, _ := config(t, "", "liar", "spent")
	told := make(chan *script.Error, 1)
	cfg.OnQuarantine = func(_ *wall.Version, reason *script.Error) { told <- reason }
	v, _, err := wall.Start(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	for n := range instance.MaxBreakdowns {
		if handled, err := v.Handle(t.Context(), delivered(1+n, 1)); handled != 1 || err != nil {
			t.Fatalf("it has handled %d, %v", handled, err)
		}
	}
	wait(t, told)
	_, err = v.Handle(t.Context(), delivered(9, 1))
	if _, quarantined := errors.AsType[*instance.QuarantineError](err); !quarantined {
		t.Errorf("it goes on: %v", err)
	}
	wait(t, v.Retire())
}

// No response is to blame for the end of a process that is to end.
func TestRetiredSetsNothingAside(t *testing.T) {
	t.Parallel()
	cfg, _ := config(t, hearing(`console.log("begun"); await new Promise(() => {});`), "worker")
	begun := make(chan struct{}, 2)
	cfg.Log = zerolog.New(beginnings(begun))
	var aside atomic.Bool
	cfg.OnDeath = func(is bool) {
		if is {
			aside.Store(true)
		}
	}
	v, _, err := wall.Start(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	for n := range 2 {
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			if handled, err := v.Handle(t.Context(), delivered(1, 1)); handled != 0 || err != nil {
				t.Errorf("it has handled %d, %v", handled, err)
			}
		}()
		wait(t, begun)
		if n == 1 {
			v.Retire()
		}
		if err := v.Process().Kill(); err != nil {
			t.Error(err)
		}
		wait(t, ended)
	}
	wait(t, v.Retire())
	if aside.Load() {
		t.Error("a response was set aside")
	}
}

// beginnings tells of each line that says so.
type beginnings chan struct{}

func (b beginnings) Write(line []byte) (int, error) {
	if strings.Contains(string(line), "begun") {
		b <- struct{}{}
	}
	return len(line), nil
}

// What a version has come to in its last batch is told before it ends.
func TestRetiredTellsItsResult(t *testing.T) {
	t.Parallel()
	times := 1
	if os.Getenv("TRACKHOOK_LONG") != "" {
		times = 4
	}
	for range times {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			cfg, _ := config(t, hearing(`localStorage.n = +(localStorage.n || 0) + 1; for (;;);`), "worker")
			cfg.Start.Timeout = time.Second
			retired := make(chan struct{})
			cfg.OnQuarantine = func(v *wall.Version, _ *script.Error) {
				v.Retire()
				close(retired)
			}
			home := &hooked{Home: cfg.Home}
			home.set = func(ctx context.Context, space string, pairs map[string][]byte) error {
				if string(pairs["item/n"]) == "3" {
					<-retired
				}
				return home.Home.SetValues(ctx, space, pairs)
			}
			cfg.Home = home
			v, _, err := wall.Start(t.Context(), cfg)
			if err != nil {
				t.Fatal(err)
			}
			for left := delivered(1, 5); ; {
				handled, err := v.Handle(t.Context(), left)
				left = left[handled:]
				if err == nil && handled > 0 {
					continue
				}
				if _, quarantined := errors.AsType[*instance.QuarantineError](err); !quarantined || len(left) > 2 {
					t.Errorf("%d are left: %v", len(left), err)
				}
				break
			}
			wait(t, v.Retire())
		})
	}
}

// A process that somebody else kills while it loads is replaced once: the plugin need not be the reason. It is not believed twice.
func TestShotWhileItLoads(t *testing.T) {
	t.Parallel()
	for what, marks := range map[string]string{"shot once": "x", "shot again": "xx"} {
		cfg, _ := config(t, "", "liar", what)
		v, _, err := wall.Start(t.Context(), cfg)
		if (err == nil) != (what == "shot once") {
			t.Errorf("%s: %v", what, err)
		}
		if err == nil {
			wait(t, v.Retire())
		} else if !strings.Contains(err.Error(), "signal: killed") {
			t.Errorf("%s: %v", what, err)
		}
		if got, err := os.ReadFile(filepath.Join(cfg.Start.Root, "marks")); err != nil || string(got) != marks {
			t.Errorf("%s: the marks are %q, %v", what, got, err)
		}
	}
}

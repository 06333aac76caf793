package wall_test

import (
	"context"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"trackhook/scripting/internal/wall"
)

// sharers are plugins that share a process.
type sharers struct {
	testing.TB
	pool  *wall.Pool
	log   said
	moves chan string // the plugin, and why
}

// share makes a pool of this binary as a worker, or as a liar of a kind.
func share(tb testing.TB, change func(*wall.PoolConfig), command ...string) *sharers {
	tb.Helper()
	s := &sharers{TB: tb, moves: make(chan string, 100)}
	cfg := wall.PoolConfig{Command: append([]string{os.Args[0]}, command...), Memory: wall.DefaultMemory, Log: zerolog.New(&s.log)}
	cfg.SetProbation(time.Hour)
	if change != nil {
		change(&cfg)
	}
	s.pool = wall.NewPool(cfg)
	tb.Cleanup(s.pool.Close)
	return s
}

// start starts a plugin. deaths gets an element for each of its deaths.
func (s *sharers) start(name, text string, change func(*wall.Config)) (v *wall.Version, deaths chan bool, err error) {
	s.Helper()
	cfg, _ := config(s, text)
	cfg.Command, cfg.Pool, cfg.Start.Plugin = nil, s.pool, name
	cfg.OnMove = func(_ *wall.Version, why string) { s.moves <- name + ": " + why }
	deaths = make(chan bool, 100)
	cfg.OnDeath = func(aside bool) { deaths <- aside }
	if change != nil {
		change(cfg)
	}
	v, _, err = wall.Start(s.Context(), cfg)
	if err == nil {
		s.Cleanup(func() { wait(s, v.Retire()) })
	}
	return v, deaths, err
}

func (s *sharers) must(v *wall.Version, deaths chan bool, err error) (*wall.Version, chan bool) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
	return v, deaths
}

// Of those that share a process, the one that ran when it ended gets one of its own; the other one goes on as if nothing was,
// and hears all that it has not heard.
func TestSuspectsMoveOut(t *testing.T) {
	t.Parallel()
	s := share(t, nil, "worker")
	begun := make(chan struct{}, 10)
	busy, deaths := s.must(s.start("busy", hearing(`console.log("begun"); if (event.callbackId !== "quick") for (;;);`), func(c *wall.Config) {
		c.Log = zerolog.New(beginnings(begun))
	}))
	idle, unharmed := s.must(s.start("idle", hearing(`localStorage.n = +(localStorage.n || 0) + 1;`), nil))
	handle(t, idle, delivered(1, 3))
	if busy.Process() != idle.Process() || !busy.Shares() || !idle.Shares() {
		t.Fatal("they do not share a process")
	}
	ended := make(chan int, 1)
	go func() {
		handled, err := busy.Handle(t.Context(), delivered(1, 1))
		if err != nil {
			t.Error(err)
		}
		ended <- handled
	}()
	wait(t, begun)
	before := idle.Process()
	if err := before.Kill(); err != nil {
		t.Fatal(err)
	}
	if handled := <-ended; handled != 0 {
		t.Error("it has handled what it has not come to the end of")
	}
	wait(t, deaths)
	handle(t, idle, delivered(4, 3))
	quick := delivered(1, 1)
	quick[0].Package.CallbackID = "quick"
	handle(t, busy, quick)
	if busy.Shares() || !idle.Shares() || busy.Process() == idle.Process() || idle.Process() == before {
		t.Error("the one that ran has no process of its own, or the other one does not share one")
	}
	select {
	case <-unharmed:
		t.Error("the other one has died")
	default:
	}
	if text := s.log.String(); !strings.Contains(text, `"suspected":["busy"],"plugins":2`) {
		t.Errorf("it was said: %s", text)
	}
}

// A suspect that behaves is asked back.
func TestSuspectsComeBack(t *testing.T) {
	t.Parallel()
	s := share(t, func(c *wall.PoolConfig) { c.SetProbation(100 * time.Millisecond) }, "worker")
	begun := make(chan struct{}, 10)
	v, deaths := s.must(s.start("a", hearing(`console.log("begun"); if (event.callbackId !== "quick") for (;;);`), func(c *wall.Config) { c.Log = zerolog.New(beginnings(begun)) }))
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_, _ = v.Handle(t.Context(), delivered(1, 1)) // the process ends
	}()
	wait(t, begun)
	if err := v.Process().Kill(); err != nil {
		t.Fatal(err)
	}
	wait(t, deaths)
	wait(t, ended)
	select {
	case got := <-s.moves:
		if got != "a: it has behaved in a process of its own" {
			t.Errorf("it was said: %s", got)
		}
	case <-time.After(patience):
		t.Error("it stays alone")
	}
}

// A file that ends the process while it loads is tried alone, and is a broken edit where it ends that, too.
func TestLoadsThatEndTheProcess(t *testing.T) {
	t.Parallel()
	s := share(t, nil, "worker")
	good, unharmed := s.must(s.start("good", hearing(""), nil))
	_, deaths, err := s.start("bad", `JSON["pa" + "rse"]("[".repeat(3e6))`, nil)
	if err == nil || !strings.Contains(err.Error(), "the process that loaded it was ended: ") {
		t.Errorf("it has loaded: %v", err)
	}
	handle(t, good, delivered(1, 5))
	if text := s.log.String(); !strings.Contains(text, `"suspected":["bad"],"plugins":2`) || len(deaths)+len(unharmed) > 0 || !good.Shares() {
		t.Errorf("it was said: %s", text)
	}
}

// The cause stays alone: its response is set aside as it is in a process of its own.
func TestCulpritsStayAlone(t *testing.T) {
	t.Parallel()
	s := share(t, nil, "worker")
	bad, deaths := s.must(s.start("bad", hearing(`if (event.callbackId === "bad") JSON["pa" + "rse"]("[".repeat(3e6));`), nil))
	good, unharmed := s.must(s.start("good", hearing(""), nil))
	responses := delivered(1, 5)
	responses[2].Package.CallbackID = "bad"
	handle(t, bad, responses)
	aside := 0
	for range 4 { // the one that they shared, two of its own, and the response
		select {
		case is := <-deaths:
			if is {
				aside++
			}
		case <-time.After(patience):
			t.Fatal("it has not died so often")
		}
	}
	if failed := bad.Taken(5); aside != 1 || !strings.Contains(failed[3], "set aside") || len(failed) != 1 {
		t.Errorf("%d were set aside: %v", aside, failed)
	}
	handle(t, good, delivered(1, 5))
	if bad.Shares() || !good.Shares() || len(unharmed) > 0 {
		t.Error("the wrong one is alone")
	}
}

// One whose runs are too long, or that fills the process, is asked to leave before it takes others down.
func TestHogsMoveOut(t *testing.T) {
	t.Parallel()
	for what, test := range map[string]struct {
		body    string
		timeout time.Duration
		memory  int64
	}{
		"its runs were longer than their time limit again and again":        {`if (event.callbackId !== "quick") for (;;);`, time.Second, wall.DefaultMemory},
		"the process that plugins share has become large, and it runs most": {`globalThis.all ||= []; for (let i = 0; i < 3e4; i++) all.push({i}); const until = Date.now() + 50; while (Date.now() < until);`, time.Minute, 64 << 20},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			if _, err := os.Stat("/proc/self/statm"); err != nil && strings.Contains(what, "large") {
				t.Skip("the system does not say how much memory a process has")
			}
			if raced && test.memory != wall.DefaultMemory {
				t.Skip("the race detector takes many times as much memory")
			}
			s := share(t, func(c *wall.PoolConfig) { c.Memory = test.memory }, "worker")
			s.must(s.start("good", hearing(""), nil))
			hog, _ := s.must(s.start("hog", hearing(test.body), func(c *wall.Config) { c.Start.Timeout = test.timeout }))
			// On a busy machine it may end the process before anybody has looked at that, and is moved out for this.
			for n := 1; len(s.moves) == 0 && hog.Shares(); n++ {
				responses := delivered(n, 1)
				if n%2 == 0 {
					responses[0].Package.CallbackID = "quick"
				}
				if _, err := hog.Handle(t.Context(), responses); err != nil && hog.Shares() {
					t.Fatal(err)
				}
			}
			select {
			case got := <-s.moves:
				if got != "hog: "+what {
					t.Errorf("it was said: %s", got)
				}
			default:
			}
			again, _ := s.must(s.start("hog", hearing(""), nil))
			if again.Shares() {
				t.Error("it shares a process again")
			}
		})
	}
}

// One that lies is ended, and only that is held against it.
func TestLiarsHarmNobodyElse(t *testing.T) {
	t.Parallel()
	s := share(t, nil, "liar", "a version that lies")
	good, unharmed := s.must(s.start("good", "", nil))
	bad, deaths := s.must(s.start("bad", "", nil))
	if handled, err := good.Handle(t.Context(), delivered(1, 1)); err != nil || handled != 1 {
		t.Errorf("it has handled %d, %v", handled, err)
	}
	responses := delivered(1, 1)
	responses[0].Package.CallbackID = "lie"
	if handled, err := bad.Handle(t.Context(), responses); err != nil || handled != 0 {
		t.Errorf("it has handled %d, %v", handled, err)
	}
	wait(t, deaths)
	handle(t, good, delivered(1, 1)) // what it shared may have ended with this in hand
	if len(unharmed) > 0 || !good.Shares() {
		t.Error("the other one was harmed")
	}
}

// Many start, are replaced and end in the same process, and none is left.
func TestManyShare(t *testing.T) {
	t.Parallel()
	s := share(t, nil, "worker")
	var all []*wall.Version
	for n := range 20 {
		v, _ := s.must(s.start(fmt.Sprintf("p%d", n), hearing(`localStorage.n = +(localStorage.n || 0) + 1;`), nil))
		all = append(all, v)
	}
	for _, v := range all {
		handle(t, v, delivered(1, 10))
		if v.Process() != all[0].Process() {
			t.Error("it does not share the process")
		}
	}
	for _, v := range all[1:] {
		wait(t, v.Retire())
	}
	handle(t, all[0], delivered(11, 10))
	all[0].GiveUp()
	wait(t, all[0].Retire())
}

// Nothing lies about on the disk while plugins share a process: whoever kills the host leaves nothing behind.
func TestPoolLeavesNoFiles(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"TMPDIR", "TMP"} { // of this and that system
		t.Setenv(name, dir)
	}
	s := share(t, nil, "worker")
	v, _ := s.must(s.start("a", hearing(""), nil))
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) > 0 {
		t.Errorf("there are %v, %v", entries, err)
	}
	handle(t, v, delivered(1, 1))
}

// One that has run, and had not told what came of it when the process was ended, hears it again, and that is said.
func TestSharedUnsettled(t *testing.T) {
	t.Parallel()
	s := share(t, nil, "worker")
	var own, log said
	versions := make(chan *wall.Version, 1)
	var calls atomic.Int32
	v, deaths := s.must(s.start("a", hearing(`console.log("heard"); localStorage.n = +(localStorage.n || 0) + 1;`), func(cfg *wall.Config) {
		cfg.Own, cfg.Log = zerolog.New(&own), zerolog.New(&log)
		home := &hooked{Home: cfg.Home}
		home.set = func(ctx context.Context, space string, pairs map[string][]byte) error {
			if calls.Add(1) == 1 { // while it waits for this, nothing of it runs
				v := <-versions
				for !v.Unsettled() && ctx.Err() == nil {
					runtime.Gosched()
				}
				if process := v.Process(); process == nil || process.Kill() != nil {
					t.Error("there is no process")
				}
				return io.ErrShortWrite
			}
			return home.Home.SetValues(ctx, space, pairs)
		}
		cfg.Home = home
	}))
	versions <- v
	handle(t, v, delivered(1, 1)) // one, after whose run no other begins
	if n := strings.Count(log.String(), `"message":"heard"`); n != 2 {
		t.Errorf("it has heard %d: %s", n, log.String())
	}
	if text := own.String(); !strings.Contains(text, `"from":1,"to":1,"message":"the process that plugins share was ended before what this one had done was known`) {
		t.Errorf("it was said: %s", text)
	}
	select {
	case <-deaths:
		t.Error("it is held against it")
	default:
	}
}

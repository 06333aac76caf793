package scripting_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"trackhook/engine"
	"trackhook/scripting"
	"trackhook/scripting/scriptingtest"
)

// fire is a trial of processes that are killed at any moment, be it that they load, run, or are spare.
type fire struct {
	*rig
	plugins int
	kills   int
	// deaths of plugins, by name, that were seen, and when those of the last minute were.
	deaths map[string]uint64
	died   map[string][]time.Time
}

// TestWallsUnderLongFire kills processes at random under load, for as long as TRACKHOOK_FIRE says, such as 2m, in each place: every
// response is heard by each plugin, in order, and none again without the end of a process between. Nothing else may run beside it.
func TestWallsUnderLongFire(t *testing.T) {
	duration, err := time.ParseDuration(os.Getenv("TRACKHOOK_FIRE"))
	if err != nil {
		t.Skip("this is a trial by hand: set TRACKHOOK_FIRE to a time, such as 2m")
	}
	for _, isolation := range isolations()[1:] {
		t.Run(string(isolation), func(t *testing.T) {
			f := &fire{rig: setUp(t), plugins: 5, deaths: map[string]uint64{}, died: map[string][]time.Time{}}
			f.deliverer = accepting{}
			for n := range f.plugins {
				f.write(f.name(n)+".js", hearing("", `localStorage.n = +(localStorage.n || 0) + 1; console.log(event.callbackId, localStorage.n)`))
			}
			f.start(in(isolation))
			ended := make(chan error, 1)
			go func() { ended <- f.eng.Run(f.sending) }()
			events := f.burn(duration)
			for n := range f.plugins {
				f.must(f.store.WaitCommit(f.ctx, "plugin/"+f.name(n), uint64(events)))
			}
			again := 0
			for n := range f.plugins {
				again += f.heard(f.name(n), events)
				if row := f.plugin(f.name(n)); row.State != scripting.Live || row.SetAside > 0 {
					t.Errorf("%+v", row)
				}
			}
			t.Logf("%d processes killed, %d responses for each of %d plugins, %d heard again", f.kills, events, f.plugins, again)
			f.stop()
			f.must(<-ended)
			if left := children(t); len(left) > 0 {
				t.Errorf("processes %v are left", left)
			}
		})
	}
}

func (f *fire) name(n int) string { return fmt.Sprintf("p%d", n) }

// burn tracks events and kills processes until the time is over, and returns how many events there were.
func (f *fire) burn(duration time.Duration) (events int) {
	over, next := time.Now().Add(duration), time.Now()
	for ; time.Now().Before(over); events++ {
		f.must(f.eng.Track(f.ctx, engine.Package{
			Kind: engine.KindEvent, App: scriptingtest.App(), Device: "external_device_id=1", CallbackID: strconv.Itoa(events),
			Params: map[string]string{"event_token": "abc123", "external_device_id": "1"},
		}))
		if events%50 == 0 { // nobody runs ahead of the plugins without end
			for n := range f.plugins {
				f.must(f.store.WaitCommit(f.ctx, "plugin/"+f.name(n), uint64(max(events-500, 0))))
			}
		}
		if time.Now().After(next) {
			f.kill()
			next = time.Now().Add(rand.N(2 * time.Second))
		}
	}
	return events
}

// kill kills a process at random, unless a plugin has died so often within the last minute that once more might give it up.
func (f *fire) kill() {
	for n := range f.plugins {
		name := f.name(n)
		deaths := f.plugin(name).Deaths
		for ; f.deaths[name] < deaths; f.deaths[name]++ {
			f.died[name] = append(f.died[name], time.Now())
		}
		f.died[name] = slices.DeleteFunc(f.died[name], func(at time.Time) bool { return time.Since(at) > time.Minute })
		if len(f.died[name]) >= 7 {
			return
		}
	}
	all := children(f.TB)
	if len(all) == 0 {
		return
	}
	if process, err := os.FindProcess(all[rand.N(len(all))]); err == nil && process.Kill() == nil {
		f.kills++
	}
}

// heard checks what a plugin has heard, and returns how often it has heard something again.
func (f *fire) heard(plugin string, events int) (again int) {
	f.log.mu.Lock()
	defer f.log.mu.Unlock()
	next, died := 0, false
	for _, l := range f.log.lines {
		if l.Plugin != plugin {
			continue
		}
		if l.Component != "" {
			died = died || strings.HasPrefix(l.Message, "the process")
			continue
		}
		if l.Level != "info" {
			continue // the store was late, say
		}
		var id, stored int
		if _, err := fmt.Sscan(l.Message, &id, &stored); err != nil {
			f.Fatalf("%s has printed %+v: %v", plugin, l, err)
		}
		switch {
		case id > next:
			f.Fatalf("%s has heard %d after %d", plugin, id, next-1)
		case id < next && !died:
			f.Errorf("%s has heard %d again", plugin, id)
		}
		if id < next {
			again++
		} else {
			died = false
		}
		if stored < id+1 {
			f.Errorf("%s had %d in store when it heard %d", plugin, stored, id)
		}
		next = max(next, id+1)
	}
	if next != events {
		f.Errorf("%s has heard %d of %d", plugin, next, events)
	}
	return again
}

// children are the processes that this one has started, and that have not ended.
func children(tb testing.TB) []int {
	tb.Helper()
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		tb.Fatal(err)
	}
	if len(stats) == 0 {
		tb.Skip("this system does not say which processes there are")
	}
	var all []int
	for _, stat := range stats {
		text, err := os.ReadFile(stat)
		if err != nil {
			continue // it has ended
		}
		_, rest, _ := strings.Cut(string(text), ") ")
		fields := strings.Fields(rest)
		if len(fields) < 2 || fields[0] == "Z" || fields[1] != strconv.Itoa(os.Getpid()) {
			continue
		}
		pid, err := strconv.Atoi(filepath.Base(filepath.Dir(stat)))
		if err != nil {
			tb.Fatal(err)
		}
		all = append(all, pid)
	}
	return all
}

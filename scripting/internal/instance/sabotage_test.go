package instance

import (
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"trackhook/scripting/internal/adjust"
	"trackhook/scripting/internal/fetch"
	"trackhook/scripting/internal/machine"
	"trackhook/scripting/internal/surface"
	"trackhook/scripting/internal/web"
)

// TestNoScriptReachesAPanic replaces one thing after the other that a script may replace, from Object.prototype.then to the
// methods of our own classes, and calls all that a host gives to scripts each time. Whatever comes of the calls, no Go panic
// may: it would throw the runtime away, and say that we have a bug. Our classes are there already, or are built in a world in
// which that is replaced already. Samples are replaced, and more of them with TRACKHOOK_LONG; a step of 1 replaces everything.
func TestNoScriptReachesAPanic(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Answer", "1")
		_, _ = io.Copy(w, r.Body)
	}))
	t.Cleanup(server.Close)
	for name, only := range map[string]bool{"built=before": false, "built=after": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			step := 48017
			if os.Getenv("TRACKHOOK_LONG") != "" {
				step = 53
			}
			for from, ended := 0, false; !ended; {
				s := &saboteur{server: server.URL, from: from, step: step, only: only}
				ended = s.run(t)
				from = s.last + step // after what has panicked, the rest may panic as well
			}
		})
	}
}

// saboteur is one run of testdata/sabotage.js.
type saboteur struct {
	server     string
	from, step int
	only       bool // one replacement, in a runtime in which nothing was built before

	mu    sync.Mutex // guards what follows
	last  int        // the replacement that it has come to
	label string
	done  bool
	panic string
}

// run runs replacements, and tells whether it has come to the last.
func (s *saboteur) run(t *testing.T) (ended bool) {
	t.Helper()
	source, err := os.ReadFile("testdata/sabotage.js")
	if err != nil {
		t.Fatal(err)
	}
	s.last = s.from
	clock := NewClock(time.Date(2024, 5, 1, 12, 0, 0, 0, time.UTC))
	b := newBench(t, withDevice, withTimeout(2*time.Second))
	own, err := OfflineResources(t.Context(), "x", newMemoryStore())
	if err != nil {
		t.Fatal(err)
	}
	if own.Fetcher, err = fetch.New(&fetch.Config{Plugin: "x", AllowHosts: []string{strings.TrimPrefix(s.server, "http://")}}); err != nil {
		t.Fatal(err)
	}
	defer own.Fetcher.Close()
	i, _, err := Start(t.Context(), Config{
		Shared: b.Shared, Name: "x", Entry: b.write("x.js", string(source)), Resources: own,
		Probe: &Probe{Clock: clock, Setup: s.setup, Line: s.line},
	})
	if err != nil {
		if strings.Contains(err.Error(), "internal error") {
			t.Errorf("%d: %s: %v", s.last, s.label, err)
		}
		return false
	}
	defer func() { <-i.Retire() }()
	for {
		i.mu.Lock()
		m := i.current.Machine
		i.mu.Unlock()
		err := clock.Advance(t.Context(), m, clock.Now().Add(time.Second))
		s.mu.Lock()
		label, done, panicked := s.label, s.done, s.panic
		s.mu.Unlock()
		if err != nil || panicked != "" {
			t.Errorf("%d: %s: %s (%v)", s.last, label, panicked, err)
			return done
		}
		if done || s.only {
			return done
		}
	}
}

// setup gives the script what it needs, before the plugin is loaded.
func (s *saboteur) setup(m *machine.Machine, _ *web.Web) error {
	names := map[string]bool{}
	for _, name := range slices.Concat(surface.Names(), web.Names(), adjust.GlobalNames(), []string{"require", "module"}) {
		if !strings.Contains(name, ".") {
			names[name] = true
		}
	}
	for _, name := range []string{"crypto", "util", "zlib", "events", "url", "querystring", "string_decoder", "path", "assert", "os"} {
		names["process.getBuiltinModule('"+name+"')"] = true
	}
	list := []any{}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		list = append(list, name)
	}
	host := m.VM.NewObject()
	for name, value := range map[string]any{
		"note": func(number int, text string) {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.last, s.label = number, text
		},
		"done": func() {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.done = true
		},
		"names": m.VM.NewArray(list...), "from": s.from, "step": s.step, "only": s.only, "thin": 5, "server": s.server,
	} {
		machine.Must(host.Set(name, value))
	}
	machine.Must(m.VM.Set("SABOTAGE", host))
	m.VM.SetPromiseRejectionTracker(nil) // what the calls promise is of no interest
	return nil
}

// line takes what would be logged.
func (s *saboteur) line(_ zerolog.Level, text string) {
	if strings.Contains(text, "internal error") {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.panic = text
	}
}

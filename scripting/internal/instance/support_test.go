package instance

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"trackhook/engine"
	"trackhook/engine/memory"
	"trackhook/scripting/internal/adjust"
	"trackhook/scripting/internal/script"
	"trackhook/scripting/internal/source"
)

// memoryStore is the store of these tests: one that can be made to fail, and that tells what is new in it.
type memoryStore struct {
	*memory.Store

	mu       sync.Mutex
	seen     int // packages that tracked has returned
	fail     error
	noValues error
}

func newMemoryStore() *memoryStore { return &memoryStore{Store: memory.New()} }

func (s *memoryStore) Append(ctx context.Context, packages ...engine.Package) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fail != nil {
		return s.fail
	}
	return s.Store.Append(ctx, packages...)
}

// tracked returns what was appended since it was called last.
func (s *memoryStore) tracked() []engine.Package {
	s.mu.Lock()
	defer s.mu.Unlock()
	packages := s.Accepted()[s.seen:]
	s.seen += len(packages)
	return packages
}

// failValues makes reading values fail.
func (s *memoryStore) failValues(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.noValues = err
}

func (s *memoryStore) Value(ctx context.Context, space, key string) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.noValues != nil {
		return nil, s.noValues
	}
	return s.Store.Value(ctx, space, key)
}

type noDeliverer struct{}

func (noDeliverer) Deliver(context.Context, engine.Delivery) engine.Response {
	return engine.Response{Outcome: engine.Retry}
}

var (
	testApp  = engine.App{Token: "abc123def456", Environment: engine.Sandbox}
	otherApp = engine.App{Token: "zzz999yyy888", Environment: engine.Production}
)

// bench is a host in a folder of its own, for one test.
type bench struct {
	t      testing.TB
	dir    string
	cfg    *Settings
	store  *memoryStore
	log    *logBuffer
	Shared *Shared
}

func newBench(tb testing.TB, change ...func(*Settings)) *bench {
	tb.Helper()
	store := newMemoryStore()
	eng, err := engine.New(engine.Config{Store: store, Deliverer: noDeliverer{}})
	if err != nil {
		tb.Fatal(err)
	}
	log := &logBuffer{}
	dir := filepath.Join(tb.TempDir(), "plugins")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		tb.Fatal(err)
	}
	b := &bench{t: tb, dir: dir, store: store, log: log}
	b.cfg = &Settings{
		Settings: adjust.Settings{Engine: eng, Apps: []engine.App{testApp, otherApp}, DefaultApp: testApp}, Dir: dir,
		Log: zerolog.New(log), Timeout: 5 * time.Second, Grace: 5 * time.Second,
	}
	for _, f := range change {
		f(b.cfg)
	}
	b.restart()
	return b
}

// restart is a new process: what all plugins share is new, what is stored stays.
func (b *bench) restart() {
	b.t.Helper()
	b.Shared = NewShared(*b.cfg)
	if _, isBenchmark := b.t.(*testing.B); isBenchmark {
		return
	}
	s := compiled()
	b.Shared.gaps, b.Shared.bounds, b.Shared.web, b.Shared.regexps, b.Shared.node = s.gaps, s.bounds, s.web, s.regexps, s.node
}

// compiled has what every machine runs, which is compiled once for all tests: it holds nothing of them.
var compiled = sync.OnceValue(func() *Shared { return NewShared(Settings{}) })

// plugin is what a plugin is started with; it keeps nothing when it ends.
func (b *bench) plugin(name, entry string) Config {
	b.t.Helper()
	own, err := OfflineResources(b.t.Context(), name, newMemoryStore())
	if err != nil {
		b.t.Fatal(err)
	}
	return Config{Shared: b.Shared, Name: name, Entry: entry, Resources: own}
}

func withDevice(c *Settings) {
	c.Device = map[string]string{"external_device_id": "kiosk-17", "os_name": "linux"}
}

func withTimeout(d time.Duration) func(*Settings) { return func(c *Settings) { c.Timeout = d } }

func (b *bench) write(name, source string) string {
	b.t.Helper()
	path := filepath.Join(b.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(source), 0o600); err != nil {
		b.t.Fatal(err)
	}
	return path
}

// start loads a plugin of one file, named x.
func (b *bench) start(source string) (*Instance, *source.Graph, error) {
	b.t.Helper()
	return b.startAt(b.write("x.js", source))
}

func (b *bench) startAt(entry string) (*Instance, *source.Graph, error) {
	b.t.Helper()
	name := strings.TrimSuffix(filepath.Base(entry), filepath.Ext(entry))
	i, g, err := Start(b.t.Context(), b.plugin(name, entry))
	if err == nil {
		b.t.Cleanup(func() { <-i.Retire() })
	}
	return i, g, err
}

// run is start for plugins that load.
func (b *bench) run(source string) *Instance {
	b.t.Helper()
	i, _, err := b.start(source)
	if err != nil {
		b.t.Fatal(err)
	}
	return i
}

// broken is start for plugins that do not; it returns the error of the script.
func (b *bench) broken(source string) *script.Error {
	b.t.Helper()
	_, _, err := b.start(source)
	var failure *script.Error
	if !errors.As(err, &failure) {
		b.t.Fatalf("got %v, want a *ScriptError", err)
	}
	return failure
}

// feed hands responses over until all are handled.
func (b *bench) feed(i *Instance, responses ...engine.Response) {
	b.t.Helper()
	for len(responses) > 0 {
		n, err := i.Handle(b.t.Context(), responses)
		if err != nil {
			b.t.Fatal(err)
		}
		responses = responses[n:]
	}
}

// settle waits until the runtime has done what was posted and is due.
func (b *bench) settle(i *Instance) {
	b.t.Helper()
	i.mu.Lock()
	rt := i.current
	i.mu.Unlock()
	for range 3 {
		done := make(chan struct{})
		if !rt.Machine.Post(func() { close(done) }) {
			return
		}
		<-done
	}
}

func eventResponse(outcome engine.Outcome, change ...func(*engine.Response)) engine.Response {
	r := engine.Response{
		Seq: 7, Attempt: 1, Outcome: outcome, Status: 200,
		Package: engine.Package{
			ID: "p1", Kind: engine.KindEvent, App: testApp, Device: "gps_adid=1",
			Params: map[string]string{"event_token": "abc123"}, CallbackID: "cb-1",
		},
		Body:      []byte(`{"app_token":"abc123def456","adid":"adid-1","timestamp":"2024-07-09T01:31:14.373Z+0000","message":"Event tracked","ask_in":2000}`),
		Message:   "Event tracked",
		Timestamp: "2024-07-09T01:31:14.373Z+0000", ADID: "adid-1", At: time.Unix(1720488674, 0),
	}
	if !outcome.Success() {
		r.Body, r.Message, r.Timestamp, r.Status, r.WillRetry = nil, "connection refused", "", 0, true
	}
	for _, f := range change {
		f(&r)
	}
	return r
}

func sessionResponse(outcome engine.Outcome, change ...func(*engine.Response)) engine.Response {
	r := eventResponse(outcome, change...)
	r.Package.Kind, r.Package.Params, r.Package.CallbackID = engine.KindSession, nil, ""
	return r
}

// logBuffer collects log lines.
type logBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

type logLine struct {
	Level, Message, Plugin, Version, At, In, File, Source, Stack, ID, Kind, Outcome string
	Line, Column, Repeated                                                          int
}

func (l *logBuffer) lines() []logLine {
	l.mu.Lock()
	defer l.mu.Unlock()
	var lines []logLine
	for text := range strings.Lines(l.b.String()) {
		var line logLine
		if err := json.Unmarshal([]byte(text), &line); err != nil {
			panic(err)
		}
		lines = append(lines, line)
	}
	return lines
}

// take returns the lines and forgets them.
func (l *logBuffer) take() []logLine {
	lines := l.lines()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.b.Reset()
	return lines
}

// messages returns the messages of the lines at a level; "" means all.
func messages(lines []logLine, level string) []string {
	var all []string
	for _, line := range lines {
		if level == "" || line.Level == level {
			all = append(all, line.Message)
		}
	}
	return all
}

// printed asserts what was logged at a level, exactly, and forgets it.
func (b *bench) printed(level string, want ...string) {
	b.t.Helper()
	if got := messages(b.log.take(), level); !slices.Equal(got, want) {
		b.t.Errorf("printed at %q:\n  got  %q\n  want %q", level, got, want)
	}
}

package scripting_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
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
	"trackhook/scripting"
	"trackhook/scripting/scriptingtest"
)

// patience is when a test gives up; a passing test never waits for it.
const patience = time.Minute

// rig is a running host over real files, with everything that it says.
type rig struct {
	testing.TB
	dir   string
	store *memory.Store
	// member is what the engine works with where the store is that of several hosts.
	member *memory.Host
	eng    *engine.Engine
	host   *scripting.Host
	log    *journal
	stop   func()
	ctx    context.Context
	// deliverer is what the engine delivers with, should a test run it. sending ends with the host.
	deliverer engine.Deliverer
	sending   context.Context
}

// nowhere delivers nothing; the tests write the log themselves.
type nowhere struct{}

func (nowhere) Deliver(context.Context, engine.Delivery) engine.Response { return engine.Response{} }

// accepting delivers everything at once.
type accepting struct{}

func (accepting) Deliver(context.Context, engine.Delivery) engine.Response {
	return engine.Response{Outcome: engine.Delivered, Status: http.StatusOK, At: time.Now()}
}

// setUp makes a rig whose plugins folder exists and is empty. Events do the work: the poll is out of reach.
func setUp(tb testing.TB) *rig {
	tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 8*patience)
	tb.Cleanup(cancel)
	r := &rig{
		TB: tb, dir: filepath.Join(tb.TempDir(), "plugins"), store: memory.New(), log: newJournal(), ctx: ctx,
		deliverer: nowhere{},
	}
	if err := os.Mkdir(r.dir, 0o755); err != nil {
		tb.Fatal(err)
	}
	return r
}

// start runs the host and waits until it is ready.
func (r *rig) start(change ...func(scripting.Config) scripting.Config) {
	r.Helper()
	r.begin(change...)
	select {
	case <-r.host.Ready():
	case <-time.After(patience):
		r.Fatal("the host is not ready")
	}
}

// begin makes the host and runs it.
func (r *rig) begin(change ...func(scripting.Config) scripting.Config) {
	r.Helper()
	r.make(change...)
	r.run()
}

// make makes the host.
func (r *rig) make(change ...func(scripting.Config) scripting.Config) {
	r.Helper()
	var err error
	var store engine.Store = r.store
	if r.member != nil {
		store = r.member
	}
	if r.eng, err = engine.New(engine.Config{Store: store, Deliverer: r.deliverer}); err != nil {
		r.Fatal(err)
	}
	cfg := scripting.Config{
		Dir: r.dir, Engine: r.eng, DefaultApp: scriptingtest.App(), Log: zerolog.New(r.log), Poll: time.Hour,
	}.OnChecked(r.log.checked).WithEmptyPatience(patience)
	for _, f := range change {
		cfg = f(cfg)
	}
	if r.host, err = scripting.New(cfg); err != nil {
		r.Fatal(err)
	}
}

// run runs the host that make has made.
func (r *rig) run() {
	r.Helper()
	ctx, cancel := context.WithCancel(r.ctx)
	r.sending = ctx
	ended := make(chan error, 1)
	go func() { ended <- r.host.Run(ctx) }()
	r.stop = sync.OnceFunc(func() {
		cancel()
		select {
		case err := <-ended:
			if err != nil {
				r.Error(err)
			}
		case <-time.After(patience):
			r.Error("the host does not end")
		}
		if _, err := r.eng.Close(); err != nil {
			r.Error(err)
		}
	})
	r.Cleanup(func() {
		r.stop()
		if r.Failed() {
			r.Log(r.log.text())
		}
	})
}

// polling leaves only the poll.
func polling(cfg scripting.Config) scripting.Config {
	cfg.Poll = 30 * time.Millisecond
	return cfg.WithoutEvents()
}

// version is a listener that prints one line with its version's mark for each event that was counted.
func version(mark string) string {
	return fmt.Sprintf(`
const config = new AdjustConfig("{YourAppToken}", AdjustConfig.EnvironmentSandbox);
config.setEventTrackingSucceededCallbackListener(function (event) {
  console.log("%s " + event.callbackId);
});
Adjust.create(config);
`, mark)
}

// path returns the absolute path of a name in the plugins folder.
func (r *rig) path(name string) string { return filepath.Join(r.dir, filepath.FromSlash(name)) }

// write saves a file as a plain editor does.
func (r *rig) write(name, text string) {
	r.Helper()
	r.must(os.MkdirAll(filepath.Dir(r.path(name)), 0o755))
	r.must(os.WriteFile(r.path(name), []byte(text), 0o600))
}

// replace saves a file by rename.
func (r *rig) replace(name, text string) {
	r.Helper()
	beside := filepath.Join(filepath.Dir(r.path(name)), "."+filepath.Base(name)+".tmp")
	r.must(os.WriteFile(beside, []byte(text), 0o600))
	r.must(os.Rename(beside, r.path(name)))
}

func (r *rig) must(err error) {
	r.Helper()
	if err != nil {
		r.Fatal(err)
	}
}

// event is a delivered event with an id of the caller.
func event(id string) engine.Response {
	return engine.Response{
		Outcome: engine.Delivered, Attempt: 1, At: time.Now(), Status: 200,
		Package: engine.Package{
			ID: id, Kind: engine.KindEvent, App: scriptingtest.App(), CallbackID: id, Params: map[string]string{"event_token": "abc123"},
		},
	}
}

// answer logs a response and waits until the plugins are done with it.
func (r *rig) answer(id string, plugins ...string) {
	r.Helper()
	seq := r.store.Log(event(id))
	for _, name := range plugins {
		ctx, cancel := context.WithTimeout(r.ctx, patience)
		err := r.store.WaitCommit(ctx, "plugin/"+name, seq)
		cancel()
		if err != nil {
			r.Fatalf("%s is not done with %s: %v", name, id, err)
		}
	}
}

// prints logs a response and checks what the plugin prints for it.
func (r *rig) prints(plugin, id, want string) {
	r.Helper()
	from := r.log.len()
	r.answer(id, plugin)
	// What was logged before, for other plugins, may be handled only now.
	got := slices.DeleteFunc(r.log.printed(from, plugin), func(text string) bool { return !strings.HasSuffix(text, " "+id) })
	if !slices.Equal(got, []string{want}) {
		r.Errorf("%s printed %q, want %q", plugin, got, want)
	}
}

// says waits for the next line of the host about a plugin that begins with message. Each line is returned once.
func (r *rig) says(plugin, message string) line {
	r.Helper()
	got, ok := r.log.await(plugin, message)
	if !ok {
		r.Fatalf("the host does not say %q of %q", message, plugin)
	}
	return got
}

// quiet waits until a plugin was compared with the disk, once more than it has been before f.
func (r *rig) quiet(plugin string, f func()) {
	r.Helper()
	before := r.log.checks(plugin)
	f()
	if !r.log.until(func() bool { return r.log.compared[plugin] > before }) {
		r.Fatalf("%s is not compared with the disk", plugin)
	}
}

// plugin returns the row of a plugin.
func (r *rig) plugin(name string) scripting.Plugin {
	r.Helper()
	for _, p := range r.host.Plugins() {
		if p.Name == name {
			return p
		}
	}
	r.Fatalf("there is no plugin %q in %+v", name, r.host.Plugins())
	return scripting.Plugin{}
}

// line is one line of the log.
type line struct {
	Level, Message, Plugin, Version, Was, Disk, Component, File, Source, Caret, Stack, Error, ID string
	Line, Column                                                                                 int
}

// journal keeps the log and lets tests wait for lines.
type journal struct {
	mu       sync.Mutex
	news     chan struct{} // closed and replaced when the host has said something or compared a plugin
	lines    []line
	said     []int // the places in lines of the host's own that nobody has waited for yet
	compared map[string]int
}

func newJournal() *journal { return &journal{news: make(chan struct{}), compared: map[string]int{}} }

// forget lets go of all lines.
func (j *journal) forget() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.lines, j.said = nil, nil
}

func (j *journal) changedLocked() {
	close(j.news)
	j.news = make(chan struct{})
}

func (j *journal) Write(text []byte) (int, error) {
	var l line
	if err := json.Unmarshal(text, &l); err != nil {
		return 0, err
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	j.lines = append(j.lines, l)
	// There can be a million printed lines; waking for each those who wait for the host would take minutes.
	if l.Component != "" {
		j.said = append(j.said, len(j.lines)-1)
		j.changedLocked()
	}
	return len(text), nil
}

func (j *journal) checked(plugin string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.compared[plugin]++
	j.changedLocked()
}

func (j *journal) checks(plugin string) int {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.compared[plugin]
}

func (j *journal) len() int {
	j.mu.Lock()
	defer j.mu.Unlock()
	return len(j.lines)
}

// until waits until holds, called under the lock, returns true.
func (j *journal) until(holds func() bool) bool {
	deadline := time.After(patience)
	for {
		j.mu.Lock()
		met, news := holds(), j.news
		j.mu.Unlock()
		if met {
			return true
		}
		select {
		case <-news:
		case <-deadline:
			return false
		}
	}
}

func (j *journal) await(plugin, message string) (found line, ok bool) {
	ok = j.until(func() bool {
		for i, at := range j.said {
			if found = j.lines[at]; found.Plugin == plugin && strings.HasPrefix(found.Message, message) {
				j.said = slices.Delete(j.said, i, i+1)
				return true
			}
		}
		return false
	})
	return found, ok
}

// printed returns what a plugin printed from a line on.
func (j *journal) printed(from int, plugin string) []string {
	j.mu.Lock()
	defer j.mu.Unlock()
	var texts []string
	for _, l := range j.lines[from:] {
		if l.Component == "" && l.Plugin == plugin {
			texts = append(texts, l.Message)
		}
	}
	return texts
}

// files returns the files that the host's lines of a message name, from a line on.
func (j *journal) files(from int, message string) []string {
	j.mu.Lock()
	defer j.mu.Unlock()
	var files []string
	for _, l := range j.lines[from:] {
		if l.Component != "" && l.Message == message {
			files = append(files, l.File)
		}
	}
	return files
}

// count counts the host's lines about a plugin that begin with message.
func (j *journal) count(plugin, message string) int {
	j.mu.Lock()
	defer j.mu.Unlock()
	n := 0
	for _, l := range j.lines {
		if l.Component != "" && l.Plugin == plugin && strings.HasPrefix(l.Message, message) {
			n++
		}
	}
	return n
}

func (j *journal) text() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	var b strings.Builder
	for _, l := range j.lines[max(0, len(j.lines)-60):] {
		fmt.Fprintf(&b, "%+v\n", l)
	}
	return b.String()
}

package tester

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/dop251/goja"

	"trackhook/engine"
	"trackhook/scripting/internal/instance"
	"trackhook/scripting/internal/machine"
	"trackhook/scripting/internal/script"
	"trackhook/scripting/internal/source"
	"trackhook/scripting/internal/stage"
)

// underTest is the plugins that a file of tests has loaded. Its functions of JavaScript are called on the goroutine of
// the tests' runtime, and work on goroutines of their own, so that a plugin that hangs hangs nothing else; work counts
// those.
type underTest struct {
	t    *tester
	work sync.WaitGroup
	// life ends when the last test is over.
	life context.Context //nolint:containedctx // what scripts start outlives every call

	mu     sync.Mutex
	loaded []*loadedPlugin // guarded by mu; closed ones stay
	graphs []*source.Graph // guarded by mu
}

// loadedPlugin is one plugin under test.
type loadedPlugin struct {
	name  string
	app   engine.App
	dir   string
	stage *stage.Stage

	// turn is held while something drives the stage.
	turn   sync.Mutex
	closed bool // guarded by turn
	from   int  // guarded by turn: where the record begins, after clear
	fed    int  // guarded by turn: responses so far
}

func newUnderTest(life context.Context, t *tester) *underTest { return &underTest{t: t, life: life} }

func (u *underTest) count() int {
	u.mu.Lock()
	defer u.mu.Unlock()
	return len(u.loaded)
}

// closeFrom closes the plugins that were loaded since count returned n.
func (u *underTest) closeFrom(n int) {
	u.mu.Lock()
	loaded := slices.Clone(u.loaded[n:])
	u.mu.Unlock()
	for _, p := range loaded {
		p.close()
	}
	if n == 0 {
		u.work.Wait()
	}
}

func (p *loadedPlugin) close() {
	p.turn.Lock()
	defer p.turn.Unlock()
	if !p.closed {
		p.closed = true
		_ = p.stage.Close() // a store in memory has nothing to lose
	}
}

// plugin finds a plugin by what the script knows of it.
func (u *underTest) plugin(v goja.Value) *loadedPlugin {
	u.mu.Lock()
	defer u.mu.Unlock()
	id := v.ToInteger()
	if id < 0 || id >= int64(len(u.loaded)) {
		panic(u.t.m.NewError("no such plugin"))
	}
	return u.loaded[id]
}

// promise does work on a goroutine of its own and returns a promise of what it returns. An error rejects it, at place.
func (u *underTest) promise(place *script.Error, work func(ctx context.Context) (any, error)) goja.Value {
	m := u.t.m
	promise, resolve, reject := m.VM.NewPromise()
	deliver := m.Reserve()
	u.work.Go(func() {
		result, err := work(u.life)
		deliver(func() {
			if failure := m.Attempt(func() {
				if err != nil {
					machine.Must(reject(u.t.errorAt(err.Error(), place)))
				} else {
					machine.Must(resolve(m.VM.ToValue(result)))
				}
			}); failure != nil {
				m.Failed("promise", failure)
			}
			m.Checkpoint()
		})
	})
	return m.VM.ToValue(promise)
}

func placeOf(v goja.Value) *script.Error {
	place, _ := v.Export().(*script.Error)
	return place
}

// loadOptions are the options of plugin.load, but for fetch.
type loadOptions struct {
	AppToken    string            `json:"appToken"`
	Environment string            `json:"environment"`
	Apps        []loadApp         `json:"apps"`
	Device      map[string]string `json:"device"`
	Now         json.RawMessage   `json:"now"`
	Timeout     json.RawMessage   `json:"timeout"`
	Random      *float64          `json:"random"`
	FirstStart  bool              `json:"firstStart"`
	// Env is what process.env holds. LocalStorage is what an earlier run of the plugin has kept.
	Env          map[string]string `json:"env"`
	LocalStorage map[string]string `json:"localStorage"`
	// AllowHosts is what the plugin may reach of what the configuration allows, with fetch: true.
	AllowHosts []string `json:"allowHosts"`
}

const loadOptionList = "allowHosts, appToken, apps, device, env, environment, fetch, firstStart, localStorage, now, random, timeout"

type loadApp struct {
	AppToken    string `json:"appToken"`
	Environment string `json:"environment"`
}

// load is plugin.load: place, file, options, fetch.
func (u *underTest) load(call goja.FunctionCall) goja.Value {
	place, file, text := placeOf(call.Argument(0)), call.Argument(1).String(), call.Argument(2).String()
	mock, mocked := machine.AsFunction(call.Argument(3))
	return u.promise(place, func(ctx context.Context) (any, error) {
		sc, err := u.stageConfig(file, text)
		if err != nil {
			return nil, err
		}
		if mocked {
			sc.Fetch = func(f stage.Fetch, answer func(stage.Answer)) { u.ask(mock, f, answer) }
		}
		s, g, err := stage.Open(ctx, sc)
		u.mu.Lock()
		defer u.mu.Unlock()
		if g != nil {
			u.graphs = append(u.graphs, g)
		}
		if err != nil {
			return nil, explain(err)
		}
		u.loaded = append(u.loaded, &loadedPlugin{name: sc.Entry.Name, app: sc.Settings.DefaultApp, dir: sc.Settings.Dir, stage: s})
		return len(u.loaded) - 1, nil
	})
}

// explain shows the line of a script that is to blame.
func explain(err error) error {
	if script, ok := errors.AsType[*script.Error](err); ok {
		return errors.New(script.Detail())
	}
	return err
}

// ask lets the script of the tests answer a request of a plugin; from any goroutine.
func (u *underTest) ask(mock machine.Function, f stage.Fetch, answer func(stage.Answer)) {
	m := u.t.m
	request, err := json.Marshal(f)
	once := sync.OnceFunc(func() { answer(stage.Answer{Failure: "the test has ended"}) })
	if err != nil || !m.Post(func() {
		back := func(call goja.FunctionCall) goja.Value {
			var given struct {
				Status  int               `json:"status"`
				Headers map[string]string `json:"headers"`
				Body    string            `json:"body"`
				Failure string            `json:"failure"`
			}
			if err := json.Unmarshal([]byte(call.Argument(0).String()), &given); err != nil {
				given.Failure = "the answer of the test is not one: " + err.Error()
			}
			answer(stage.Answer{Status: given.Status, Headers: given.Headers, Body: given.Body, Failure: given.Failure})
			return goja.Undefined()
		}
		m.Callback("mock of fetch", mock, []goja.Value{m.VM.ToValue(string(request)), m.VM.ToValue(back)})
	}) {
		once()
	}
}

// Config reads what a plugin is to be loaded with.
func (u *underTest) stageConfig(file, text string) (*stage.Config, error) {
	var options loadOptions
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&options); err != nil {
		return nil, fmt.Errorf("plugin.load: %s; the options are %s", plainJSONError(err), loadOptionList)
	}
	path, err := u.path(file)
	if err != nil {
		return nil, err
	}
	if !source.Contains(u.t.cfg.Dir, path) {
		return nil, fmt.Errorf("plugin.load: %s lies outside of the plugins folder", file)
	}
	e, dir, err := u.t.cfg.Overlay.Locate(u.t.cfg.Dir, path)
	if err != nil {
		return nil, fmt.Errorf("plugin.load: %w", err)
	}
	if e.Problem != "" {
		return nil, fmt.Errorf("plugin.load: %s: %s", e.File, e.Problem)
	}
	sc := &stage.Config{
		Settings: u.t.cfg.Settings, Entry: e, Now: time.Now().Truncate(time.Millisecond), FirstStart: options.FirstStart,
		Read: u.t.cfg.Overlay.Reader(), Most: u.t.cfg.Most, MostBytes: u.t.cfg.MostBytes,
	}
	sc.Settings.Dir = dir
	if options.AppToken != "" {
		sc.Settings.DefaultApp.Token = options.AppToken
	}
	if options.Environment != "" {
		sc.Settings.DefaultApp.Environment = engine.Environment(options.Environment)
	}
	for _, app := range options.Apps {
		sc.Settings.Apps = append(slices.Clone(sc.Settings.Apps), engine.App{Token: app.AppToken, Environment: engine.Environment(app.Environment)})
	}
	if options.Device != nil {
		sc.Settings.Device = options.Device
	}
	granted := sc.Settings.Plugins[e.Name]
	granted.Env = options.Env // never what the environment holds: a test must not depend on it
	sc.AllowHosts = options.AllowHosts
	sc.Settings.Plugins, sc.Items = map[string]instance.Grants{e.Name: granted}, options.LocalStorage
	if options.Now != nil {
		if sc.Now, err = readTime(options.Now); err != nil {
			return nil, fmt.Errorf("plugin.load: option now: %w", err)
		}
	}
	if options.Timeout != nil {
		if sc.Settings.Timeout, err = readDuration(options.Timeout); err != nil {
			return nil, fmt.Errorf("plugin.load: option timeout: %w", err)
		}
	}
	if options.Random != nil {
		sc.Random = func() float64 { return *options.Random }
	}
	return sc, nil
}

// path is the file that a test means. Without a name, it is the plugin that the file of tests stands beside.
func (u *underTest) path(file string) (string, error) {
	dir := filepath.Dir(u.t.file)
	if file != "" {
		return filepath.Join(dir, filepath.FromSlash(file)), nil
	}
	name := source.TestedName(u.t.file)
	for _, ext := range source.Kinds() {
		for _, base := range []string{name, "index"} {
			path := filepath.Join(dir, base+ext)
			if u.t.cfg.Overlay.IsFile(path) {
				return path, nil
			}
		}
	}
	return "", fmt.Errorf("plugin.load: there is no %s.js beside the test; name the plugin, such as plugin.load(\"./daily.js\")", name)
}

// feed is p.eventSuccess and its like: place, plugin, kind, response.
func (u *underTest) feed(call goja.FunctionCall) goja.Value {
	p, kind, text := u.plugin(call.Argument(1)), call.Argument(2).String(), call.Argument(3).String()
	return u.promise(placeOf(call.Argument(0)), func(ctx context.Context) (any, error) {
		return p.drive(func() error {
			r, err := readResponse(kind, text, p.app, p.stage.Clock.Now(), p.fed+1)
			if err != nil {
				return fmt.Errorf("%s: %w", kind, err)
			}
			p.fed++
			return p.stage.Hand(ctx, r)
		})
	})
}

// advance is p.advance: place, plugin, duration.
func (u *underTest) advance(call goja.FunctionCall) goja.Value {
	p := u.plugin(call.Argument(1))
	text, err := json.Marshal(call.Argument(2).Export())
	return u.promise(placeOf(call.Argument(0)), func(ctx context.Context) (any, error) {
		if err != nil {
			return nil, fmt.Errorf("advance: %w", err)
		}
		by, err := readDuration(text)
		if err != nil {
			return nil, fmt.Errorf("advance: %w", err)
		}
		return p.drive(func() error { return p.stage.Advance(ctx, p.stage.Clock.Now().Add(by)) })
	})
}

// drive lets the plugin do something, and returns what it did as JSON. An error of the script that nobody handled is
// returned as an error: a test must not pass over it.
func (p *loadedPlugin) drive(step func() error) (any, error) {
	p.turn.Lock()
	defer p.turn.Unlock()
	if p.closed {
		return nil, errors.New("the plugin was closed: load it in the test, or in beforeEach")
	}
	from := p.stage.Tape.Len()
	if err := step(); err != nil {
		return nil, explain(err)
	}
	acts := p.stage.Tape.Since(from)
	for i := range acts {
		if acts[i].Failure != nil {
			return nil, errors.New(acts[i].Failure.ScriptError().Detail())
		}
	}
	text, err := json.Marshal(stateOf(acts))
	return string(text), err
}

// clear forgets what the plugin did so far.
func (u *underTest) clear(call goja.FunctionCall) goja.Value {
	p := u.plugin(call.Argument(0))
	p.turn.Lock()
	defer p.turn.Unlock()
	p.from = p.stage.Tape.Len()
	return goja.Undefined()
}

func (u *underTest) close(call goja.FunctionCall) goja.Value {
	p := u.plugin(call.Argument(0))
	return u.promise(nil, func(context.Context) (any, error) {
		p.close() //nolint:contextcheck // closing must not be cut short
		return "", nil
	})
}

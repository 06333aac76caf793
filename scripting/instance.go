package scripting

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/dop251/goja"
	"github.com/dop251/goja/parser"
	"github.com/rs/zerolog"

	"trackhook/engine"
)

// instanceConfig is what one version of one plugin runs with.
type instanceConfig struct {
	// host is the host's configuration, with defaults filled in.
	host *Config
	// name is the plugin's name; entry the absolute path of its first file.
	name, entry string
	// devices is the state of the host's own device, shared by all plugins.
	devices *devices
}

// devices is the state of the host's own device: one for each app.
type devices struct{}

func newDevices(*Config) (*devices, error) { return &devices{}, nil }

// ScriptError is an error that a script is to blame for.
type ScriptError struct {
	// File, Line and Column say where, from 1; Source is that line. Empty and 0 where unknown.
	File         string
	Line, Column int
	Source       string
	// Message says what is wrong.
	Message string
}

// Error returns file:line:column and the message.
func (e *ScriptError) Error() string {
	return fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column, e.Message)
}

// instance is one version of one plugin: a runtime on a goroutine of its own.
type instance struct {
	cfg       instanceConfig
	vm        *goja.Runtime
	log       zerolog.Logger
	graph     *graph
	modules   map[string]*goja.Object
	listeners map[string]goja.Callable
	names     []string
	jobs      chan func()
	quit      chan struct{}
	once      sync.Once
	done      chan struct{}
	runs      atomic.Uint64
	errors    atomic.Uint64
}

// startInstance loads the plugin and runs its top level in a fresh runtime, on a fresh goroutine. The graph is never
// nil and names every file that was looked at, also when the load failed. The error is a *ScriptError where a script
// is to blame. ctx bounds the load.
func startInstance(ctx context.Context, cfg instanceConfig) (*instance, *graph, error) {
	i := &instance{
		cfg: cfg, vm: goja.New(), graph: &graph{files: map[string]string{}}, modules: map[string]*goja.Object{},
		listeners: map[string]goja.Callable{}, jobs: make(chan func()), quit: make(chan struct{}), done: make(chan struct{}),
	}
	loaded := make(chan error, 1)
	go func() {
		defer close(i.done)
		err := i.guard(ctx, func() error { return i.load() })
		loaded <- err
		if err != nil {
			return
		}
		for {
			select {
			case job := <-i.jobs:
				job()
			case <-i.quit:
				return
			}
		}
	}()
	if err := <-loaded; err != nil {
		return nil, i.graph, i.explain(err)
	}
	return i, i.graph, nil
}

// guard bounds what run does by the time limit and by ctx.
func (i *instance) guard(ctx context.Context, run func() error) error {
	limit, cancel := context.WithTimeout(ctx, i.cfg.host.Timeout)
	defer cancel()
	interrupted := make(chan struct{})
	stop := context.AfterFunc(limit, func() {
		defer close(interrupted)
		i.vm.Interrupt("stopped: " + context.Cause(limit).Error())
	})
	err := run()
	if !stop() {
		<-interrupted
	}
	i.vm.ClearInterrupt()
	return err
}

func (i *instance) load() error {
	text, err := i.graph.read(i.cfg.entry)
	if err != nil {
		return err
	}
	// The real files of the graph are known only after the load; until then lines carry the entry's hash.
	i.log = i.cfg.host.Log.With().Str("plugin", i.cfg.name).Str("version", i.graph.version()).Logger()
	i.bind()
	program, err := compile(i.cfg.entry, string(text), false)
	if err != nil {
		return err
	}
	i.vm.Set("require", i.requireFrom(filepath.Dir(i.cfg.entry)))
	_, err = i.vm.RunProgram(program)
	i.log = i.cfg.host.Log.With().Str("plugin", i.cfg.name).Str("version", i.graph.version()).Logger()
	return err
}

func (i *instance) bind() {
	console := i.vm.NewObject()
	for name, level := range map[string]zerolog.Level{
		"log": zerolog.InfoLevel, "info": zerolog.InfoLevel, "warn": zerolog.WarnLevel, "error": zerolog.ErrorLevel,
	} {
		console.Set(name, func(call goja.FunctionCall) goja.Value {
			words := make([]string, len(call.Arguments))
			for n, argument := range call.Arguments {
				words[n] = argument.String()
			}
			i.log.WithLevel(level).Msg(strings.Join(words, " "))
			return goja.Undefined()
		})
	}
	i.vm.Set("console", console)
	i.vm.Set("__register", func(name string, listener goja.Callable) {
		i.listeners[name] = listener
		i.names = append(i.names, name)
	})
	i.vm.Set("__track", func(token string) {
		err := i.cfg.host.Engine.Track(context.Background(), engine.Package{
			Kind: engine.KindEvent, App: i.cfg.host.DefaultApp,
			Params: map[string]string{"event_token": token, "external_device_id": "stub"},
		})
		if err != nil {
			panic(i.vm.NewGoError(err))
		}
	})
	_, err := i.vm.RunString(`
function AdjustConfig(token, environment) { this.set = {}; }
AdjustConfig.EnvironmentSandbox = "sandbox";
AdjustConfig.EnvironmentProduction = "production";
for (const name of ["EventTrackingSucceeded", "EventTrackingFailed", "SessionTrackingSucceeded", "SessionTrackingFailed"])
  AdjustConfig.prototype["set" + name + "CallbackListener"] = function (listener) { this.set[name] = listener; };
function AdjustEvent(token) { this.token = token; }
const Adjust = {
  create(config) { for (const name in config.set) __register(name, config.set[name]); },
  trackEvent(event) { __track(event.token); },
};`)
	if err != nil {
		panic(err)
	}
}

func (i *instance) requireFrom(dir string) func(string) goja.Value {
	return func(name string) goja.Value {
		path := filepath.Join(dir, name)
		if !strings.HasPrefix(name, ".") {
			path = filepath.Join(i.cfg.host.Dir, "node_modules", name, "index.js")
		}
		if module, ok := i.modules[path]; ok {
			return module.Get("exports")
		}
		text, err := i.graph.read(path)
		if err != nil {
			panic(i.vm.NewGoError(fmt.Errorf("cannot find module '%s'", name)))
		}
		module := i.vm.NewObject()
		module.Set("exports", i.vm.NewObject())
		i.modules[path] = module
		body := string(text)
		if filepath.Ext(path) == ".json" {
			body = "module.exports = " + body
		}
		program, err := compile(path, "(function (module, exports, require) {"+body+"\n})", false)
		if err != nil {
			panic(i.vm.NewGoError(i.explain(err)))
		}
		function, err := i.vm.RunProgram(program)
		if err != nil {
			panic(err)
		}
		call, _ := goja.AssertFunction(function)
		if _, err := call(goja.Undefined(), module, module.Get("exports"), i.vm.ToValue(i.requireFrom(filepath.Dir(path)))); err != nil {
			panic(err)
		}
		return module.Get("exports")
	}
}

func compile(name, text string, strict bool) (*goja.Program, error) {
	tree, err := parser.ParseFile(nil, name, text, 0)
	if err != nil {
		return nil, err
	}
	return goja.CompileAST(tree, strict)
}

// explain turns goja's errors into a *ScriptError.
func (i *instance) explain(err error) error {
	var (
		result    = &ScriptError{Message: err.Error()}
		syntax    *goja.CompilerSyntaxError
		exception *goja.Exception
		interrupt *goja.InterruptedError
		list      parser.ErrorList
		inner     *ScriptError
	)
	place := func(stack []goja.StackFrame) {
		for n := range stack {
			if position := stack[n].Position(); position.Line > 0 {
				result.File, result.Line, result.Column = position.Filename, position.Line, position.Column
				return
			}
		}
	}
	switch {
	case errors.As(err, &inner):
		return inner
	case errors.As(err, &interrupt):
		result.Message = fmt.Sprint(interrupt.Value())
		place(interrupt.Stack())
	case errors.As(err, &list):
		result.File, result.Line, result.Column = list[0].Position.Filename, list[0].Position.Line, list[0].Position.Column
		result.Message = "SyntaxError: " + list[0].Message
	case errors.As(err, &syntax):
		position := syntax.File.Position(syntax.Offset)
		result.File, result.Line, result.Column = position.Filename, position.Line, position.Column
		result.Message = "SyntaxError: " + syntax.Message
	case errors.As(err, &exception):
		result.Message = exception.Value().String()
		place(exception.Stack())
	default:
		return err
	}
	if text, err := os.ReadFile(result.File); err == nil {
		if lines := strings.Split(string(text), "\n"); result.Line <= len(lines) && result.Line > 0 {
			result.Source = lines[result.Line-1]
		}
	}
	return result
}

// handle runs the plugin's listeners for responses from the front, and returns how many are done. It returns after
// the response in hand when ctx ends. Errors of scripts are logged and counted; an error that is returned means that
// the instance is beyond use, unless it is the error of ctx.
func (i *instance) handle(ctx context.Context, responses []engine.Response) (int, error) {
	handled, done := 0, make(chan struct{})
	job := func() {
		defer close(done)
		for n := range responses {
			if ctx.Err() != nil {
				return
			}
			i.run(ctx, &responses[n])
			handled++
		}
	}
	select {
	case i.jobs <- job:
		<-done
		return handled, nil
	case <-i.done:
		return 0, errors.New("instance is gone")
	}
}

func (i *instance) run(ctx context.Context, response *engine.Response) {
	kind, outcome := "Event", "Failed"
	if response.Package.Kind == engine.KindSession {
		kind = "Session"
	}
	if response.Outcome.Success() {
		outcome = "Succeeded"
	}
	listener := i.listeners[kind+"Tracking"+outcome]
	if listener == nil {
		return
	}
	i.runs.Add(1)
	object := i.vm.NewObject()
	object.Set("message", response.Message)
	object.Set("timestamp", response.Timestamp)
	object.Set("adid", response.ADID)
	object.Set("eventToken", response.Package.Params["event_token"])
	object.Set("callbackId", response.Package.CallbackID)
	err := i.guard(context.WithoutCancel(ctx), func() error {
		_, err := listener(goja.Undefined(), object)
		return err
	})
	if err != nil {
		i.errors.Add(1)
		i.log.Error().Err(i.explain(err)).Msg("listener failed")
	}
}

// retire stops timers, lets promises in flight go on for the grace period, and ends the goroutine. It returns at once;
// done is closed at the end. It may be called more than once.
func (i *instance) retire() (done <-chan struct{}) {
	i.once.Do(func() { close(i.quit) })
	return i.done
}

// counters returns how many runs there were, and how many failed. It may be called from any goroutine, and after
// retire.
func (i *instance) counters() (runs, failed uint64) { return i.runs.Load(), i.errors.Load() }

// registered names what the plugin listens to and for which app, for people. It may be called from any goroutine.
func (i *instance) registered() []string {
	names := slices.Clone(i.names)
	sort.Strings(names)
	return slices.Compact(names)
}

// graph is what a version was loaded from: each path that was looked at, with a hash of its content, or missing.
type graph struct {
	files map[string]string
}

func (g *graph) read(path string) ([]byte, error) {
	text, err := os.ReadFile(path)
	g.files[path] = sum(text, err)
	return text, err
}

func sum(text []byte, err error) string {
	if err != nil {
		return "missing"
	}
	digest := sha256.Sum256(text)
	return hex.EncodeToString(digest[:])
}

// version is the short hash of everything in the graph.
func (g *graph) version() string {
	paths := make([]string, 0, len(g.files))
	for path := range g.files {
		paths = append(paths, path)
	}
	sort.Strings(paths)
	digest := sha256.New()
	for _, path := range paths {
		io.WriteString(digest, path+"\x00"+g.files[path]+"\x00")
	}
	return hex.EncodeToString(digest.Sum(nil))[:8]
}

// changed tells whether any file of the graph has another content on disk now.
func (g *graph) changed() bool {
	for path, known := range g.files {
		text, err := os.ReadFile(path)
		if sum(text, err) != known {
			return true
		}
	}
	return false
}

package tester

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/dop251/goja"
	"github.com/rs/zerolog"

	"trackhook/engine"
	"trackhook/engine/memory"
	"trackhook/scripting/internal/diff"
	"trackhook/scripting/internal/instance"
	"trackhook/scripting/internal/machine"
	"trackhook/scripting/internal/script"
	"trackhook/scripting/internal/source"
	"trackhook/scripting/internal/stage"
	"trackhook/scripting/internal/web"
)

//go:embed tester.js
var testerSource string

//go:embed values.js
var valuesSource string

//go:embed expect.js
var expectSource string

// Config says how tests run. DefaultApp is required, Engine and Log are not used, and Dir is the plugins folder,
// default: the folder of the file.
type Config struct {
	instance.Settings
	// Run selects the tests whose names, with those of the describes around them, match. Nil: all.
	Run *regexp.Regexp
	// Limit is the time that a test or a hook may take unless it sets its own. Default [DefaultTestLimit].
	Limit time.Duration
	// Overlay has texts in the place of those on disk. Nil: none.
	Overlay *source.Overlay
	// Most and MostBytes bound what is recorded of the tests, and of each plugin under test. Zero: there is no bound.
	Most, MostBytes int
}

// DefaultTestLimit is the time that a test or a hook may take.
const DefaultTestLimit = 5 * time.Second

// TestStatus is how a test ended.
type TestStatus string

// The ends of a test.
const (
	Passed  TestStatus = "passed"
	Failed  TestStatus = "failed"
	Skipped TestStatus = "skipped"
	Todo    TestStatus = "todo"
)

// TestCase is what came of one test.
type TestCase struct {
	// Name is the names of the describes around it, and its own.
	Name   []string   `json:"name"`
	Status TestStatus `json:"status"`
	// Failures are what went wrong, in order.
	Failures []*stage.Failure `json:"failures,omitempty"`
	// Lines are what the test printed.
	Lines []stage.Line  `json:"lines,omitempty"`
	Took  time.Duration `json:"took_ns"`
}

// TestFile is what came of one file of tests.
type TestFile struct {
	File  string     `json:"file"`
	Tests []TestCase `json:"tests"`
	// Problem is why the file could not be loaded or run to its end. Nil: it was.
	Problem *stage.Failure `json:"problem,omitempty"`
	// Lines are what the file printed outside of tests.
	Lines []stage.Line  `json:"lines,omitempty"`
	Took  time.Duration `json:"took_ns"`

	// Seen is what was read for it.
	Seen []source.Seen `json:"-"`
}

// Failed tells whether anything went wrong.
func (f *TestFile) Failed() bool { return f.Problem != nil || f.Count(Failed) > 0 }

// Count counts the tests that ended so.
func (f *TestFile) Count(status TestStatus) int {
	n := 0
	for i := range f.Tests {
		if f.Tests[i].Status == status {
			n++
		}
	}
	return n
}

// Stale tells whether the file, or anything that its tests have loaded, has another content on disk now.
func (f *TestFile) Stale() bool {
	for i := range f.Seen {
		if f.Seen[i].Changed() {
			return true
		}
	}
	return false
}

// tester runs one file of tests. Its own goroutine drives the runtime of the tests, which belongs to another.
type tester struct {
	cfg   Config
	file  string // absolute
	inst  *instance.Instance
	m     *machine.Machine
	tape  *stage.Tape
	tests *collector
	// begin and finish count the assertions of a test.
	begin, finish machine.Function
	plugins       *underTest
	result        *TestFile
	// aborted is set when the runtime is lost: no further test can run.
	aborted error
}

// Run runs the tests of one file. The error means that there is no such file, or that cfg is wrong; what goes
// wrong in the file is part of the result. Nothing that the tests do leaves them.
func Run(ctx context.Context, cfg Config, file string) (result *TestFile, err error) {
	started := time.Now()
	t := &tester{cfg: cfg, result: &TestFile{File: file}, tape: &stage.Tape{Most: cfg.Most, MostBytes: cfg.MostBytes}}
	if t.file, err = filepath.Abs(file); err != nil {
		return nil, fmt.Errorf("test: %w", err)
	}
	if t.cfg.Limit == 0 {
		t.cfg.Limit = DefaultTestLimit
	}
	if t.cfg.Dir == "" || !source.Contains(absolute(t.cfg.Dir), t.file) {
		t.cfg.Dir = filepath.Dir(t.file)
	}
	store := memory.New()
	own := t.cfg.Settings
	own.Log, own.Timeout = zerolog.New(io.Discard), t.cfg.Limit
	if own.Engine, err = engine.New(engine.Config{Store: store, Deliverer: stage.Nowhere{}}); err != nil {
		return nil, fmt.Errorf("test: %w", err)
	}
	defer func() { //nolint:contextcheck // closing must not be cut short
		_, closing := own.Engine.Close()
		err = errors.Join(err, closing)
	}()
	if own, err = own.WithDefaults(); err != nil {
		return nil, fmt.Errorf("test: %w", err)
	}
	t.cfg.Dir = own.Dir
	name := strings.TrimSuffix(filepath.Base(t.file), filepath.Ext(t.file))
	resources, err := instance.OfflineResources(ctx, name, store)
	if err != nil {
		return nil, fmt.Errorf("test: %w", err)
	}
	life, end := context.WithCancel(ctx)
	defer end()
	t.plugins = newUnderTest(life, t)
	p := &instance.Probe{Line: t.tape.Line, Failure: t.tape.Failure, Setup: t.setup}
	inst, g, loadErr := instance.Start(ctx, instance.Config{
		Shared: instance.NewShared(own), Name: name, Entry: t.file, Resources: resources, Probe: p, Read: cfg.Overlay.Reader(),
	})
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case loadErr != nil:
		t.result.Problem = problemIn("the file of tests", loadErr)
	default:
		t.inst = inst
		t.runAll(ctx)
		end()
		t.plugins.closeFrom(0) //nolint:contextcheck // closing must not be cut short
		inst.Retire()
		if t.aborted == nil {
			<-inst.Done
		}
	}
	t.result.Lines, _ = t.taken(0, nil)
	for _, g := range append([]*source.Graph{g}, t.plugins.graphs...) {
		t.result.Seen = append(t.result.Seen, g.Seen())
	}
	t.result.Took = time.Since(started)
	return t.result, ctx.Err()
}

func absolute(dir string) string {
	if path, err := filepath.Abs(dir); err == nil {
		return path
	}
	return dir
}

func problemIn(where string, err error) *stage.Failure {
	if script, ok := errors.AsType[*script.Error](err); ok {
		return stage.FailureOf(where, script)
	}
	return &stage.Failure{Message: err.Error(), In: where}
}

// setup makes the globals of a file of tests. The module trackhook/test gives the same.
func (t *tester) setup(m *machine.Machine, w *web.Web) error {
	t.m, t.tests = m, newCollector(m)
	host := m.VM.NewObject()
	for name, f := range map[string]func(goja.FunctionCall) goja.Value{
		"test": t.tests.test, "hook": t.tests.hook, "begin": t.tests.begin, "end": t.tests.end,
		"here": t.here, "fail": t.fail, "diff": t.diff,
		"shown": found(m.VM, w.Shown), "alike": found(m.VM, w.Alike),
		"load": t.plugins.load, "feed": t.plugins.feed, "advance": t.plugins.advance, "state": t.plugins.state,
		"clear": t.plugins.clear, "close": t.plugins.close,
	} {
		machine.Must(host.Set(name, f))
	}
	values, err := install(m, "values.js", valuesSource, host)
	if err != nil {
		return err
	}
	expectation, err := install(m, "expect.js", expectSource, host, values)
	if err != nil {
		return err
	}
	t.begin, _ = machine.AsFunction(expectation.Get("begin"))
	t.finish, _ = machine.AsFunction(expectation.Get("finish"))
	names, err := install(m, "tester.js", testerSource, host, expectation)
	if err != nil {
		return err
	}
	for _, name := range names.Keys() {
		m.DefineValue(name, names.Get(name))
	}
	return nil
}

// found lets a script find a function of an object; undefined where there is none.
func found(vm *goja.Runtime, find func(*goja.Object) *goja.Object) func(goja.FunctionCall) goja.Value {
	return func(call goja.FunctionCall) goja.Value {
		if function := find(call.Argument(0).ToObject(vm)); function != nil {
			return function
		}
		return goja.Undefined()
	}
}

// install runs one of our scripts, a function, and returns what it makes.
func install(m *machine.Machine, name, source string, args ...goja.Value) (*goja.Object, error) {
	program, err := machine.Compile(script.OwnPrefix+name, source)
	if err != nil {
		return nil, err
	}
	value, err := m.VM.RunProgram(program)
	if err != nil {
		return nil, fmt.Errorf("run %s: %w", name, err)
	}
	f, ok := machine.AsFunction(value)
	if !ok {
		return nil, fmt.Errorf("run %s: not a function", name)
	}
	return f(goja.FunctionCall{This: goja.Undefined(), Arguments: args}).ToObject(m.VM), nil
}

// here is the place in the file of tests that is calling now.
func (t *tester) here(goja.FunctionCall) goja.Value { return t.m.VM.ToValue(t.m.Here()) }

// fail makes the error of a place.
func (t *tester) fail(call goja.FunctionCall) goja.Value {
	place, _ := call.Argument(1).Export().(*script.Error)
	return t.errorAt(call.Argument(0).String(), place)
}

func (t *tester) errorAt(text string, place *script.Error) *goja.Object {
	failure := t.m.NewError(text)
	if place != nil {
		origin := *place
		origin.Message = text
		t.m.Locate(failure, &origin)
	}
	return failure
}

// diff is the lines of a diff as people know it from Jest.
func (t *tester) diff(call goja.FunctionCall) goja.Value {
	expected, received := strings.Split(call.Argument(0).String(), "\n"), strings.Split(call.Argument(1).String(), "\n")
	return t.m.VM.ToValue(diffText(expected, received))
}

func diffText(expected, received []string) string {
	diff := diff.Lines(expected, received)
	less, more := 0, 0
	for _, line := range diff {
		switch line.Op {
		case '-':
			less++
		case '+':
			more++
		}
	}
	var b strings.Builder
	_, _ = fmt.Fprintf(&b, "- Expected  - %d\n+ Received  + %d\n", less, more) // a Builder's Write never fails
	const around = 4
	last := -1
	for i, line := range diff {
		if !nearChange(diff, i, around) {
			continue
		}
		if i > last+1 {
			_, _ = fmt.Fprintf(&b, "\n@@ line %d @@", i+1)
		}
		last = i
		b.WriteString("\n" + string(line.Op) + " " + line.Text)
	}
	return b.String()
}

func nearChange(diff []diff.Line, i, around int) bool {
	for j := max(0, i-around); j <= min(len(diff)-1, i+around); j++ {
		if diff[j].Op != ' ' {
			return true
		}
	}
	return false
}

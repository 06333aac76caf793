package web

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/dop251/goja"
	"github.com/evanw/esbuild/pkg/api"
	"go.uber.org/goleak"

	"trackhook/scripting/internal/bundle"
)

// testLoop is the least loop that the web functions can live in. Its goroutine is that of the test.
type testLoop struct {
	vm    *goja.Runtime
	flush goja.Callable
	ctx   context.Context

	mu       sync.Mutex
	tasks    []func()
	reserved int
	reports  []string
	wake     chan struct{}
}

func (l *testLoop) Context() context.Context { return l.ctx }

func (l *testLoop) Reserve(where string) func(func()) {
	l.mu.Lock()
	l.reserved++
	l.mu.Unlock()
	var once sync.Once
	return func(f func()) {
		again := true
		once.Do(func() { again = false })
		if again {
			panic("delivered twice")
		}
		l.Post(where, func() {
			l.mu.Lock()
			l.reserved--
			l.mu.Unlock()
			if f != nil {
				f()
			}
		})
	}
}

func (l *testLoop) Post(where string, f func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.tasks = append(l.tasks, func() {
		if exception := l.vm.Try(f); exception != nil {
			l.Report(where, exception.Value())
		}
		_, _ = l.flush(goja.Undefined())
	})
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

func (l *testLoop) Report(where string, thrown goja.Value) {
	l.reports = append(l.reports, where+": "+thrown.String())
}

// turn runs what was posted, and waits for it if there is nothing.
func (l *testLoop) turn(tb testing.TB) {
	tb.Helper()
	l.mu.Lock()
	tasks := l.tasks
	l.tasks = nil
	l.mu.Unlock()
	for _, task := range tasks {
		task()
	}
	if len(tasks) > 0 {
		return
	}
	select {
	case <-l.wake:
	case <-time.After(time.Minute):
		tb.Fatal("nothing happens any more")
	}
}

// page is a runtime with the web functions.
type page struct {
	*testLoop
	t   testing.TB
	Web *Options
}

// leakChecked holds the tests whose first page looks for goroutines when all pages are closed.
var leakChecked sync.Map

// newPage makes a runtime; change may be nil. The test fails when it leaves goroutines behind.
func newPage(tb testing.TB, change func(*Options)) *page {
	tb.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	vm := goja.New()
	loop := &testLoop{vm: vm, ctx: ctx, wake: make(chan struct{}, 1)}
	loop.flush, _ = goja.AssertFunction(vm.ToValue(func(goja.FunctionCall) goja.Value { return goja.Undefined() }))
	options := &Options{VM: vm, Scheduler: loop, Programs: NewPrograms()}
	if change != nil {
		change(options)
	}
	if _, err := vm.RunString(bundle.LanguageGaps); err != nil {
		tb.Fatal(err)
	}
	if _, err := Install(options); err != nil {
		tb.Fatal(err)
	}
	_, checked := leakChecked.LoadOrStore(tb, true)
	tb.Cleanup(func() {
		cancel()
		if options.Fetcher != nil {
			options.Fetcher.Close()
		}
		if test, ok := tb.(*testing.T); ok && !checked {
			goleak.VerifyNone(test, // save what belongs to the test's own server
				goleak.IgnoreAnyFunction("net/http/httptest.(*Server).goServe.func1"),
				goleak.IgnoreAnyFunction("net/http.(*conn).serve"),
				goleak.IgnoreAnyFunction("net/http.(*connReader).backgroundRead"),
				goleak.IgnoreAnyFunction("trackhook/scripting.fakeDNS.func1"))
		}
	})
	return &page{testLoop: loop, t: tb, Web: options}
}

// run runs the body of an async function and returns what it returns as text, or "throws " and what it throws.
func (p *page) run(body string) string {
	p.t.Helper()
	source := "(async () => {" + body + "\n})()"
	if strings.Contains(body, "for await") || strings.Contains(body, "async function*") { // what the bundler translates
		lowered := api.Transform(source, api.TransformOptions{Supported: map[string]bool{"for-await": false, "async-generator": false}})
		if len(lowered.Errors) > 0 {
			return "throws " + lowered.Errors[0].Text
		}
		source = string(lowered.Code)
	}
	v, err := p.vm.RunScript("test.js", source)
	if err != nil {
		return "throws " + err.Error()
	}
	promise, _ := v.Export().(*goja.Promise)
	for promise.State() == goja.PromiseStatePending {
		p.turn(p.t)
	}
	if promise.State() == goja.PromiseStateRejected {
		return "throws " + promise.Result().String()
	}
	return promise.Result().String()
}

// eval runs the expression and returns its value as text, or "throws " and what it throws.
func (p *page) eval(expression string) string {
	p.t.Helper()
	return p.run("return (" + expression + ")")
}

// cases runs a table of expressions and the text of their values; "throws" alone wants any exception, and a text that
// ends in "..." wants its beginning.
func (p *page) cases(t *testing.T, table [][2]string) {
	t.Helper()
	for _, row := range table {
		got := p.eval(row[0])
		want, prefix := strings.CutSuffix(row[1], "...")
		switch {
		case got == row[1], row[1] == "throws" && strings.HasPrefix(got, "throws "), prefix && strings.HasPrefix(got, want):
		default:
			t.Errorf("%s\n got %q\nwant %q", row[0], got, row[1])
		}
	}
}

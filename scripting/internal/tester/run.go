package tester

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/dop251/goja"

	"trackhook/scripting/internal/machine"
	"trackhook/scripting/internal/script"
	"trackhook/scripting/internal/stage"
)

var errTestStuck = errors.New("the test did not end, although it was interrupted; a regular expression or a huge string may be the cause")

// runAll runs what the file has registered.
func (t *tester) runAll(ctx context.Context) {
	closed := make(chan struct{})
	t.m.Post(func() {
		t.tests.closed = true
		close(closed)
	})
	select {
	case <-closed:
	case <-t.m.Ended():
	}
	sel := selection{only: t.tests.only, run: t.cfg.Run}
	t.suite(ctx, t.tests.root, sel, nil)
	if t.aborted != nil && t.result.Problem == nil {
		t.result.Problem = &stage.Failure{Message: t.aborted.Error(), In: "the file of tests"}
	}
}

// suite runs a describe. broken is what went wrong in a beforeAll around it.
func (t *tester) suite(ctx context.Context, s *suite, sel selection, broken []*stage.Failure) {
	active := sel.any(s) && len(broken) == 0
	scope := t.plugins.count()
	from := t.tape.Len()
	if active {
		broken = t.hooks(ctx, s, "beforeAll")
		_, more := t.taken(from, nil)
		broken = append(broken, more...)
	}
	for _, item := range s.items {
		switch item := item.(type) {
		case *suite:
			t.suite(ctx, item, sel, broken)
		case *testCase:
			t.one(ctx, s, item, sel, broken)
		}
	}
	if active {
		if failures := t.hooks(ctx, s, "afterAll"); len(failures) > 0 && len(t.result.Tests) > 0 {
			// There is no better place to show it than the last test of the suite.
			last := &t.result.Tests[len(t.result.Tests)-1]
			last.Status, last.Failures = Failed, append(last.Failures, failures...)
		}
		t.plugins.closeFrom(scope) //nolint:contextcheck // closing must not be cut short
	}
}

func (t *tester) hooks(ctx context.Context, s *suite, kind string) (failures []*stage.Failure) {
	hooks := s.hooks[kind]
	if kind == "afterEach" || kind == "afterAll" {
		hooks = slices.Clone(hooks)
		slices.Reverse(hooks)
	}
	for _, h := range hooks {
		if failure := t.call(ctx, kind, h.fn, h.timeout, h.place); failure != nil {
			failures = append(failures, failure)
		}
	}
	return failures
}

// one runs a test with the hooks around it.
func (t *tester) one(ctx context.Context, s *suite, test *testCase, sel selection, broken []*stage.Failure) {
	result := TestCase{Name: append(s.path(), test.name)}
	switch {
	case test.mode == "todo" && sel.matches(s, test):
		result.Status = Todo
	case !sel.runs(s, test) || ctx.Err() != nil || t.aborted != nil:
		result.Status = Skipped
	case len(broken) > 0:
		result.Status, result.Failures = Failed, broken
	default:
		t.perform(ctx, s, test, &result)
	}
	t.result.Tests = append(t.result.Tests, result)
}

func (t *tester) perform(ctx context.Context, s *suite, test *testCase, result *TestCase) {
	started, from, scope := time.Now(), t.tape.Len(), t.plugins.count()
	chain := s.chain()
	_ = t.call(ctx, "test", t.begin, 0, nil) // it only resets counts
	for _, outer := range chain {
		result.Failures = append(result.Failures, t.hooks(ctx, outer, "beforeEach")...)
	}
	if len(result.Failures) == 0 {
		if failure := t.call(ctx, "test", test.fn, test.timeout, test.place); failure != nil {
			result.Failures = append(result.Failures, failure)
		} else if text := t.counted(ctx); text != "" {
			failure := stage.FailureOf("test", test.place)
			failure.Message = text
			result.Failures = append(result.Failures, failure)
		}
	}
	for _, outer := range slices.Backward(chain) {
		result.Failures = append(result.Failures, t.hooks(ctx, outer, "afterEach")...)
	}
	t.plugins.closeFrom(scope) //nolint:contextcheck // closing must not be cut short
	result.Lines, result.Failures = t.taken(from, result.Failures)
	result.Took, result.Status = time.Since(started), Passed
	if len(result.Failures) > 0 {
		result.Status = Failed
	}
}

// counted asks whether the number of assertions is right; "" when it is.
func (t *tester) counted(ctx context.Context) string {
	text := ""
	_ = t.call(ctx, "test", func(call goja.FunctionCall) goja.Value { // it only reads counts
		text = t.finish(call).String()
		return goja.Undefined()
	}, 0, nil)
	return text
}

// taken returns what the tape got since from: lines, and failures behind those that are given. What was taken is
// not taken again.
func (t *tester) taken(from int, failures []*stage.Failure) ([]stage.Line, []*stage.Failure) {
	var lines []stage.Line
	t.tape.Mu.Lock()
	defer t.tape.Mu.Unlock()
	for i := from; i < len(t.tape.Acts); i++ {
		act := &t.tape.Acts[i]
		if act.Line != nil {
			lines = append(lines, *act.Line)
		}
		if act.Failure != nil {
			failures = append(failures, act.Failure)
		}
		*act = stage.Act{}
	}
	return lines, failures
}

// call runs a function of the file, and waits for the promise that it may return. Nil means that all went well.
func (t *tester) call(ctx context.Context, where string, fn machine.Function, timeout time.Duration, place *script.Error) *stage.Failure {
	if t.aborted != nil {
		return nil
	}
	if timeout == 0 {
		timeout = t.cfg.Limit
	}
	done := make(chan *stage.Failure, 1)
	t.m.Post(func() { t.invoke(where, fn, done) })
	// A run that cannot be interrupted is found out by the watchdog; what is bounded here is a promise.
	timer := time.NewTimer(timeout)
	defer timer.Stop()
	select {
	case failure := <-done:
		return failure
	case <-ctx.Done():
		return &stage.Failure{Message: ctx.Err().Error(), In: where}
	case <-t.m.Abandoned():
		t.aborted = errTestStuck
	case <-t.m.Ended():
		t.aborted = errors.New("the runtime of the tests broke down")
	case <-timer.C:
		// The run may be over any moment, by its own limit; then its error says more.
		if failure, ok := t.late(done); ok {
			return failure
		}
	}
	failure := &stage.Failure{In: where}
	if place != nil {
		failure = stage.FailureOf(where, place)
	}
	failure.Message = fmt.Sprintf("the %s did not end within %s: a promise is never settled, or the time limit is too short "+
		"(the last argument of %s sets another, in milliseconds)", where, timeout, where)
	if t.aborted != nil {
		failure.Message = t.aborted.Error()
	}
	return failure
}

// late waits a little for a run that is being interrupted. False: it is waiting for a promise.
func (t *tester) late(done <-chan *stage.Failure) (*stage.Failure, bool) {
	idle := make(chan struct{})
	if !t.m.Post(func() { close(idle) }) {
		return nil, false
	}
	select {
	case failure := <-done:
		return failure, true
	case <-t.m.Abandoned():
		t.aborted = errTestStuck
		return nil, false
	case <-t.m.Ended():
		return nil, false
	case <-idle:
	}
	select {
	case failure := <-done:
		return failure, true
	default:
		return nil, false
	}
}

// invoke calls a function on the runtime's goroutine.
func (t *tester) invoke(where string, fn machine.Function, done chan<- *stage.Failure) {
	m := t.m
	var promise *goja.Promise
	err := m.Attempt(func() {
		promise = machine.AsPromise(fn(goja.FunctionCall{This: goja.Undefined()}))
		if promise == nil {
			return
		}
		fulfilled := func(goja.FunctionCall) goja.Value {
			m.Post(func() { done <- nil }) // behind rejections that nobody handles, which belong to this test
			return goja.Undefined()
		}
		rejected := func(call goja.FunctionCall) goja.Value {
			reason := call.Argument(0)
			// Saying what was thrown may run code of the script, which has no place in this run.
			m.Post(func() { done <- stage.FailureOf(where, m.Thrown(reason)) })
			return goja.Undefined()
		}
		m.Then(promise, fulfilled, rejected)
	})
	var failure *stage.Failure
	if err != nil {
		failure = stage.FailureOf(where, m.ScriptError(err))
	}
	m.Checkpoint()
	if err != nil || promise == nil {
		done <- failure
	}
}

package web

import (
	"context"
	"fmt"
	"math"
	"sync"
	"time"

	"github.com/dop251/goja"
)

// maxSignalTimers bounds the timeouts of AbortSignal.timeout that a runtime has running at once.
const maxSignalTimers = 10_000

// abortNatives are what events and abort signals need.
func (w *Web) abortNatives() map[string]native {
	return map[string]native{
		"constants": w.interfaceNatives()["constants"],
		"now":       func(goja.FunctionCall) goja.Value { return w.VM.ToValue(w.millis()) },
		"report": func(call goja.FunctionCall) goja.Value {
			w.Scheduler.Report(call.Argument(0).String(), call.Argument(1))
			return goja.Undefined()
		},
		"timer": w.signalTimer,
	}
}

// signalTimer calls a function after some milliseconds. Like the timers of AbortSignal.timeout in Node and Deno it
// keeps nothing alive.
func (w *Web) signalTimer(call goja.FunctionCall) goja.Value {
	fire, ok := goja.AssertFunction(call.Argument(1))
	if !ok {
		panic(w.VM.NewTypeError("the timer needs a function"))
	}
	delay := time.Duration(math.MaxInt64)
	if ms := call.Argument(0).ToFloat(); ms < float64(math.MaxInt64/int64(time.Millisecond)) {
		delay = time.Duration(ms) * time.Millisecond
	}
	const where = "AbortSignal.timeout"
	run := func() {
		if _, err := fire(goja.Undefined()); err != nil {
			panic(err)
		}
	}
	var ran bool
	if w.After != nil {
		ran = w.After(delay, where, run)
	} else {
		if w.timers == nil {
			w.timers = newSignalTimers(w.Scheduler.Context())
		}
		ran = w.timers.start(delay, func() { w.Scheduler.Post(where, run) })
	}
	if !ran {
		w.throwDOM("QuotaExceededError", fmt.Sprintf("more than %d timeouts of AbortSignal.timeout at once", maxSignalTimers))
	}
	return goja.Undefined()
}

// signalTimers are the running timeouts of one runtime. They stop with it, so that a timeout of hours does not keep a
// runtime of yesterday in memory.
type signalTimers struct {
	mu      sync.Mutex
	running map[*time.Timer]struct{} // guarded by mu; nil after the runtime's end
}

func newSignalTimers(ctx context.Context) *signalTimers {
	t := &signalTimers{running: map[*time.Timer]struct{}{}}
	context.AfterFunc(ctx, t.stop)
	return t
}

// start calls f on a goroutine of its own after the delay. False: there are too many.
func (t *signalTimers) start(delay time.Duration, f func()) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.running == nil {
		return true // the runtime has ended, and would not run f
	}
	if len(t.running) >= maxSignalTimers {
		return false
	}
	var timer *time.Timer
	timer = time.AfterFunc(delay, func() {
		t.mu.Lock()
		_, running := t.running[timer]
		delete(t.running, timer)
		t.mu.Unlock()
		if running {
			f()
		}
	})
	t.running[timer] = struct{}{}
	return true
}

func (t *signalTimers) stop() {
	t.mu.Lock()
	defer t.mu.Unlock()
	for timer := range t.running {
		timer.Stop()
	}
	t.running = nil
}

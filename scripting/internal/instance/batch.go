package instance

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/dop251/goja"

	"trackhook/engine"
	"trackhook/scripting/internal/adjust"
	"trackhook/scripting/internal/machine"
	"trackhook/scripting/internal/script"
)

// batchSlice is how long a batch may go on before the progress is handed back to be recorded.
const batchSlice = 50 * time.Millisecond

// batch is the responses that one call of [Instance.Begin] hands over. It belongs to the runtime's goroutine, save what is atomic
// and what never changes.
type batch struct {
	rt        *Runtime        // immutable: who is to take it
	ctx       context.Context //nolint:containedctx // a batch is the arguments of one call, carried to another goroutine
	responses []engine.Response
	started   time.Time
	// runs counts the calls of listeners.
	runs uint64
	// handled counts from the front. It is written on the runtime's goroutine and read by others when that is stuck.
	handled atomic.Int64
	// begun is true once the runtime has taken the batch in hand.
	begun atomic.Bool
	// ended is true once somebody is about to call over, which is called once.
	ended atomic.Bool
	over  func(handled int, err error) // immutable

	// awaited is the promise that a listener returned, while it is pending, and awaitUntil is when the wait is over.
	awaited    *goja.Promise
	awaitUntil time.Time
	// sampled is when the run in hand began, if its time is taken; else zero.
	sampled time.Time
}

// hand has a runtime work on a batch.
func (i *Instance) hand(b *batch) {
	i.inHand.Store(b)
	if !b.rt.Machine.Post(func() { b.rt.begin(b) }) || b.rt.Machine.Lost() {
		i.letGo(b.rt) // it has just ended; the next call finds its successor, or that there is none
	}
}

// conclude ends a batch that is over; on the runtime's goroutine.
func (i *Instance) conclude(b *batch) {
	if b.ended.CompareAndSwap(false, true) {
		i.inHand.CompareAndSwap(b, nil)
		b.over(int(b.handled.Load()), nil)
	}
}

// letGo ends the batch of a runtime that has ended, or that nobody waits for any more, whether it was begun or not.
func (i *Instance) letGo(rt *Runtime) {
	b := i.inHand.Load()
	if b == nil || b.rt != rt || !b.ended.CompareAndSwap(false, true) {
		return
	}
	handled := int(b.handled.Load())
	// Where the version was given up, the response in hand is handed over again at the next start.
	if rt.Machine.Lost() && !i.isGivenUp() && b.begun.Load() && handled < len(b.responses) {
		// Handing it over again would only get the next runtime stuck. A batch that was not begun has met a runtime
		// that is stuck in something else, such as a timer.
		i.Reports.stuck(&b.responses[handled])
		handled++
	}
	i.inHand.CompareAndSwap(b, nil)
	go b.over(handled, nil) // whoever lets it go may not be kept waiting
}

// begin takes a batch in hand; on the runtime's goroutine.
func (rt *Runtime) begin(b *batch) {
	b.started = time.Now()
	b.begun.Store(true)
	rt.batch = b
}

// stepBatch works on the batch until it is done, has used up its slice, or waits for a promise.
func (rt *Runtime) stepBatch() {
	b := rt.batch
	if b == nil || b.awaited != nil && !rt.awaitedSettled(b) {
		return
	}
	for rt.Machine.Alive() && b.awaited == nil && !rt.batchOver(b) {
		if err := rt.Machine.Edge(func() { rt.runListeners(b) }); err != nil {
			// The response counts as handled: handing it over again would fail again, for ever.
			rt.ran(b)
			rt.report(rt.listenerName(), err)
			rt.overran(rt.listenerName(), err, &rt.overruns.listeners)
			rt.Machine.Checkpoint()
			rt.handledOne(b)
		}
	}
	if b.awaited != nil && rt.Machine.Alive() {
		return
	}
	if rt.Machine.Alive() {
		rt.Machine.Checkpoint()
	}
	rt.batch = nil
	rt.inst.runs.Add(b.runs)
	rt.inst.conclude(b)
}

// batchOver tells whether the batch must not go on to its next response.
func (rt *Runtime) batchOver(b *batch) bool {
	if rt.adjust.More() {
		return false // the response in hand is for another listener
	}
	handled := int(b.handled.Load())
	return handled == len(b.responses) || b.ctx.Err() != nil || rt.Machine.Retired() && handled > 0 ||
		handled > 0 && time.Since(b.started) > batchSlice
}

// handledOne is called when a listener is done with the response in hand.
func (rt *Runtime) handledOne(b *batch) {
	rt.Machine.SetCurrent(nil, 0)
	if rt.adjust.More() {
		return
	}
	b.handled.Add(1)
	if rt.inst.cfg.OnHandled != nil {
		rt.inst.cfg.OnHandled()
	}
}

// runListeners calls listeners for one response after the other, inside of one attempt: entering the machine once for
// many calls is what makes a call cheap. Each call is a run of its own to the watchdog. It returns early when a
// listener returned a promise that is pending; a listener that throws ends the attempt.
func (rt *Runtime) runListeners(b *batch) {
	for {
		response := &b.responses[b.handled.Load()]
		if fn, args := rt.adjust.Next(response); fn != nil {
			rt.Machine.SetCurrent(response, adjust.StepsAfter(response.Package.ID))
			if b.runs&sampleMask == 0 {
				b.sampled = time.Now()
			}
			b.runs++
			rt.Machine.BeginRun()
			result := fn(goja.FunctionCall{This: goja.Undefined(), Arguments: args})
			promise := machine.AsPromise(result)
			if rt.Machine.UsesPromises() || promise != nil || len(rt.Machine.Unhandled()) > 0 {
				rt.Machine.RunJobs()
				if rt.async(b, promise) {
					rt.Machine.ForgetSteps() // what goes on for the listener knows its steps by itself
					return
				}
			}
			rt.Machine.EndRun()
			rt.overruns.listeners = 0
			if !b.sampled.IsZero() {
				rt.ran(b)
			}
		}
		rt.handledOne(b)
		if rt.batchOver(b) || !rt.Machine.Alive() {
			return
		}
	}
}

// async looks at what a listener returned. True: the attempt must end, because the promise is pending. A rejected one
// is thrown, as an error of the listener.
func (rt *Runtime) async(b *batch, promise *goja.Promise) bool {
	if promise != nil {
		switch promise.State() {
		case goja.PromiseStatePending:
			b.awaited = promise
			b.awaitUntil = rt.Now().Add(rt.Machine.Limit())
			return true
		case goja.PromiseStateRejected:
			rt.Machine.Forgive(promise)
			panic(promise.Result())
		case goja.PromiseStateFulfilled:
		}
	}
	if len(rt.Machine.Unhandled()) > 0 {
		// Reporting may run code of the script, so it happens outside of this run.
		rt.Machine.Post(rt.Machine.ReportRejections)
	}
	return false
}

// awaitedSettled ends the wait for a listener's promise once it is settled or the deadline has passed. It is looked at
// after whatever may have settled it.
func (rt *Runtime) awaitedSettled(b *batch) bool {
	promise := b.awaited
	switch promise.State() {
	case goja.PromiseStatePending:
		if rt.Now().Before(b.awaitUntil) {
			return false
		}
		rt.reportFailure(rt.listenerName(), &script.Error{
			Plugin: rt.inst.cfg.Name, Version: rt.inst.versionNow(), File: rt.inst.graph.Name(rt.inst.cfg.Entry),
			Message: fmt.Sprintf("the promise of the async listener was not settled within %s; it goes on unwatched", rt.Machine.Limit()),
		}, rt.Machine.Current())
	case goja.PromiseStateRejected:
		rt.Machine.Forgive(promise)
		rt.reportFailure(rt.listenerName(), rt.Machine.Thrown(promise.Result()), rt.Machine.Current())
	case goja.PromiseStateFulfilled:
	}
	b.awaited = nil
	rt.overruns.listeners = 0
	rt.ran(b)
	rt.handledOne(b)
	return true
}

// listenerName names the listener that runs now, for messages.
func (rt *Runtime) listenerName() string {
	switch {
	case rt.Machine.Current() == nil:
		return "listener"
	case rt.adjust.Running != "":
		return rt.adjust.Running
	}
	outcome := "failed"
	if rt.Machine.Current().Outcome.Success() {
		outcome = "succeeded"
	}
	return string(rt.Machine.Current().Package.Kind) + " tracking " + outcome + " listener"
}

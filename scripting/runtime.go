package scripting

import (
	"context"
	"errors"
	"runtime/debug"
	"slices"
	"sync/atomic"
	"time"

	"github.com/dop251/goja"
	"github.com/dop251/goja/parser"
	"github.com/rs/zerolog"

	"trackhook/engine"
)

// maxCallDepth bounds the depth of calls. Recursion through native functions, such as map, lives on the Go stack, and
// what ends it is re-thrown at every level: unwinding takes time with the square of the depth, 0.7 s at 3,000, and
// nothing can interrupt it. Node allows about 10,000.
const maxCallDepth = 3_000

// listener is a function of a script, as it is called inside of a run.
type listener = func(goja.FunctionCall) goja.Value

// jsRuntime is a JavaScript machine and the goroutine that owns it. Everything here belongs to that goroutine, save
// what says otherwise.
type jsRuntime struct {
	inst *instance // immutable
	loop *loop     // for everyone
	// guard is the watchdog's; begin and end are called on the runtime's goroutine.
	guard *guard
	// abandoned is closed by the instance when nobody waits for this runtime any more: it is stuck, or its load was
	// cancelled. lost tells the same to the runtime.
	abandoned chan struct{}
	lost      atomic.Bool
	// ended is closed when the goroutine is about to return.
	ended chan struct{}
	// ctx ends with the runtime, or when nobody waits for it any more.
	ctx    context.Context //nolint:containedctx // the life of the runtime, which no single call owns
	cancel context.CancelFunc

	vm      *goja.Runtime
	flush   goja.Callable
	classes intrinsics
	views   *responseViews
	program *program

	timers *timers
	adjust *adjust
	web    *web
	draft  *storageDraft

	// promises is true once a script has attached a reaction to a promise. Until then there are no promise jobs, and
	// none need to be run after each call.
	promises  bool
	unhandled []rejection
	// origins says where an error that the host threw is to be looked for, in place of where it was made. Nil unless the
	// runtime is one of tests.
	origins map[*goja.Object]*ScriptError

	// reserved counts reservations; see reserve.
	reserved int
	batch    *batch
	args     [1]goja.Value
	current  *engine.Response // what the listener that runs now was called with
	// loading is true until the version goes live: what is tracked or kept, and timers, wait for that. starting is true while
	// the load lasts.
	loading, starting bool
	// top is the promise of the top level while it is awaited, at most until topDeadline.
	top         *goja.Promise
	topDeadline time.Time
	// printed counts what the run of that number has printed.
	printed    int
	printedRun uint64
	overruns   overruns
	broken     bool // a Go panic came out; nothing may run any more
	retired    bool
	deadline   time.Time // when a retired runtime ends at the latest
}

// intrinsics are the built-in objects as they were before a script could change them.
type intrinsics struct {
	err, rangeError goja.Value
	then            listener
}

// rejection is a promise that was rejected while nobody handled it, and the response that was in hand then, or nil.
type rejection struct {
	promise  *goja.Promise
	response *engine.Response
}

// start makes a runtime on a goroutine of its own and has it load the plugin. ready gets the result.
func (i *instance) start() (rt *jsRuntime, ready <-chan error) {
	result := make(chan error, 1)
	rt = &jsRuntime{
		inst: i, loop: newLoop(),
		abandoned: make(chan struct{}), ended: make(chan struct{}),
		vm: goja.New(),
	}
	rt.ctx, rt.cancel = context.WithCancel(context.Background())
	rt.guard = i.cfg.devices.watchdog.watch(rt.vm, i.cfg.timeout(), func() { i.stuck(rt) })
	go rt.run(result)
	return rt, result
}

// run is the runtime's goroutine: it loads the plugin and turns the loop until the runtime is retired, broken or lost.
func (rt *jsRuntime) run(ready chan<- error) {
	defer rt.end()
	if err := rt.load(); err != nil || rt.lost.Load() {
		ready <- err
		return
	}
	ready <- nil
	alarm := time.NewTimer(0)
	defer alarm.Stop()
	for rt.turn() {
		rt.wait(alarm)
	}
}

// end lets everyone go who waits for the runtime.
func (rt *jsRuntime) end() {
	rt.cancel()
	rt.inst.cfg.devices.watchdog.remove(rt.guard)
	for _, task := range rt.loop.close() {
		_ = task // nothing of a closed loop runs; who posted it is told by ended
	}
	rt.batch.finish()
	rt.inst.ended(rt) // before the others learn of it, so that they find the next runtime and not this one
	close(rt.ended)
}

// turn does what there is to do now. False: the runtime has come to its end.
func (rt *jsRuntime) turn() bool {
	for _, task := range rt.loop.take() {
		if rt.alive() {
			task()
		}
	}
	if rt.alive() && !rt.heldBack() {
		rt.timers.runDue()
	}
	if rt.alive() {
		rt.stepBatch()
	}
	rt.save()
	if rt.alive() && rt.retired && rt.batch == nil {
		rt.timers.stop()
		return rt.reserved > 0 && time.Now().Before(rt.deadline)
	}
	return rt.alive()
}

// wait sleeps until there may be something to do.
func (rt *jsRuntime) wait(alarm *time.Timer) {
	if c := rt.inst.cfg.probe.virtual(); c != nil && rt.turnClock(c) {
		return
	}
	next, bounded := rt.nextWake()
	earlier := func(t time.Time) {
		if !bounded || t.Before(next) {
			next, bounded = t, true
		}
	}
	if rt.batch != nil && rt.batch.awaited != nil && rt.inst.cfg.probe.virtual() == nil {
		earlier(rt.batch.patience)
	}
	if rt.top != nil {
		earlier(rt.topDeadline)
	}
	if rt.retired && rt.batch == nil {
		earlier(rt.deadline)
	}
	if !bounded {
		<-rt.loop.wake
		return
	}
	alarm.Reset(time.Until(next))
	select {
	case <-rt.loop.wake:
	case <-alarm.C:
	}
}

// heldBack is true from the end of the load until the version goes live. The load may still turn out to be in vain, because
// the file was saved again meanwhile, and then its timers must have done nothing. While the load lasts they run, because
// the top level may await them.
func (rt *jsRuntime) heldBack() bool { return rt.loading && !rt.starting }

// alive is false when nothing of the script may run any more.
func (rt *jsRuntime) alive() bool { return !rt.broken && !rt.lost.Load() }

// retire ends the runtime after the response in hand; on the runtime's goroutine.
func (rt *jsRuntime) retire() {
	if !rt.retired {
		rt.retired = true
		rt.deadline = time.Now().Add(rt.inst.cfg.host.grace())
	}
}

// reserve keeps a retired runtime going until deliver was called, at most for its grace period. It is called on the
// runtime's goroutine; deliver may be called from any, exactly once. What it is given runs on the runtime's goroutine.
func (rt *jsRuntime) reserve() (deliver func(func())) {
	rt.reserved++
	return func(f func()) {
		rt.loop.post(func() {
			rt.reserved--
			f()
		})
	}
}

// attempt is the edge of the runtime: it runs f as one guarded run and returns what came out of it: nil, a
// *goja.Exception, a *goja.InterruptedError, a *goja.StackOverflowError, or a *panicError, after which the runtime is
// broken. Attempts do not nest.
func (rt *jsRuntime) attempt(f func()) error {
	return rt.edge(func() {
		rt.guard.begin()
		f()
	})
}

// edge is an attempt without a run: f marks the runs in it, and whatever run is open at its end is ended here.
func (rt *jsRuntime) edge(f func()) (err error) {
	defer func() {
		p := recover()
		rt.guard.end()
		if p == nil {
			return
		}
		if failure, ok := p.(error); ok {
			var interrupt *goja.InterruptedError
			var overflow *goja.StackOverflowError
			if errors.As(failure, &interrupt) || errors.As(failure, &overflow) {
				err = failure
				return
			}
		}
		rt.broken = true
		err = &panicError{value: p, stack: debug.Stack()}
	}()
	if exception := rt.vm.Try(f); exception != nil {
		return exception
	}
	return nil
}

// callback calls a function of the script from the loop, with the global object as this, runs its promise jobs, and
// reports what goes wrong as an error of where.
func (rt *jsRuntime) callback(where string, fn listener, args []goja.Value) {
	rt.ranBeside(where, rt.attempt(func() { fn(goja.FunctionCall{This: rt.vm.GlobalObject(), Arguments: args}) }))
	rt.checkpoint()
}

// checkpoint runs the promise jobs that are queued, and reports rejections that nobody handles.
func (rt *jsRuntime) checkpoint() {
	if !rt.alive() {
		return
	}
	if err := rt.attempt(rt.runJobs); err != nil {
		rt.ranBeside("promise job", err)
	}
	rt.reportRejections()
}

// runJobs runs the promise jobs. goja does that when the outermost call returns, and an empty one serves; it also lets
// go of the values that were left on the machine's stack.
func (rt *jsRuntime) runJobs() {
	if _, err := rt.flush(goja.Undefined()); err != nil {
		panic(err)
	}
}

// Grab, Resumed and Exited make the runtime a [goja.AsyncContextTracker]. Grab is called whenever a reaction is
// attached to a promise, and without one no promise job does anything: this is how the runtime knows, without looking
// at the source, whether promise jobs must run after each call.
func (rt *jsRuntime) Grab() any {
	rt.promises = true
	return nil
}

// Resumed does nothing; see [jsRuntime.Grab].
func (rt *jsRuntime) Resumed(any) {}

// Exited does nothing; see [jsRuntime.Grab].
func (rt *jsRuntime) Exited() {}

func (rt *jsRuntime) trackRejection(p *goja.Promise, operation goja.PromiseRejectionOperation) {
	if operation == goja.PromiseRejectionReject {
		rt.unhandled = append(rt.unhandled, rejection{p, rt.current})
	} else {
		rt.forgive(p)
	}
}

// forgive takes a promise off the list of rejections that nobody handles.
func (rt *jsRuntime) forgive(p *goja.Promise) {
	if at := slices.IndexFunc(rt.unhandled, func(r rejection) bool { return r.promise == p }); at >= 0 {
		rt.unhandled = slices.Delete(rt.unhandled, at, at+1)
	}
}

// reportRejections reports rejections that nobody handles. While the load lasts they are errors of the load instead.
func (rt *jsRuntime) reportRejections() {
	if rt.starting {
		return
	}
	for len(rt.unhandled) > 0 && rt.alive() {
		rejected := rt.unhandled
		rt.unhandled = nil
		for _, r := range rejected {
			if rt.batch == nil || rt.batch.awaited != r.promise { // an awaited one is an error of its listener
				rt.reportFailure("unhandled promise rejection", rt.thrown(r.promise.Result()), r.response)
			}
		}
	}
}

// setup makes the globals of a fresh machine.
func (rt *jsRuntime) setup() error {
	vm := rt.vm
	vm.SetMaxCallStackSize(maxCallDepth)
	vm.SetParserOptions(parser.WithDisableSourceMaps)
	vm.SetPromiseRejectionTracker(rt.trackRejection)
	vm.SetAsyncContextTracker(rt)
	flush, _ := goja.AssertFunction(vm.ToValue(func(goja.FunctionCall) goja.Value { return goja.Undefined() }))
	rt.flush = flush
	rt.classes.err, rt.classes.rangeError = vm.Get("Error"), vm.Get("RangeError")
	rt.classes.then, _ = asListener(vm.Get("Promise").ToObject(vm).Get("prototype").ToObject(vm).Get("then"))
	rt.views = newResponseViews(vm)
	rt.views.replay = rt.inst.cfg.probe.replays()
	installConsole(vm, rt.print).now = rt.now
	rt.timers = newTimers(rt)
	rt.adjust = newAdjust(rt)
	if err := rt.installGlobals(); err != nil {
		return err
	}
	if err := rt.installWeb(); err != nil {
		return err
	}
	return rt.inst.cfg.probe.install(rt)
}

// report logs an error of a run.
func (rt *jsRuntime) report(where string, err error) {
	if rt.lost.Load() {
		return // it was reported as stuck, and a successor has taken over
	}
	if panicked, ok := errors.AsType[*panicError](err); ok {
		rt.inst.reports.panicked(where, panicked, rt.current)
		rt.inst.brokeDown("ran into a bug of the host", time.Now())
		return
	}
	rt.reportFailure(where, rt.scriptError(err), rt.current)
}

func (rt *jsRuntime) reportFailure(where string, failure *ScriptError, response *engine.Response) {
	rt.inst.reports.failure(where, failure, response, time.Now())
}

// maxPrinted bounds what one run may print, in bytes.
const maxPrinted = 1 << 20

// print is the sink of console.
func (rt *jsRuntime) print(level consoleLevel, text string) {
	if rt.printedRun != rt.guard.run {
		rt.printed, rt.printedRun = 0, rt.guard.run
	}
	text = withoutOurFrames(text)
	before := rt.printed
	if rt.printed += len(text); rt.printed > maxPrinted {
		if before <= maxPrinted {
			rt.inst.say(zerolog.WarnLevel, "this run has printed more than 1 MB; the rest of what it prints is dropped", nil)
		}
		return
	}
	rt.inst.say(zerologLevel(level), text, nil)
}

func zerologLevel(level consoleLevel) zerolog.Level {
	switch level {
	case consoleDebug:
		return zerolog.DebugLevel
	case consoleWarn:
		return zerolog.WarnLevel
	case consoleError:
		return zerolog.ErrorLevel
	case consoleInfo:
		return zerolog.InfoLevel
	default:
		return zerolog.InfoLevel
	}
}

// note logs a line of the host about what the script does at this moment, with its place in the script.
func (rt *jsRuntime) note(level zerolog.Level, text string) {
	if level < rt.inst.log.GetLevel() {
		return
	}
	where := rt.here().Where()
	rt.inst.say(level, text, func(e *zerolog.Event) *zerolog.Event {
		if where == "" {
			return e
		}
		return e.Str("at", where)
	})
}

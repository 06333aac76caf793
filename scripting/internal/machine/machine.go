package machine

import (
	"context"
	"errors"
	"runtime/debug"
	"slices"
	"sync/atomic"
	"time"

	"github.com/dop251/goja"
	"github.com/dop251/goja/parser"

	"trackhook/engine"
	"trackhook/scripting/internal/script"
)

// maxCallDepth bounds the depth of calls. Recursion through native functions, such as map, lives on the Go stack, and
// what ends it is re-thrown at every level: unwinding takes time with the square of the depth, 0.7 s at 3,000, and
// nothing can interrupt it. Node allows about 10,000.
const maxCallDepth = 3_000

// Function is a function of a script, as it is called inside of a run.
type Function = func(goja.FunctionCall) goja.Value

// Owner is whom a machine works for: it gives the machine work and hears how it went. All of it is called on the
// machine's goroutine, save Stuck.
type Owner interface {
	Origin
	// Step does the owner's part of a turn of the loop. It may call into the machine.
	Step()
	// Idle tells that the owner has nothing in hand; a retired machine ends then.
	Idle() bool
	// Wake is when the machine must turn although nothing was posted and no timer of it is due; false: never.
	Wake() (at time.Time, ok bool)
	// Skip is called when there is nothing to do. True: time has moved, or something was posted; turn again at once.
	Skip() bool
	// Now is the time of the machine.
	Now() time.Time
	// Ran hears how a run ended that the machine has begun by itself, such as a timer; nil: well. where says what it was.
	Ran(where string, err error)
	// Failed hears of an error that ended no run.
	Failed(where string, err error)
	// Rejected hears of a promise that was rejected and that nobody has handled.
	Rejected(r Rejection)
	// Stuck is called from the watchdog's goroutine, once, when a run goes on although it was interrupted. It must not
	// block.
	Stuck()
	// Ended is called when the machine's goroutine is about to return, before ended is closed.
	Ended()
}

// Machine is a JavaScript machine and the goroutine that owns it. Everything here belongs to that goroutine, save what
// says otherwise.
type Machine struct {
	Owner Owner     // immutable
	Loop  *loop     // for everyone
	dog   *Watchdog // immutable
	// Guard is the watchdog's; begin and end are called on the machine's goroutine.
	Guard *guard
	// Abandoned is closed by the owner when nobody waits for this machine any more: it is stuck, or its load was
	// cancelled. lost tells the same to the machine.
	Abandoned chan struct{}
	Lost      atomic.Bool
	// Ended is closed when the goroutine is about to return.
	Ended chan struct{}
	// Context ends with the machine, or when nobody waits for it any more.
	Context context.Context //nolint:containedctx // the life of the machine, which no single call owns
	cancel  context.CancelFunc

	VM      *goja.Runtime
	flush   goja.Callable
	Classes intrinsics
	Timers  *timers

	// Promises is true once a script has attached a reaction to a promise. Until then there are no promise jobs, and
	// none need to be run after each call.
	Promises  bool
	Unhandled []Rejection
	// Origins says where an error that the host threw is to be looked for, in place of where it was made. Nil unless the
	// machine is one of tests.
	Origins map[*goja.Object]*script.Error

	// Current is the response that the listener which runs now was called with; nil: there is none.
	Current *engine.Response
	// Steps is how many steps a package would be from outside that is tracked by what runs now: 1 in a listener that
	// hears of a package that came in from outside, 2 in one that hears of what that listener has tracked, and so on; 0 at
	// the top level and in all that it has begun. Timers, promises and whatever was reserved go on with the steps of what
	// began them.
	Steps int
	// outer is Steps as it was before the promise job that runs now.
	outer int
	// Loading is true until the version goes live: what is tracked or kept, and timers, wait for that. starting is true
	// while the load lasts: rejections that nobody handles are errors of the load then.
	Loading, Starting bool
	// Reserved counts reservations; see reserve.
	Reserved int
	Broken   bool // a Go panic came out; nothing may run any more
	Retired  bool
	deadline time.Time // when a retired machine ends at the latest
}

// intrinsics are the built-in objects as they were before a script could change them.
type intrinsics struct {
	err, rangeError goja.Value
	Then            Function
}

// Rejection is a promise that was rejected while nobody handled it, and the response that was in hand then, or nil.
type Rejection struct {
	Promise  *goja.Promise
	Response *engine.Response
}

// New makes a machine for owner whose runs may take as long as limit says. It runs nothing: call run.
func New(owner Owner, dog *Watchdog, limit time.Duration) *Machine {
	m := &Machine{
		Owner: owner, Loop: newLoop(), dog: dog,
		Abandoned: make(chan struct{}), Ended: make(chan struct{}),
		VM: goja.New(),
	}
	m.Context, m.cancel = context.WithCancel(context.Background())
	m.Guard = dog.watch(m.VM, limit, owner.Stuck)
	return m
}

// Run is the machine's goroutine: it calls load and turns the loop until the machine is retired, broken or lost. ready
// gets what load returned.
func (m *Machine) Run(load func() error, ready chan<- error) {
	defer m.end()
	if err := load(); err != nil || m.Lost.Load() {
		ready <- err
		return
	}
	ready <- nil
	alarm := time.NewTimer(0)
	defer alarm.Stop()
	for m.Turn() {
		m.Wait(alarm)
	}
}

// end lets everyone go who waits for the machine.
func (m *Machine) end() {
	m.cancel()
	m.dog.remove(m.Guard)
	for _, task := range m.Loop.close() {
		_ = task // nothing of a closed loop runs; who posted it is told by ended
	}
	m.Owner.Ended() // before the others learn of it, so that they find the next machine and not this one
	close(m.Ended)
}

// Abandon lets everyone go who waits for the machine. It may be called from any goroutine, more than once.
func (m *Machine) Abandon() {
	if m.Lost.CompareAndSwap(false, true) {
		m.cancel()
		close(m.Abandoned)
		m.Loop.rouse()
	}
}

// Turn does what there is to do now. False: the machine has come to its end.
func (m *Machine) Turn() bool {
	for _, task := range m.Loop.take() {
		if m.Alive() {
			task()
		}
	}
	if m.Alive() && !m.HeldBack() {
		m.Timers.runDue()
	}
	m.Owner.Step()
	if m.Alive() && m.Retired && m.Owner.Idle() {
		m.Timers.stop()
		return m.Reserved > 0 && time.Now().Before(m.deadline)
	}
	return m.Alive()
}

// Wait sleeps until there may be something to do.
func (m *Machine) Wait(alarm *time.Timer) {
	if m.Owner.Skip() {
		return
	}
	next, bounded := m.Owner.Wake()
	if m.Retired && m.Owner.Idle() && (!bounded || m.deadline.Before(next)) {
		next, bounded = m.deadline, true
	}
	if !bounded {
		<-m.Loop.Wake
		return
	}
	alarm.Reset(time.Until(next))
	select {
	case <-m.Loop.Wake:
	case <-alarm.C:
	}
}

// HeldBack is true from the end of the load until the version goes live. The load may still turn out to be in vain, because
// the file was saved again meanwhile, and then its timers must have done nothing. While the load lasts they run, because
// the top level may await them.
func (m *Machine) HeldBack() bool { return m.Loading && !m.Starting }

// Alive is false when nothing of the script may run any more.
func (m *Machine) Alive() bool { return !m.Broken && !m.Lost.Load() }

// Retire ends the machine when its owner is idle, and what is reserved at most grace later; on the machine's goroutine.
func (m *Machine) Retire(grace time.Duration) {
	if !m.Retired {
		m.Retired = true
		m.deadline = time.Now().Add(grace)
	}
}

// Reserve keeps a retired machine going until deliver was called, at most for its grace period. It is called on the
// machine's goroutine; deliver may be called from any, exactly once. What it is given runs on the machine's goroutine.
func (m *Machine) Reserve() (deliver func(func())) {
	m.Reserved++
	steps := m.Steps
	return func(f func()) {
		m.Loop.Post(func() {
			m.Reserved--
			m.As(steps, f)
		})
	}
}

// As runs f as so many steps from outside; on the machine's goroutine. A nil f does nothing.
func (m *Machine) As(steps int, f func()) {
	if f == nil {
		return
	}
	before := m.Steps
	m.Steps = steps
	f()
	m.Steps = before
}

// Attempt is the edge of the machine: it runs f as one guarded run and returns what came out of it: nil, a
// *goja.Exception, a *goja.InterruptedError, a *goja.StackOverflowError, or a *PanicError, after which the machine is
// broken. Attempts do not nest.
func (m *Machine) Attempt(f func()) error {
	return m.Edge(func() {
		m.Guard.Begin()
		f()
	})
}

// Edge is an attempt without a run: f marks the runs in it, and whatever run is open at its end is ended here.
func (m *Machine) Edge(f func()) (err error) {
	defer func() {
		p := recover()
		m.Guard.End()
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
		m.Broken = true
		err = &PanicError{Value: p, Stack: debug.Stack()}
	}()
	if exception := m.VM.Try(f); exception != nil {
		return exception
	}
	return nil
}

// Callback calls a function of the script from the loop, with the global object as this, runs its promise jobs, and
// reports what goes wrong as an error of where.
func (m *Machine) Callback(where string, fn Function, args []goja.Value) {
	m.Owner.Ran(where, m.Attempt(func() { fn(goja.FunctionCall{This: m.VM.GlobalObject(), Arguments: args}) }))
	m.Checkpoint()
}

// Checkpoint runs the promise jobs that are queued, and reports rejections that nobody handles.
func (m *Machine) Checkpoint() {
	if !m.Alive() {
		return
	}
	if err := m.Attempt(m.RunJobs); err != nil {
		m.Owner.Ran("promise job", err)
	}
	m.ReportRejections()
}

// RunJobs runs the promise jobs. goja does that when the outermost call returns, and an empty one serves; it also lets
// go of the values that were left on the machine's stack.
func (m *Machine) RunJobs() {
	if _, err := m.flush(goja.Undefined()); err != nil {
		panic(err)
	}
}

// Grab, Resumed and Exited make the machine a [goja.AsyncContextTracker]. Grab is called whenever a reaction is
// attached to a promise, and without one no promise job does anything: this is how the machine knows, without looking
// at the source, whether promise jobs must run after each call. What it returns is given to Resumed before the job, and
// Exited is called after it: jobs run with the steps of those who attached them.
func (m *Machine) Grab() any {
	m.Promises = true
	return m.Steps
}

// Resumed is called before a promise job; see [Machine.Grab].
func (m *Machine) Resumed(grabbed any) {
	m.outer = m.Steps
	m.Steps, _ = grabbed.(int)
}

// Exited is called after a promise job; see [Machine.Grab].
func (m *Machine) Exited() { m.Steps = m.outer }

func (m *Machine) trackRejection(p *goja.Promise, operation goja.PromiseRejectionOperation) {
	if operation == goja.PromiseRejectionReject {
		m.Unhandled = append(m.Unhandled, Rejection{p, m.Current})
	} else {
		m.Forgive(p)
	}
}

// Forgive takes a promise off the list of rejections that nobody handles.
func (m *Machine) Forgive(p *goja.Promise) {
	if at := slices.IndexFunc(m.Unhandled, func(r Rejection) bool { return r.Promise == p }); at >= 0 {
		m.Unhandled = slices.Delete(m.Unhandled, at, at+1)
	}
}

// ReportRejections reports rejections that nobody handles. While the load lasts they are errors of the load instead.
func (m *Machine) ReportRejections() {
	if m.Starting {
		return
	}
	for len(m.Unhandled) > 0 && m.Alive() {
		rejected := m.Unhandled
		m.Unhandled = nil
		for _, r := range rejected {
			m.Owner.Rejected(r)
		}
	}
}

// Setup makes what every machine has: its bounds, the timer functions, self and queueMicrotask. It runs nothing of a
// script.
func (m *Machine) Setup() {
	vm := m.VM
	vm.SetMaxCallStackSize(maxCallDepth)
	vm.SetParserOptions(parser.WithDisableSourceMaps)
	vm.SetPromiseRejectionTracker(m.trackRejection)
	vm.SetAsyncContextTracker(m)
	flush, _ := goja.AssertFunction(vm.ToValue(func(goja.FunctionCall) goja.Value { return goja.Undefined() }))
	m.flush = flush
	m.Classes.err, m.Classes.rangeError = vm.Get("Error"), vm.Get("RangeError")
	m.Classes.Then, _ = AsFunction(vm.Get("Promise").ToObject(vm).Get("prototype").ToObject(vm).Get("then"))
	m.Timers = newTimers(m)
	m.installGlobals()
}

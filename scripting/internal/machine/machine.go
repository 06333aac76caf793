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

// Machine is a JavaScript machine and the goroutine that owns it. Everything here belongs to that goroutine, save what
// says otherwise.
type Machine struct {
	owner Owner     // immutable
	loop  *loop     // for everyone
	dog   *Watchdog // immutable
	// guard is the watchdog's; begin and end are called on the machine's goroutine.
	guard *guard
	// abandoned is closed by the owner when nobody waits for this machine any more: it is stuck, or its load was
	// cancelled. lost tells the same to the machine.
	abandoned chan struct{}
	lost      atomic.Bool
	// ended is closed when the goroutine is about to return.
	ended chan struct{}
	// Context ends with the machine, or when nobody waits for it any more.
	Context context.Context //nolint:containedctx // the life of the machine, which no single call owns
	cancel  context.CancelFunc

	// Gate is passed before anything runs, and left while there is nothing to do. Nil: there is none. Set before Run.
	Gate Gate

	VM      *goja.Runtime
	flush   goja.Callable
	classes intrinsics
	timers  *timers

	// promises is true once a script has attached a reaction to a promise. Until then there are no promise jobs, and
	// none need to be run after each call.
	promises  bool
	unhandled []Rejection
	// origins says where an error that the host threw is to be looked for, in place of where it was made. Nil unless the
	// machine is one of tests.
	origins map[*goja.Object]*script.Error

	// current is the response that the listener which runs now was called with; nil: there is none.
	current *engine.Response
	// steps is how many steps a package would be from outside that is tracked by what runs now: 1 in a listener that
	// hears of a package that came in from outside, 2 in one that hears of what that listener has tracked, and so on; 0 at
	// the top level and in all that it has begun. Timers, promises and whatever was reserved go on with the steps of what
	// began them.
	steps int
	// outer is steps as it was before the promise job that runs now.
	outer int
	// loading is true until the version goes live: what is tracked or kept, and timers, wait for that. starting is true
	// while the load lasts: rejections that nobody handles are errors of the load then.
	loading, starting bool
	// reserved counts reservations; see reserve.
	reserved int
	broken   bool // a Go panic came out; nothing may run any more
	retired  bool
	deadline time.Time // when a retired machine ends at the latest
}

// Gate lets machines run that share a process. A machine enters it on its goroutine, and leaves it there.
type Gate interface {
	Enter()
	Leave()
}

// intrinsics are the built-in objects as they were before a script could change them.
type intrinsics struct {
	err, rangeError goja.Value
	then            Function
}

// Rejection is a promise that was rejected while nobody handled it, and the response that was in hand then, or nil.
type Rejection struct {
	Promise  *goja.Promise
	Response *engine.Response
}

// New makes a machine for owner whose runs may take as long as limit says. It runs nothing: call run.
func New(owner Owner, dog *Watchdog, limit time.Duration) *Machine {
	m := &Machine{
		owner: owner, loop: newLoop(), dog: dog,
		abandoned: make(chan struct{}), ended: make(chan struct{}),
		VM: goja.New(),
	}
	m.Context, m.cancel = context.WithCancel(context.Background())
	m.guard = dog.watch(m.VM, limit, owner.Stuck)
	return m
}

// Run is the machine's goroutine: it calls load and turns the loop until the machine is retired, broken or lost. ready
// gets what load returned.
func (m *Machine) Run(load func() error, ready chan<- error) {
	defer m.end()
	if m.Gate != nil {
		m.Gate.Enter()
		defer m.Gate.Leave()
	}
	if err := load(); err != nil || m.lost.Load() {
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
	m.dog.remove(m.guard)
	for _, task := range m.loop.close() {
		_ = task // nothing of a closed loop runs; who posted it is told by ended
	}
	m.owner.Ended() // before the others learn of it, so that they find the next machine and not this one
	close(m.ended)
}

// Abandon lets everyone go who waits for the machine. It may be called from any goroutine, more than once.
func (m *Machine) Abandon() {
	if m.lost.CompareAndSwap(false, true) {
		m.cancel()
		close(m.abandoned)
		m.loop.rouse()
	}
}

// Turn does what there is to do now. False: the machine has come to its end.
func (m *Machine) Turn() bool {
	for _, task := range m.loop.take() {
		if m.Alive() {
			task()
		}
	}
	if m.Alive() && !m.HeldBack() {
		m.timers.runDue()
	}
	m.owner.Step()
	if m.Alive() && m.retired && m.owner.Idle() {
		m.timers.stop()
		return m.reserved > 0 && time.Now().Before(m.deadline)
	}
	return m.Alive()
}

// Wait sleeps until there may be something to do.
func (m *Machine) Wait(alarm *time.Timer) {
	if m.owner.Skip() {
		return
	}
	next, bounded := m.owner.Wake()
	if m.retired && m.owner.Idle() && (!bounded || m.deadline.Before(next)) {
		next, bounded = m.deadline, true
	}
	m.Apart(func() {
		if !bounded {
			<-m.loop.wake
			return
		}
		alarm.Reset(time.Until(next))
		select {
		case <-m.loop.wake:
		case <-alarm.C:
		}
	})
}

// Apart does on the machine's goroutine what runs no script and may wait: the gate is left meanwhile.
func (m *Machine) Apart(do func()) {
	if m.Gate != nil {
		m.Gate.Leave()
		defer m.Gate.Enter()
	}
	do()
}

// HeldBack is true from the end of the load until the version goes live. The load may still turn out to be in vain, because
// the file was saved again meanwhile, and then its timers must have done nothing. While the load lasts they run, because
// the top level may await them.
func (m *Machine) HeldBack() bool { return m.loading && !m.starting }

// Alive is false when nothing of the script may run any more.
func (m *Machine) Alive() bool { return !m.broken && !m.lost.Load() }

// Retire ends the machine when its owner is idle, and what is reserved at most grace later; on the machine's goroutine.
func (m *Machine) Retire(grace time.Duration) {
	if !m.retired {
		m.retired = true
		m.deadline = time.Now().Add(grace)
	}
}

// Reserve keeps a retired machine going until deliver was called, at most for its grace period. It is called on the
// machine's goroutine; deliver may be called from any, exactly once. What it is given runs on the machine's goroutine.
func (m *Machine) Reserve() (deliver func(func())) {
	m.reserved++
	steps := m.steps
	return func(f func()) {
		m.loop.post(func() {
			m.reserved--
			m.As(steps, f)
		})
	}
}

// As runs f as so many steps from outside; on the machine's goroutine. A nil f does nothing.
func (m *Machine) As(steps int, f func()) {
	if f == nil {
		return
	}
	before := m.steps
	m.steps = steps
	f()
	m.steps = before
}

// Attempt is the edge of the machine: it runs f as one guarded run and returns what came out of it: nil, a
// *goja.Exception, a *goja.InterruptedError, a *goja.StackOverflowError, or a *PanicError, after which the machine is
// broken. Attempts do not nest.
func (m *Machine) Attempt(f func()) error {
	return m.Edge(func() {
		m.guard.begin()
		f()
	})
}

// Edge is an attempt without a run: f marks the runs in it, and whatever run is open at its end is ended here.
func (m *Machine) Edge(f func()) (err error) {
	defer func() {
		p := recover()
		m.guard.end()
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
		if fault := m.engineFault(p); fault != nil {
			err = fault
			return
		}
		m.broken = true
		err = &PanicError{Value: p, Stack: debug.Stack()}
	}()
	if exception := m.VM.Try(f); exception != nil {
		return exception
	}
	return nil
}

// Overdue tells in a run that it has gone on for too long: what takes long in Go ends then. It may be called from any goroutine.
func (m *Machine) Overdue() bool { return m.guard.overdue() }

// Callback calls a function of the script from the loop, with the global object as this, runs its promise jobs, and
// reports what goes wrong as an error of where.
func (m *Machine) Callback(where string, fn Function, args []goja.Value) {
	m.owner.Ran(where, m.Attempt(func() { fn(goja.FunctionCall{This: m.VM.GlobalObject(), Arguments: args}) }))
	m.Checkpoint()
}

// Checkpoint runs the promise jobs that are queued, and reports rejections that nobody handles.
func (m *Machine) Checkpoint() {
	if !m.Alive() {
		return
	}
	if err := m.Attempt(m.RunJobs); err != nil {
		m.owner.Ran("promise job", err)
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

// Grab notes that a script uses promises. It, Resumed and Exited make the machine a [goja.AsyncContextTracker]: it is called whenever a reaction is
// attached to a promise, and without one no promise job does anything: this is how the machine knows, without looking
// at the source, whether promise jobs must run after each call. What it returns is given to Resumed before the job, and
// Exited is called after it: jobs run with the steps of those who attached them.
func (m *Machine) Grab() any {
	m.promises = true
	return m.steps
}

// Resumed is called before a promise job; see [Machine.Grab].
func (m *Machine) Resumed(grabbed any) {
	m.outer = m.steps
	m.steps, _ = grabbed.(int)
}

// Exited is called after a promise job; see [Machine.Grab].
func (m *Machine) Exited() { m.steps = m.outer }

func (m *Machine) trackRejection(p *goja.Promise, operation goja.PromiseRejectionOperation) {
	if operation == goja.PromiseRejectionReject {
		m.unhandled = append(m.unhandled, Rejection{p, m.current})
	} else {
		m.Forgive(p)
	}
}

// Forgive takes a promise off the list of rejections that nobody handles.
func (m *Machine) Forgive(p *goja.Promise) {
	if at := slices.IndexFunc(m.unhandled, func(r Rejection) bool { return r.Promise == p }); at >= 0 {
		m.unhandled = slices.Delete(m.unhandled, at, at+1)
	}
}

// ReportRejections reports rejections that nobody handles. While the load lasts they are errors of the load instead.
func (m *Machine) ReportRejections() {
	if m.starting {
		return
	}
	for len(m.unhandled) > 0 && m.Alive() {
		rejected := m.unhandled
		m.unhandled = nil
		for _, r := range rejected {
			m.owner.Rejected(r)
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
	m.classes.err, m.classes.rangeError = vm.Get("Error"), vm.Get("RangeError")
	m.classes.then, _ = AsFunction(vm.Get("Promise").ToObject(vm).Get("prototype").ToObject(vm).Get("then"))
	m.timers = newTimers(m)
	m.installGlobals()
}

package machine

import (
	"time"

	"github.com/dop251/goja"

	"trackhook/engine"
	"trackhook/scripting/internal/script"
)

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

// What follows is for the owner, and for what it puts into the machine. All of it belongs to the machine's goroutine, save
// what says otherwise.

// Post hands f to the machine's goroutine and returns at once. False: the machine has ended, and f will not run. It may be
// called from any goroutine.
func (m *Machine) Post(f func()) bool { return m.loop.post(f) }

// Wakes receives when something was posted, or there is another reason to look around.
func (m *Machine) Wakes() <-chan struct{} { return m.loop.wake }

// Abandoned is closed when nobody waits for this machine any more: it is stuck, or its load was cancelled. It may be used
// from any goroutine.
func (m *Machine) Abandoned() <-chan struct{} { return m.abandoned }

// Ended is closed when the machine's goroutine is about to return. It may be used from any goroutine.
func (m *Machine) Ended() <-chan struct{} { return m.ended }

// Lost tells that the machine was abandoned. It may be called from any goroutine.
func (m *Machine) Lost() bool { return m.lost.Load() }

// Limit is the time that a run may take. It never changes.
func (m *Machine) Limit() time.Duration { return m.guard.limit }

// BeginRun and EndRun mark a run inside of [Machine.Edge]. Runs do not nest.
func (m *Machine) BeginRun() { m.guard.begin() }

// EndRun marks the end of a run; see [Machine.BeginRun].
func (m *Machine) EndRun() { m.guard.end() }

// RunNumber is another one for each run.
func (m *Machine) RunNumber() uint64 { return m.guard.run }

// Current is the response that the listener which runs now was called with; nil: there is none.
func (m *Machine) Current() *engine.Response { return m.current }

// SetCurrent says which response the listener that runs now was called with, and how many steps from outside what it
// tracks would be.
func (m *Machine) SetCurrent(r *engine.Response, steps int) { m.current, m.steps = r, steps }

// Steps is how many steps a package would be from outside that is tracked by what runs now; see the field.
func (m *Machine) Steps() int { return m.steps }

// ForgetSteps lets what runs next begin at the outside.
func (m *Machine) ForgetSteps() { m.steps = 0 }

// BeginLoad is called before the script is loaded, and EndLoad when that is over. Meanwhile rejections that nobody handles
// are kept, and are errors of the load.
func (m *Machine) BeginLoad() { m.loading, m.starting = true, true }

// EndLoad is called when the load is over. Timers wait from then on until [Machine.GoLive].
func (m *Machine) EndLoad() { m.starting = false }

// GoLive lets timers run.
func (m *Machine) GoLive() { m.loading = false }

// Loading is true until [Machine.GoLive], and Starting while the load lasts.
func (m *Machine) Loading() bool { return m.loading }

// Starting is true while the load lasts.
func (m *Machine) Starting() bool { return m.starting }

// UsesPromises is true once a script has attached a reaction to a promise. Until then there are no promise jobs.
func (m *Machine) UsesPromises() bool { return m.promises }

// Unhandled are the rejections that nobody has handled so far.
func (m *Machine) Unhandled() []Rejection { return m.unhandled }

// Reserved counts the reservations that were not delivered; see [Machine.Reserve].
func (m *Machine) Reserved() int { return m.reserved }

// Break ends the machine: nothing of the script runs any more.
func (m *Machine) Break() { m.broken = true }

// Retired tells that the machine was told to end.
func (m *Machine) Retired() bool { return m.retired }

// NextTimer is when the earliest timer is due; false: there is none.
func (m *Machine) NextTimer() (time.Time, bool) { return m.timers.next() }

// After calls a function of the host after some time; false: too many timers wait.
func (m *Machine) After(delay time.Duration, name string, f func()) bool {
	return m.timers.after(delay, name, f)
}

// SetTimeout is the function of that name.
func (m *Machine) SetTimeout(f goja.Value, delay time.Duration) {
	m.timers.set("setTimeout", goja.FunctionCall{Arguments: []goja.Value{f, m.VM.ToValue(delay.Milliseconds())}})
}

// Then attaches reactions to a promise, whatever a script has made of Promise.prototype.
func (m *Machine) Then(promise *goja.Promise, fulfilled, rejected Function) {
	m.classes.then(goja.FunctionCall{
		This: m.VM.ToValue(promise), Arguments: []goja.Value{m.VM.ToValue(fulfilled), m.VM.ToValue(rejected)},
	})
}

// Locate says where an error that the host threw is to be looked for, in place of where it was made.
func (m *Machine) Locate(thrown *goja.Object, at *script.Error) {
	if m.origins == nil {
		m.origins = map[*goja.Object]*script.Error{}
	}
	m.origins[thrown] = at
}

// Now is the time of the machine.
func (m *Machine) Now() time.Time { return m.owner.Now() }

// Failed hands the owner an error that ended no run.
func (m *Machine) Failed(where string, err error) { m.owner.Failed(where, err) }

package machine

import (
	"errors"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/dop251/goja"
)

// errTimeLimit is what an interrupted run ends with.
var errTimeLimit = errors.New("time limit exceeded")

// The state of a guard is a run number in the upper bits and one of these in the lower two. The number is that of the run in hand, or
// of the last one while it is idle.
const (
	guardIdle    = 0
	guardRunning = 1
	guardFiring  = 2
	guardFired   = 3
	guardMask    = 3

	// maxTick bounds how late a run is interrupted, minTick how often the watchdog wakes up while something runs.
	minTick = time.Millisecond
	maxTick = 50 * time.Millisecond
	// minStuck is the least time between an interrupt and the verdict that it does not help.
	minStuck = 500 * time.Millisecond
)

// Watchdog interrupts runs that last too long: one goroutine for all runtimes of a host, which looks at each of them
// a few times within its limit and sleeps when nothing has run since it has looked last. A timer per call was measured at twice the time of an
// unguarded call, this at 1.0 to 1.2 times.
//
// The goroutine starts with the first guard and ends after the last one was removed.
type Watchdog struct {
	asleep atomic.Bool
	wake   chan struct{}

	mu      sync.Mutex
	guards  map[*guard]struct{} // guarded by mu
	tick    time.Duration       // guarded by mu
	looked  time.Time           // guarded by mu: the last look
	running bool                // guarded by mu: the goroutine exists
}

// NewWatchdog makes a watchdog that watches nothing, and has no goroutine yet.
func NewWatchdog() *Watchdog {
	return &Watchdog{wake: make(chan struct{}, 1), guards: map[*guard]struct{}{}, tick: maxTick}
}

// watch returns a guard for a runtime. onStuck is called from the watchdog's goroutine, once, when an interrupted run
// goes on regardless; it must not block.
func (w *Watchdog) watch(vm *goja.Runtime, limit time.Duration, onStuck func()) *guard {
	g := &guard{dog: w, VM: vm, limit: limit, stuckAfter: max(limit, minStuck), onStuck: onStuck}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.guards[g] = struct{}{}
	w.tick = min(w.tick, max(limit/20, minTick))
	if !w.running {
		w.running = true
		go w.run()
	}
	return g
}

// remove forgets a guard. Its run, if there is one, is not interrupted any more.
func (w *Watchdog) remove(g *guard) {
	w.mu.Lock()
	delete(w.guards, g)
	w.mu.Unlock()
	w.rouse()
}

func (w *Watchdog) rouse() {
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

func (w *Watchdog) run() {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		busy, tick, needed := w.look(time.Now())
		if !needed {
			return
		}
		if !busy {
			// A run that begins after asleep was set rouses us; one that began before is seen by the second look.
			w.asleep.Store(true)
			busy, tick, needed = w.look(time.Now())
			if !busy && needed {
				<-w.wake
			}
			w.asleep.Store(false)
			if !needed {
				return
			}
			if !busy {
				continue
			}
		}
		timer.Reset(tick)
		select {
		case <-timer.C:
		case <-w.wake:
		}
	}
}

// look checks every guard once. needed is false when there is none; then the goroutine must end.
func (w *Watchdog) look(now time.Time) (busy bool, tick time.Duration, needed bool) {
	var stuck []*guard
	w.mu.Lock()
	passed := now.Sub(w.looked)
	w.looked = now
	for g := range w.guards {
		b, s := g.look(passed)
		busy = busy || b
		if s {
			stuck = append(stuck, g)
		}
	}
	needed, tick = len(w.guards) > 0, w.tick
	if !needed {
		w.running = false
		w.tick = maxTick
	}
	w.mu.Unlock()
	for _, g := range stuck {
		g.onStuck()
	}
	return busy, tick, needed
}

// guard is the watchdog's view of one runtime. begin and end belong to the runtime's goroutine, look to the
// watchdog's; state is all that they share.
//
// The handshake keeps an interrupt from hitting a later run: the watchdog fires only after it has moved the state of
// this very run from running to firing, and end waits until a firing watchdog is done before it clears the interrupt.
type guard struct {
	dog        *Watchdog
	VM         *goja.Runtime
	limit      time.Duration
	stuckAfter time.Duration
	onStuck    func()

	state atomic.Uint64
	run   uint64 // the runtime's: the number of the current run, shifted

	seen uint64        // the watchdog's: the run that it saw last
	past time.Duration // the watchdog's: the time that passed since it saw that run first, or fired at it
	told bool          // the watchdog's: onStuck was called
}

// begin marks the beginning of a run. Runs do not nest.
func (g *guard) begin() {
	g.run += guardMask + 1
	g.state.Store(g.run | guardRunning)
	if g.dog.asleep.Load() {
		g.dog.rouse()
		callSystem()
	}
}

// end marks the end of the run. Without a run it does nothing.
func (g *guard) end() {
	if g.state.CompareAndSwap(g.run|guardRunning, g.run|guardIdle) || g.state.Load()&guardMask == guardIdle {
		return
	}
	for g.state.Load()&guardMask == guardFiring {
		runtime.Gosched()
	}
	g.VM.ClearInterrupt()
	g.state.Store(g.run | guardIdle)
}

// overdue tells in a run whether it was interrupted.
func (g *guard) overdue() bool { return g.state.Load()&guardMask >= guardFiring }

// look interrupts the run if it is over its limit, and tells whether something runs, or has since the last look. passed is the time
// since that.
func (g *guard) look(passed time.Duration) (busy, stuck bool) {
	state := g.state.Load()
	if run := state &^ guardMask; run != g.seen {
		g.seen, g.past = run, 0
		return true, false
	}
	if state&guardMask == guardIdle {
		return false, false
	}
	// A long gap between two looks says that the process was stopped or got no processor. The script did not run then
	// either, so that a gap alone never uses up the limit.
	g.past += min(passed, g.limit/4)
	switch state & guardMask {
	case guardRunning:
		if g.past >= g.limit && g.state.CompareAndSwap(state, g.seen|guardFiring) {
			g.VM.Interrupt(errTimeLimit)
			g.state.Store(g.seen | guardFired)
			g.past = 0
		}
	case guardFired:
		if g.past >= g.stuckAfter && !g.told {
			g.told, stuck = true, true
		}
	}
	return true, stuck
}

// Package machine is one goja VM on a goroutine of its own: a loop that others post to, timers, a watchdog that ends what
// runs too long, runs that neither an exception nor a panic gets out of, and the texts that say what ended them.
//
//	m := machine.New(owner, watchdog, 5*time.Second)
//	ready := make(chan error, 1)
//	go m.Run(load, ready) // load calls m.Setup, defines globals and runs the script
//	m.loop.post(func() { err := m.Attempt(func() { f(goja.FunctionCall{}) }) })
//
// What it runs, and what becomes of errors, is its [Owner]'s. It knows nothing of plugins.
//
// # Time
//
// Whatever calls into the VM is a run: the top level, a listener with the promise jobs that it leaves, a timer, a batch of
// promise jobs. A run that is longer than the limit is interrupted. The interrupt ends the run and nothing else: the next
// one finds the variables as they are. Promise jobs that were queued at that moment may be lost. A run that goes on
// regardless (a regular expression, a huge string) is stuck, and the owner is told. A Go panic that comes out of the VM is
// a bug of ours; the machine is broken then.
//
// Entering the VM costs more than calling a function in it, and goja runs promise jobs only when it is left. A machine
// therefore notes when the first reaction is attached to a promise: before that there are no jobs, and one flush for many
// calls is enough.
//
// # Concurrency
//
// Everything that belongs to a machine stays on its goroutine; others only post work to its loop. The go statements:
//
//   - the machine's goroutine, started by whoever calls Run with go. One that is stuck in native code is left behind until
//     it comes back, and ends then.
//   - the watchdog's goroutine, one for each [Watchdog]: started with the first machine, ends after the last.
//
// # Shutdown
//
// Retire ends a machine once its owner is idle; what is reserved may go on for the grace period. Abandon lets everyone go
// who waits for it.
//
// # Files
//
//   - machine.go: the machine, and guarded runs
//   - owner.go: whom it works for, and what that may ask of it
//   - loop.go: the door for other goroutines
//   - timers.go: setTimeout and its like, and how many there may be
//   - watchdog.go: the time limit
//   - system_linux.go, system_other.go: what wakes the scheduler's own watchdog
//   - globals.go: self, queueMicrotask, and helpers for talking to goja
//   - fault.go: panics of the engine that are exceptions
//   - errors.go: what went wrong, in the author's terms: the texts of interrupted runs, and places in the source
package machine

package machine

import "sync"

// loop is the door to a runtime's goroutine. Everyone may post work; only the runtime's goroutine takes it. Nothing
// that belongs to the runtime may be touched anywhere else: no value, no object, no function.
//
// The contract for work that goes on elsewhere is k6's: take a reservation on the runtime's goroutine
// ([jsRuntime.Reserve]), do the work on another, and deliver exactly once, with or without a result. A reservation
// that is never delivered keeps a retired runtime alive until its grace period is over.
type loop struct {
	wake chan struct{}

	mu     sync.Mutex
	tasks  []func() // guarded by mu
	closed bool     // guarded by mu
}

func newLoop() *loop { return &loop{wake: make(chan struct{}, 1)} }

// post hands f to the runtime's goroutine and returns at once. False: the runtime has ended, and f will not run.
func (l *loop) post(f func()) bool {
	l.mu.Lock()
	if l.closed {
		l.mu.Unlock()
		return false
	}
	l.tasks = append(l.tasks, f)
	l.mu.Unlock()
	l.rouse()
	return true
}

// rouse makes the runtime's goroutine look around.
func (l *loop) rouse() {
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

// take returns what was posted since the last call.
func (l *loop) take() []func() {
	l.mu.Lock()
	defer l.mu.Unlock()
	tasks := l.tasks
	l.tasks = nil
	return tasks
}

// close refuses further work and returns what was posted and has not run.
func (l *loop) close() []func() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	tasks := l.tasks
	l.tasks = nil
	return tasks
}

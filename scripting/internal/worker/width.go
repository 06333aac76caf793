package worker

import (
	"runtime"
	"sync"
	"time"
)

const (
	// narrowAfter is after how many small batches in a row one processor is enough, and wideAfter how many others that takes back.
	narrowAfter = 64
	wideAfter   = 8
	// small is how long a batch takes at most that is small.
	small = time.Millisecond
	// restPause is how often it is looked whether small batches still come, and fewest how many must have come.
	restPause = 100 * time.Millisecond
	fewest    = 8
)

// width is on how many processors the process may run at once: on all that Go takes, or on one while there is one small batch after
// the other. Go has a thread look for work on an idle processor whenever a goroutine tells another one something, and each time that
// thread finds nothing here; it was half of what handing a small batch over cost. Whatever is not a batch runs on all.
type width struct {
	set func(narrow bool) // sets it

	mu     sync.Mutex
	alarm  *time.Timer // guarded by mu, as all below; nil: it was never narrow
	narrow bool
	loads  int // what is loading
	inHand int // batches
	streak int // batches in a row that were such as ask for the other width
	came   int // batches since it was looked last
}

func newWidth() *width {
	if runtime.GOMAXPROCS(0) == 1 {
		return &width{set: func(bool) {}}
	}
	return &width{set: func(narrow bool) {
		if narrow {
			runtime.GOMAXPROCS(1)
		} else {
			runtime.SetDefaultGOMAXPROCS()
		}
	}}
}

// load begins something that is no batch and takes long; the end of it is to be called.
func (w *width) load() (end func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.loads++
	w.changeLocked(false)
	return func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.loads--
	}
}

// begin begins a batch, and tells whether it is the only one.
func (w *width) begin() (alone bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.inHand++
	w.came++
	if alone = w.inHand == 1; !alone {
		w.countLocked(false)
	}
	return alone
}

// end ends a batch that took so long.
func (w *width) end(alone bool, took time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.inHand--
	w.countLocked(alone && w.inHand == 0 && took < small)
}

// countLocked counts a batch for which one processor is enough, or is not.
func (w *width) countLocked(enough bool) {
	switch {
	case enough != w.narrow:
		w.streak++
	case w.narrow:
		w.streak = max(0, w.streak-1)
	default:
		w.streak = 0
	}
	switch {
	case w.narrow && w.streak >= wideAfter:
		w.changeLocked(false)
	case !w.narrow && w.streak >= narrowAfter && w.loads == 0:
		w.changeLocked(true)
	}
}

func (w *width) changeLocked(narrow bool) {
	w.streak = 0
	if w.narrow == narrow {
		return
	}
	w.narrow = narrow
	w.set(narrow)
	switch {
	case !narrow:
		w.alarm.Stop()
	case w.alarm == nil:
		w.came = 0
		w.alarm = time.AfterFunc(restPause, w.look)
	default:
		w.came = 0
		w.alarm.Reset(restPause)
	}
}

// look takes all processors again when no batches come any more.
func (w *width) look() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.narrow {
		return
	}
	if w.came < fewest {
		w.changeLocked(false)
		return
	}
	w.came = 0
	w.alarm.Reset(restPause)
}

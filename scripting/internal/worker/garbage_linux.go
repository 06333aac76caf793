package worker

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync/atomic"
)

const (
	// garbage is how much garbage may pile up, in percent of what is in use, where that is little: that is a few megabytes, and
	// collecting twice as often costs more than they are worth. The bound on memory counts all the same.
	garbage = 300
	// usual is the same for Go.
	usual = 100
	// little is how many bytes are in use at most then.
	little = 12 << 20
)

// tendGarbage lets more garbage pile up as long as little is in use. It is called once; from then on each collection ends with a look
// at how much that is, until the end of it is called.
func tendGarbage() (end func()) {
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	percent := usual
	look := func() {
		metrics.Read(live)
		now := usual
		if live[0].Value.Uint64() <= little {
			now = garbage
		}
		if now != percent {
			percent = now
			debug.SetGCPercent(now)
		}
	}
	look()
	var over atomic.Bool
	afterCollection(&sentinel{look, &over})
	return func() { over.Store(true) }
}

// sentinel is found to be garbage by each collection.
type sentinel struct {
	look func()
	over *atomic.Bool
}

func afterCollection(s *sentinel) {
	runtime.SetFinalizer(s, func(s *sentinel) {
		if !s.over.Load() {
			s.look()
			afterCollection(s)
		}
	})
}

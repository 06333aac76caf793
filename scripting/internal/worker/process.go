package worker

import (
	"context"
	"runtime"
	"sync"

	"github.com/rs/zerolog"

	"trackhook/scripting/internal/instance"
	"trackhook/scripting/internal/wire"
)

// process is what the versions in this process share.
type process struct {
	conn  *wire.Conn
	known map[string]Errand
	// slots holds an element for each version that runs at this moment, where there are several: so few that it is known whom
	// to suspect when the process ends.
	slots chan struct{}
	width *width

	mu       sync.Mutex
	versions map[uint32]*worker // by channel; guarded by mu, as all below
	limited  bool               // limit was called
	walls    []string           // what the system keeps from it; not written once a version was loaded
	levels   map[uint32]zerolog.Level
	board    *board           // see Board of [wire.Start]; nil until there is one
	common   *instance.Shared // of which the others take what they can; nil until there is one
}

// leastSlots is how many versions run at once at least.
const leastSlots = 4

func newProcess(conn *wire.Conn, known map[string]Errand) *process {
	return &process{conn: conn, known: known, versions: map[uint32]*worker{}, levels: map[uint32]zerolog.Level{}, slots: make(chan struct{}, max(leastSlots, 2*runtime.GOMAXPROCS(0))), width: newWidth()}
}

// hear does what the host says.
func (p *process) hear(channel uint32, kind wire.Kind, body []byte) error {
	p.mu.Lock()
	w := p.versions[channel]
	if w == nil && (kind == wire.Load || kind == wire.Errand) {
		w = newWorker(p, channel)
		p.versions[channel] = w
	}
	p.mu.Unlock()
	if w == nil {
		return nil // it has just ended
	}
	return w.hear(kind, body)
}

// setLevel has a version log from a level on. Where another one logs more, the host leaves out what is too much.
func (p *process) setLevel(channel uint32, level zerolog.Level) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.levels[channel] = level
	for _, other := range p.levels {
		level = min(level, other)
	}
	zerolog.SetGlobalLevel(level)
}

// remove takes a version out that has ended.
func (p *process) remove(channel uint32) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.versions, channel)
	delete(p.levels, channel)
}

// prepare takes from the process what a script has no use for, before the first one runs.
func (p *process) prepare(s *wire.Start) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.limited {
		return nil
	}
	p.limited = true
	if s.Shared {
		p.board = openBoard(s.Board)
	}
	if err := limit(s.Memory, s.Shared); err != nil {
		return err
	}
	p.walls = confine(readable())
	return nil
}

// shared makes what a version shares with others, here or of its own.
func (p *process) shared(settings instance.Settings) *instance.Shared {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.common == nil {
		p.common = instance.NewShared(settings)
		return p.common
	}
	return p.common.Sibling(settings)
}

// gate is that of a version which shares the process; it implements the gate of a machine.
type gate struct {
	p       *process
	channel uint32

	mu sync.Mutex
	// runs tells that it runs, inHand that it was handed a batch, and unsettled that it has run since; guarded by mu.
	runs, inHand, unsettled bool
	// noted is what the board says; guarded by mu.
	noted byte
}

// Enter waits until the version may run, and notes that it does.
func (g *gate) Enter() {
	g.p.slots <- struct{}{}
	g.note(func() { g.runs, g.unsettled = true, g.inHand })
}

// Leave notes that it does not any more.
func (g *gate) Leave() {
	g.note(func() { g.runs = false })
	<-g.p.slots
}

// hold notes that it has a batch in hand, and settle that what came of that was told. Nil does not.
func (g *gate) hold() {
	if g != nil {
		g.note(func() { g.inHand, g.unsettled = true, g.runs }) // what runs now may go on with the batch, and not enter for it
	}
}

func (g *gate) settle() {
	if g != nil {
		g.note(func() { g.inHand, g.unsettled = false, false })
	}
}

func (g *gate) note(change func()) {
	g.mu.Lock()
	defer g.mu.Unlock()
	change()
	what := wire.AtRest
	switch {
	case g.runs:
		what = wire.Runs
	case g.unsettled:
		what = wire.Unsettled
	}
	if what != g.noted {
		g.noted = what
		g.p.board.note(g.channel, what)
	}
}

// close ends the version at once.
func (w *worker) close() {
	w.cancel()
	<-w.loaded
	if w.instance != nil {
		w.instance.GiveUp()
	}
	if w.own != nil {
		w.own.Fetcher.Close()
	}
	w.leave()
}

// leave says that the version has ended.
func (w *worker) leave() {
	w.process.remove(w.channel)
	_ = w.conn.Send(wire.Retired, nil) // whoever does not hear it is gone
}

// newWorker makes a version that is not loaded yet.
func newWorker(p *process, channel uint32) *worker {
	w := &worker{process: p, channel: channel, conn: p.conn.Channel(channel), loaded: make(chan struct{}), turn: make(chan struct{}, 1)}
	w.home = &home{conn: w.conn, waiting: map[uint64]chan<- *wire.Fields{}, reads: make(chan struct{}, maxReads)}
	w.errands = errands{known: p.known, answers: make(chan []byte, 1)}
	w.ctx, w.cancel = context.WithCancel(context.Background())
	return w
}

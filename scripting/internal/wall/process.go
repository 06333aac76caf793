package wall

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"trackhook/scripting/internal/wire"
)

// process is what a version has of a process of the system: all of it, or its share.
type process struct {
	house   *house
	channel uint32
	conn    *wire.Channel
	plugin  string
	hear    func(*process, frame) bool
	// move asks for the version to be started in another process, for a reason. Nil where it has this one for itself.
	move func(why string)
	// frames get what it says that is no call and no line. Closed when it says nothing more.
	frames chan frame
	// gone is closed when it has ended.
	gone chan struct{}
	// fate is what is known of its part in that, once gone is closed.
	fate fate
	// unstored tells that what it has stored last could not be kept.
	unstored atomic.Bool
	// talks ends when it says nothing more.
	talks  context.Context //nolint:containedctx // its life, which no single call owns
	silent context.CancelFunc
	calls  sync.WaitGroup

	mu    sync.Mutex
	held  map[string]bool // the locks that it has; guarded by mu, as all below
	asked int             // calls in hand, and their bytes
	bytes int
	over  bool // frames are closed
}

type frame struct {
	kind wire.Kind
	body []byte
}

// fate says whether a version is to blame for the end of its process.
type fate int

const (
	guilty   fate = iota // it had the process for itself, or is known to be the cause
	suspect              // it ran when the process ended, as perhaps others
	innocent             // it did not run then
)

// spawn starts a process of its own, or takes the spare one. hear is called with what it says, on one goroutine.
func spawn(command []string, memory int64, waits waits, spare *Spare, hear func(*process, frame) bool) (*process, error) {
	h, err := obtain(command, waits, spare, false)
	if err != nil {
		return nil, err
	}
	h.take(use{memory: memory})
	return h.open("", hear, nil), nil
}

const (
	// maxCalls is how many calls of a process may be in hand, and maxAsked how many bytes they may have beside the first.
	maxCalls = 256
	maxAsked = wire.MaxFrame
)

// asks counts a call of so many bytes. False: there are too many.
func (p *process) asks(size int) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.asked > 0 && (p.asked >= maxCalls || p.bytes+size > maxAsked) {
		return false
	}
	p.asked++
	p.bytes += size
	return true
}

// answered takes a call back.
func (p *process) answered(size int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked--
	p.bytes -= size
}

// kill ends it. The first reason counts; an empty one is for an end that is no death, which those who share the process do not
// notice.
func (p *process) kill(why string) {
	if !p.house.shared || why != "" {
		p.house.kill(p, why)
		return
	}
	go func() {
		_ = p.conn.Send(wire.Close, nil) // it is gone otherwise
		limit := time.NewTimer(p.house.waits.end)
		defer limit.Stop()
		select {
		case <-p.gone:
		case <-limit.C:
			p.house.kill(p, "it did not end when it was told to")
		}
	}()
}

// reason says what ended it, for people; call it when it is gone.
func (p *process) reason() string {
	p.house.mu.Lock()
	culprit := p.house.culprit
	p.house.mu.Unlock()
	if p.house.shared && culprit != nil && culprit != p {
		return "the process that plugins share was ended because of " + culprit.plugin
	}
	return p.house.reason()
}

// hush lets those go who wait for what it says. True: it was the first to do so.
func (p *process) hush() bool {
	p.mu.Lock()
	first := !p.over
	p.over = true
	p.mu.Unlock()
	if first {
		close(p.frames)
		p.silent()
	}
	return first
}

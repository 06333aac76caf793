package adjust

import (
	"context"
	"sync"
	"time"
)

// Load balancers close idle connections after 60 s as a rule, and some servers after 5 s. Being first avoids sending into
// a connection that is just being closed, which would make the attempt ambiguous. A busy host keeps its connections in any
// case, and one that is not has the time to make new ones.
const idleTimeout = 4 * time.Second

// What a name means may change, and a certificate may be taken back, while the old server still answers: a busy host would
// hold on to it for as long as it is busy. So no connection is used for longer than DNS answers usually hold.
const maxAge = 2 * time.Minute

// pool holds the connections to one host.
type pool struct {
	route *route
	slots chan struct{} // holds one for each attempt

	mu     sync.Mutex
	idle   []*conn     // guarded by mu; the longest idle first
	reaper *time.Timer // guarded by mu; nil while nothing is idle
	closed bool        // guarded by mu
	crowd  crowd       // guarded by mu
}

// newPool makes a pool of at most conns connections.
func newPool(r *route, conns int) *pool { return &pool{route: r, slots: make(chan struct{}, conns)} }

// get returns a connection that was idle or a place on one that is shared, or makes one. A connection must be given back
// with put or drop, and after the use of a place release must be called. The error is a [*connectError].
func (p *pool) get(ctx context.Context, deadline time.Time) (*conn, *shared, error) {
	if err := ctx.Err(); err != nil {
		return nil, nil, &connectError{stageWait, err}
	}
	select {
	case p.slots <- struct{}{}:
	default:
		if err := p.wait(ctx, deadline); err != nil {
			return nil, nil, err
		}
	}
	for c := p.pop(); c != nil; c = p.pop() {
		if c.obey(ctx) && c.usable() {
			c.used = true
			return c, nil, nil
		}
		c.abandon()
	}
	connecting, cancel := context.WithDeadline(ctx, deadline)
	defer cancel()
	c, m, err := p.connect(connecting)
	if err != nil {
		p.release()
		return nil, nil, err
	}
	if c != nil {
		c.obey(ctx)
	}
	return c, m, nil
}

// release ends what get began.
func (p *pool) release() { <-p.slots }

// wait waits for a connection to be given back.
func (p *pool) wait(ctx context.Context, deadline time.Time) error {
	ctx, cancel := context.WithDeadline(ctx, deadline)
	defer cancel()
	select {
	case p.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return &connectError{stageWait, ctx.Err()}
	}
}

// pop takes the connection that was used last, so that those which are not needed become old.
func (p *pool) pop() *conn {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.idle) == 0 {
		return nil
	}
	last := len(p.idle) - 1
	c := p.idle[last]
	p.idle[last] = nil
	p.idle = p.idle[:last]
	return c
}

// put gives back a connection that can carry another request.
func (p *pool) put(c *conn) {
	c.since = time.Now()
	p.mu.Lock()
	closed := p.closed || c.since.Sub(c.made) >= maxAge
	if !closed {
		p.idle = append(p.idle, c)
		if p.reaper == nil {
			p.reaper = time.AfterFunc(idleTimeout, p.reap)
		}
	}
	p.mu.Unlock()
	if closed {
		c.close()
	}
	p.release()
}

// drop gives back a connection that cannot be used any more.
func (p *pool) drop(c *conn) {
	c.abandon()
	p.release()
}

// reap closes what has been idle for too long. It runs on the goroutine of the timer.
func (p *pool) reap() {
	p.mu.Lock()
	old := 0
	for old < len(p.idle) && time.Since(p.idle[old].since) >= idleTimeout {
		old++
	}
	expired := append([]*conn(nil), p.idle[:old]...)
	rest := copy(p.idle, p.idle[old:])
	clear(p.idle[rest:])
	p.idle = p.idle[:rest]
	p.reaper = nil
	if rest > 0 {
		p.reaper = time.AfterFunc(idleTimeout-time.Since(p.idle[0].since), p.reap)
	}
	p.mu.Unlock()
	for _, c := range expired {
		c.close()
	}
}

// close closes the idle connections, and those that are given back later.
func (p *pool) close() {
	p.mu.Lock()
	idle := p.idle
	p.idle, p.closed = nil, true
	if p.reaper != nil {
		p.reaper.Stop()
		p.reaper = nil
	}
	p.crowd.close()
	p.mu.Unlock()
	for _, c := range idle {
		c.close()
	}
}

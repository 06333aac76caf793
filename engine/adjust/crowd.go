package adjust

import (
	"context"
	"errors"
	"slices"
	"time"
)

// crowd is the shared connections to a host, and what is known about whether it has any. The pool's lock guards it.
type crowd struct {
	conns []*shared
	known bool      // whether the server has HTTP/2:
	only1 bool      // it has not,
	until time.Time // or not before then, because it did not work
	each  int       // how many streams a connection is likely to have
	// How many attempts wait for a connection, and how many of them make one; and the end of the next one that does.
	waiting, dialing int
	next             *dialing
	closed           bool
}

// dialing is the making of a connection, as those who wait for it see it.
type dialing struct {
	done chan struct{} // closed when it is over
	err  error         // nil where there may be room now
}

// errNoPlaces is a server's that lets nobody in.
var errNoPlaces = errors.New("it takes no requests at present")

// connect finds a place on a shared connection, or makes a connection. Attempts that begin at once do not make one each:
// until it is known what the server offers, one does, and then as many as their streams need.
func (p *pool) connect(ctx context.Context) (*conn, *shared, error) {
	for {
		p.mu.Lock()
		if m := p.crowd.place(); m != nil {
			p.mu.Unlock()
			return nil, m, nil
		}
		switch {
		case p.route.secure == nil || p.crowd.alone():
			p.mu.Unlock()
			return p.makeOne(ctx)
		case !p.crowd.enough():
			p.crowd.dialing++
			p.crowd.waiting++
			p.mu.Unlock()
			return p.makeForMany(ctx)
		}
		next := p.crowd.wait()
		p.mu.Unlock()
		var ended bool
		select {
		case <-next.done:
		case <-ctx.Done():
			ended = true
		}
		p.mu.Lock()
		p.crowd.waiting--
		m := p.crowd.place()
		p.mu.Unlock()
		switch {
		case m != nil:
			return nil, m, nil
		case ended:
			return nil, nil, &connectError{stageWait, ctx.Err()}
		case next.err != nil:
			return nil, nil, next.err
		}
	}
}

// makeOne makes a connection to a server that is not known to have HTTP/2, for one attempt.
func (p *pool) makeOne(ctx context.Context) (*conn, *shared, error) {
	p.mu.Lock()
	shareable := time.Now().After(p.crowd.until)
	p.mu.Unlock()
	return p.dial(ctx, shareable)
}

// makeForMany makes a connection while others wait for it.
func (p *pool) makeForMany(ctx context.Context) (*conn, *shared, error) {
	c, m, err := p.dial(ctx, true)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.crowd.dialing--
	p.crowd.waiting--
	if c != nil {
		p.crowd.known, p.crowd.only1 = true, true
	}
	shown := err
	if ctx.Err() != nil {
		shown = nil // it is the end of this attempt alone
	}
	p.crowd.made(shown)
	return c, m, err
}

// dial makes a connection, and takes the first place on one that is shared. A server that offers HTTP/2 and does not speak
// it is asked for HTTP/1.1.
func (p *pool) dial(ctx context.Context, shareable bool) (*conn, *shared, error) {
	c, m, err := p.route.dial(ctx, shareable)
	if m != nil {
		err = p.join(m)
	}
	if failed := (*connectError)(nil); errors.As(err, &failed) && failed.stage == stageGreeting && ctx.Err() == nil {
		p.mu.Lock()
		p.crowd.without()
		p.mu.Unlock()
		return p.route.dial(ctx, false)
	}
	if err != nil {
		return nil, nil, err
	}
	return c, m, nil
}

// join adds a shared connection, and takes the first place on it.
func (p *pool) join(m *shared) error {
	if !m.reserve() {
		m.close()
		return &connectError{stageGreeting, errNoPlaces}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.crowd.known, p.crowd.only1, p.crowd.each = true, false, m.allows()
	if p.crowd.closed {
		m.close() // when the attempt is over
		return nil
	}
	p.crowd.conns = append(p.crowd.conns, m)
	return nil
}

// place takes a place on a connection that has one. Those that were made first are filled first, so that those which are
// not needed become idle.
func (c *crowd) place() *shared {
	for i := 0; i < len(c.conns); i++ {
		m := c.conns[i]
		if m.reserve() {
			return m
		}
		if ended, single := m.ended(); ended {
			if single {
				c.without()
			}
			c.conns = slices.Delete(c.conns, i, i+1)
			i--
		}
	}
	return nil
}

// alone tells whether each attempt needs a connection of its own.
func (c *crowd) alone() bool {
	return c.known && c.only1 || !c.until.IsZero() && time.Now().Before(c.until)
}

// without does without HTTP/2 for some time.
func (c *crowd) without() { c.until = time.Now().Add(maxAge) }

// enough tells whether the connections that are being made will do for one attempt more.
func (c *crowd) enough() bool {
	if !c.known {
		return c.dialing > 0
	}
	return c.dialing*max(c.each, 1) > c.waiting
}

// wait adds one that waits for what is being made.
func (c *crowd) wait() *dialing {
	c.waiting++
	if c.next == nil {
		c.next = &dialing{done: make(chan struct{})}
	}
	return c.next
}

// made tells those who wait.
func (c *crowd) made(err error) {
	if c.next != nil {
		c.next.err = err
		close(c.next.done)
		c.next = nil
	}
}

// close closes the connections when their streams have ended, and those that are made later.
func (c *crowd) close() {
	c.closed = true
	for _, m := range c.conns {
		m.close()
	}
	c.conns = nil
}

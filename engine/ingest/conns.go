package ingest

import (
	"net"
	"net/http"
	"sync"
	"time"
)

// LimitConnections bounds the connections that a server holds at once, so that somebody who opens many takes neither all
// descriptors nor the place of others: over the bound, the connection that has waited for longest without a request is
// closed for the new one, and with none that waits, the new one is. A client, by its address, may have half of them.
// server must not be serving yet, and must serve the listener that is returned. most is at least 2.
func LimitConnections(server *http.Server, listener net.Listener, most int) net.Listener {
	most = max(most, 2)
	l := &limitedListener{Listener: listener, most: most, clients: map[string]int{}, conns: map[net.Conn]*limitedConn{}}
	before := server.ConnState
	server.ConnState = func(c net.Conn, state http.ConnState) {
		l.changed(c, state)
		if before != nil {
			before(c, state)
		}
	}
	return l
}

// limitedListener accepts up to a bound.
type limitedListener struct {
	net.Listener
	most int

	mu sync.Mutex
	// conns are all that are open, and clients how many each client has; guarded by mu.
	conns   map[net.Conn]*limitedConn
	clients map[string]int
}

// limitedConn takes itself out of the books when it is closed.
type limitedConn struct {
	net.Conn
	listener *limitedListener
	client   string
	// waits is when it began to wait for a request: zero while one is read or answered; guarded by listener.mu.
	waits time.Time
}

// Accept returns the next connection that has a place.
func (l *limitedListener) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		client, _, err := net.SplitHostPort(c.RemoteAddr().String())
		if err != nil {
			client = c.RemoteAddr().String()
		}
		one := &limitedConn{Conn: c, listener: l, client: client, waits: time.Now()}
		ok, instead := l.admit(one)
		if instead != nil {
			_ = instead.Close() // whoever idled there connects again
		}
		if ok {
			return one, nil
		}
		_ = c.Close() // there is no place; the client tries again
	}
}

// admit takes a connection into the books when there is a place or one can be made; instead is to be closed for it.
func (l *limitedListener) admit(c *limitedConn) (ok bool, instead *limitedConn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	crowded := l.clients[c.client] >= (l.most+1)/2
	if crowded || len(l.conns) >= l.most {
		for _, other := range l.conns {
			if !other.waits.IsZero() && (!crowded || other.client == c.client) && (instead == nil || other.waits.Before(instead.waits)) {
				instead = other
			}
		}
		if instead == nil {
			return false, nil
		}
		l.forget(instead)
	}
	l.conns[c] = c
	l.clients[c.client]++
	return true, instead
}

// forget takes a connection out of the books. mu must be held.
func (l *limitedListener) forget(c *limitedConn) {
	if l.conns[c] == nil {
		return
	}
	delete(l.conns, c)
	if l.clients[c.client]--; l.clients[c.client] == 0 {
		delete(l.clients, c.client)
	}
}

// changed notes whether a connection waits.
func (l *limitedListener) changed(c net.Conn, state http.ConnState) {
	if secure, ok := c.(interface{ NetConn() net.Conn }); ok {
		c = secure.NetConn() // of TLS
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if one := l.conns[c]; one != nil {
		one.waits = time.Time{}
		if state == http.StateIdle || state == http.StateNew {
			one.waits = time.Now()
		}
	}
}

// Close closes the connection.
func (c *limitedConn) Close() error {
	c.listener.mu.Lock()
	c.listener.forget(c)
	c.listener.mu.Unlock()
	return c.Conn.Close()
}

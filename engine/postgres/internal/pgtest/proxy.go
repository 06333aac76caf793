package pgtest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/url"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// Proxy stands between hosts and a server, and can be told to do what networks do. Its zero fault is none.
type Proxy struct {
	server string // its socket
	door   net.Listener
	loops  sync.WaitGroup

	mu     sync.Mutex
	conns  map[*proxied]bool // guarded by mu
	fault  Fault             // guarded by mu
	opened chan struct{}     // closed when connections are served again; guarded by mu
	delay  time.Duration     // guarded by mu
	losses []loss            // what is to be lost next; guarded by mu
	lost   int               // guarded by mu
	closed bool              // guarded by mu
	pooler bool              // guarded by mu
}

// Fault is what a proxy does to all connections.
type Fault int

const (
	// None passes everything on.
	None Fault = iota
	// Refuse resets connections, and those that are made.
	Refuse
	// Silent takes connections and passes nothing on, in both directions.
	Silent
)

// Loss is what a proxy does to one request.
type Loss int

const (
	// OfRequest resets the connection before the server has heard of the request.
	OfRequest Loss = iota
	// OfHalf resets it when the server has got half of the request.
	OfHalf
	// OfAnswer resets it when the server has answered, which may have been a commit.
	OfAnswer
)

type loss struct {
	what Loss
	mark []byte
}

// proxied is one connection through a proxy.
type proxied struct {
	client, server net.Conn
	startup        []byte
	cut            bool // the next answer is lost; guarded by the proxy's lock
}

// StartProxy stands in front of a server until the test ends.
func StartProxy(tb testing.TB, s *Server) *Proxy {
	tb.Helper()
	door, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	p := &Proxy{server: filepath.Join(s.folder, ".s.PGSQL.5432"), door: door, conns: map[*proxied]bool{}, opened: make(chan struct{})}
	close(p.opened)
	p.loops.Go(p.accept)
	tb.Cleanup(p.Close)
	return p
}

// URL is where the proxy is.
func (p *Proxy) URL() string {
	u := url.URL{Scheme: "postgres", User: url.UserPassword("trackhook", "secret-of-the-proxy"), Host: p.door.Addr().String(), Path: "/postgres", RawQuery: "sslmode=disable"}
	return u.String()
}

// Close ends all connections.
func (p *Proxy) Close() {
	p.mu.Lock()
	closed := p.closed
	p.closed = true
	p.mu.Unlock()
	if closed {
		return
	}
	_ = p.door.Close()
	p.Set(None)
	p.reset()
	p.loops.Wait()
}

// Set has the proxy do something to all connections from now on.
func (p *Proxy) Set(f Fault) {
	p.mu.Lock()
	p.fault = f
	select {
	case <-p.opened:
		if f == Silent {
			p.opened = make(chan struct{})
		}
	default:
		if f != Silent {
			close(p.opened)
		}
	}
	p.mu.Unlock()
	if f == Refuse {
		p.reset()
	}
}

// Delay has each request wait.
func (p *Proxy) Delay(d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.delay = d
}

// Pool has the proxy name other processes than the server's own, as a pooler does.
func (p *Proxy) Pool() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.pooler = true
}

// Lose has the next request lost that contains mark, or is on a connection whose settings do.
func (p *Proxy) Lose(what Loss, mark string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.losses = append(p.losses, loss{what, []byte(mark)})
}

// Lost returns how many requests were lost.
func (p *Proxy) Lost() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.lost
}

func (p *Proxy) reset() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := range p.conns {
		c.reset()
	}
}

// reset ends a connection as a crash does.
func (c *proxied) reset() {
	if tcp, ok := c.client.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = c.client.Close()
	_ = c.server.Close()
}

func (p *Proxy) accept() {
	for {
		client, err := p.door.Accept()
		if err != nil {
			return
		}
		p.mu.Lock()
		refused := p.fault == Refuse
		p.mu.Unlock()
		server, err := (&net.Dialer{}).DialContext(context.Background(), "unix", p.server)
		if refused || err != nil {
			if err == nil {
				_ = server.Close()
			}
			_ = client.Close()
			continue
		}
		c := &proxied{client: client, server: server}
		p.mu.Lock()
		p.conns[c] = true
		p.mu.Unlock()
		p.loops.Go(func() { p.pass(c, client, server, p.request) })
		p.loops.Go(func() { p.pass(c, server, client, p.answer) })
	}
}

// errReset ends a connection.
var errReset = errors.New("reset")

// pass passes on what comes from one side, as far as change lets it.
func (p *Proxy) pass(c *proxied, from io.Reader, to io.Writer, change func(*proxied, []byte) ([]byte, error)) {
	defer func() {
		p.mu.Lock()
		delete(p.conns, c)
		p.mu.Unlock()
		c.reset()
	}()
	buffer := make([]byte, 64<<10)
	for {
		n, err := from.Read(buffer)
		if n > 0 {
			p.mu.Lock()
			opened, delay := p.opened, p.delay
			p.mu.Unlock()
			<-opened
			if delay > 0 {
				<-time.After(delay)
			}
			chunk, lost := change(c, buffer[:n])
			if _, err := to.Write(chunk); err != nil || lost != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// syncMessage ends a request in the protocol of PostgreSQL.
const syncMessage = "S\x00\x00\x00\x04"

// request decides what of a request is passed on.
func (p *Proxy) request(c *proxied, chunk []byte) ([]byte, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if c.startup == nil {
		c.startup = bytes.Clone(chunk)
		return chunk, nil
	}
	if len(p.losses) == 0 || !bytes.HasSuffix(chunk, []byte(syncMessage)) || !bytes.Contains(chunk, []byte{'E'}) {
		return chunk, nil
	}
	if mark := p.losses[0].mark; !bytes.Contains(c.startup, mark) && !bytes.Contains(chunk, mark) {
		return chunk, nil
	}
	what := p.losses[0].what
	p.losses = p.losses[1:]
	p.lost++
	switch what {
	case OfRequest:
		return nil, errReset
	case OfHalf:
		return chunk[:len(chunk)/2], errReset
	default:
		c.cut = true
		return chunk, nil
	}
}

// answer decides whether an answer is passed on.
func (p *Proxy) answer(c *proxied, chunk []byte) ([]byte, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if at := bytes.Index(chunk, []byte{'K', 0, 0, 0, 12}); p.pooler && at >= 0 && at+9 <= len(chunk) {
		chunk[at+8] ^= 1
	}
	if !c.cut {
		return chunk, nil
	}
	if bytes.HasSuffix(chunk, []byte{'Z', 0, 0, 0, 5, 'I'}) {
		return nil, errReset // it has committed
	}
	return nil, nil
}

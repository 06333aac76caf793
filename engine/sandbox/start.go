package sandbox

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"sync"
	"time"

	"trackhook/engine/site"
)

// LocalServer is a [Server] that listens on an address of this machine. Use [Start].
type LocalServer struct {
	*Server
	// URL is the base URL, "http://HOST:PORT".
	URL string

	http   *http.Server
	done   chan struct{} // closed when Serve has returned
	err    error         // of Serve; read after done
	unhook func() bool
	once   sync.Once
}

// Start listens on addr, such as "127.0.0.1:8788", or "127.0.0.1:0" for any free port, and answers until ctx ends or
// Close is called. When ctx ends, answers that are delayed or withheld end too; call Close to wait for the end.
func Start(ctx context.Context, addr string, cfg Config) (*LocalServer, error) {
	s, err := New(cfg)
	if err != nil {
		return nil, err
	}
	hosts, err := site.NewHosts(addr, cfg.AllowedHosts...)
	if err != nil {
		return nil, fmt.Errorf("start sandbox: %w", err)
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("start sandbox: %w", err)
	}
	l := &LocalServer{Server: s, URL: "http://" + listener.Addr().String(), done: make(chan struct{}), http: &http.Server{
		Handler: hosts.Check(s), ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute,
		ConnState: s.admit,
		ErrorLog:  log.New(io.Discard, "", 0), // it would only tell of what faults do on purpose
	}}
	go l.serve(listener)
	l.unhook = context.AfterFunc(ctx, l.end)
	return l, nil
}

func (l *LocalServer) serve(listener net.Listener) {
	defer close(l.done)
	if err := l.http.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		l.err = fmt.Errorf("sandbox: %w", err)
	}
}

// end closes everything and does not wait.
func (l *LocalServer) end() {
	l.once.Do(func() {
		l.Server.Close()
		_ = l.http.Close() // the listener and the connections are gone whatever it says
	})
}

// Done is closed when the server does not listen any more.
func (l *LocalServer) Done() <-chan struct{} { return l.done }

// Close stops listening, closes all connections, and waits for the listener's end. The error is why it ended before, if
// it did. It may be called more than once.
func (l *LocalServer) Close() error {
	l.unhook()
	l.end()
	<-l.done
	return l.err
}

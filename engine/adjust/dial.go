package adjust

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"time"
)

// route is how to reach one place: an endpoint's scheme, host and port, perhaps through a proxy.
type route struct {
	authority string      // the host as it is written on the wire
	address   string      // the endpoint's host and port, for dialing
	secure    *tls.Config // nil: no TLS
	proxy     *url.URL    // nil: none
	login     string      // the header Proxy-Authorization, "" for none
	absolute  bool        // requests name the complete URL, because an HTTP proxy forwards them
	connect   time.Duration
	open      func(ctx context.Context, network, address string) (net.Conn, error)
	proxyTLS  *tls.Config
	maxBody   int
}

// stage is how far the making of a connection got.
type stage uint8

const (
	stageWait stage = iota
	stageProxy
	stageDial
	stageTLS
	stageGreeting // of HTTP/2
)

// connectError means that there is no connection, so that nothing was sent.
type connectError struct {
	stage stage
	err   error
}

func (e *connectError) Error() string { return e.err.Error() }
func (e *connectError) Unwrap() error { return e.err }

// poolFor returns the connections to the place that u names; apps with the same endpoint share them.
func (d *Deliverer) poolFor(c *Config, u *url.URL) (*pool, error) {
	key := u.Scheme + "://" + u.Host
	if p := d.pools[key]; p != nil {
		return p, nil
	}
	r := &route{connect: c.ConnectTimeout, open: c.Dial, maxBody: c.MaxBody}
	var err error
	if r.authority, r.address, err = hostOf(u); err != nil {
		return nil, err
	}
	if u.Scheme == "https" {
		r.secure = d.tls.Clone()
		r.secure.ServerName = hostname(r.address)
	}
	if err := r.addProxy(c, u, d.tls); err != nil {
		return nil, err
	}
	p := newPool(r, c.MaxConns)
	d.pools[key] = p
	return p, nil
}

// requestLine returns the beginning of requests to u, up to a query.
func (p *pool) requestLine(method string, u *url.URL) []byte {
	line := method + " "
	if p.route.absolute {
		line += u.Scheme + "://" + p.route.authority
	}
	return []byte(line + u.EscapedPath())
}

// dial makes a connection and secures it: one that attempts share where the server offers that and shareable is true. Its
// error is a [*connectError].
func (r *route) dial(ctx context.Context, shareable bool) (*conn, *shared, error) {
	raw, spoken, err := r.reach(ctx)
	if err != nil {
		return nil, nil, err
	}
	if r.secure == nil {
		return newConn(raw, spoken), nil, nil
	}
	cfg := r.secure
	if shareable {
		cfg = cfg.Clone()
		cfg.NextProtos = []string{"h2", "http/1.1"}
	}
	secured, err := r.handshake(ctx, spoken, cfg)
	if err != nil {
		_ = raw.Close() // the handshake's error is the one to tell
		return nil, nil, &connectError{stageTLS, err}
	}
	if secured.ConnectionState().NegotiatedProtocol != "h2" {
		return newConn(raw, secured), nil, nil
	}
	m, err := r.share(ctx, raw, secured)
	if err != nil {
		return nil, nil, &connectError{stageGreeting, err}
	}
	return nil, m, nil
}

// reach connects to the server, or to the proxy that stands for it. Its error is a [*connectError].
func (r *route) reach(ctx context.Context) (raw, spoken net.Conn, err error) {
	ctx, cancel := context.WithTimeout(ctx, r.connect)
	defer cancel()
	if r.proxy != nil {
		if raw, spoken, err = r.reachThroughProxy(ctx); err != nil {
			return nil, nil, &connectError{stageProxy, err}
		}
		return raw, spoken, nil
	}
	if raw, err = r.open(ctx, "tcp", r.address); err != nil {
		return nil, nil, &connectError{stageDial, err}
	}
	return raw, raw, nil
}

// handshake adds TLS to a connection.
func (r *route) handshake(ctx context.Context, c net.Conn, cfg *tls.Config) (*tls.Conn, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, r.connect, errHandshakeTimeout)
	defer cancel()
	secured := tls.Client(c, cfg)
	if err := secured.HandshakeContext(ctx); err != nil {
		if cause := context.Cause(ctx); cause != nil {
			err = cause
		}
		return nil, err
	}
	return secured, nil
}

var errHandshakeTimeout = errors.New("the TLS handshake took too long")

// newTLS returns what all secure connections have in common. Sessions are resumed, so that connecting again is cheap.
func newTLS(c *Config) (*tls.Config, error) {
	cfg := &tls.Config{
		MinVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1"},
		ClientSessionCache: tls.NewLRUClientSessionCache(c.MaxConns),
	}
	if c.CAFile == "" {
		return cfg, nil
	}
	pem, err := os.ReadFile(c.CAFile)
	if err != nil {
		return nil, fmt.Errorf("CAFile: %w", err)
	}
	if cfg.RootCAs, err = x509.SystemCertPool(); err != nil {
		return nil, fmt.Errorf("CAFile: read the system's certificates: %w", err)
	}
	if !cfg.RootCAs.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("CAFile: %s holds no certificate; it must be text with BEGIN CERTIFICATE lines", c.CAFile)
	}
	return cfg, nil
}

// joinPort returns host with the port of u, or that of its scheme.
func joinPort(host string, u *url.URL) string {
	port := u.Port()
	if port == "" {
		switch u.Scheme {
		case "https":
			port = "443"
		case "socks5", "socks5h":
			port = "1080"
		default:
			port = "80"
		}
	}
	return net.JoinHostPort(host, port)
}

// hostname returns the host of an address.
func hostname(address string) string {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return address
	}
	return host
}

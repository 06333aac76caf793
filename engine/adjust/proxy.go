package adjust

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"

	"golang.org/x/net/proxy"
)

// addProxy adds the proxy for u to the route, if there is one.
func (r *route) addProxy(c *Config, u *url.URL, base *tls.Config) error {
	server, err := c.Proxy(u)
	// The error and the URL may contain the proxy's password, so neither is repeated.
	switch {
	case err != nil:
		return fmt.Errorf("the proxy for %s is no URL; look at HTTPS_PROXY and HTTP_PROXY", u.Host)
	case server == nil:
		return nil
	case server.Hostname() == "":
		return fmt.Errorf("the proxy for %s has no host; look at HTTPS_PROXY and HTTP_PROXY", u.Host)
	}
	switch server.Scheme {
	case "http", "https":
		r.absolute = u.Scheme == "http"
		if user := server.User; user != nil {
			password, _ := user.Password()
			r.login = "Basic " + base64.StdEncoding.EncodeToString([]byte(user.Username()+":"+password))
		}
	case "socks5", "socks5h":
	default:
		return fmt.Errorf("the proxy for %s has the scheme %q; known are http, https, socks5 and socks5h", u.Host, server.Scheme)
	}
	r.proxy = server
	if server.Scheme == "https" {
		r.proxyTLS = base.Clone()
		r.proxyTLS.ServerName = server.Hostname()
	}
	return nil
}

// reachThroughProxy connects to the proxy, and has it connect to the server where it does not forward requests.
func (r *route) reachThroughProxy(ctx context.Context) (raw, spoken net.Conn, err error) {
	address := joinPort(r.proxy.Hostname(), r.proxy)
	if r.proxy.Scheme == "socks5" || r.proxy.Scheme == "socks5h" {
		raw, err = r.socks(ctx, address)
		return raw, raw, err
	}
	if raw, err = r.open(ctx, "tcp", address); err != nil {
		return nil, nil, err
	}
	spoken = raw
	if r.proxyTLS != nil {
		secured, failed := r.handshake(ctx, raw, r.proxyTLS)
		spoken, err = secured, failed
	}
	if err == nil && !r.absolute {
		err = r.tunnel(ctx, raw, spoken)
	}
	if err != nil {
		_ = raw.Close() // the first error is the one to tell
		return nil, nil, err
	}
	return raw, spoken, nil
}

// opener makes a function the dialer that package proxy wants.
type opener func(ctx context.Context, network, address string) (net.Conn, error)

func (o opener) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	return o(ctx, network, address)
}

func (o opener) Dial(network, address string) (net.Conn, error) {
	return o(context.Background(), network, address)
}

// socks connects through a SOCKS proxy.
func (r *route) socks(ctx context.Context, address string) (net.Conn, error) {
	var login *proxy.Auth
	if user := r.proxy.User; user != nil {
		password, _ := user.Password()
		login = &proxy.Auth{User: user.Username(), Password: password}
	}
	var raw net.Conn
	dialer, err := proxy.SOCKS5("tcp", address, login, opener(func(ctx context.Context, network, address string) (c net.Conn, err error) {
		raw, err = r.open(ctx, network, address)
		return raw, err
	}))
	if err != nil {
		return nil, err
	}
	d, ok := dialer.(proxy.ContextDialer)
	if !ok {
		return nil, errors.New("the SOCKS dialer knows no contexts")
	}
	// What comes back is raw behind a wrapper that hides what raw can. After the greeting it adds nothing.
	if _, err := d.DialContext(ctx, "tcp", r.address); err != nil {
		return nil, err
	}
	return raw, nil
}

// tunnel asks an HTTP proxy to connect to the server.
func (r *route) tunnel(ctx context.Context, raw, spoken net.Conn) error {
	stop := interrupt(ctx, raw)
	request := "CONNECT " + r.address + " HTTP/1.1\r\nHost: " + r.address + "\r\n"
	if r.login != "" {
		request += "Proxy-Authorization: " + r.login + "\r\n"
	}
	err := ask(spoken, request+"\r\n")
	switch {
	case !stop() && ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		return err
	}
	return raw.SetDeadline(time.Time{})
}

// ask sends a request to a proxy and reads the header of the answer. Every answer but 200 is an error.
func ask(c net.Conn, request string) error {
	if _, err := io.WriteString(c, request); err != nil {
		return err
	}
	reader := bufio.NewReader(io.LimitReader(c, maxHeader))
	//nolint:bodyclose // 200 has no body, and the connection is closed after any other
	response, err := http.ReadResponse(reader, &http.Request{Method: http.MethodConnect})
	switch {
	case err != nil:
		return err
	case response.StatusCode != http.StatusOK:
		return errors.New("it answered " + response.Status)
	case reader.Buffered() > 0:
		// The server speaks only when spoken to.
		return errors.New("it sent more than an answer")
	}
	return nil
}

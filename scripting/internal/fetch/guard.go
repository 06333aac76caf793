package fetch

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"syscall"
	"time"
)

// This file decides what a plugin may connect to. The URL is checked before every request and every redirect, and the
// address once more when the socket is about to connect: what a name meant a moment ago counts for nothing.

// refusal is an error for what the plugin may not do.
func (f *Client) refusal(target, reason, entry string) error {
	text := fmt.Sprintf("plugin %s may not connect to %s: %s", f.config.Plugin, target, reason)
	if entry != "" {
		text += fmt.Sprintf("; to allow it, add %q to plugins.%s.allow_hosts in the configuration", entry, f.config.Plugin)
	}
	return &Error{Code: "EACCES", Text: text}
}

// checkURL tells whether the plugin may send a request to this URL, as far as the URL tells.
func (f *Client) checkURL(u *url.URL) error {
	if u.Scheme != "http" && u.Scheme != "https" {
		return &Error{Code: "EINVAL", Text: fmt.Sprintf("the scheme %s: is not supported; http: and https: are", u.Scheme)}
	}
	host, port := canonicalHost(u.Hostname()), portOf(u)
	if slices.Contains(badPorts(), port) {
		return f.refusal(net.JoinHostPort(host, port), "the Fetch standard blocks this port", "")
	}
	grant := f.grant(host, port)
	entry := net.JoinHostPort(host, port)
	if u.Port() == "" {
		entry = host
	}
	if grant == grantNone {
		reason := fmt.Sprintf("plugins.%s.allow_hosts does not name it", f.config.Plugin)
		if f.rules.Load().names(host) {
			reason += " with port " + port
		}
		return f.refusal(host, reason, entry)
	}
	if a, err := netip.ParseAddr(host); err == nil {
		return f.checkAddress(host, port, a, grant)
	}
	return f.checkProxied(u, host, grant)
}

// grant says how far a host and a port are allowed, by all that was granted.
func (f *Client) grant(host, port string) grant {
	g := f.rules.Load().grant(host, port)
	if f.config.Bounded {
		g = min(g, f.within.grant(host, port))
	}
	return g
}

// checkProxied refuses hosts whose address only a proxy would learn, unless they were named in full.
func (f *Client) checkProxied(u *url.URL, host string, g grant) error {
	if f.config.Proxy == nil || g >= grantNamed {
		return nil
	}
	proxy, err := f.config.Proxy(&http.Request{URL: u})
	if err != nil {
		return &Error{Code: "EINVAL", Text: "the proxy environment is not valid"} // not the error: it may hold a password
	}
	if proxy == nil {
		return nil
	}
	return f.refusal(host, "through a proxy only hosts that are named in full can be reached", host)
}

// checkAddress tells whether the plugin may connect to an address that stands in a URL or that a name has led to.
func (f *Client) checkAddress(host, port string, a netip.Addr, g grant) error {
	kind := f.addresses.kind(a)
	switch {
	case kind == addressPublic, g == grantAny, g == grantLocal && kind == addressLoopback, g == grantPrivate && kind.private() && kind != addressLoopback:
		return nil
	}
	address := canonicalAddress(a)
	if f.grant(address, port) == grantAny {
		return nil
	}
	if host == address {
		return f.refusal(address, fmt.Sprintf("it is a %s address", kind), net.JoinHostPort(address, port))
	}
	reason := fmt.Sprintf("it leads to %s, a %s address", address, kind)
	if kind == addressLoopback && isLocal(host) || kind.private() && kind != addressLoopback {
		return f.refusal(host, reason, net.JoinHostPort(host, port))
	}
	return f.refusal(host, reason, net.JoinHostPort(address, port))
}

// dial connects for the transport. The check is made for each address that the name resolves to, by the dialer itself
// just before it connects, so there is no moment in which the answer could change.
func (f *Client) dial(ctx context.Context, network, address string) (net.Conn, error) {
	name, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, fmt.Errorf("split %s: %w", address, err)
	}
	host := canonicalHost(name)
	g := f.grant(host, port)
	viaProxy := f.isProxy(ctx, host, port)
	dialer := net.Dialer{
		Timeout: 10 * time.Second, KeepAlive: 30 * time.Second, Resolver: f.config.Resolver,
		Control: func(_, resolved string, _ syscall.RawConn) error {
			if viaProxy {
				return nil
			}
			at, err := netip.ParseAddrPort(resolved)
			if err != nil {
				return fmt.Errorf("parse the resolved address: %w", err)
			}
			return f.checkAddress(host, port, at.Addr(), g)
		},
	}
	return dialer.DialContext(ctx, network, address)
}

// proxyKey carries the proxy of a request to [Client.dial].
type proxyKey struct{}

// withProxy notes in a context which proxy the request will go through.
func (f *Client) withProxy(ctx context.Context, u *url.URL) context.Context {
	if f.config.Proxy == nil {
		return ctx
	}
	if proxy, err := f.config.Proxy(&http.Request{URL: u}); err == nil && proxy != nil {
		return context.WithValue(ctx, proxyKey{}, proxy)
	}
	return ctx
}

// isProxy tells whether the transport dials the proxy of the request at hand, which was granted with it.
func (f *Client) isProxy(ctx context.Context, host, port string) bool {
	proxy, ok := ctx.Value(proxyKey{}).(*url.URL)
	return ok && canonicalHost(proxy.Hostname()) == host && portOf(proxy) == port
}

// portOf is the port of a URL, with the scheme's own filled in.
func portOf(u *url.URL) string {
	switch {
	case u.Port() != "":
		return u.Port()
	case u.Scheme == "https":
		return "443"
	case u.Scheme == "socks5", u.Scheme == "socks5h":
		return "1080"
	default:
		return "80"
	}
}

// badPorts are the ports that fetch never connects to, because other protocols listen there (Fetch standard, 2.9).
func badPorts() []string {
	return []string{
		"0", "1", "7", "9", "11", "13", "15", "17", "19", "20", "21", "22", "23", "25", "37", "42", "43", "53", "69", "77",
		"79", "87", "95", "101", "102", "103", "104", "109", "110", "111", "113", "115", "117", "119", "123", "135", "137",
		"139", "143", "161", "179", "389", "427", "465", "512", "513", "514", "515", "526", "530", "531", "532", "540",
		"548", "554", "556", "563", "587", "601", "636", "989", "990", "993", "995", "1719", "1720", "1723", "2049", "3659",
		"4045", "4190", "5060", "5061", "6000", "6566", "6665", "6666", "6667", "6668", "6669", "6679", "6697", "10080",
	}
}

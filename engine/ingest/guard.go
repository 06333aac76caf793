package ingest

import (
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
)

// sameSite refuses what a browser sends for a page of another site. Without tokens, any page that is open on this
// machine could otherwise send events.
func sameSite(r *http.Request) *refusal {
	foreign := false
	switch r.Header.Get("Sec-Fetch-Site") {
	case "same-origin", "none":
	case "":
		if origin := r.Header.Get("Origin"); origin != "" {
			u, err := url.Parse(origin)
			foreign = err != nil || u.Host != r.Host
		}
	default:
		foreign = true
	}
	if !foreign {
		return nil
	}
	return &refusal{
		status: http.StatusForbidden, message: "Cross-site request",
		detail: "a host without tokens takes no requests that a browser sends for another site; configure tokens, or send from a server",
	}
}

// RequireTokens refuses an address to listen on, HOST:PORT, that other machines can reach, unless there are tokens. A
// host name other than localhost counts as reachable; so does an empty host.
func RequireTokens(addr string, tokens Tokens) error {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Errorf("listen address %q: %w", addr, err)
	}
	if len(tokens) > 0 || loopback(host) {
		return nil
	}
	return fmt.Errorf("listening on %s would let other machines send packages without a token; "+
		"configure tokens (api.tokens_env), or listen on 127.0.0.1", addr)
}

// loopback tells whether a host, without a port, is this machine for sure.
func loopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback()
}

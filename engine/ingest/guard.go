package ingest

import (
	"fmt"
	"net"
	"net/http"

	"trackhook/engine/site"
)

// sameSite refuses what a browser sends for a page of another site. Any page that is open on this machine could otherwise
// send events.
func sameSite(r *http.Request) *refusal {
	if !site.Foreign(r) {
		return nil
	}
	return &refusal{
		status: http.StatusForbidden, message: "Cross-site request",
		detail: "a browser sent this for a page of another site, and this host takes packages of servers and applications, and on the paths of the Web SDK those of pages whose origin is allowed (api.allow_origins)",
	}
}

// RequireTokens refuses an address to listen on, HOST:PORT, that other machines can reach, unless there are tokens. A
// host name other than localhost counts as reachable; so does an empty host.
func RequireTokens(addr string, tokens Tokens) error {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Errorf("listen: %q is no address to listen at; it must be HOST:PORT, such as 127.0.0.1:8787 or [::1]:8787 (%w)", addr, err)
	}
	if len(tokens) > 0 || site.Loopback(host) {
		return nil
	}
	return fmt.Errorf("listening on %s would let other machines send packages without a token; "+
		"configure tokens (api.tokens_env), or listen on 127.0.0.1", addr)
}

package admin

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// refusal is why a request is not answered.
type refusal struct {
	status          int
	message, detail string
}

// guard returns nil when the request may be answered.
func (a *api) guard(r *http.Request) *refusal {
	if a.cfg.Check != nil {
		if a.cfg.Check(r) {
			return nil
		}
		return &refusal{
			http.StatusUnauthorized, "Failed to authorize request",
			"send the header Authorization: Bearer with a token of this host that has no scopes",
		}
	}
	forbidden := func(detail string) *refusal {
		return &refusal{http.StatusForbidden, "Forbidden", detail + "; configure tokens on the host, or ask from the machine that it runs on"}
	}
	switch {
	case !loopback(r.RemoteAddr):
		return forbidden("without tokens this host answers its own machine only")
	case r.Header.Get("Forwarded") != "" || r.Header.Get("X-Forwarded-For") != "":
		return forbidden("without tokens this host answers nobody through a proxy")
	case !loopback(r.Host):
		return forbidden("the request was made for another name than localhost or 127.0.0.1")
	}
	// For the endpoints that change something: a page of another site must not be able to.
	if err := http.NewCrossOriginProtection().Check(r); err != nil {
		return forbidden("a browser sent this for a page of another site")
	}
	return nil
}

// loopback tells whether HOST:PORT or HOST is this machine. Names other than localhost are not: somebody else says
// where they lead.
func loopback(address string) bool {
	host := address
	if h, _, err := net.SplitHostPort(address); err == nil {
		host = h
	} else {
		host = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	}
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback()
}

package admin

import (
	"net/http"

	"trackhook/engine/site"
)

// guard returns nil when the request may be answered.
func (a *api) guard(r *http.Request) *refusal {
	if a.cfg.Check != nil && a.cfg.Checks() {
		scrapes := r.URL.Path == metricsPath && a.cfg.CheckMetrics != nil
		if !a.cfg.Check(r) && (!scrapes || !a.cfg.CheckMetrics(r)) {
			refused := &refusal{
				status: http.StatusUnauthorized, message: "Failed to authorize request",
				detail: "send the header Authorization: Bearer with a token of this host that has no scopes",
				header: "WWW-Authenticate", value: `Bearer realm="trackhook"`,
			}
			if scrapes {
				refused.detail += ", or the scope metrics"
			}
			return refused
		}
		return sameSite(r, "; send it from a server or a command line")
	}
	const hint = "; configure tokens on the host, or ask from the machine that it runs on"
	forbidden := func(detail string) *refusal {
		return &refusal{status: http.StatusForbidden, message: "Forbidden", detail: detail + hint}
	}
	switch {
	case !site.Loopback(r.RemoteAddr):
		return forbidden("without tokens this host answers its own machine only")
	case r.Header.Get("Forwarded") != "" || r.Header.Get("X-Forwarded-For") != "":
		return forbidden("without tokens this host answers nobody through a proxy")
	case !site.Loopback(r.Host):
		return forbidden("the request was made for another name than localhost or 127.0.0.1")
	}
	return sameSite(r, hint)
}

// sameSite refuses what a browser sends for a page of another site, save methods that change nothing.
func sameSite(r *http.Request, hint string) *refusal {
	if err := http.NewCrossOriginProtection().Check(r); err != nil {
		return &refusal{status: http.StatusForbidden, message: "Forbidden", detail: "a browser sent this for a page of another site" + hint}
	}
	return nil
}

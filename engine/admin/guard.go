package admin

import (
	"net/http"

	"trackhook/engine/site"
)

// guard returns nil when the request may be answered by what needs that access.
func (a *api) guard(r *http.Request, need site.Access) *refusal {
	if a.cfg.Access == nil || !a.cfg.Checks() {
		return a.guardLocal(r, need)
	}
	access, known := a.cfg.Access(r)
	scrapes := r.URL.Path == metricsPath && a.cfg.CheckMetrics != nil
	if (!known || !access.Has(need)) && (!scrapes || !a.cfg.CheckMetrics(r)) {
		if known {
			return a.without(need, scrapes)
		}
		return &refusal{
			status: http.StatusUnauthorized, message: "Failed to authorize request",
			detail: "send the header Authorization: Bearer with a token of this host that has no scopes, or " + scopesFor(need, scrapes),
			header: "WWW-Authenticate", value: `Bearer realm="trackhook"`,
		}
	}
	return sameSite(r, "; send it from a server or a command line")
}

// without refuses whoever is known and may not do this.
func (*api) without(need site.Access, scrapes bool) *refusal {
	return &refusal{
		status: http.StatusForbidden, message: "Forbidden",
		detail: "this needs a token of this host that has no scopes, or " + scopesFor(need, scrapes),
		header: "WWW-Authenticate", value: `Bearer realm="trackhook", error="insufficient_scope", scope="` + need.String() + `"`,
	}
}

// scopesFor names the scopes that open something.
func scopesFor(need site.Access, scrapes bool) string {
	text := "the scope " + need.String()
	if scrapes {
		text += " or metrics"
	}
	return text
}

// guardLocal is the guard of a host without tokens, which answers its own machine only.
func (a *api) guardLocal(r *http.Request, need site.Access) *refusal {
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
	if refused := sameSite(r, hint); refused != nil {
		return refused
	}
	access := a.cfg.Local
	if a.cfg.Access != nil && !access.Has(need) {
		more, _ := a.cfg.Access(r)
		access |= more
	}
	if !access.Has(need) {
		return &refusal{
			status: http.StatusForbidden, message: "Forbidden",
			detail: "without tokens, whoever uses this machine may read and operate this host; for " + need.String() +
				", sign in to the console with a link from `trackhook open`, or configure tokens on the host",
		}
	}
	return nil
}

// sameSite refuses what a browser sends for a page of another site, also where it changes nothing: such a page cannot read
// the answer, and could keep this host busy.
func sameSite(r *http.Request, hint string) *refusal {
	if site.Foreign(r) {
		return &refusal{status: http.StatusForbidden, message: "Forbidden", detail: "a browser sent this for a page of another site" + hint}
	}
	return nil
}

package sandbox

import (
	"crypto/subtle"
	"net/http"
	"slices"

	"trackhook/engine"
)

// checkLocked checks what is the same for all kinds. bad is true when there is an answer already.
func (s *Server) checkLocked(q *Request) (a answer, bad bool) {
	refused := func(status int, message string) (answer, bool) { return refuse(q, status, message), true }
	switch {
	case !q.kind.Known() && q.kind != kindAttribution:
		return answer{status: http.StatusNotFound, body: "404 page not found\n", plain: true}, true
	case !allowed(q):
		return refused(http.StatusMethodNotAllowed, "Method not allowed")
	case q.tooBig:
		return refused(http.StatusRequestEntityTooLarge, "Request size too large")
	case !isAppToken(q.App):
		return refused(http.StatusBadRequest, "Invalid app token")
	}
	if a, bad := s.authenticate(q); bad {
		return a, true
	}
	switch {
	case len(s.cfg.AppTokens) > 0 && !slices.Contains(s.cfg.AppTokens, q.App):
		return refused(http.StatusNotFound, "App token not found")
	case q.Params["s2s"] != "1":
		// What the server does without it is not documented; a sender must learn of it here.
		return refused(http.StatusBadRequest, "Missing s2s=1")
	case !engine.Environment(q.Environment).Known():
		return refused(http.StatusBadRequest, "Invalid environment")
	case q.Device == "":
		return refused(http.StatusBadRequest, "Missing device identifier")
	case q.when != nil:
		return refused(http.StatusBadRequest, "Invalid created_at")
	case q.nested:
		return refused(http.StatusBadRequest, "Invalid callback parameters")
	default:
		return answer{}, false
	}
}

// allowed tells whether the request is sent in a documented way: three for events and ad revenue, a form for sessions, a
// query for erasure.
func allowed(q *Request) bool {
	switch q.kind {
	case engine.KindEvent, engine.KindAdRevenue:
		return q.Method == http.MethodPost || q.Method == http.MethodGet && !q.inForm
	case engine.KindSession, engine.KindThirdPartySharing:
		return q.Method == http.MethodPost && !q.inQuery
	case engine.KindGDPRForgetDevice:
		return q.Method == http.MethodPost && !q.inForm
	case kindAttribution:
		return q.Method == http.MethodGet && !q.inForm
	default:
		return false
	}
}

// authenticate answers as the security layer does: 202 for a missing or wrong token, 401 for one without the scope.
func (s *Server) authenticate(q *Request) (answer, bool) {
	needed, found := false, false
	for _, token := range s.cfg.Tokens {
		if token.App != "" && token.App != q.App {
			continue
		}
		needed = true
		if subtle.ConstantTimeCompare([]byte(token.Value), []byte(q.bearer)) != 1 {
			continue
		}
		found = true
		if len(token.Kinds) == 0 || slices.Contains(token.Kinds, q.kind) {
			return answer{}, false
		}
	}
	switch {
	case !needed:
		return answer{}, false
	case q.bearer == "":
		return answer{status: http.StatusAccepted, body: `{"error":"Missing authentication token"}`}, true
	case !found:
		return answer{status: http.StatusAccepted, body: `{"error":"Wrong authentication token"}`}, true
	case q.kind == engine.KindSession:
		return answer{status: http.StatusUnauthorized, body: `{"error":"Session failed"}`}, true
	default:
		return refuse(q, http.StatusUnauthorized, "Failed to authorize request"), true
	}
}

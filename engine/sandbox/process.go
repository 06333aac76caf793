package sandbox

import (
	"crypto/subtle"
	"math"
	"net/http"
	"slices"
	"strconv"
	"time"

	"trackhook/engine"
)

// processLocked does what the server does with a request, and returns its answer.
func (s *Server) processLocked(q *Request, now time.Time) answer {
	if a, bad := s.checkLocked(q); bad {
		return a
	}
	switch q.kind {
	case engine.KindSession:
		return s.sessionLocked(q, now)
	case engine.KindEvent:
		return s.eventLocked(q, now)
	case engine.KindAdRevenue:
		return s.adRevenueLocked(q, now)
	case engine.KindGDPRForgetDevice:
		return s.eraseLocked(q, now)
	default:
		return answer{status: http.StatusNotFound, body: "404 page not found\n", plain: true}
	}
}

// checkLocked holds what is the same for all kinds.
func (s *Server) checkLocked(q *Request) (answer, bool) {
	bad := func(status int, message string) (answer, bool) { return refuse(q, status, message), true }
	switch {
	case !q.kind.Known():
		return answer{status: http.StatusNotFound, body: "404 page not found\n", plain: true}, true
	case !allowed(q):
		return bad(http.StatusMethodNotAllowed, "Method not allowed")
	case q.tooBig:
		return bad(http.StatusRequestEntityTooLarge, "Request size too large")
	case !isAppToken(q.App):
		return bad(http.StatusBadRequest, "Invalid app token")
	}
	if a, refused := s.authenticate(q); refused {
		return a, true
	}
	switch {
	case len(s.cfg.AppTokens) > 0 && !slices.Contains(s.cfg.AppTokens, q.App):
		return bad(http.StatusNotFound, "App token not found")
	case q.Params["s2s"] != "1":
		// What the server does without it is not documented; a sender must learn of it here.
		return bad(http.StatusBadRequest, "Missing s2s=1")
	case !engine.Environment(q.Environment).Known():
		return bad(http.StatusBadRequest, "Invalid environment")
	case q.Device == "":
		return bad(http.StatusBadRequest, "Missing device identifier")
	case q.when != nil:
		return bad(http.StatusBadRequest, "Invalid created_at")
	case q.nested:
		return bad(http.StatusBadRequest, "Invalid callback parameters")
	default:
		return answer{}, false
	}
}

// allowed holds the documented ways of sending: three for events and ad revenue, a form for sessions, a query for erasure.
func allowed(q *Request) bool {
	switch q.kind {
	case engine.KindEvent, engine.KindAdRevenue:
		return q.Method == http.MethodPost || q.Method == http.MethodGet && !q.inForm
	case engine.KindSession:
		return q.Method == http.MethodPost && !q.inQuery
	case engine.KindGDPRForgetDevice:
		return q.Method == http.MethodPost && !q.inForm
	default:
		return false
	}
}

// authenticate answers as the security layer does (spec 4.4): 202 for a missing or wrong token, 401 for one without the scope.
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

func (s *Server) sessionLocked(q *Request, now time.Time) answer {
	created := q.created
	if created.IsZero() {
		created = now
	}
	d := s.findLocked(q)
	switch {
	case d != nil && d.OptedOut:
		return refuse(q, http.StatusUnavailableForLegalReasons, "Device is opted out")
	case d != nil && d.Sessions > 0 && s.cfg.SessionSpacing > 0 && created.Sub(d.LastSession) < s.cfg.SessionSpacing:
		// Seen with status 500 by a user (android_sdk issue 125); the documents do not have it.
		return refuse(q, http.StatusInternalServerError, "Ignoring too frequent session")
	}
	d = s.makeLocked(q)
	s.identifyLocked(d, q)
	d.Sessions++
	d.LastSession = created
	if d.Sessions == 1 {
		d.Installed = now
		return sessionOK(d, now, "Install tracked", 2000)
	}
	return sessionOK(d, now, "Session tracked", 5000)
}

func (s *Server) eventLocked(q *Request, now time.Time) answer {
	bad := func(status int, message string) answer { return refuse(q, status, message) }
	d := s.findLocked(q)
	token := q.Params["event_token"]
	created := q.created
	if created.IsZero() {
		created = now
	}
	id := q.Params["deduplication_id"]
	switch {
	case !isEventToken(token), len(s.cfg.EventTokens) > 0 && !slices.Contains(s.cfg.EventTokens, token):
		return bad(http.StatusBadRequest, "Invalid event token")
	case d != nil && d.OptedOut:
		return bad(http.StatusUnavailableForLegalReasons, "Device is opted out")
	case d == nil || d.Sessions == 0:
		return bad(http.StatusNotFound, "Device not found")
	case !validRevenue(q.Params, "revenue", minRevenue):
		return bad(http.StatusBadRequest, "Invalid revenue")
	case now.Sub(created) > maxEventAge:
		// The documents say that such events are rejected, but not with which words; nor for the next but one.
		return bad(http.StatusBadRequest, "Event is older than 58 days")
	case id != "" && d.knows("event", id), d.unique[token]:
		return bad(http.StatusBadRequest, "Ignoring event, earlier unique event tracked")
	case created.Before(d.LastEvents[token]):
		return bad(http.StatusBadRequest, "Event is older than the last one of this device and event token")
	}
	if id != "" {
		d.remember("event", id)
	}
	if slices.Contains(s.cfg.UniqueEvents, token) {
		if d.unique == nil {
			d.unique = make(map[string]bool)
		}
		d.unique[token] = true
	}
	if d.LastEvents == nil {
		d.LastEvents = make(map[string]time.Time)
	}
	d.LastEvents[token] = created
	d.Events++
	return s.ok()
}

func (s *Server) adRevenueLocked(q *Request, now time.Time) answer {
	bad := func(status int, message string) answer { return refuse(q, status, message) }
	d := s.findLocked(q)
	name := "revenue"
	if q.Params[name] == "" {
		name = "amount"
	}
	id := q.Params["deduplication_id"]
	switch {
	case d != nil && d.OptedOut:
		return bad(http.StatusUnavailableForLegalReasons, "Device is opted out")
	case d == nil || d.Sessions == 0:
		return bad(http.StatusNotFound, "Device not found")
	case q.Params["source"] == "":
		return bad(http.StatusBadRequest, "Missing source")
	case q.Params[name] == "" || !validRevenue(q.Params, name, 0):
		return bad(http.StatusBadRequest, "Invalid revenue")
	case !q.created.IsZero() && now.Sub(q.created) > maxRevenueAge:
		return bad(http.StatusBadRequest, "Ad revenue is older than 28 days")
	case id != "" && !d.remember("ad_revenue", id):
		return bad(http.StatusBadRequest, "Ignoring event, earlier unique event tracked")
	}
	d.AdRevenues++
	return s.ok()
}

// eraseLocked opts a device out. Doing it again is answered in the same way, so that a lost answer does no harm.
func (s *Server) eraseLocked(q *Request, now time.Time) answer {
	if limit := s.cfg.ErasuresPerMinute; limit > 0 {
		recent := slices.DeleteFunc(s.erasures[q.App], func(at time.Time) bool { return now.Sub(at) >= time.Minute })
		if len(recent) >= limit {
			s.erasures[q.App] = recent
			return refuse(q, http.StatusTooManyRequests, "Too many requests")
		}
		s.erasures[q.App] = append(recent, now)
	}
	s.makeLocked(q).OptedOut = true
	return answer{status: http.StatusOK, body: `{"status":"OK"}`, counted: true}
}

// validRevenue checks revenue and currency where there is a revenue.
func validRevenue(params map[string]string, name string, least float64) bool {
	text, given := params[name]
	if !given {
		return true
	}
	value, err := strconv.ParseFloat(text, 64)
	return err == nil && !math.IsNaN(value) && value >= least && value <= maxRevenue &&
		len(params["currency"]) == 3 && isWord(params["currency"], "")
}

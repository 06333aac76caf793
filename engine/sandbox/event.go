package sandbox

import (
	"net/http"
	"slices"
	"time"
)

// eventLocked counts an event of a device that has a session.
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
		// The documents say that such events are rejected, and those that are out of order below, but not with which words.
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
	d.forgetEvent(token)
	d.LastEvents[token] = created
	d.Events++
	return s.ok()
}

package sandbox

import (
	"net/http"
	"time"
)

// sessionLocked counts a session: an install, when it is the first of its device.
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
		// Seen with status 500 by a user (issue 125 of Adjust's android_sdk); the documents do not have it.
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

package sandbox

import (
	"net/http"
	"slices"
	"time"
)

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

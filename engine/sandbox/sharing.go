package sandbox

import "net/http"

// shareLocked notes what may be shared of a device that has a session. What the server answers is not documented; this is
// the form of other answers.
func (s *Server) shareLocked(q *Request) answer {
	d := s.findLocked(q)
	switch {
	case d != nil && d.OptedOut:
		return refuse(q, http.StatusUnavailableForLegalReasons, "Device is opted out")
	case d == nil || d.Sessions == 0:
		return refuse(q, http.StatusNotFound, "Device not found")
	}
	d.Sharings++
	if sharing := q.Params["sharing"]; sharing != "" {
		d.Sharing = sharing
	}
	return s.ok()
}

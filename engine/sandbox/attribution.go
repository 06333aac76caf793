package sandbox

import (
	"net/http"
	"time"

	"trackhook/engine"
)

// kindAttribution is the path of a question that Adjust's SDKs ask. It is no kind of package.
const kindAttribution engine.Kind = "attribution"

// attribution is the object that the SDKs read, without what only handsets get.
type attribution struct {
	TrackerToken string `json:"tracker_token"`
	TrackerName  string `json:"tracker_name"`
	Network      string `json:"network"`
	State        string `json:"state"`
}

// attributeLocked tells where a device came from that has a session: from nowhere in particular.
func (s *Server) attributeLocked(q *Request, now time.Time) answer {
	d := s.findLocked(q)
	switch {
	case d != nil && d.OptedOut:
		return refuse(q, http.StatusUnavailableForLegalReasons, "Device is opted out")
	case d == nil || d.Sessions == 0:
		return refuse(q, http.StatusNotFound, "Device not found")
	}
	return answer{status: http.StatusOK, body: marshal(struct {
		AppToken    string      `json:"app_token"`
		ADID        string      `json:"adid"`
		Timestamp   string      `json:"timestamp"`
		Message     string      `json:"message"`
		Attribution attribution `json:"attribution"`
	}{d.App, d.ADID, serverTime(now), "Attribution found", attribution{"org4n1c", "Organic", "Organic", "installed"}})}
}

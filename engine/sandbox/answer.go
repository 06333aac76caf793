package sandbox

import (
	"encoding/json"
	"net/http"
	"time"

	"trackhook/engine"
)

// answer is what the server says to a request.
type answer struct {
	status  int
	body    string
	plain   bool // text, not JSON
	counted bool // the request changed something
}

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
	case engine.KindThirdPartySharing:
		return s.shareLocked(q)
	case kindAttribution:
		return s.attributeLocked(q, now)
	default:
		return answer{status: http.StatusNotFound, body: "404 page not found\n", plain: true}
	}
}

// sessionAnswer is the documented answer to a session, in the documented order.
type sessionAnswer struct {
	AppToken  string `json:"app_token"`
	ADID      string `json:"adid"`
	Timestamp string `json:"timestamp"`
	Message   string `json:"message"`
	AskIn     int    `json:"ask_in"`
}

// sessionOK is the answer to a session that was counted.
func sessionOK(d *device, now time.Time, message string, askIn int) answer {
	return answer{status: http.StatusOK, counted: true, body: marshal(sessionAnswer{
		AppToken: d.App, ADID: d.ADID, Timestamp: serverTime(now), Message: message, AskIn: askIn,
	})}
}

// ok is the answer to everything else that was counted.
func (s *Server) ok() answer {
	if s.cfg.LiteralOK {
		return answer{status: http.StatusOK, body: "OK", plain: true, counted: true}
	}
	return answer{status: http.StatusOK, body: `{"status":"OK"}`, counted: true}
}

// refuse is the answer to what was not counted, in the form that the documents have for the kind. Those for sessions and
// erasure are not documented; they follow the form for events.
func refuse(q *Request, status int, message string) answer {
	var text string
	switch q.kind {
	case engine.KindSession:
		text = "Session failed (" + message + ")"
	case engine.KindAdRevenue:
		text = "Ad revenue request failed (" + message + ") (app_token:" + q.App + ")"
	case engine.KindGDPRForgetDevice:
		text = "Forget device request failed (" + message + ")"
	case engine.KindThirdPartySharing:
		text = "Third party sharing request failed (" + message + ")"
	case kindAttribution:
		text = "Attribution request failed (" + message + ")"
	case engine.KindEvent:
		text = "Event request failed (" + message + ")"
	default:
		text = message
	}
	return answer{status: status, body: marshal(map[string]string{"error": text})}
}

// serverTime is the server's form of a time: 2024-07-09T01:31:14.373Z+0000.
func serverTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z+0000") }

// marshal returns a value of this package as JSON.
func marshal(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic("sandbox: " + err.Error()) // only our own types get here, and they can be marshalled
	}
	return string(b)
}

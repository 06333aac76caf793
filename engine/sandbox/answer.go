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
	plain   bool
	counted bool
}

// sessionAnswer is the documented answer to a session, in the documented order (spec 4.4).
type sessionAnswer struct {
	AppToken  string `json:"app_token"`
	ADID      string `json:"adid"`
	Timestamp string `json:"timestamp"`
	Message   string `json:"message"`
	AskIn     int    `json:"ask_in"`
}

func sessionOK(d *device, now time.Time, message string, askIn int) answer {
	return answer{status: http.StatusOK, counted: true, body: marshal(sessionAnswer{
		AppToken: d.App, ADID: d.ADID, Timestamp: serverTime(now), Message: message, AskIn: askIn,
	})}
}

func (s *Server) ok() answer {
	if s.cfg.LiteralOK {
		return answer{status: http.StatusOK, body: "OK", plain: true, counted: true}
	}
	return answer{status: http.StatusOK, body: `{"status":"OK"}`, counted: true}
}

// refuse answers in the form that the documents have for the kind. Those for sessions and erasure are not documented;
// they follow the form for events.
func refuse(q *Request, status int, message string) answer {
	var text string
	switch q.kind {
	case engine.KindSession:
		text = "Session failed (" + message + ")"
	case engine.KindAdRevenue:
		text = "Ad revenue request failed (" + message + ") (app_token:" + q.App + ")"
	case engine.KindGDPRForgetDevice:
		text = "Forget device request failed (" + message + ")"
	case engine.KindEvent:
		text = "Event request failed (" + message + ")"
	default:
		text = message
	}
	return answer{status: status, body: marshal(map[string]string{"error": text})}
}

// serverTime is the server's form of a time: 2024-07-09T01:31:14.373Z+0000.
func serverTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z+0000") }

func marshal(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic("sandbox: " + err.Error()) // only our own types get here, and they can be marshalled
	}
	return string(b)
}

package host

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"trackhook/engine"
	"trackhook/engine/ingest"
)

const (
	// askSoon is when a page asks again whose session is on its way, and askLater when the server gives no answer.
	askSoon, askLater = 10 * time.Second, time.Minute
	// maxAsk is the longest wait that a server may name.
	maxAsk = 24 * time.Hour
	// maxQuestions is how many questions are passed on at once: they must not take the place of packages.
	maxQuestions = 8
)

// attribution tells where a device came from. Only the server knows, so it is asked, and only for devices of which it has
// accepted a session: pages can make up as many devices as they like. Nobody waits who can ask again.
func (h *Host) attribution(ctx context.Context, p *engine.Package) (ingest.Attribution, error) {
	device, err := h.store.Device(ctx, p.Lane())
	if err != nil {
		return ingest.Attribution{}, err
	}
	if device.Session.IsZero() {
		return ingest.Attribution{Message: "the session of the device was not accepted yet", AskIn: askSoon}, nil
	}
	select {
	case h.questions <- struct{}{}:
		defer func() { <-h.questions }()
	default:
		return ingest.Attribution{ADID: device.ADID, AskIn: askSoon}, nil
	}
	answer := h.deliverer.Attribution(ctx, p)
	return readAttribution(device.ADID, answer.Status, answer.Body), nil
}

// readAttribution takes from the server's answer what the SDKs read.
func readAttribution(adid string, status int, body []byte) ingest.Attribution {
	var said struct {
		ADID          string          `json:"adid"`
		Message       string          `json:"message"`
		Error         string          `json:"error"`
		Timestamp     string          `json:"timestamp"`
		TrackingState string          `json:"tracking_state"`
		Attribution   json.RawMessage `json:"attribution"`
		AskIn         json.RawMessage `json:"ask_in"`
		RetryIn       json.RawMessage `json:"retry_in"`
	}
	known := ingest.Attribution{ADID: adid}
	again := status == 0 || status == http.StatusTooManyRequests || status >= http.StatusInternalServerError
	if err := json.Unmarshal(body, &said); err != nil || again {
		if again || status == http.StatusOK {
			known.AskIn = askLater
		} else {
			known.Message = "the server answered with status " + strconv.Itoa(status)
		}
		return known
	}
	known.Message, known.Timestamp, known.TrackingState = said.Message, said.Timestamp, said.TrackingState
	if known.Message == "" {
		known.Message = said.Error
	}
	if said.ADID != "" {
		known.ADID = said.ADID
	}
	var object map[string]json.RawMessage
	if json.Unmarshal(said.Attribution, &object) == nil && object != nil {
		known.Attribution = said.Attribution
	}
	known.AskIn = max(milliseconds(said.AskIn), milliseconds(said.RetryIn))
	return known
}

// milliseconds reads a number of them, also as a text.
func milliseconds(raw json.RawMessage) time.Duration {
	text := string(raw)
	if unquoted, err := strconv.Unquote(text); err == nil {
		text = unquoted
	}
	number, err := strconv.ParseFloat(text, 64)
	if err != nil || !(number > 0) {
		return 0
	}
	return time.Duration(min(number, float64(maxAsk.Milliseconds()))) * time.Millisecond
}

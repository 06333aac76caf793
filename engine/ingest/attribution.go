package ingest

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"trackhook/engine"
)

// Attribution is what is known of where a device came from. A zero field is left out of the answer.
type Attribution struct {
	// ADID is Adjust's id of the device, and Message and Timestamp the server's words.
	ADID, Message, Timestamp string
	// TrackingState is opted_out for a device that the server has forgotten.
	TrackingState string
	// Attribution is the server's JSON object.
	Attribution json.RawMessage
	// AskIn is when to ask again, because it is not known yet.
	AskIn time.Duration
}

// MarshalJSON writes it as Adjust's server does.
func (a Attribution) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		ADID          string          `json:"adid,omitempty"`
		Message       string          `json:"message,omitempty"`
		Timestamp     string          `json:"timestamp,omitempty"`
		TrackingState string          `json:"tracking_state,omitempty"`
		Attribution   json.RawMessage `json:"attribution,omitempty"`
		AskIn         int64           `json:"ask_in,omitempty"`
	}{a.ADID, a.Message, a.Timestamp, a.TrackingState, a.Attribution, a.AskIn.Milliseconds()})
}

// firstAsk is when a page may ask after its session, as Adjust's server says after an install.
const firstAsk = 2 * time.Second

// attribution answers where a device came from.
func (h *Handler) attribution(w http.ResponseWriter, r *http.Request, from *page) *refusal {
	scopes, refused := h.authorize(r, from)
	if refused == nil {
		refused = scopes.allow(engine.KindSession)
	}
	if refused != nil {
		return refused
	}
	held := holding{handler: h, client: clientOf(r, from)}
	defer held.release()
	params, refused := h.params(w, r, &held)
	if refused == nil && from != nil {
		refused = from.fill(r, params)
	}
	if refused != nil {
		return refused
	}
	p, refused := h.fromParams(r, engine.KindSession, params, from)
	if refused == nil {
		refused = h.prepare(&p, "", time.Now())
	}
	if refused != nil {
		return refused
	}
	ctx, cancel := context.WithTimeout(r.Context(), trackTimeout)
	defer cancel()
	known, err := h.cfg.Attribution(ctx, &p)
	if err != nil {
		if quiet, ok := h.failures.pass(time.Now()); ok {
			h.cfg.Log.Error().Err(err).Int("unlogged", quiet).Msg("cannot tell where a device came from; whoever asks is told to try again")
		}
		refused := unavailable(err)
		refused.detail = "where the device came from could not be found out; ask again after the time in Retry-After"
		return refused
	}
	body, err := json.Marshal(known)
	if err != nil {
		panic(err) // whoever has filled it in has read the JSON
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(body) // the asker may have gone
	return nil
}

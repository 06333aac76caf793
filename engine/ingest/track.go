package ingest

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"trackhook/engine"
)

// trackTimeout bounds what the tracker may take.
const trackTimeout = 30 * time.Second

// track hands over and turns errors into refusals.
func (h *Handler) track(r *http.Request, q *request) *refusal {
	// What was received completely is stored, also when the sender does not wait for the answer: many send and forget.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), trackTimeout)
	defer cancel()
	err := h.cfg.Tracker.Track(ctx, q.packages...)
	if err == nil {
		return nil
	}
	if refused, ok := errors.AsType[*engine.RefusedError](err); ok {
		q.place = refused.Index
		return refusedByEngine(refused)
	}
	if quiet, ok := h.failures.pass(time.Now()); ok {
		h.cfg.Log.Error().Err(err).Int("unlogged", quiet).Msg("cannot take packages in; senders are told to try again")
	}
	return unavailable(err)
}

// A store that fails does so for every request, and is logged no more often than this.
const logPause = 10 * time.Second

// throttle lets one line through in each logPause.
type throttle struct {
	mu    sync.Mutex
	next  time.Time // guarded by mu
	quiet int       // guarded by mu
}

// pass tells whether a line may be logged now, and how many were not since the last.
func (t *throttle) pass(now time.Time) (quiet int, ok bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if now.Before(t.next) {
		t.quiet++
		return 0, false
	}
	quiet, t.quiet = t.quiet, 0
	t.next = now.Add(logPause)
	return quiet, true
}

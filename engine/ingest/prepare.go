package ingest

import (
	"errors"
	"strings"
	"time"

	"trackhook/engine"
)

// maxKey bounds an Idempotency-Key, in bytes.
const maxKey = 255

// prepare finds the app, names the package by its key, if it has one, and runs the engine's checks, so that the ID is
// known and every mistake is found before anything is stored. more is as in [engine.KeyedID].
func (h *Handler) prepare(p *engine.Package, key string, now time.Time, more ...string) *refusal {
	if p.App.Token == "" {
		return invalid("Invalid app token", "app_token", "app_token is missing; it is the 12 letters and digits of Adjust's dashboard")
	}
	implied := environment(&p.App)
	if key != "" {
		if len(key) > maxKey || !printable(key) {
			return invalid("Invalid idempotency key", "idempotency_key", "the idempotency key %s must be at most %d printable ASCII characters", engine.Quote(key), maxKey)
		}
		p.ID = engine.KeyedID(p.App, p.Kind, key, more...)
	}
	if err := p.Prepare(now); err != nil {
		if refused, ok := errors.AsType[*engine.RefusedError](err); ok {
			return refusedByEngine(refused)
		}
		return invalid("Invalid parameters", "", "%s", err)
	}
	return h.known(p.App, implied)
}

// printable tells whether s is printable ASCII.
func printable(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r < ' ' || r > '~' }) < 0
}

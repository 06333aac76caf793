package adjust

import (
	"net/http"
	"time"

	"trackhook/engine"
	"trackhook/engine/adjust/internal/limit"
)

// finder finds out how many attempts an endpoint takes at once.
type finder struct {
	found   *limit.Limiter
	taken   lastApps
	refused lastApps
}

// startInFlight is how many attempts are made at once before anything is known.
const startInFlight = 32

func newFinder(cfg *GateConfig) *finder {
	return &finder{found: limit.New(min(cfg.MinInFlight, startInFlight), min(startInFlight, cfg.MaxInFlight), cfg.MaxInFlight)}
}

func (f *finder) limit() int { return f.found.Limit() }

func (f *finder) why() (text string, changed time.Time) { return f.found.Why() }

func (f *finder) restart(now time.Time) { f.found.Restart(now) }

func (f *finder) record(a engine.Attempt, fault bool, now time.Time) {
	sample := limit.Sample{Began: now.Add(-a.Took), Ended: now, InFlight: a.InFlight}
	app := a.Response.Package.App
	switch {
	case a.Response.Status == http.StatusTooManyRequests:
		f.refused.note(app, now)
		if f.taken.other(app, now) && !f.refused.other(app, now) {
			return // it is the app that sends too much, and not the endpoint; the engine slows it down
		}
		sample.Result = limit.Refused
	case fault, a.Response.Status == http.StatusServiceUnavailable:
		sample.Result = limit.Failed
	default:
		f.taken.note(app, now)
	}
	f.found.Record(sample)
}

// lastApps remembers the last two apps that something happened to.
type lastApps struct {
	apps [2]engine.App
	at   [2]time.Time
}

// lately is how long what happened to an app tells of an endpoint.
const lately = 2 * time.Second

func (l *lastApps) note(app engine.App, now time.Time) {
	if l.apps[0] != app {
		l.apps[1], l.at[1] = l.apps[0], l.at[0]
		l.apps[0] = app
	}
	l.at[0] = now
}

// other tells whether it happened lately to another app.
func (l *lastApps) other(app engine.App, now time.Time) bool {
	for i := range l.apps {
		if l.apps[i] != app && !l.at[i].IsZero() && now.Sub(l.at[i]) < lately {
			return true
		}
	}
	return false
}

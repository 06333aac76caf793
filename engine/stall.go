package engine

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

const (
	// stallAfter is how long nothing may be delivered to an endpoint before people are told. The breaker counts attempts,
	// and a host with little to send makes few.
	stallAfter = 10 * time.Minute
	// remindEvery is how often people are reminded of what goes on.
	remindEvery = time.Hour
)

// Stall is an endpoint that attempts are made at, with nothing delivered for some time.
type Stall struct {
	Endpoint string
	// Since is when the first attempt failed, and Message what came of the last.
	Since   time.Time
	Message string
	// Waiting counts the packages in the queue, of all endpoints.
	Waiting uint64
}

func (s *Stall) reason(now time.Time) string {
	return fmt.Sprintf("nothing was delivered to %s for %s, %s in the queue: %s",
		s.Endpoint, now.Sub(s.Since).Round(time.Minute), counted(s.Waiting, "package"), s.Message)
}

// learnStall takes what came of an attempt. The governor's lock is held.
func (e *endpoint) learnStall(response *Response, now time.Time) {
	switch {
	case response.TakesApp():
		e.failing = time.Time{}
	case response.Outcome == Blocked:
		// The endpoint answers; it is the app.
	default:
		if e.failing.IsZero() {
			e.failing = now
		}
		e.failure = response.Message
	}
}

// stalls lists the endpoints that nothing was delivered to for some time, and that are not known to be down.
func (g *governor) stalls(now time.Time, waiting uint64) (all []Stall) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, e := range g.endpoints {
		if waiting > 0 && e.room.Down == "" && !e.failing.IsZero() && now.Sub(e.failing) >= stallAfter {
			all = append(all, Stall{Endpoint: e.name, Since: e.failing, Message: e.failure, Waiting: waiting})
		}
	}
	return all
}

// remind tells people of stalls, reminds them of what goes on for long, and says when a stall is over.
func (w *watcher) remind(g *governor, stats Stats, now time.Time) {
	current := map[string]string{}
	for _, s := range g.stalls(now, stats.Queued) {
		name := "stall " + s.Endpoint
		current[name] = s.reason(now)
		if _, known := w.told[name]; !known {
			w.told[name] = now
			w.cfg.Log.Warn().Str("endpoint", s.Endpoint).Time("since", s.Since).Uint64("queued", s.Waiting).Str("oldest", w.oldestAge(now)).
				Str("reason", s.Message).Msg("nothing was delivered to this endpoint for some time; it is tried again and nothing is lost")
		}
	}
	apps, endpoints := g.health()
	for i := range apps {
		current["app "+apps[i].App.String()] = apps[i].reason()
	}
	for _, e := range endpoints {
		current["down "+e.Endpoint] = e.reason()
	}
	for name, reason := range current {
		last, known := w.told[name]
		switch {
		case !known:
			w.told[name] = now // the governor has said it
		case now.Sub(last) >= remindEvery:
			w.told[name] = now
			w.cfg.Log.Warn().Uint64("queued", stats.Queued).Str("oldest", w.oldestAge(now)).Str("reason", reason).Msg("this goes on; nothing is lost")
		}
	}
	for name := range w.told {
		if _, still := current[name]; !still {
			delete(w.told, name)
			if endpoint, ok := strings.CutPrefix(name, "stall "); ok && !slices.ContainsFunc(endpoints, func(e EndpointHealth) bool { return e.Endpoint == endpoint }) {
				w.cfg.Log.Info().Str("endpoint", endpoint).Uint64("queued", stats.Queued).Msg("packages are delivered to this endpoint again")
			}
		}
	}
}

package engine

import (
	"cmp"
	"slices"
	"time"
)

// EndpointLimit says how many attempts an endpoint may have in flight, and how it uses that.
type EndpointLimit struct {
	Endpoint string
	// Attempts is how many may be in flight now; 0 while it is down. InFlight is how many are.
	Attempts, InFlight int
	// Most is what Attempts never exceeds.
	Most int
	// Why says why Attempts changed last, in words for people, and Changed when. Empty: it does not find itself.
	Why     string
	Changed time.Time
	// Rate is how many attempts ended a second, of the last few seconds.
	Rate float64
}

// Limits returns how many attempts endpoints may have in flight, of all that anything was sent to since Run began, by name.
func (e *Engine) Limits() []EndpointLimit {
	e.mu.Lock()
	g := e.governor
	e.mu.Unlock()
	if g == nil {
		return nil
	}
	return g.limits(time.Now())
}

// limits lists all endpoints that anything was sent to, by name.
func (g *governor) limits(now time.Time) (all []EndpointLimit) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, e := range g.endpoints {
		all = append(all, EndpointLimit{
			Endpoint: e.name, Attempts: g.room(e), InFlight: e.busy, Most: g.most, Why: e.room.Why, Changed: e.room.Changed,
			Rate: e.rate.perSecond(now),
		})
	}
	slices.SortFunc(all, func(a, b EndpointLimit) int { return cmp.Compare(a.Endpoint, b.Endpoint) })
	return all
}

// rateSpan is how long a rate looks back, at least.
const rateSpan = 5 * time.Second

// rate counts what happens, by the present span and the one before.
type rate struct {
	begun        time.Time
	now, earlier int
}

func (r *rate) count(now time.Time) {
	r.turn(now)
	r.now++
}

func (r *rate) turn(now time.Time) {
	switch since := now.Sub(r.begun); {
	case r.begun.IsZero(), since >= 2*rateSpan:
		*r = rate{begun: now}
	case since >= rateSpan:
		r.begun, r.earlier, r.now = r.begun.Add(rateSpan), r.now, 0
	}
}

func (r *rate) perSecond(now time.Time) float64 {
	r.turn(now)
	span := now.Sub(r.begun)
	if r.earlier > 0 {
		span += rateSpan
	}
	return float64(r.now+r.earlier) / max(span, time.Second).Seconds()
}

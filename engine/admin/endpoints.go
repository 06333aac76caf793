package admin

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"trackhook/engine"
)

const endpointsPath = "/api/v1/endpoints"

// Endpoint is a server that packages go to.
type Endpoint struct {
	// Endpoint is its scheme and host.
	Endpoint string `json:"endpoint"`
	// Attempts is how many attempts it may have in flight now, 0 while it is down; InFlight how many it has; Most what
	// Attempts never exceeds.
	Attempts int `json:"attempts"`
	InFlight int `json:"in_flight"`
	Most     int `json:"most"`
	// Why says why Attempts changed last, and Changed when. Left out: it is a fixed number.
	Why     string    `json:"why,omitempty"`
	Changed time.Time `json:"changed,omitzero"`
	// Rate is how many attempts ended a second, of the last few seconds.
	Rate float64 `json:"rate"`
}

// Text says in one line how much the server takes.
func (e *Endpoint) Text() string {
	text := fmt.Sprintf("%s: %d of at most %d attempts at once", e.Endpoint, e.InFlight, e.Attempts)
	if e.Why != "" {
		text += fmt.Sprintf(" (found out, up to %d; last: %s)", e.Most, e.Why)
	}
	return fmt.Sprintf("%s, %.0f a second", text, e.Rate)
}

// endpoints lists the servers that packages go to.
func (a *api) endpoints(w http.ResponseWriter, r *http.Request) error {
	if _, err := parseQuery(r); err != nil {
		return err
	}
	all := []Endpoint{}
	for _, l := range a.limits() {
		e := Endpoint{Endpoint: l.Endpoint, Attempts: l.Attempts, InFlight: l.InFlight, Most: l.Most, Why: l.Why, Rate: l.Rate}
		if !l.Changed.IsZero() {
			e.Changed = utc(l.Changed)
		}
		all = append(all, e)
	}
	a.write(w, http.StatusOK, map[string]any{"endpoints": all})
	return nil
}

func (a *api) limits() []engine.EndpointLimit {
	if a.cfg.Limits == nil {
		return nil
	}
	return a.cfg.Limits()
}

// Endpoints returns the servers that packages were sent to since the host started, and how much they take.
func (c *Client) Endpoints(ctx context.Context) ([]Endpoint, error) {
	var body struct {
		Endpoints []Endpoint `json:"endpoints"`
	}
	err := c.get(ctx, endpointsPath, nil, &body)
	return body.Endpoints, err
}

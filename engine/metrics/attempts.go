package metrics

import (
	"context"
	"time"

	"trackhook/engine"
)

// Deliverer returns a deliverer that records what comes of the attempts of another: how many are in flight, how long
// each took, its outcome, and whether it was ambiguous. It adds nothing else to them, and may be used as the other may.
func (r *Recorder) Deliverer(of engine.Deliverer) engine.Deliverer { return &deliverer{r, of} }

type deliverer struct {
	recorder *Recorder
	of       engine.Deliverer
}

// Deliver makes one attempt.
func (d *deliverer) Deliver(ctx context.Context, delivery engine.Delivery) engine.Response {
	r := d.recorder
	r.inFlight.Inc()
	defer r.inFlight.Dec() // also when the other panics; the engine recovers
	began := time.Now()
	response := d.of.Deliver(ctx, delivery)
	token, environment := r.apps.values(delivery.Package.App)
	r.took.WithLabelValues(token, environment).Observe(time.Since(began).Seconds())
	r.attempts.WithLabelValues(token, environment, response.Outcome.String()).Inc()
	if response.Ambiguous {
		r.ambiguous.WithLabelValues(token, environment).Inc()
	}
	return response
}

package metrics

import (
	"context"
	"errors"
	"time"

	"trackhook/engine"
)

// Tracker takes packages in; an [*engine.Engine] is one.
type Tracker interface {
	Track(ctx context.Context, packages ...engine.Package) error
}

// Tracker returns a tracker that records what another takes in, and why it does not. A package with an ID that the store
// knows counts as accepted each time. Errors are passed on as they are.
func (r *Recorder) Tracker(of Tracker) Tracker { return &tracker{r, of} }

type tracker struct {
	recorder *Recorder
	of       Tracker
}

// Why a call took nothing in.
const (
	reasonInvalid = "invalid"
	reasonFull    = "full"
	reasonClosed  = "closed"
	reasonFailed  = "failed"
)

// Track takes packages in.
func (t *tracker) Track(ctx context.Context, packages ...engine.Package) error {
	r := t.recorder
	began := time.Now()
	if err := t.of.Track(ctx, packages...); err != nil {
		r.refused.WithLabelValues(reason(err)).Inc()
		return err
	}
	r.acceptTook.Observe(time.Since(began).Seconds())
	for i := range packages {
		token, environment := r.apps.values(packages[i].App)
		r.accepted.WithLabelValues(token, environment, kind(packages[i].Kind)).Inc()
	}
	return nil
}

func reason(err error) string {
	_, invalid := errors.AsType[*engine.RefusedError](err)
	switch {
	case invalid:
		return reasonInvalid
	case errors.Is(err, engine.ErrFull):
		return reasonFull
	case errors.Is(err, engine.ErrClosed):
		return reasonClosed
	default:
		return reasonFailed
	}
}

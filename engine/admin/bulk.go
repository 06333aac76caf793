package admin

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"time"

	"trackhook/engine"
)

// bulkBody is what a bulk retry or drop is asked with.
type bulkBody struct {
	IDs []string `json:"ids,omitempty"`
	// Filter has the parameters of the list of dead letters. {} takes all of them.
	Filter *map[string]string `json:"filter,omitempty"`
	Rate   *float64           `json:"rate,omitempty"`
	Max    *uint64            `json:"max,omitempty"`
	// To is the app that adopts packages.
	To *bulkApp `json:"to,omitempty"`
}

// bulkApp names an app.
type bulkApp struct {
	AppToken    string `json:"app_token"`
	Environment string `json:"environment"`
}

// Progress is how far a bulk retry or drop has come.
type Progress struct {
	// Changed counts what was put back or dropped.
	Changed uint64 `json:"changed"`
	// Skipped counts what was no dead letter any more when its turn came, or, where queued packages are changed, was none any
	// more or was being sent just then.
	Skipped uint64 `json:"skipped"`
	// Done is true in the last line.
	Done bool `json:"done"`
	// Error is why it ended before all were changed. Empty: it did not.
	Error string `json:"error,omitempty"`
}

// Bounds of a bulk change.
const (
	maxIDs      = 10_000
	maxBulkBody = 4 << 20
	// One durable step changes at most this many.
	bulkBatch = 100
	// How many may be changed in a second.
	minRate = 0.01
	maxRate = 10_000
	// How long one batch may take. It outlives the asker.
	bulkTimeout = 30 * time.Second
)

// changeFunc changes a batch, and returns how many of ids it has changed.
type changeFunc func(ctx context.Context, ids ...string) (int, error)

// bulkWork is what a bulk does.
type bulkWork struct {
	verb   string // for the log
	change func(*bulk) changeFunc
	state  engine.PackageStatus // of the packages that it is of; empty: dead letters
	held   bool                 // it is of queued packages of an app that is not configured, and not of dead letters
	adopts bool                 // the packages go to another app
}

// bulk is one retry or drop in hand.
type bulk struct {
	api *api
	// change changes a batch.
	change changeFunc
	to     engine.App // for adopt
	// state is that of the packages which may be changed.
	state engine.PackageStatus
	// ids are what is left to look at, or filter finds it.
	ids    []string
	filter *engine.Filter
	page   string
	ended  bool // filter finds nothing more
	began  time.Time

	rate     float64
	max      uint64
	progress Progress
}

// retry puts dead letters back.
func (a *api) retry(w http.ResponseWriter, r *http.Request) error {
	if a.cfg.Inspector == nil {
		return notKept()
	}
	return a.serveBulk(w, r, bulkWork{verb: "put back", change: func(*bulk) changeFunc { return a.cfg.Inspector.Retry }})
}

// drop drops dead letters.
func (a *api) drop(w http.ResponseWriter, r *http.Request) error {
	if a.cfg.Inspector == nil {
		return notKept()
	}
	return a.serveBulk(w, r, bulkWork{verb: "dropped", change: func(*bulk) changeFunc { return a.cfg.Inspector.Drop }})
}

// serveBulk serves work on many packages.
func (a *api) serveBulk(w http.ResponseWriter, r *http.Request, work bulkWork) error {
	if _, err := parseQuery(r); err != nil {
		return err
	}
	job, to, err := readBulk(w, r)
	if err != nil {
		return err
	}
	if work.state != "" {
		job.is(work.state)
	}
	if work.held {
		err = a.checkHeld(job, to, work)
	} else if to != nil {
		err = badRequest("Invalid body", "to is for packages that are adopted")
	}
	if err != nil {
		return err
	}
	if !a.bulk.TryLock() {
		return &refusal{
			status: http.StatusConflict, message: "Conflict", header: "Retry-After", value: "10",
			detail: "another retry or drop is at work, and its rate must hold; wait for its end",
		}
	}
	defer a.bulk.Unlock()
	job.api, job.change, job.began = a, work.change(job), time.Now()
	ctx, cancel := a.until(r.Context())
	defer cancel()
	// The first batch is found before the status is sent, so that a store that fails is answered with an error.
	batch, err := job.next(ctx)
	if err != nil {
		return err
	}
	job.run(ctx, newStream(w, "application/x-ndjson"), batch)
	a.cfg.Log.Info().Uint64("changed", job.progress.Changed).Uint64("skipped", job.progress.Skipped).
		Bool("done", job.progress.Done).Str("error", job.progress.Error).Func(a.asker(r)).
		Str("state", string(job.state)).Bool("held", work.held).Msg("packages were " + work.verb + " on request")
	return nil
}

// is says of which state packages are changed.
func (b *bulk) is(state engine.PackageStatus) {
	if b.state = state; b.filter != nil {
		b.filter.State = state
	}
}

// bulkForm is that of the body.
func bulkForm() jsonForm {
	return jsonForm{
		most: maxBulkBody, large: "send several requests, or a filter",
		like: `{"ids":["..."]} or {"filter":{"reason":"rejected"}}, and rate and max if need be`,
	}
}

// readBulk reads and checks the body.
func readBulk(w http.ResponseWriter, r *http.Request) (*bulk, *bulkApp, error) {
	var body bulkBody
	if err := readJSON(w, r, bulkForm(), &body); err != nil {
		return nil, nil, err
	}
	b, err := parseBulk(&body, time.Now())
	return b, body.To, err
}

// parseBulk reads what is asked for.
func parseBulk(body *bulkBody, now time.Time) (*bulk, error) {
	b := &bulk{ids: body.IDs, rate: DefaultRate, max: math.MaxUint64}
	switch {
	case (len(body.IDs) == 0) == (body.Filter == nil):
		return nil, badRequest("Invalid body", "send either ids, at least one, or filter; an empty filter, {}, takes all of them")
	case len(body.IDs) > maxIDs:
		return nil, badRequest("Invalid ids", "at most %d ids are taken; send several requests, or a filter", maxIDs)
	case body.Filter != nil:
		q := query(*body.Filter)
		if err := q.check(deadFilter()); err != nil {
			return nil, err
		}
		filter, err := q.filter(now)
		if err != nil {
			return nil, err
		}
		b.filter = &filter
	}
	b.is(engine.Dead)
	if body.Rate != nil {
		if b.rate = *body.Rate; b.rate < minRate || b.rate > maxRate {
			return nil, invalid("rate", fmt.Sprintf("must be a number a second from %v to %v", minRate, maxRate))
		}
	}
	if body.Max != nil {
		if b.max = *body.Max; b.max == 0 {
			return nil, invalid("max", "must be at least 1; leave it out for no bound")
		}
	}
	return b, nil
}

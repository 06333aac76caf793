package admin

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"trackhook/engine"
)

// Counted is how many packages a filter takes.
type Counted struct {
	Queued uint64 `json:"queued"`
	Dead   uint64 `json:"dead"`
	// Complete is false when there were too many to look at in the time for one answer: the counts are too low.
	Complete bool `json:"complete"`
}

const (
	queueCountPath = queuePath + "/count"
	queueDropPath  = queuePath + "/drop"
)

// countQueue counts the packages that a filter takes: what a bulk would change, before it does.
func (a *api) countQueue(w http.ResponseWriter, r *http.Request) error {
	filter, err := a.filterOf(r, packageFilter()...)
	if err != nil {
		return err
	}
	counted := Counted{Complete: true}
	began := time.Now()
	for page := ""; ; {
		rows, next, err := a.cfg.Inspector.Packages(r.Context(), filter, page, walkBatch)
		if err != nil {
			return err
		}
		for i := range rows {
			if rows[i].Status == engine.Dead {
				counted.Dead++
			} else {
				counted.Queued++
			}
		}
		if page = next; page == "" {
			break
		}
		if time.Since(began) > summaryTime {
			counted.Complete = false
			break
		}
	}
	a.write(w, http.StatusOK, counted)
	return nil
}

// dropQueued drops queued packages.
func (a *api) dropQueued(w http.ResponseWriter, r *http.Request) error {
	if a.cfg.Inspector == nil {
		return notKept()
	}
	return a.serveBulk(w, r, bulkWork{verb: "dropped", state: engine.Queued, change: func(*bulk) changeFunc { return a.cfg.Inspector.Drop }})
}

// dropHeld drops queued packages of an app that is not configured.
func (a *api) dropHeld(w http.ResponseWriter, r *http.Request) error {
	if a.cfg.Inspector == nil {
		return notKept()
	}
	return a.serveBulk(w, r, bulkWork{verb: "dropped", held: true, change: func(*bulk) changeFunc { return a.cfg.Inspector.Drop }})
}

// adopt gives queued packages of an app that is not configured to one that is.
func (a *api) adopt(w http.ResponseWriter, r *http.Request) error {
	if a.cfg.Inspector == nil || a.cfg.Adopt == nil {
		return notKept()
	}
	return a.serveBulk(w, r, bulkWork{verb: "adopted", held: true, adopts: true, change: func(b *bulk) changeFunc {
		return func(ctx context.Context, ids ...string) (int, error) { return a.cfg.Adopt(ctx, b.to, ids...) }
	}})
}

// checkHeld makes a bulk one of queued packages of an app that is not configured.
func (a *api) checkHeld(b *bulk, to *bulkApp, work bulkWork) error {
	if b.filter == nil || b.filter.AppToken == "" || b.filter.Environment == "" {
		return badRequest("Invalid body", `send {"filter":{"app_token":"...","environment":"production"}}: packages that are held are selected by their app`)
	}
	b.is(engine.Queued)
	from := engine.App{Token: b.filter.AppToken, Environment: b.filter.Environment}
	if a.cfg.Serves(from) {
		return &refusal{
			status: http.StatusConflict, message: "Conflict",
			detail: "app " + from.String() + " is configured: its packages are not held, but sent",
		}
	}
	if !work.adopts && to != nil {
		return badRequest("Invalid body", "to is for packages that are adopted")
	}
	if !work.adopts {
		return nil
	}
	if to == nil {
		return badRequest("Invalid body", `send "to":{"app_token":"...","environment":"production"}, the app that is to have them`)
	}
	b.to = engine.App{Token: to.AppToken, Environment: engine.Environment(to.Environment)}
	if !a.cfg.Serves(b.to) {
		return invalid("to", fmt.Sprintf("app %s in environment %s is not configured here", engine.Quote(to.AppToken), engine.Quote(to.Environment)))
	}
	return nil
}

package admin

import (
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
	q, err := parseQuery(r, packageFilter()...)
	if err != nil {
		return err
	}
	filter, err := q.filter(time.Now())
	if err != nil {
		return err
	}
	if a.cfg.Inspector == nil {
		return notKept()
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

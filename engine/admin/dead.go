package admin

import (
	"cmp"
	"context"
	"maps"
	"net/http"
	"slices"
	"time"

	"trackhook/engine"
)

// Summary counts dead letters.
type Summary struct {
	// Dead counts those that were looked at.
	Dead uint64 `json:"dead"`
	// Complete is false when there were too many to look at in the time for one answer: the counts are too low.
	Complete bool `json:"complete"`
	// Reasons are sorted by the newest burial, newest first.
	Reasons []Reason `json:"reasons"`
}

// Reason counts the dead letters of one app that were buried for the same reason.
type Reason struct {
	AppToken    string             `json:"app_token"`
	Environment engine.Environment `json:"environment"`
	Reason      engine.Outcome     `json:"reason"`
	Count       uint64             `json:"count"`
	// Oldest and Newest are when the first and the last of them was buried.
	Oldest time.Time `json:"oldest"`
	Newest time.Time `json:"newest"`
	// Message is that of the newest.
	Message string `json:"message,omitempty"`
}

const (
	// Rows that a walk over dead letters holds in memory: each may have a megabyte.
	walkBatch = 128
	// How long a summary may look at dead letters: less than clients wait.
	summaryTime = 5 * time.Second
)

// dead lists dead letters.
func (a *api) dead(w http.ResponseWriter, r *http.Request) error {
	q, err := parseQuery(r, append(deadFilter(), "page", "limit")...)
	if err != nil {
		return err
	}
	q["state"] = string(engine.Dead)
	return a.list(w, r, q)
}

// summary counts dead letters by app and reason.
func (a *api) summary(w http.ResponseWriter, r *http.Request) error {
	filter, err := a.filterOf(r, deadFilter()...)
	if err != nil {
		return err
	}
	filter.State = engine.Dead
	body, err := a.summarize(r.Context(), filter)
	if err != nil {
		return err
	}
	a.write(w, http.StatusOK, body)
	return nil
}

// reasonKey is what dead letters are counted by.
type reasonKey struct {
	app    engine.App
	reason engine.Outcome
}

// summarize walks over the dead letters: they are few, or something is very wrong.
func (a *api) summarize(ctx context.Context, filter engine.Filter) (Summary, error) {
	reasons := map[reasonKey]*Reason{}
	summary := Summary{Complete: true}
	began := time.Now()
	for page := ""; ; {
		rows, next, err := a.cfg.Inspector.Packages(ctx, filter, page, walkBatch)
		if err != nil {
			return Summary{}, err
		}
		for i := range rows {
			addReason(reasons, &rows[i])
		}
		summary.Dead += uint64(len(rows))
		if next == "" {
			break
		}
		if time.Since(began) > summaryTime {
			summary.Complete = false
			break
		}
		page = next
	}
	summary.Reasons = make([]Reason, 0, len(reasons))
	for reason := range maps.Values(reasons) {
		summary.Reasons = append(summary.Reasons, *reason)
	}
	slices.SortFunc(summary.Reasons, func(a, b Reason) int {
		return cmp.Or(b.Newest.Compare(a.Newest), cmp.Compare(a.AppToken, b.AppToken),
			cmp.Compare(a.Environment, b.Environment), cmp.Compare(a.Reason, b.Reason))
	})
	return summary, nil
}

// addReason counts one dead letter.
func addReason(reasons map[reasonKey]*Reason, row *engine.PackageState) {
	k := reasonKey{row.Package.App, row.Last}
	reason := reasons[k]
	if reason == nil {
		reason = &Reason{AppToken: k.app.Token, Environment: k.app.Environment, Reason: k.reason, Oldest: row.Ended.UTC()}
		reasons[k] = reason
	}
	reason.Count++
	if row.Ended.Before(reason.Oldest) {
		reason.Oldest = row.Ended.UTC()
	}
	if !row.Ended.Before(reason.Newest) {
		reason.Newest, reason.Message = row.Ended.UTC(), cut(row.Message, maxMessage)
	}
}

// acknowledge says that somebody has looked at the dead letters.
func (a *api) acknowledge(w http.ResponseWriter, r *http.Request) error {
	if _, err := parseQuery(r); err != nil {
		return err
	}
	if a.cfg.Acknowledge == nil {
		return notKept()
	}
	if err := a.cfg.Acknowledge(r.Context()); err != nil {
		return err
	}
	a.cfg.Log.Info().Func(a.asker(r)).Msg("dead letters were acknowledged on request")
	a.write(w, http.StatusOK, acknowledged{Acknowledged: true})
	return nil
}

type acknowledged struct {
	Acknowledged bool `json:"acknowledged"`
}

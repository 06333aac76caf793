package admin

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"trackhook/engine"
)

// Package is one package, as lists show it. Fields that have no meaning yet are left out of the JSON.
type Package struct {
	ID          string             `json:"id"`
	Kind        engine.Kind        `json:"kind"`
	AppToken    string             `json:"app_token"`
	Environment engine.Environment `json:"environment"`
	// Device is the device key, KIND=ID.
	Device     string `json:"device"`
	EventToken string `json:"event_token,omitempty"`
	// Revenue is as it was given, in full units of Currency.
	Revenue  string `json:"revenue,omitempty"`
	Currency string `json:"currency,omitempty"`
	// CallbackID is the sender's own name for it.
	CallbackID string `json:"callback_id,omitempty"`
	// Created is when the activity happened, and Accepted when the package was stored.
	Created  time.Time `json:"created"`
	Accepted time.Time `json:"accepted"`
	// State is queued, dead or done.
	State engine.PackageStatus `json:"state"`
	// Held is true for a queued package of an app that is not configured: it is not sent.
	Held bool `json:"held,omitempty"`
	// Attempts counts the attempts, and Failures those that the back-off counts.
	Attempts int `json:"attempts"`
	Failures int `json:"failures"`
	// Reason is the outcome of the last attempt, or of the burial, and Message its message.
	Reason  engine.Outcome `json:"reason,omitempty"`
	Message string         `json:"message,omitempty"`
	// Due is when it is sent, for the head of a lane.
	Due time.Time `json:"due,omitzero"`
	// Ended is when it was buried or left the queue.
	Ended time.Time `json:"ended,omitzero"`
	// Seq is the place in the log of the last response about it.
	Seq uint64 `json:"seq,omitempty"`
}

// newPackage makes a row of what the store holds.
func newPackage(s *engine.PackageState) Package {
	p := &s.Package
	revenue := p.Params["revenue"]
	if revenue == "" && p.Kind == engine.KindAdRevenue {
		revenue = p.Params["amount"]
	}
	return Package{
		ID: p.ID, Kind: p.Kind, AppToken: p.App.Token, Environment: p.App.Environment, Device: p.Device,
		EventToken: p.Params["event_token"], Revenue: revenue, Currency: p.Params["currency"], CallbackID: p.CallbackID,
		Created: p.Created.UTC(), Accepted: s.Accepted.UTC(), State: s.Status, Attempts: s.Attempts, Failures: s.Failures,
		Reason: s.Last, Message: cut(s.Message, maxMessage), Due: utc(s.Due), Ended: utc(s.Ended), Seq: s.Seq,
	}
}

// row is a package with what this host makes of it.
func (a *api) row(s *engine.PackageState) Package {
	p := newPackage(s)
	p.Held = s.Status == engine.Queued && !a.cfg.Serves(s.Package.App)
	return p
}

// Param is one parameter of a request, unencoded.
type Param struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// form lists the parameters of a package by name: its own, and those that it has fields for.
func form(p *engine.Package) []Param {
	all := maps.Clone(p.Params)
	if all == nil {
		all = map[string]string{}
	}
	all["app_token"] = p.App.Token
	all["environment"] = string(p.App.Environment)
	all["created_at_unix"] = strconv.FormatInt(p.Created.Unix(), 10)
	for name, pairs := range map[string]map[string]string{"callback_params": p.CallbackParams, "partner_params": p.PartnerParams} {
		if text, err := json.Marshal(pairs); err == nil && len(pairs) > 0 {
			all[name] = string(text)
		}
	}
	params := make([]Param, 0, len(all))
	for _, name := range slices.Sorted(maps.Keys(all)) {
		params = append(params, Param{name, all[name]})
	}
	return params
}

// packages lists packages of any state.
func (a *api) packages(w http.ResponseWriter, r *http.Request) error {
	q, err := parseQuery(r, append(packageFilter(), "search", "page", "limit")...)
	if err != nil {
		return err
	}
	return a.list(w, r, q)
}

const (
	// A search looks for so long; asked for the next page, it goes on.
	searchTime = 2 * time.Second
	// maxSearch bounds what is searched for, in bytes.
	maxSearch = 200
)

// matches tells whether a package has a text, in small letters, in what people name packages by.
func matches(p *engine.Package, text string) bool {
	for _, name := range []string{p.ID, p.Device, p.CallbackID, p.Params["event_token"]} {
		if strings.Contains(strings.ToLower(name), text) {
			return true
		}
	}
	return false
}

// list answers with one page of packages.
func (a *api) list(w http.ResponseWriter, r *http.Request, q query) error {
	filter, err := q.filter(time.Now())
	if err != nil {
		return err
	}
	page, limit, err := q.page()
	if err != nil {
		return err
	}
	if a.cfg.Inspector == nil {
		return notKept()
	}
	search := strings.ToLower(q["search"])
	if len(search) > maxSearch {
		return invalid("search", fmt.Sprintf("has more than %d bytes", maxSearch))
	}
	body := packagePage{Packages: []Package{}, Next: page}
	if search != "" && page == "" {
		// By its id, also one that has left the queue.
		if state, err := a.cfg.Inspector.Package(r.Context(), q["search"]); err == nil && state.Status == engine.Done {
			body.Packages = append(body.Packages, a.row(&state))
		}
	}
	began := time.Now()
	for more := true; more; more = body.Next != "" && len(body.Packages) < limit {
		if search != "" && time.Since(began) > searchTime {
			body.Incomplete = true
			break
		}
		// In steps, because packages may be large, and of each only a line is shown.
		rows, next, err := a.cfg.Inspector.Packages(r.Context(), filter, body.Next, min(limit-len(body.Packages), walkBatch))
		if err != nil {
			return pageError(page, err)
		}
		for i := range rows {
			if search == "" || matches(&rows[i].Package, search) {
				body.Packages = append(body.Packages, a.row(&rows[i]))
			}
		}
		body.Next = next
	}
	a.write(w, http.StatusOK, body)
	return nil
}

// packagePage is one page of a list.
type packagePage struct {
	Packages []Package `json:"packages"`
	// Next is the token of the next page. Empty: this is the last.
	Next string `json:"next,omitempty"`
	// Incomplete is true when a search took too long, and goes on with the next page.
	Incomplete bool `json:"incomplete,omitempty"`
}

// pageError tells a page token that the store does not know from a store that fails.
func pageError(page string, err error) error {
	if errors.Is(err, engine.ErrNotFound) {
		return invalid("page", engine.Quote(page)+" is not the next of a list; start without it")
	}
	return err
}

// remove drops one package.
func (a *api) remove(w http.ResponseWriter, r *http.Request) error {
	if _, err := parseQuery(r); err != nil {
		return err
	}
	if a.cfg.Inspector == nil {
		return notKept()
	}
	id := strings.TrimPrefix(r.URL.Path, packagePath)
	dropped, err := a.cfg.Inspector.Drop(r.Context(), id)
	if err != nil {
		return err
	}
	if dropped > 0 {
		a.cfg.Log.Info().Str("id", id).Func(a.asker(r)).Msg("a package was dropped on request")
		a.write(w, http.StatusOK, struct {
			Dropped int `json:"dropped"`
		}{dropped})
		return nil
	}
	state, err := a.state(r, id)
	if part, damaged := errors.AsType[*engine.PartError](err); damaged {
		return &refusal{status: http.StatusConflict, message: "Conflict", detail: fmt.Sprintf(
			"package %s stays: %s; `trackhook store repair` saves what can be read and leaves a response for what is lost", engine.Quote(id), part.Error())}
	}
	if err != nil {
		return err
	}
	why := "is being sent just now; try again in a moment"
	if state.Status == engine.Done {
		why = "has left the queue already"
	}
	return &refusal{status: http.StatusConflict, message: "Conflict", detail: fmt.Sprintf("package %s %s", engine.Quote(id), why)}
}

// packageNotFound is how a client tells this from a path that is not found.
const packageNotFound = "Package not found"

// packagePath is what comes before an id.
const packagePath = "/api/v1/packages/"

// state returns one package, or says that there is none.
func (a *api) state(r *http.Request, id string) (engine.PackageState, error) {
	state, err := a.cfg.Inspector.Package(r.Context(), id)
	if errors.Is(err, engine.ErrNotFound) {
		return state, &refusal{
			status: http.StatusNotFound, message: packageNotFound,
			detail: "no package " + engine.Quote(id) + " is queued, dead, or in the log of responses",
		}
	}
	return state, err
}

// Longer messages are cut: a proxy's page is no better to read for being complete.
const maxMessage = 1024

// cut shortens text to most bytes and makes it UTF-8.
func cut(text string, most int) string {
	if len(text) > most {
		text = text[:most] + "..."
	}
	return strings.ToValidUTF8(text, "")
}

// utc leaves the zero time what it is, so that it is left out of the JSON.
func utc(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return t.UTC()
}

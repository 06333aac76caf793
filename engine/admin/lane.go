package admin

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"trackhook/engine"
)

// Lane is the queue of one device.
type Lane struct {
	AppToken    string             `json:"app_token"`
	Environment engine.Environment `json:"environment"`
	Device      string             `json:"device"`
	// Queued counts the packages in it.
	Queued uint64 `json:"queued"`
	// Head is the id of the package that is sent next, and Due when.
	Head string    `json:"head"`
	Due  time.Time `json:"due,omitzero"`
	// Leased is true while the head is being sent; Waiting while it waits for a session of its device.
	Leased  bool `json:"leased"`
	Waiting bool `json:"waiting"`
	// ADID is Adjust's id of the device, and Session when its last session was accepted.
	ADID    string    `json:"adid,omitempty"`
	Session time.Time `json:"session,omitzero"`
	// WaitingOn is what the head waits for: sending (it is under way), device (a session of its device), time (its own), or
	// turn (nothing but others). HaltedBy says what keeps the whole app from being sent. Empty: nothing.
	WaitingOn string `json:"waiting_on"`
	HaltedBy  string `json:"halted_by,omitempty"`
	// Next is the head itself. Only when it was asked for, and where it can be read.
	Next *Package `json:"next,omitempty"`
}

// lanePage is one page of a list.
type lanePage struct {
	Lanes []Lane `json:"lanes"`
	Next  string `json:"next,omitempty"`
}

// lanes lists the lanes that hold packages.
func (a *api) lanes(w http.ResponseWriter, r *http.Request) error {
	q, err := parseQuery(r, append(appFilter(), "device", "heads", "page", "limit")...)
	if err != nil {
		return err
	}
	filter, err := q.filter(time.Now())
	if err != nil {
		return err
	}
	heads, err := q.flag("heads")
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
	rows, next, err := a.cfg.Inspector.Lanes(r.Context(), filter, page, limit)
	if err != nil {
		return pageError(page, err)
	}
	body := lanePage{Lanes: make([]Lane, len(rows)), Next: next}
	health, now := a.cfg.State(), time.Now()
	for i := range rows {
		row := &rows[i]
		body.Lanes[i] = a.lane(row, &health, now)
		if heads && row.Head != "" {
			state, err := a.cfg.Inspector.Package(r.Context(), row.Head)
			if err == nil { // it may have gone meanwhile, or be damaged
				body.Lanes[i].Next = new(a.row(&state))
			}
		}
	}
	a.write(w, http.StatusOK, body)
	return nil
}

// lane tells about a lane.
func (a *api) lane(row *engine.LaneState, health *engine.Health, now time.Time) Lane {
	return Lane{
		AppToken: row.Lane.App.Token, Environment: row.Lane.App.Environment, Device: row.Lane.Device,
		Queued: row.Queued, Head: row.Head, Due: utc(row.Due), Leased: row.Leased, Waiting: row.Waiting,
		ADID: row.Device.ADID, Session: utc(row.Device.Session),
		WaitingOn: waitingOn(row, now), HaltedBy: a.halt(health, row.Lane.App).words(),
	}
}

const (
	lanesPath     = "/api/v1/lanes"
	hastenPath    = lanesPath + "/hasten"
	maxHastenBody = 8 << 10
)

// LaneName says which lane is to be tried now. AppToken and Environment may be empty where the host has one app that they can
// mean.
type LaneName struct {
	AppToken    string `json:"app_token,omitempty"`
	Environment string `json:"environment,omitempty"`
	Device      string `json:"device"`
}

// Hastened is what came of it.
type Hastened struct {
	// Hastened is true where the lane has waited for a later time, and is due now. Otherwise it was due already, or is being sent.
	Hastened bool `json:"hastened"`
	// Lane is how it stands behind that. What halts its app halts it all the same.
	Lane Lane `json:"lane"`
}

// hastenLane has a lane tried now.
func (a *api) hastenLane(w http.ResponseWriter, r *http.Request) error {
	if _, err := parseQuery(r); err != nil {
		return err
	}
	if a.cfg.Hasten == nil || a.cfg.Inspector == nil {
		return &refusal{status: http.StatusNotImplemented, message: "Not implemented", detail: "this host cannot be asked to try anything"}
	}
	var named LaneName
	like := `{"app_token":"...","environment":"sandbox","device":"gps_adid=..."}`
	if err := readJSON(w, r, jsonForm{most: maxHastenBody, large: "send only the name of one", like: like}, &named); err != nil {
		return err
	}
	if named.Device == "" {
		return badRequest("Invalid body", "send %s", like)
	}
	filter, err := query{"device": named.Device}.filter(time.Now())
	if err != nil {
		return err
	}
	app, err := a.named(named.AppToken, named.Environment)
	if err != nil {
		return err
	}
	filter.AppToken, filter.Environment = app.Token, app.Environment
	state, err := a.laneOf(r.Context(), filter)
	if err != nil {
		return err
	}
	hastened, err := a.cfg.Hasten(r.Context(), state.Lane)
	if err != nil {
		return err
	}
	a.cfg.Log.Info().Str("app", app.Token).Str("environment", string(app.Environment)).Str("device", named.Device).
		Bool("hastened", hastened).Func(a.asker(r)).Msg("a device was asked to be tried now")
	if now, err := a.laneOf(r.Context(), filter); err == nil { // it may be empty by now
		state = now
	}
	health := a.cfg.State()
	a.write(w, http.StatusOK, Hastened{Hastened: hastened, Lane: a.lane(&state, &health, time.Now())})
	return nil
}

// named finds the app of the host that is meant. An empty name means whatever there is, if that is one.
func (a *api) named(token, environment string) (engine.App, error) {
	if app := (engine.App{Token: token, Environment: engine.Environment(environment)}); token != "" && environment != "" && a.cfg.Serves(app) {
		return app, nil
	}
	var all []string
	var found []engine.App
	for _, app := range a.cfg.Apps {
		all = append(all, app.String())
		if (token == "" || token == app.Token) && (environment == "" || environment == string(app.Environment)) {
			found = append(found, app)
		}
	}
	slices.Sort(all)
	switch {
	case len(found) == 0:
		detail := "no such app is configured; there are " + strings.Join(all, ", ")
		return engine.App{}, &refusal{status: http.StatusNotFound, message: "Not found", detail: detail}
	case len(found) > 1:
		return engine.App{}, badRequest("Not clear", "say which app: the host has %s", strings.Join(all, ", "))
	}
	return found[0], nil
}

// laneOf returns the only lane that a filter takes.
func (a *api) laneOf(ctx context.Context, filter engine.Filter) (engine.LaneState, error) {
	rows, _, err := a.cfg.Inspector.Lanes(ctx, filter, "", 1)
	if err != nil {
		return engine.LaneState{}, err
	}
	if len(rows) == 0 {
		detail := "nothing of " + engine.Quote(filter.Device) + " is queued for app " + engine.App{Token: filter.AppToken, Environment: filter.Environment}.String()
		return engine.LaneState{}, &refusal{status: http.StatusNotFound, message: "Not found", detail: detail}
	}
	return rows[0], nil
}

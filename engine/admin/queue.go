package admin

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"time"

	"trackhook/engine"
)

// Queue counts what waits, by app.
type Queue struct {
	// Queued, Lanes, Leased and Dead are as in [engine.Stats].
	Queued uint64 `json:"queued"`
	Lanes  uint64 `json:"lanes"`
	Leased uint64 `json:"leased"`
	Dead   uint64 `json:"dead"`
	// Complete is false when there were too many devices to look at in the time for one answer: the counts of apps are too low.
	Complete bool `json:"complete"`
	// Counted is when the counts of apps were made; they may be a few seconds old.
	Counted time.Time `json:"counted"`
	// Apps are those that the host serves, and those that have something in the queue, by token and environment.
	Apps []QueueOfApp `json:"apps"`
}

// QueueOfApp is what waits of one app, and what it waits for.
type QueueOfApp struct {
	AppToken    string             `json:"app_token"`
	Environment engine.Environment `json:"environment"`
	// Endpoint is the server that it is sent to. Empty: not known, or none.
	Endpoint string `json:"endpoint,omitempty"`
	// Queued counts packages, and Lanes the devices that have any: Leased are being sent just now, Waiting wait for a session of
	// the device, Due could be sent now, and Later are tried again later.
	Queued  uint64 `json:"queued"`
	Lanes   uint64 `json:"lanes"`
	Leased  uint64 `json:"leased"`
	Waiting uint64 `json:"waiting"`
	Due     uint64 `json:"due"`
	Later   uint64 `json:"later"`
	// Dead counts dead letters by reason, of the first 20,000.
	Dead []DeadOfApp `json:"dead"`
	// State is open, blocked, slowed, held or down; Message says why it is not open, Since since when, and Probe when the next
	// attempt is made.
	State   string    `json:"state"`
	Message string    `json:"message,omitempty"`
	Since   time.Time `json:"since,omitzero"`
	Probe   time.Time `json:"probe,omitzero"`
}

// DeadOfApp counts the dead letters of an app that have one reason.
type DeadOfApp struct {
	Reason engine.Outcome `json:"reason"`
	Count  uint64         `json:"count"`
}

// The states of an app in the queue.
const (
	stateOpen    = "open"
	stateBlocked = "blocked"
	stateSlowed  = "slowed"
	stateHeld    = "held"
	stateDown    = "down"
)

const (
	queuePath = "/api/v1/queue"
	// Devices are counted for so long, and not again before so many times as long have passed.
	countTime = 2 * time.Second
	countRest = 10
	countPage = 1000
)

// laneCount is what was counted of all lanes.
type laneCount struct {
	at, again time.Time
	complete  bool
	apps      map[engine.App]QueueOfApp
}

// queue answers with what waits.
func (a *api) queue(w http.ResponseWriter, r *http.Request) error {
	if _, err := parseQuery(r); err != nil {
		return err
	}
	if a.cfg.Inspector == nil {
		return notKept()
	}
	stats, err := a.cfg.Stats(r.Context())
	if err != nil {
		return err
	}
	counted, err := a.countLanes(r.Context())
	if err != nil {
		return err
	}
	body := Queue{
		Queued: stats.Queued, Lanes: stats.Lanes, Leased: stats.Leased, Dead: stats.Dead,
		Complete: counted.complete, Counted: counted.at.UTC(), Apps: []QueueOfApp{},
	}
	health := a.cfg.State()
	rows := map[engine.App]QueueOfApp{}
	row := func(app engine.App) QueueOfApp {
		if one, ok := rows[app]; ok {
			return one
		}
		one := counted.apps[app]
		one.AppToken, one.Environment, one.Dead = app.Token, app.Environment, []DeadOfApp{}
		return one
	}
	for _, app := range a.cfg.Apps {
		rows[app] = row(app)
	}
	for app := range counted.apps {
		rows[app] = row(app)
	}
	for _, dead := range health.Dead {
		one := row(dead.App)
		one.Dead = append(one.Dead, DeadOfApp{Reason: dead.Reason, Count: dead.Packages})
		rows[dead.App] = one
	}
	for app, one := range rows {
		a.halt(&health, app).tell(&one)
		if a.cfg.Serves(app) {
			one.Endpoint = a.cfg.Endpoint(app)
		}
		body.Apps = append(body.Apps, one)
	}
	slices.SortFunc(body.Apps, func(a, b QueueOfApp) int {
		return cmp.Or(cmp.Compare(a.AppToken, b.AppToken), cmp.Compare(a.Environment, b.Environment))
	})
	a.write(w, http.StatusOK, body)
	return nil
}

// countLanes looks at all lanes, or at what was counted a moment ago.
func (a *api) countLanes(ctx context.Context) (laneCount, error) {
	a.counting.Lock()
	defer a.counting.Unlock()
	began := time.Now()
	if began.Before(a.counted.again) {
		return a.counted, nil
	}
	count := laneCount{complete: true, at: began, apps: map[engine.App]QueueOfApp{}}
	for page := ""; ; {
		rows, next, err := a.cfg.Inspector.Lanes(ctx, engine.Filter{}, page, countPage)
		if err != nil {
			return count, err
		}
		for i := range rows {
			one := count.apps[rows[i].Lane.App]
			one.add(&rows[i], began)
			count.apps[rows[i].Lane.App] = one
		}
		if page = next; page == "" {
			break
		}
		if time.Since(began) > countTime {
			count.complete = false
			break
		}
	}
	count.again = time.Now().Add(countRest * time.Since(began))
	a.counted = count
	return count, nil
}

// add counts one lane.
func (q *QueueOfApp) add(lane *engine.LaneState, now time.Time) {
	q.Lanes++
	q.Queued += lane.Queued
	switch waitingOn(lane, now) {
	case onSending:
		q.Leased++
	case onDevice:
		q.Waiting++
	case onTime:
		q.Later++
	default:
		q.Due++
	}
}

// What the next package of a lane waits for.
const (
	onSending = "sending" // it is being sent
	onDevice  = "device"  // a session of its device
	onTime    = "time"    // its time
	onTurn    = "turn"    // nothing but others
)

func waitingOn(lane *engine.LaneState, now time.Time) string {
	switch {
	case lane.Leased:
		return onSending
	case lane.Waiting:
		return onDevice
	case lane.Due.After(now):
		return onTime
	default:
		return onTurn
	}
}

// halt is why an app is not sent as usual.
type halt struct {
	state, message string
	since, probe   time.Time
}

// halt finds out why an app is not sent as usual.
func (a *api) halt(health *engine.Health, app engine.App) halt {
	if !a.cfg.Serves(app) {
		return halt{state: stateHeld, message: "this host is not configured for the app; drop its packages, or give them to another app"}
	}
	for i := range health.Apps {
		h := &health.Apps[i]
		if h.App != app {
			continue
		}
		state := stateBlocked
		if h.Cause == engine.PauseSlowed {
			state = stateSlowed
		}
		return halt{state, cut(h.Message, maxMessage), h.Since, h.Probe}
	}
	endpoint := a.cfg.Endpoint(app)
	for i := range health.Endpoints {
		if e := &health.Endpoints[i]; endpoint != "" && e.Endpoint == endpoint {
			return halt{stateDown, cut(e.Down, maxMessage), e.Since, e.Probe}
		}
	}
	return halt{state: stateOpen}
}

// tell adds it to what is told of an app.
func (h halt) tell(q *QueueOfApp) {
	q.State, q.Message, q.Since, q.Probe = h.state, h.message, utc(h.since), utc(h.probe)
}

// words say it in a sentence; empty where the app is sent as usual.
func (h halt) words() string {
	switch h.state {
	case stateBlocked:
		return "the server refuses the app: " + h.message
	case stateSlowed:
		return "the app sends more than the server takes: " + h.message
	case stateDown:
		return "the server is down: " + h.message
	case stateHeld:
		return h.message
	default:
		return ""
	}
}

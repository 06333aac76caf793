package admin

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"trackhook/engine"
)

// Components are the parts of a host, each with how it does.
type Components struct {
	// Status is that of /healthz: ok, degraded or failing.
	Status     string      `json:"status"`
	Components []Component `json:"components"`
}

// Component is one part of a host.
type Component struct {
	// Name is store, disk, intake, queue, endpoints, apps, dead, plugins, host or hosts; later hosts may add some.
	Name string `json:"name"`
	// Status is ok, degraded or failing, and Summary how it does, in a line.
	Status  string `json:"status"`
	Summary string `json:"summary"`
	// Problems are what keeps it from being ok.
	Problems []Trouble `json:"problems"`
}

// Trouble is one thing that is wrong.
type Trouble struct {
	Text string `json:"text"`
	// Todo is what to do about it. Empty: nobody has to do anything.
	Todo string `json:"todo,omitempty"`
}

const componentsPath = "/api/v1/health"

// The statuses of components.
const (
	statusOK       = "ok"
	statusDegraded = "degraded"
	statusFailing  = "failing"
)

// wrong adds a problem.
func (c *Component) wrong(todo, format string, args ...any) {
	if c.Status == statusOK {
		c.Status = statusDegraded
	}
	c.Problems = append(c.Problems, Trouble{Text: cut(fmt.Sprintf(format, args...), maxMessage), Todo: todo})
}

// components answers with the parts of the host.
func (a *api) components(w http.ResponseWriter, r *http.Request) error {
	if _, err := parseQuery(r); err != nil {
		return err
	}
	state := a.cfg.State()
	stats, storeError := a.storeNow(r.Context())
	all := []Component{
		storeComponent(&stats, &state, storeError), a.diskComponent(r.Context(), &stats), intakeComponent(&state, storeError), queueComponent(&stats, &state),
		endpointsComponent(&state), appsComponent(&state), deadComponent(&stats, &state), a.pluginsComponent(&state), a.hostComponent(),
	}
	if members, err := a.membersNow(r.Context()); err == nil && len(members) > 0 && members[0].Of > 0 {
		all = append(all, hostsComponent(members))
	}
	body := Components{Status: statusOK, Components: all}
	for i := range all {
		if all[i].Status == statusFailing || all[i].Status == statusDegraded && body.Status == statusOK {
			body.Status = all[i].Status
		}
	}
	a.write(w, http.StatusOK, body)
	return nil
}

// storeNow counts the store, as long as it answers soon.
func (a *api) storeNow(ctx context.Context) (engine.Stats, error) {
	ctx, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()
	stats, err := a.cfg.Stats(ctx)
	if err != nil && !errors.Is(err, engine.ErrUnavailable) { // which the store says itself, once
		a.cfg.Log.Error().Err(err).Msg("the store fails its health check")
	}
	return stats, err
}

func newComponent(name, format string, args ...any) Component {
	return Component{Name: name, Status: statusOK, Summary: fmt.Sprintf(format, args...), Problems: []Trouble{}}
}

func storeComponent(stats *engine.Stats, state *engine.Health, err error) Component {
	c := newComponent("store", "%s in the log, %s on disk", counted(stats.Last-min(stats.Last, max(stats.First, 1)-1), "response"), size(stats.Bytes))
	if err != nil {
		c.Status, c.Summary = statusFailing, "it does not answer"
		todo := "look at the disk of the data folder; then start the host again"
		if errors.Is(err, engine.ErrUnavailable) {
			todo = "see to the database; the host goes on by itself when it is back, and nothing that was accepted is lost"
		}
		c.Problems = append(c.Problems, Trouble{Text: "the store does not answer: " + cut(err.Error(), maxMessage), Todo: todo})
	}
	if state.Damaged != "" {
		c.wrong("stop the host and run `trackhook store repair`; what cannot be read leaves a response each", "%s", state.Damaged)
	}
	return c
}

func (a *api) diskComponent(ctx context.Context, stats *engine.Stats) Component {
	used, free, known := a.cfg.Room(ctx)
	if !known {
		return newComponent("disk", "%s used; how much is free is not known", size(stats.Bytes))
	}
	c := newComponent("disk", "%s free, %s used", size(free), size(used))
	if free < lowRoom {
		c.wrong("make room on the disk of the data folder; when it is full, nothing is taken in", "only %s are free", size(free))
	}
	return c
}

// lowRoom is how little must be free on the disk for people to look.
const lowRoom = 1 << 30

func intakeComponent(state *engine.Health, storeError error) Component {
	c := newComponent("intake", "packages are taken in")
	switch {
	case storeError != nil:
		c.Status, c.Summary = statusFailing, "nothing is taken in, because the store does not answer"
	case state.Full != "":
		c.Summary = "nothing is taken in"
		c.wrong("make room, or raise the marks in high_water; senders are told to come again", "%s", state.Full)
	}
	return c
}

func queueComponent(stats *engine.Stats, state *engine.Health) Component {
	c := newComponent("queue", "nothing waits")
	if stats.Queued > 0 {
		c.Summary = fmt.Sprintf("%s of %s", counted(stats.Queued, "package"), counted(stats.Lanes, "device"))
		if !state.Oldest.IsZero() {
			c.Summary += ", the oldest since " + state.Oldest.UTC().Format(time.RFC3339)
		}
	}
	return c
}

func endpointsComponent(state *engine.Health) Component {
	c := newComponent("endpoints", "all are up, as far as is known")
	for i := range state.Endpoints {
		e := &state.Endpoints[i]
		c.wrong("it is tried again by itself; when it is up, have it tried now", "%s is down since %s: %s", e.Endpoint, e.Since.UTC().Format(time.RFC3339), e.Down)
	}
	for i := range state.Stalls {
		s := &state.Stalls[i]
		c.wrong("look at what the server answers", "nothing was delivered to %s since %s, and %d packages wait: %s",
			s.Endpoint, s.Since.UTC().Format(time.RFC3339), s.Waiting, s.Message)
	}
	if n := len(c.Problems); n > 0 {
		c.Summary = counted(n, "server") + " with trouble"
	}
	return c
}

func appsComponent(state *engine.Health) Component {
	c := newComponent("apps", "all are sent")
	for i := range state.Apps {
		app := &state.Apps[i]
		since := app.Since.UTC().Format(time.RFC3339)
		if app.Cause == engine.PauseSlowed {
			c.wrong("nothing; it is sent more slowly for a while", "%s sends more than the server takes, since %s: %s", app.App, since, app.Message)
			continue
		}
		c.wrong("check its token, its S2S token and its state in Adjust's dashboard; nothing is lost, and it is tried again by itself or now",
			"%s is refused by the server since %s: %s", app.App, since, app.Message)
	}
	for i := range state.Held {
		c.wrong("configure the app, drop its packages, or give them to another app", "%s of %s, which is not configured: sent nowhere",
			counted(state.Held[i].Packages, "package"), state.Held[i].App)
	}
	if n := len(c.Problems); n > 0 {
		c.Summary = counted(n, "app") + " with trouble"
	}
	return c
}

func deadComponent(stats *engine.Stats, state *engine.Health) Component {
	c := newComponent("dead", "no dead letters")
	if stats.Dead > 0 {
		c.Summary = counted(stats.Dead, "dead letter")
	}
	if state.DeadRevenue > 0 {
		c.wrong("see why, and retry, drop or acknowledge them", "%d report revenue, and nobody has looked at them", state.DeadRevenue)
	}
	return c
}

func (a *api) pluginsComponent(state *engine.Health) Component {
	plugins := a.cfg.Plugins()
	present := 0
	c := newComponent("plugins", "")
	for i := range plugins {
		p := &plugins[i]
		if p.State != Removed {
			present++
		}
		if !p.State.Healthy() {
			c.wrong("mend the script; the next good save heals it", "%s", p.reason())
		}
		for n := range p.Warnings {
			c.wrong("mend the script", "plugin %s: %s", p.Name, p.Warnings[n].text())
		}
	}
	for i := range state.Lost {
		lost := &state.Lost[i]
		c.wrong("acknowledge it; keep responses for longer (log.retain) where plugins stand still for long", "%s has lost %d responses, which were removed from the log before it came to them",
			lost.Listener, lost.Responses)
	}
	c.Summary = counted(present, "plugin")
	return c
}

// hostComponent has what else is wrong.
func (a *api) hostComponent() Component {
	c := newComponent("host", "version %s", a.cfg.Host.Version)
	for _, reason := range a.cfg.Beside() {
		c.wrong("", "%s", reason)
	}
	return c
}

// membersNow asks for the hosts that share the store, as long as it answers soon.
func (a *api) membersNow(ctx context.Context) ([]Member, error) {
	ctx, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()
	return a.cfg.Hosts(ctx)
}

// hostsComponent has the hosts that share the store.
func hostsComponent(members []Member) Component {
	var living []string
	for i := range members {
		if m := &members[i]; !m.Lost {
			living = append(living, fmt.Sprintf("%s sends %d of %d parts and runs %s", m.Name, m.Partitions, m.Of, counted(len(m.Runs), "plugin")))
		}
	}
	return newComponent("hosts", "%s: %s", counted(len(living), "host"), strings.Join(living, "; "))
}

// counted is a number of things.
func counted[N int | uint64](n N, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// size is a number of bytes as people read it.
func size(bytes uint64) string {
	const unit = 1024
	if bytes < unit {
		return fmt.Sprintf("%d B", bytes)
	}
	value, prefix := float64(bytes)/unit, 0
	for value >= unit && prefix < 4 {
		value /= unit
		prefix++
	}
	return fmt.Sprintf("%.1f %ciB", value, "KMGTP"[prefix])
}

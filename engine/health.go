package engine

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Health tells what keeps packages from being sent or taken in, for health checks and metrics.
type Health struct {
	// Apps are the apps that are paused or slowed, by token and environment.
	Apps []AppHealth
	// Endpoints are those that are held to be down, by name.
	Endpoints []EndpointHealth
	// Held are the apps that are not sent because Config.Serves says so, and have packages in the queue.
	Held []HeldApp
	// Stalls are the endpoints that are not held to be down, and where nothing was delivered for ten minutes.
	Stalls []Stall
	// Limits are how many attempts endpoints may have in flight, of all that anything was sent to, by name. They are nothing
	// that is wrong.
	Limits []EndpointLimit
	// Dead counts dead letters by app and reason, for the first 20,000 of them, and DeadRevenue those that report revenue and
	// that nobody has looked at: they were neither put back, nor dropped, nor acknowledged (see [Engine.Acknowledge]).
	Dead        []DeadCount
	DeadRevenue uint64
	// Lost tells of listeners that have lost responses which nobody has acknowledged, by name.
	Lost []Lost
	// Oldest is when the package in the queue was accepted that has waited longest, as far as it was looked through. Zero:
	// there is none.
	Oldest time.Time
	// Full says why nothing is taken in. Empty: it is.
	Full string
	// Unavailable says why the store cannot be reached, such as a database that is away: then nothing is taken in or sent, and
	// nothing else of the store is told here. Empty: it can.
	Unavailable string
	// Damaged says what is stored and cannot be read, and what waits because of it. Empty: nothing, as far as is known.
	Damaged string
	// Ambiguous counts the attempts in the log that may have been counted without an answer: possible duplicates.
	Ambiguous uint64
}

// AppHealth is the state of one app.
type AppHealth struct {
	App App
	// Cause says why it is not sent as usual. Empty: it is.
	Cause PauseCause
	// Message is what the server said.
	Message string
	// Since is when it began, and Probe when one of its lanes tries again. Probe is zero while one tries just now.
	Since, Probe time.Time
}

// EndpointHealth is the state of one server.
type EndpointHealth struct {
	Endpoint string
	// Down says why it is held to be down. Empty: it is not.
	Down string
	// Since is when it was found to be down, and Probe when the next attempt is made there. Probe is zero while one is made
	// just now.
	Since, Probe time.Time
}

// Hooks are told what happens. Each may be nil. They must not wait: sending waits for them.
type Hooks struct {
	// Response is told of every response once it is in the log, one at a time and in the order of the log. It must not
	// write or keep it.
	Response func(*Response)
	// App is told when an app is paused or slowed, and when that is over; Endpoint when a server is held to be down, and
	// when it is up again. They are called one at a time.
	App      func(AppHealth)
	Endpoint func(EndpointHealth)
}

// Reasons says in a line each what people should know. Possible duplicates are no reason.
func (h Health) Reasons() []string {
	var all []string
	for i := range h.Apps {
		all = append(all, h.Apps[i].reason())
	}
	for _, e := range h.Endpoints {
		all = append(all, e.reason())
	}
	for i := range h.Stalls {
		all = append(all, h.Stalls[i].reason(time.Now()))
	}
	if h.DeadRevenue > 0 {
		all = append(all, deadReason(h.DeadRevenue))
	}
	for i := range h.Lost {
		all = append(all, h.Lost[i].reason())
	}
	for i := range h.Held {
		all = append(all, h.Held[i].reason())
	}
	if h.Unavailable != "" {
		all = append(all, "nothing is taken in or sent, and nothing that was accepted is lost: "+h.Unavailable)
	}
	if h.Full != "" {
		all = append(all, "nothing is taken in: "+h.Full)
	}
	if h.Damaged != "" {
		all = append(all, h.Damaged)
	}
	return all
}

func (e *EndpointHealth) reason() string {
	return fmt.Sprintf("endpoint %s is down since %s: %s; when it is up, `trackhook endpoint probe` tries it now",
		e.Endpoint, e.Since.UTC().Format(time.RFC3339), e.Down)
}

func (a *AppHealth) reason() string {
	what, hint := "is refused by the server; its packages wait", "; when that is mended, `trackhook app probe` tries it now"
	if a.Cause == PauseSlowed {
		what, hint = "sends more than the server takes; it is slowed down", ""
	}
	return fmt.Sprintf("app %s %s since %s: %s%s", a.App, what, a.Since.UTC().Format(time.RFC3339), a.Message, hint)
}

// healthWait bounds what a look at the health waits for a store that asks a database.
const healthWait = time.Second

// Health returns what is wrong now. While nothing runs, no app and no endpoint is known to be. It does not wait for
// anything outside of the process, save a moment for a store in a database; when the store fails, what it would tell is left
// empty.
func (e *Engine) Health() Health {
	var h Health
	e.mu.Lock()
	g, w := e.governor, e.watcher
	e.mu.Unlock()
	if g != nil {
		h.Apps, h.Endpoints = g.health()
		h.Limits = g.limits(time.Now())
		w.health(&h)
	}
	ctx, cancel := context.WithTimeout(context.Background(), healthWait)
	defer cancel()
	stats, err := e.cfg.Store.Stats(ctx)
	if errors.Is(err, ErrUnavailable) {
		h.Unavailable = err.Error()
	}
	if err == nil {
		h.Lost = e.lostHealth(ctx, &stats)
		h.Full, h.Damaged, h.Ambiguous = stats.Full, stats.Damaged, stats.Ambiguous
		if g != nil {
			h.Stalls = g.stalls(time.Now(), stats.Queued)
		}
	}
	return h
}

func (g *governor) health() (apps []AppHealth, endpoints []EndpointHealth) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, a := range g.apps {
		if h := a.health(); h.Cause != "" {
			apps = append(apps, h)
		}
	}
	for _, e := range g.endpoints {
		if e.room.Down != "" {
			endpoints = append(endpoints, e.health())
		}
	}
	slices.SortFunc(apps, func(a, b AppHealth) int {
		return cmp.Or(cmp.Compare(a.App.Token, b.App.Token), cmp.Compare(a.App.Environment, b.App.Environment))
	})
	slices.SortFunc(endpoints, func(a, b EndpointHealth) int { return cmp.Compare(a.Endpoint, b.Endpoint) })
	return apps, endpoints
}

// health has no cause when the app is sent, also when it is sent slowly for having been blocked, or a little slower for
// being asked to.
func (a *app) health() AppHealth {
	p := &a.pause
	h := AppHealth{App: a.name}
	if p.step == open || p.step == ramping && (p.why == PauseBlocked || !p.told) {
		return h
	}
	h.Cause, h.Message, h.Since = p.why, p.message, p.since
	if p.step == held {
		h.Probe = p.until
	}
	return h
}

func (e *endpoint) health() EndpointHealth {
	h := EndpointHealth{Endpoint: e.name, Down: e.room.Down}
	if h.Down != "" {
		h.Since = e.room.Since
		if e.room.Attempts == 0 {
			h.Probe = e.room.Again
		}
	}
	return h
}

// tellApp notes what to say about an app. It is said outside of the lock, by run.
func (g *governor) tellApp(a *app, c change) {
	h, why := a.health(), a.pause.why
	g.news = append(g.news, func() {
		switch {
		case c == ended && why == PauseBlocked:
			g.log.Info().Stringer("app", h.App).Msg("app released; its packages are sent again, slowly at first")
			g.remember(h.App, nil)
			g.endTurn(a)
		case c == ended:
			g.log.Info().Stringer("app", h.App).Msg("the app is slowed down no more")
		case why == PauseBlocked:
			g.log.Error().Stringer("app", h.App).Str("server_message", h.Message).Time("probe", h.Probe).
				Msg("the server refuses this app; nothing of it is sent and nothing is lost. " +
					"Check its token, its S2S token and its state in Adjust's dashboard; sending resumes by itself")
			g.remember(h.App, []byte(h.Message))
		default:
			g.log.Warn().Stringer("app", h.App).Str("server_message", h.Message).Time("until", h.Probe).
				Msg("this app sends more than the server takes; it is slowed down")
		}
		if g.hooks.App != nil {
			g.hooks.App(h)
		}
	})
}

// remember keeps for the next start that an app is blocked, or with nil that it is not.
func (g *governor) remember(app App, message []byte) {
	if err := g.store.SetValues(context.Background(), pausedSpace, map[string][]byte{app.String(): message}); err != nil {
		g.log.Warn().Err(err).Stringer("app", app).Msg("cannot note for the next start whether the app is paused")
	}
}

// tellEndpoint notes what to say about an endpoint.
func (g *governor) tellEndpoint(e *endpoint) {
	h := e.health()
	g.news = append(g.news, func() {
		if h.Down == "" {
			g.log.Info().Str("endpoint", h.Endpoint).Msg("the endpoint answers again; packages are sent again, slowly at first")
		} else {
			g.log.Error().Str("endpoint", h.Endpoint).Str("reason", h.Down).Time("probe", h.Probe).
				Msg("the endpoint is down; nothing is sent there but single probes, and nothing is lost")
		}
		if g.hooks.Endpoint != nil {
			g.hooks.Endpoint(h)
		}
	})
}

package engine

import (
	"context"
	"sync"
	"time"

	"github.com/rs/zerolog"
)

const (
	// An app may hold leases for so many times the attempts that its endpoint takes at once: some that are being settled,
	// which takes as long as a write to the disk, and some to go on with meanwhile. Of many attempts at once few are
	// settled at a time, so there are never more than these ahead.
	leasesAhead = 4
	mostAhead   = 512
	// Under so many attempts at once there is little room, and it goes to what was tried least; see scarce.
	littleRoom = 4
	// Leases of all apps together, so that a great many apps cannot fill the memory.
	maxLeases = 1 << 14
)

// governor decides which leases become attempts, and when: not those of an app that is paused, not those for an
// endpoint that is down, and of the others no more at once than there is room. Leases beyond that are parked, few and
// in the order in which they came; the store is told by Limit not to hand out what could not be sent.
type governor struct {
	store  Store
	gate   Gate
	serves func(App) bool
	holds  func(App) // told of an app that is not served
	most   int
	clocks func() *Schedule
	log    zerolog.Logger
	hooks  Hooks

	shared bool            // several hosts may have the store open
	turns  context.Context //nolint:containedctx // ends what waits for its turn to probe, and what is owned
	await  func(func())    // calls what waits, on a goroutine of Run

	before map[string][]byte // the apps that were blocked when the last run ended, and what the server said

	asked   chan chan struct{} // see sync
	stop    chan struct{}      // ends run
	stopped chan struct{}      // run has ended
	proceed func(start []*job) // begins attempts; it does not wait
	jobs    sync.Pool          // of *job: one has 1.5 KB, and each package needs one

	mu        sync.Mutex
	apps      map[App]*app         // guarded by mu, with all below
	endpoints map[string]*endpoint // guarded by mu
	news      []func()             // what to log and whom to tell, outside of the lock; guarded by mu
	over      bool                 // nothing new is sent; guarded by mu
	begun     uint64               // attempts so far; guarded by mu
	probes    []*probe             // those who wait for an attempt; guarded by mu
}

// app is what the governor knows about an app. Guarded by the governor's lock.
type app struct {
	name  App
	main  *endpoint // where it sends all but erasure requests
	pause pause
	busy  int // attempts in flight of the pause's term
	// flying counts all attempts in flight, and stale those of them that began before the app was held or its endpoint
	// went down. These keep their leases, perhaps until they time out, and must not stand in the way of a probe.
	flying, stale int
	limit         int  // what the store was told; only run touches it
	held          bool // it is not served; see Config.Serves
	turn          ownership
}

// endpoint is a server. Guarded by the governor's lock.
type endpoint struct {
	name   string
	room   Room
	apps   int // those that have it as their main
	busy   int // attempts in flight of the room's term
	parked []*job
	rate   rate // attempts that have ended
	// failing is when the first attempt failed since one was taken, and failure what came of the last. Zero: none has.
	failing time.Time
	failure string
}

// job is a lease on its way.
type job struct {
	lease    Lease
	app      *app
	endpoint *endpoint
	// The terms in which it began.
	appTerm, roomTerm uint64
	began             time.Time
	number            uint64 // among all attempts
	// done is what came of it. It is here because a Gate sees its response, and so it cannot be on a stack.
	done Settlement
}

// pausedSpace holds the apps that are blocked, by their String. Without it, each start would send as many packages of a
// blocked app as go at once, and tell scripts of each as if it were news.
const pausedSpace = "engine/paused"

func newGovernor(ctx context.Context, e *Engine, w *watcher) *governor {
	cfg := &e.cfg
	before, err := cfg.Store.Values(ctx, pausedSpace)
	if err != nil && ctx.Err() == nil {
		cfg.Log.Warn().Err(err).Msg("cannot read which apps are paused; they are found out anew")
	}
	return &governor{
		before: before, shared: cfg.Store.Shared(), turns: ctx,
		serves: cfg.serves, holds: w.hold,
		store: cfg.Store, gate: cfg.Gate, most: cfg.InFlight, clocks: e.clocks, log: cfg.Log, hooks: cfg.Hooks,
		asked: make(chan chan struct{}), stop: make(chan struct{}), stopped: make(chan struct{}),
		apps: map[App]*app{}, endpoints: map[string]*endpoint{},
	}
}

// run keeps the store's limits in step with what the governor has decided, and wakes what waits for a time. It is the
// only one that calls Limit, so that limits reach the store in the order in which they were decided. It ends when stop
// is closed, and leaves the store without limits.
func (g *governor) run() {
	defer close(g.stopped)
	timer := time.NewTimer(0)
	defer timer.Stop()
	var waiting []chan struct{}
	for {
		select {
		case done := <-g.asked:
			waiting = append(waiting, done)
		case <-timer.C:
		case <-g.stop:
			for _, a := range g.all() {
				g.store.Limit(a.name, -1)
			}
			return
		}
		wake := g.update()
		timer.Stop()
		if !wake.IsZero() {
			timer.Reset(max(time.Until(wake), time.Millisecond)) // a gate may name a time that is past
		}
		for _, done := range waiting {
			close(done)
		}
		waiting = waiting[:0]
	}
}

// sync returns when the store and the people know what was decided before the call.
func (g *governor) sync() {
	done := make(chan struct{})
	select {
	case g.asked <- done:
		<-done
	case <-g.stopped:
	}
}

func (g *governor) all() []*app {
	g.mu.Lock()
	defer g.mu.Unlock()
	all := make([]*app, 0, len(g.apps))
	for _, a := range g.apps {
		all = append(all, a)
	}
	return all
}

// appLimit is what the store is to be told about an app.
type appLimit struct {
	app    *app
	leases int
}

// update brings everything up to the present, and returns when it must be called again: zero for not at a time.
func (g *governor) update() (wake time.Time) {
	limits, news, wake := g.review(time.Now())
	for _, l := range limits {
		g.store.Limit(l.app.name, l.leases)
		l.app.limit = l.leases
	}
	for _, tell := range news {
		tell()
	}
	return wake
}

// review finds out what has changed by time, and returns what the store and people are to be told, outside of the lock.
func (g *governor) review(now time.Time) (limits []appLimit, news []func(), wake time.Time) {
	earlier := func(t time.Time) {
		if !t.IsZero() && (wake.IsZero() || t.Before(wake)) {
			wake = t
		}
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, e := range g.endpoints {
		if e.room.Attempts == 0 && !e.room.Again.After(now) {
			g.ask(e)
		}
		if e.room.Attempts == 0 {
			earlier(e.room.Again)
		}
	}
	for _, a := range g.apps {
		before := a.pause.term
		if g.awaitsTurn(a, now) {
			if leases := g.leases(a); leases != a.limit {
				limits = append(limits, appLimit{a, leases})
			}
			continue
		}
		if c := a.pause.wake(now); c != same {
			g.tellApp(a, c)
		}
		if a.pause.term != before {
			a.newTerm()
		}
		earlier(a.pause.wakes())
		if leases := g.leases(a); leases != a.limit {
			limits = append(limits, appLimit{a, leases})
		}
	}
	news, g.news = g.news, nil
	return limits, news, wake
}

// leases is how many leases of an app are worth having.
func (g *governor) leases(a *app) int {
	room, bound := g.room(a.main), a.pause.bound(g.most)
	switch {
	case a.held, bound == 0, room == 0:
		return 0
	case a.pause.step == ramping && a.pause.why == PauseSlowed && a.main.room.Down == "":
		// It is taken, and may go on like that for ever: it must not wait for the disk between attempts.
		return g.withAhead(min(bound, room)) + a.stale
	case bound < g.most:
		return min(bound, room) + a.stale
	case g.scarce(a.main):
		return g.choice(a.main) + a.stale
	default:
		return g.ahead(a.main)
	}
}

// ahead is how many leases are worth having for an endpoint. It changes in steps, so that the store is not told of each
// attempt more or less.
func (g *governor) ahead(e *endpoint) int {
	room := g.room(e)
	step := 1
	for step*8 < room {
		step *= 2
	}
	return g.withAhead(min((room+step-1)/step*step, max(g.most, room)))
}

func (*governor) withAhead(room int) int { return room + min((leasesAhead-1)*room, mostAhead) }

// few is how many leases are worth having where there is little room.
func (g *governor) few() int { return min(g.most, DefaultInFlight) }

// usual is how many attempts an app may have in flight while nothing is wrong with it: where that finds itself, as many as
// it has.
func (g *governor) usual(a *app) int {
	if a.main.room.Why == "" {
		return g.most
	}
	return min(max(a.busy+1, littleRoom), g.most)
}

// slack is how many requests to slow down an app has credit for beside what its answers gave it: what is in flight when a
// number that finds itself has grown too much, and once more.
func (g *governor) slack(a *app) int {
	if a.main.room.Why == "" {
		return 0
	}
	return 2 * g.usual(a)
}

// choice is how many leases each app of a scarce endpoint may hold, for all together to choose from. They are shared: with
// as many for each, apps that wait for a probe that hangs would keep those of other endpoints from leasing anything. While
// it is up, each has at least those that it may go on with.
func (g *governor) choice(e *endpoint) int {
	least := 1
	if e.room.Down == "" {
		least = leasesAhead * g.room(e)
	}
	return max(leasesAhead*g.few()/max(e.apps, 1), least)
}

// newTerm begins a term of the pause: what is in flight belongs to an earlier one.
func (a *app) newTerm() { a.busy, a.stale = 0, a.flying }

// room is how many attempts an endpoint may have in flight.
func (g *governor) room(e *endpoint) int {
	if e.room.Attempts < 0 {
		return g.most
	}
	return min(e.room.Attempts, g.most)
}

// ask asks the gate about an endpoint, and tells people when it went down or came up.
func (g *governor) ask(e *endpoint) {
	before := e.room
	e.room = g.gate.Room(e.name)
	if e.room.Term != before.Term {
		e.busy = 0
		for _, a := range g.apps {
			if a.main == e {
				a.stale = a.flying
			}
		}
	}
	if (before.Down == "") != (e.room.Down == "") {
		g.tellEndpoint(e)
	}
}

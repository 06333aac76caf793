package engine

import (
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/rs/zerolog"
)

const (
	// An app may hold leases for so many times the attempts that its endpoint takes at once: some that are being settled,
	// which takes as long as a write to the disk, and some to go on with meanwhile.
	leasesAhead = 4
	// Leases of all apps together, so that a great many apps cannot fill the memory.
	maxLeases = 1 << 14
)

// governor decides which leases become attempts, and when: not those of an app that is paused, not those for an
// endpoint that is down, and of the others no more at once than there is room. Leases beyond that are parked, few and
// in the order in which they came; the store is told by Limit not to hand out what could not be sent.
type governor struct {
	store   Queue
	gate    Gate
	most    int
	blocked Backoff
	log     zerolog.Logger
	hooks   Hooks

	asked   chan chan struct{} // see sync
	stop    chan struct{}      // ends run
	stopped chan struct{}      // run has ended

	mu        sync.Mutex
	apps      map[App]*app         // guarded by mu, with all below
	endpoints map[string]*endpoint // guarded by mu
	news      []func()             // what to log and whom to tell, outside of the lock; guarded by mu
	over      bool                 // nothing new is sent; guarded by mu
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
	limit         int // what the store was told; only run touches it
}

// endpoint is a server. Guarded by the governor's lock.
type endpoint struct {
	name   string
	room   Room
	busy   int // attempts in flight of the room's term
	parked []*job
}

// job is a lease on its way.
type job struct {
	lease    Lease
	app      *app
	endpoint *endpoint
	// The terms in which it began.
	appTerm, roomTerm uint64
	began             time.Time
}

func newGovernor(cfg *Config) *governor {
	return &governor{
		store: cfg.Store, gate: cfg.Gate, most: cfg.InFlight, blocked: cfg.Schedule.Blocked, log: cfg.Log, hooks: cfg.Hooks,
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
			timer.Reset(time.Until(wake))
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

// update brings everything up to the present, and returns when it must be called again: zero for not at a time.
func (g *governor) update() (wake time.Time) {
	type limit struct {
		app    *app
		leases int
	}
	var limits []limit
	earlier := func(t time.Time) {
		if !t.IsZero() && (wake.IsZero() || t.Before(wake)) {
			wake = t
		}
	}
	now := time.Now()
	g.mu.Lock()
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
		if a.pause.wake(now); a.pause.term != before {
			a.turn()
		}
		if a.pause.step == held {
			earlier(a.pause.until)
		}
		if leases := g.leases(a); leases != a.limit {
			limits = append(limits, limit{a, leases})
		}
	}
	news := g.news
	g.news = nil
	g.mu.Unlock()

	for _, l := range limits {
		g.store.Limit(l.app.name, l.leases)
		l.app.limit = l.leases
	}
	for _, tell := range news {
		tell()
	}
	return wake
}

// leases is how many leases of an app are worth having.
func (g *governor) leases(a *app) int {
	room, bound := g.room(a.main), a.pause.bound(g.most)
	switch {
	case bound == 0, room == 0:
		return 0
	case bound < g.most:
		return min(bound, room) + a.stale
	case a.main.room.Down != "":
		return room + a.stale
	default:
		return leasesAhead * room
	}
}

// turn begins a new term.
func (a *app) turn() { a.busy, a.stale = 0, a.flying }

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

// know returns the app of a package and the endpoint that it goes to, and whether either is new.
func (g *governor) know(lease *Lease) (a *app, e *endpoint, isNew bool) {
	name := lease.Package.App
	if a = g.apps[name]; a == nil {
		main, _ := g.endpoint(g.gate.Endpoint(name, KindEvent))
		a, isNew = &app{name: name, main: main, limit: -1}, true
		if lease.Last == Blocked {
			a.pause.resume(time.Now())
		}
		g.apps[name] = a
	}
	e, newEndpoint := g.endpoint(g.gate.Endpoint(name, lease.Package.Kind))
	return a, e, isNew || newEndpoint
}

func (g *governor) endpoint(name string) (e *endpoint, isNew bool) {
	e = g.endpoints[name]
	if e == nil {
		e = &endpoint{name: name}
		g.endpoints[name] = e
		g.ask(e)
		isNew = true
	}
	return e, isNew
}

// offer takes new leases. Those in start are attempts to make now, those in back go back to their lanes; the others
// are parked. After isNew, sync must be called before more is leased.
func (g *governor) offer(leases []Lease) (start []*job, back []Settlement, isNew bool) {
	now := time.Now()
	g.mu.Lock()
	defer g.mu.Unlock()
	for i := range leases {
		a, e, newApp := g.know(&leases[i])
		isNew = isNew || newApp
		j := &job{lease: leases[i], app: a, endpoint: e}
		switch {
		case g.over || a.pause.step == held || e.room.Attempts == 0:
			back = append(back, g.giveBack(j, now))
		case len(e.parked) == 0 && g.free(j):
			g.begin(j, now)
			start = append(start, j)
		case e != a.main && len(e.parked) >= g.most:
			// They would use up the leases that the app may hold for its main endpoint.
			back = append(back, g.giveBack(j, now))
		default:
			e.parked = append(e.parked, j)
		}
	}
	return start, back, isNew
}

// free tells whether there is room for a job now.
func (g *governor) free(j *job) bool {
	return j.endpoint.busy < g.room(j.endpoint) && j.app.busy < j.app.pause.bound(g.most)
}

func (g *governor) begin(j *job, now time.Time) {
	j.endpoint.busy++
	j.app.busy++
	j.app.flying++
	j.roomTerm, j.appTerm, j.began = j.endpoint.room.Term, j.app.pause.term, now
}

// giveBack makes a settlement that returns a lease unused.
func (g *governor) giveBack(j *job, now time.Time) Settlement {
	s := Settlement{Lease: j.lease, Verdict: Return, Due: now, Wait: j.lease.Last == WaitForDevice}
	if e := j.endpoint; e != j.app.main && !g.over {
		// The app's limit does not keep this head back, so its own clock does. Later by chance, so that not all come back
		// at once.
		wait := max(e.room.Again.Sub(now), time.Second)
		s.Due = now.Add(wait + time.Duration(rand.Float64()*float64(wait)))
	}
	return s
}

// finished is what follows from the end of an attempt.
type finished struct {
	// repeat: the response tells nothing new about a blocked app.
	repeat bool
	// next is when the app is probed, for a response that blocks it.
	next time.Time
	// start are attempts to make now, and back are leases that go back to their lanes.
	start []*job
	back  []Settlement
	// changed: the store's limits are not what they should be. Call sync before anything is settled.
	changed bool
}

// finish takes what came of an attempt. response is nil when it was cut by a shutdown, or was not made.
func (g *governor) finish(j *job, response *Response) (f finished) {
	now := time.Now()
	g.mu.Lock()
	defer g.mu.Unlock()
	a, e := j.app, j.endpoint
	current, inTerm := j.appTerm == a.pause.term, j.roomTerm == e.room.Term
	a.flying--
	if current {
		a.busy--
	}
	if inTerm {
		e.busy--
	}
	if !current || e == a.main && !inTerm {
		a.stale--
	}
	leases, room, bound := g.leases(a), e.room.Attempts, a.pause.bound(g.most)
	if response != nil {
		g.gate.Record(e.name, Attempt{Term: j.roomTerm, Took: now.Sub(j.began), Response: response})
		g.judge(a, response, current, now, &f)
	}
	g.ask(e)
	if g.over || a.pause.step == held && bound > 0 || e.room.Attempts == 0 && room != 0 {
		g.evict(now, &f)
	}
	f.start = g.unpark(e, now, f.start)
	if len(g.endpoints) > 1 && (bound < g.most || a.pause.step != open) {
		// Jobs of the app that are parked at another endpoint may be the ones that wait for this.
		for _, other := range g.endpoints {
			f.start = g.unpark(other, now, f.start)
		}
	}
	f.changed = len(g.news) > 0 || g.leases(a) != leases || e.room.Attempts != room
	return f
}

// judge learns about the app from a response.
func (g *governor) judge(a *app, response *Response, current bool, now time.Time, f *finished) {
	term := a.pause.term
	c := same
	switch {
	case response.Outcome == Blocked:
		c, f.repeat = a.pause.blocked(response, current, g.blocked, now, rand.Float64())
		f.next = a.pause.until
	case tooMany(response):
		c = a.pause.slowed(response, current, g.blocked, g.most, now)
	case takesApp(response):
		c = a.pause.taken(current, g.most)
	default:
		a.pause.failed(current, g.blocked, now, rand.Float64())
	}
	if a.pause.term != term {
		a.turn()
	}
	if c != same {
		g.tellApp(a, c)
	}
}

// evict gives back the parked jobs that cannot be sent for some time.
func (g *governor) evict(now time.Time, f *finished) {
	for _, e := range g.endpoints {
		e.parked = slices.DeleteFunc(e.parked, func(j *job) bool {
			if !g.over && e.room.Attempts != 0 && j.app.pause.step != held {
				return false
			}
			f.back = append(f.back, g.giveBack(j, now))
			return true
		})
	}
}

// unpark begins the parked jobs that there is room for, in their order.
func (g *governor) unpark(e *endpoint, now time.Time, start []*job) []*job {
	if g.over || len(e.parked) == 0 || e.busy >= g.room(e) {
		return start
	}
	kept := e.parked[:0]
	for i, j := range e.parked {
		if e.busy >= g.room(e) {
			kept = append(kept, e.parked[i:]...)
			break
		}
		if !g.free(j) {
			kept = append(kept, j)
			continue
		}
		g.begin(j, now)
		start = append(start, j)
	}
	clear(e.parked[len(kept):])
	e.parked = kept
	return start
}

// close parks nothing any more and gives back what is parked.
func (g *governor) close() (back []Settlement) {
	now := time.Now()
	g.mu.Lock()
	defer g.mu.Unlock()
	g.over = true
	var f finished
	g.evict(now, &f)
	return f.back
}

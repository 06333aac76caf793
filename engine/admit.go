package engine

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"time"
)

// know returns the app of a package and the endpoint that it goes to, and whether either is new.
func (g *governor) know(lease *Lease) (a *app, e *endpoint, isNew bool) {
	a, isNew = g.app(lease.Package.App)
	e, newEndpoint := g.endpoint(g.gate.Endpoint(a.name, lease.Package.Kind))
	return a, e, isNew || newEndpoint
}

func (g *governor) app(name App) (a *app, isNew bool) {
	if a = g.apps[name]; a != nil {
		return a, false
	}
	main, _ := g.endpoint(g.gate.Endpoint(name, KindEvent))
	a = &app{name: name, main: main, limit: -1, held: !g.serves(name)}
	if a.held {
		g.holds(name)
	}
	if message, paused := g.before[name.String()]; paused {
		a.pause.resume(string(message), time.Now(), g.shared)
	}
	main.apps++
	g.apps[name] = a
	return a, true
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
	var scarce []*endpoint
	for i := range leases {
		a, e, newApp := g.know(&leases[i])
		isNew = isNew || newApp
		j, _ := g.jobs.Get().(*job)
		if j == nil {
			j = new(job)
		}
		j.lease, j.app, j.endpoint = leases[i], a, e
		switch {
		case g.over || a.held || a.pause.step == held || e.room.Attempts == 0:
			back = append(back, g.giveBack(j, now))
		case len(e.parked) == 0 && g.free(j) && !g.scarce(e):
			g.begin(j, now)
			start = append(start, j)
		case e != a.main && len(e.parked) >= g.few():
			// They would use up the leases that the app may hold for its main endpoint.
			back = append(back, g.giveBack(j, now))
		default:
			e.parked = append(e.parked, j)
			if g.scarce(e) && !slices.Contains(scarce, e) {
				scarce = append(scarce, e)
			}
		}
	}
	return append(start, g.choose(scarce, now)...), back, isNew
}

// choose begins what tells most of what is parked at scarce endpoints.
func (g *governor) choose(scarce []*endpoint, now time.Time) (start []*job) {
	for _, e := range scarce {
		slices.SortStableFunc(e.parked, func(x, y *job) int { return x.lease.telling(&y.lease) })
		var f followUp
		if g.unpark(e, now, &f); f.next != nil {
			start = append(append(start, f.next), f.start...)
		}
	}
	return start
}

// scarce tells whether an endpoint is probed, or was until just now, so that it matters which attempt is made next. What
// has failed before may fail by its own fault, whatever the server does, and there may be any number of those, each due
// before all that is new: the probes would tell nothing, and nothing else would be sent.
func (g *governor) scarce(e *endpoint) bool {
	room := g.room(e)
	return room > 0 && (e.room.Down != "" || room < min(littleRoom, g.most))
}

// telling orders leases by how much an attempt may tell of an endpoint: first what was tried least, and of that what is
// newest, as the most like what is still to come.
func (l *Lease) telling(other *Lease) int {
	return cmp.Or(cmp.Compare(l.Attempts, other.Attempts), other.Accepted.Compare(l.Accepted))
}

// free tells whether there is room for a job now.
func (g *governor) free(j *job) bool {
	return j.endpoint.busy < g.room(j.endpoint) && j.app.busy < j.app.pause.bound(g.most)
}

// release takes back a job that is settled.
func (g *governor) release(j *job) {
	*j = job{}
	g.jobs.Put(j)
}

func (g *governor) begin(j *job, now time.Time) {
	j.endpoint.busy++
	j.app.busy++
	j.app.flying++
	g.begun++
	j.number = g.begun
	j.roomTerm, j.appTerm, j.began = j.endpoint.room.Term, j.app.pause.term, now
}

// giveBack makes a settlement that returns a lease unused.
func (g *governor) giveBack(j *job, now time.Time) Settlement {
	s := Settlement{Lease: j.lease, Verdict: Return, Due: now, Wait: j.lease.Last == WaitForDevice}
	e := j.endpoint
	if e.room.Attempts == 0 && j.lease.Attempts > 0 && e.room.Again.After(now) && !g.over {
		s.Due = e.room.Again // behind what the next probe can be chosen from, and was not looked at yet
	}
	if e != j.app.main && !g.over {
		// The app's limit does not keep this head back, so its own clock does. Later by chance, so that not all come back
		// at once.
		wait := max(e.room.Again.Sub(now), time.Second)
		s.Due = now.Add(wait + time.Duration(rand.Float64()*float64(wait)))
	}
	return s
}

// followUp is what to do after the end of an attempt.
type followUp struct {
	// repeat: the response tells nothing new about a blocked app.
	repeat bool
	// probe is when the app is probed, for a response that blocks it.
	probe time.Time
	// next is an attempt to make now, and start are more; back are leases that go back to their lanes.
	next  *job
	start []*job
	back  []Settlement
	// changed: the store's limits are not what they should be. Call sync before anything is settled.
	changed bool
}

// finish takes what came of an attempt. response is nil when it was cut by a shutdown, or was not made.
func (g *governor) finish(j *job, response *Response) (f followUp) {
	now := time.Now()
	g.mu.Lock()
	defer g.mu.Unlock()
	a, e := j.app, j.endpoint
	current, inTerm := j.appTerm == a.pause.term, j.roomTerm == e.room.Term
	a.flying--
	if current {
		a.busy--
	}
	flying := e.busy
	if inTerm {
		e.busy--
	}
	if !current || e == a.main && !inTerm {
		a.stale--
	}
	leases, room, ahead, bound := g.leases(a), e.room.Attempts, g.ahead(e), a.pause.bound(g.most)
	if response != nil {
		g.gate.Record(e.name, Attempt{Term: j.roomTerm, Took: now.Sub(j.began), InFlight: flying, Response: response})
		e.rate.count(now)
		g.judge(a, response, current, now, &f)
		e.learnStall(response, now)
		g.tellProbes(j, response, f.probe)
	}
	g.ask(e)
	if g.over || a.pause.step == held && bound > 0 || e.room.Attempts == 0 && room != 0 {
		g.evict(now, &f)
	}
	g.unpark(e, now, &f)
	if len(g.endpoints) > 1 && (bound < g.most || a.pause.step != open) {
		// Jobs of the app that are parked at another endpoint may be the ones that wait for this.
		for _, other := range g.endpoints {
			g.unpark(other, now, &f)
		}
	}
	f.changed = len(g.news) > 0 || g.leases(a) != leases || g.ahead(e) != ahead
	return f
}

// judge learns about the app from a response.
func (g *governor) judge(a *app, response *Response, current bool, now time.Time, f *followUp) {
	term := a.pause.term
	c := same
	switch {
	case response.Outcome == Blocked:
		c, f.repeat = a.pause.blocked(response, current, g.clocks().Blocked, now, rand.Float64())
		if f.probe = now; a.pause.step == held {
			f.probe = a.pause.until
		}
	case tooMany(response):
		c = a.pause.slowed(response, current, g.clocks().Blocked, g.most, g.usual(a), g.slack(a), now)
	case response.TakesApp():
		c = a.pause.taken(current, g.most)
	default:
		a.pause.failed(current, g.clocks().Blocked, now, rand.Float64())
	}
	if a.pause.term != term {
		a.newTerm()
	}
	if c != same {
		g.tellApp(a, c)
	}
}

// evict gives back the parked jobs that cannot be sent for some time. Those of an endpoint that is down come due in the order
// in which they were parked, so that the store hands out first what a probe is to be chosen from, of however many.
func (g *governor) evict(now time.Time, f *followUp) {
	for _, e := range g.endpoints {
		e.parked = slices.DeleteFunc(e.parked, func(j *job) bool {
			if !g.over && e.room.Attempts != 0 && j.app.pause.step != held {
				return false
			}
			s := g.giveBack(j, now)
			if e.room.Attempts == 0 {
				s.Due = s.Due.Add(time.Duration(len(f.back)) * time.Millisecond)
			}
			f.back = append(f.back, s)
			return true
		})
	}
}

// unpark begins the parked jobs that there is room for, in their order.
func (g *governor) unpark(e *endpoint, now time.Time, f *followUp) {
	if g.over {
		return
	}
	for at := 0; at < len(e.parked) && e.busy < g.room(e); {
		j := e.parked[at]
		if !g.free(j) {
			at++ // its app is held down; others may go
			continue
		}
		if at == 0 {
			e.parked[0], e.parked = nil, e.parked[1:]
		} else {
			e.parked = slices.Delete(e.parked, at, at+1)
		}
		g.begin(j, now)
		if f.next == nil {
			f.next = j
		} else {
			f.start = append(f.start, j)
		}
	}
}

// close parks nothing any more and gives back what is parked.
func (g *governor) close() (back []Settlement) {
	now := time.Now()
	g.mu.Lock()
	defer g.mu.Unlock()
	g.over = true
	var f followUp
	g.evict(now, &f)
	return f.back
}

package live

import (
	"strings"
	"time"

	"trackhook/engine/disk/internal/format"
)

// laneTable knows what is leased, what can be, and what must not be just now. Apps are served one after the other, each
// under its limit.
//
// [Memory] guards it.
type laneTable struct {
	apps     map[string]*app
	rotation []*app            // all apps, those that were served last at the end
	held     map[uint64]*Lease // by handle
	handles  uint64            // the newest handle
	claims   map[string]laneClaim
	damaged  map[string]Damage // why lanes are held that cannot be read, by lane
	news     chan struct{}     // closed when there may be more to lease; nil: nobody waits
}

// Lease is what is known of an engine.Lease that was handed out.
type Lease struct {
	Lane, ID string
	Number   uint64
	Accepted time.Time
	Last     uint64 // sequence number of the response before, since it was queued
	Previous uint64 // and from before it was queued
	Session  bool
	settling bool // a settlement is on its way to the disk
}

// laneClaim says why a lane cannot be leased. A lane without one is free.
type laneClaim struct {
	leased bool
	number uint64 // of the package that is leased
	groups int    // groups on their way to the disk that change the lane
}

func newLaneTable() laneTable {
	return laneTable{
		apps:    make(map[string]*app),
		held:    make(map[uint64]*Lease),
		claims:  make(map[string]laneClaim),
		damaged: make(map[string]Damage),
	}
}

// app returns an app, made when it is new: nothing of it is due in the index.
func (t *laneTable) app(name string) *app {
	if a := t.apps[name]; a != nil {
		return a
	}
	a := &app{name: strings.Clone(name), limit: -1}
	t.apps[a.name] = a
	t.rotation = append(t.rotation, a)
	a.window = newWindow(t.windowSize())
	a.window.end = Everything()
	return a
}

// windowSize is how many lanes the window of each app may read at once.
func (t *laneTable) windowSize() int {
	return min(max(windowTotal/len(t.apps), windowLeast), windowMost)
}

// add puts a lane into the window of its app.
func (t *laneTable) add(e DueLane) {
	a := t.app(format.AppOfLane(e.Lane))
	a.window.size = t.windowSize()
	a.window.add(e)
}

// limit bounds the leases of an app.
func (t *laneTable) limit(name string, leases int) {
	t.app(name).limit = leases
	t.tell()
}

// tell wakes who waits for something to lease.
func (t *laneTable) tell() {
	if t.news != nil {
		close(t.news)
		t.news = nil
	}
}

// take takes what is due out of the windows, from one app after the other, and marks its lanes as leased. When nothing is,
// it returns what to do: to fill the window of an app, or to wait for news or the next due time (0: there is none).
func (t *laneTable) take(now int64, limit int) (due []DueLane, next int64, news <-chan struct{}, fill *app) {
	for {
		var ready []*app
		if ready, next, fill = t.ready(now); fill != nil {
			return nil, 0, nil, fill
		}
		if len(ready) == 0 {
			break
		}
		if due = t.takeFrom(ready, now, limit); len(due) > 0 {
			return due, 0, nil, nil
		}
	}
	if t.news == nil {
		t.news = make(chan struct{})
	}
	return nil, next, t.news, nil
}

// takeFrom takes one lane of each app after the other, and puts the apps back into the rotation: one that was served goes
// behind those that were not, and one that has no more is served for this time.
func (t *laneTable) takeFrom(ready []*app, now int64, limit int) (due []DueLane) {
	var spent []*app
	for len(ready) > 0 && len(due) < limit {
		a := ready[0]
		ready = ready[1:]
		e, ok := t.takeOne(a, now)
		if !ok {
			spent = append(spent, a)
			continue
		}
		due = append(due, e)
		ready = append(ready, a)
	}
	t.rotation = append(append(t.rotation, ready...), spent...)
	return due
}

// ready takes the apps that have something due and room for it out of the rotation, in their order, and forgets those that
// are idle. next is when the first of the others has something due. fill is an app whose window must be filled to know;
// then the rotation stays.
func (t *laneTable) ready(now int64) (ready []*app, next int64, fill *app) {
	for _, a := range t.rotation {
		if _, some := a.window.next(); !some && !a.window.complete() && a.room() > 0 {
			return nil, 0, a
		}
	}
	kept := t.rotation[:0]
	for _, a := range t.rotation {
		if a.idle() {
			delete(t.apps, a.name)
			continue
		}
		at, some := a.window.next()
		if some && at.Due <= now && a.room() > 0 {
			ready = append(ready, a)
			continue
		}
		kept = append(kept, a)
		if some && a.room() > 0 && (next == 0 || at.Due < next) {
			next = at.Due
		}
	}
	clear(t.rotation[len(kept):])
	t.rotation = kept
	return ready, next, nil
}

// takeOne takes the earliest lane of an app that is due and free.
func (t *laneTable) takeOne(a *app, now int64) (DueLane, bool) {
	for a.room() > 0 {
		e, ok := a.window.take(now)
		if !ok {
			break
		}
		if _, ok := t.claims[e.Lane]; ok {
			continue // whoever has claimed it offers it anew
		}
		t.claims[e.Lane] = laneClaim{leased: true, number: e.Number}
		a.held++
		return e, true
	}
	return DueLane{}, false
}

// release ends the lease of a lane.
func (t *laneTable) release(lane string) {
	a := t.app(format.AppOfLane(lane))
	if a.held--; a.room() == 1 {
		t.tell()
	}
}

// putBack frees lanes that were taken and not handed out, save those that are held because of damage. again offers them
// anew.
func (t *laneTable) putBack(taken []DueLane, again bool) {
	for _, e := range taken {
		if !t.claims[e.Lane].leased {
			continue // it was put back as stale
		}
		if _, held := t.damaged[e.Lane]; held {
			continue // its place under the limit is free already
		}
		delete(t.claims, e.Lane)
		t.release(e.Lane)
		if again {
			t.add(e)
		}
	}
}

// unclaim ends the change of a lane by a group.
func (t *laneTable) unclaim(lane string) {
	c := t.claims[lane]
	if c.groups--; c.groups == 0 && !c.leased {
		delete(t.claims, lane)
		return
	}
	t.claims[lane] = c
}

// unbuild undoes what building a group has changed, which is not written.
func (t *laneTable) unbuild(c *Changes) {
	for _, claim := range c.claims {
		t.unclaim(claim.lane)
	}
	for i := range c.undamaged {
		d := &c.undamaged[i]
		claim := t.claims[d.Lane]
		claim.leased, claim.number = true, d.Number
		t.claims[d.Lane], t.damaged[d.Lane] = claim, *d
	}
	for _, handle := range c.released {
		held := t.held[handle]
		held.settling = false
		t.claims[held.Lane] = laneClaim{leased: true, number: held.Number, groups: t.claims[held.Lane].groups - 1}
	}
}

// damagedNumber returns why the lane is held whose next package has a number.
func (t *laneTable) damagedNumber(number uint64) (Damage, bool) {
	for _, d := range t.damaged {
		if d.Number == number {
			return d, true
		}
	}
	return Damage{}, false
}

// publish takes over what a durable group has changed.
func (t *laneTable) publish(c *Changes) {
	for _, handle := range c.released {
		lane := t.held[handle].Lane
		delete(t.held, handle)
		t.unclaim(lane)
		t.release(lane)
	}
	for i := range c.Held {
		d := &c.Held[i]
		claim := t.claims[d.Lane]
		claim.leased, claim.number = true, d.Number
		t.claims[d.Lane], t.damaged[d.Lane] = claim, *d
	}
	for _, claim := range c.claims {
		t.unclaim(claim.lane)
		if a := t.apps[format.AppOfLane(claim.lane)]; a != nil {
			a.window.drop(claim.number)
		}
	}
	for _, e := range c.Offered {
		if e.Lane != "" {
			t.add(e)
		}
	}
	if len(c.Offered) > 0 {
		t.tell()
	}
}

package live

import "trackhook/engine/disk/internal/format"

// KnowApp says that an app may have something in the index of what is due, which must be read.
func (m *Memory) KnowApp(name string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.lanes.app(name).window.end = format.Place{}
}

// Limit bounds the leases of an app.
func (m *Memory) Limit(name string, leases int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.lanes.limit(name, leases)
}

// Fill is a window that must be filled to know what is due: with at most most lanes of an app that are due behind from.
type Fill struct {
	Name string
	From format.Place
	Most int
	app  *app
}

// Take takes what is due at now, at most limit lanes, and marks them as leased. When nothing is, it returns what to do: to
// fill a window, which the caller must end with [Memory.EndFill] or [Memory.DropFill], or to wait for news or the next due time (0: there is
// none).
//
// While a window is filled it has no end, so that whatever is published meanwhile gets in; what was read twice is dropped by
// the window.
func (m *Memory) Take(now int64, limit int) (due []DueLane, next int64, news <-chan struct{}, f *Fill) {
	m.mu.Lock()
	defer m.mu.Unlock()
	due, next, news, a := m.lanes.take(now, limit)
	if a == nil {
		return due, next, news, nil
	}
	f = &Fill{Name: a.name, From: a.window.end, app: a}
	a.window.end = Everything()
	a.window.size = m.lanes.windowSize()
	f.Most = a.window.size
	return nil, 0, nil, f
}

// EndFill puts what was found into a window, which now reaches up to end.
func (m *Memory) EndFill(f *Fill, found []DueLane, end format.Place) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, e := range found {
		// A package that is not durable yet, and a lane that is claimed: both are added when it is their time.
		_, claimed := m.lanes.claims[e.Lane]
		if claimed || e.Number > m.durable.Packages || f.app.window.has(e.Number) {
			continue
		}
		f.app.window.add(e)
	}
	if end.Before(f.app.window.end) {
		f.app.window.cut(end)
	}
}

// DropFill ends a fill that has failed. What was published meanwhile stays, which is right: it is behind from, and a second
// entry does no harm.
func (m *Memory) DropFill(f *Fill) {
	m.mu.Lock()
	defer m.mu.Unlock()
	f.app.window.end = f.From
}

// Hold keeps leases that are handed out, and returns the handle of the first; the others have those that follow it.
func (m *Memory) Hold(leases []*Lease) (first uint64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	first = m.lanes.handles + 1
	for _, held := range leases {
		m.lanes.handles++
		m.lanes.held[m.lanes.handles] = held
	}
	return first
}

// PutBack frees lanes that were taken and not handed out, save those that are held because of damage. again offers them
// anew.
func (m *Memory) PutBack(taken []DueLane, again bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.lanes.putBack(taken, again)
}

// IsLeased tells whether a package of a lane is leased just now; with the number 0, whether any is.
func (m *Memory) IsLeased(lane string, number uint64) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	c := m.lanes.claims[lane]
	return c.leased && (number == 0 || c.number == number)
}

// Claim keeps a lane, whose next package has a number, from being leased until the group of c is durable, or reports that it
// is leased.
func (m *Memory) Claim(lane string, number uint64, c *Changes) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	claim := m.lanes.claims[lane]
	if claim.leased {
		return false
	}
	claim.groups++
	m.lanes.claims[lane] = claim
	c.claims = append(c.claims, groupClaim{lane: lane, number: number})
	return true
}

// Settle returns the lease of each handle, which the group of c ends; one without a number where there is none, or where it
// is being settled already. The lanes stay claimed until the group is durable.
func (m *Memory) Settle(handles []uint64, c *Changes) []Lease {
	leases := make([]Lease, len(handles))
	m.mu.Lock()
	defer m.mu.Unlock()
	for i, handle := range handles {
		if held := m.lanes.held[handle]; held != nil && !held.settling {
			held.settling = true
			leases[i] = *held
			c.released = append(c.released, handle)
			m.lanes.claims[held.Lane] = laneClaim{groups: m.lanes.claims[held.Lane].groups + 1}
		}
	}
	return leases
}

// SettleAgain lets leases be settled again whose settlement did not reach the disk.
func (m *Memory) SettleAgain(c *Changes) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, handle := range c.released {
		if held := m.lanes.held[handle]; held != nil {
			held.settling = false
		}
	}
}

// Unbuild undoes what building a group has changed, which is not written.
func (m *Memory) Unbuild(c *Changes) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.lanes.unbuild(c)
}

// Withdrawn says what is durable after packages were withdrawn, before anything is leased.
func (m *Memory) Withdrawn(durable format.State) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.durable = durable
	clear(m.lanes.claims)
}

// Bequeath returns the leases by their handles, and the newest handle, for the memory of the next database.
func (m *Memory) Bequeath() (held map[uint64]Lease, handles uint64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	held = make(map[uint64]Lease, len(m.lanes.held))
	for handle, one := range m.lanes.held {
		held[handle] = *one
	}
	return held, m.lanes.handles
}

// Inherit takes over leases from the memory of the database before.
func (m *Memory) Inherit(held map[uint64]Lease, handles uint64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.lanes.handles = handles
	for handle, one := range held {
		again := one
		again.settling = false
		m.lanes.held[handle] = &again
		m.lanes.claims[again.Lane] = laneClaim{leased: true, number: again.Number}
		m.lanes.app(format.AppOfLane(again.Lane)).held++
	}
}

// HoldDamaged keeps in mind that the next package of a leased lane cannot be read, and frees its place under the limit of
// its app. The lane stays leased, so that order is kept.
func (m *Memory) HoldDamaged(d Damage) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.lanes.damaged[d.Lane] = d
	m.lanes.release(d.Lane)
}

// KnowDamaged notes more about damage, if it still holds its lane.
func (m *Memory) KnowDamaged(d Damage) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, known := m.lanes.damaged[d.Lane]; known {
		m.lanes.damaged[d.Lane] = d
	}
}

// CountDamaged returns how many lanes are held because of damage.
func (m *Memory) CountDamaged() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.lanes.damaged)
}

// Damaged returns why the lane is held whose next package has a number.
func (m *Memory) Damaged(number uint64) (Damage, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.lanes.damagedNumber(number)
}

// ClaimDamaged turns the lease that holds the lane of a damaged package into a claim of the group of c, in one step.
func (m *Memory) ClaimDamaged(lane string, number uint64, c *Changes) {
	m.mu.Lock()
	defer m.mu.Unlock()
	claim := m.lanes.claims[lane]
	claim.leased = false
	claim.groups++
	m.lanes.claims[lane] = claim
	c.claims = append(c.claims, groupClaim{lane: lane, number: number})
	c.undamaged = append(c.undamaged, m.lanes.damaged[lane])
	delete(m.lanes.damaged, lane)
}

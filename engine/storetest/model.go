package storetest

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"trackhook/engine"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// Model is what a store should hold. A model that a [History] has shown is not changed any more.
type Model struct {
	// Queue holds the packages of each lane that has any, in the order in which they were accepted.
	Queue map[string][]Item
	// Order holds the IDs of each lane in the order in which they are leased when each leaves the queue without telling
	// anything about the device.
	Order map[string][]string
	// Devices holds the ADID of each lane that was told one.
	Devices map[string]string
	// Dead holds the dead letters by ID.
	Dead map[string]Item
	// Log holds the responses, each as "ID attempt outcome".
	Log []string
	// Ambiguous counts those that are.
	Ambiguous uint64
	// Counts holds all counts by what they count.
	Counts map[string]uint64
	// Cursors holds the cursor of each listener.
	Cursors map[string]uint64
	// Runs holds who handled each response. A store is asked about the newest responses only.
	Runs map[uint64][]engine.Run
	// Values holds the values by space and key.
	Values map[string]map[string]string
	// Known holds the IDs that a store must not queue again.
	Known map[string]bool
}

// Item is a package in a queue, or a dead letter.
type Item struct {
	ID                 string
	Attempts, Failures int
	Last               engine.Outcome

	pack  engine.Package
	wait  bool      // it waits for a session
	later time.Time // when it is due, long after the test. Zero: it is
}

// String returns what there is to see of it.
func (i Item) String() string {
	return fmt.Sprintf("%s after %d attempts, %d failures, last %s", i.ID, i.Attempts, i.Failures, i.Last)
}

// nextItem returns the index of the package that is leased next.
func nextItem(items []Item) int {
	if items[0].wait {
		isSession := func(i Item) bool { return i.pack.Kind == engine.KindSession }
		return max(slices.IndexFunc(items, isSession), 0)
	}
	return 0
}

func newModel() *Model {
	return &Model{
		Queue: make(map[string][]Item), Order: make(map[string][]string), Devices: make(map[string]string),
		Dead: make(map[string]Item), Counts: make(map[string]uint64), Cursors: make(map[string]uint64),
		Runs: make(map[uint64][]engine.Run), Values: make(map[string]map[string]string), Known: make(map[string]bool),
	}
}

func (m *Model) clone() *Model {
	c := *m
	c.Queue = make(map[string][]Item, len(m.Queue))
	for lane, items := range m.Queue {
		c.Queue[lane] = slices.Clone(items)
	}
	c.Devices = maps.Clone(m.Devices)
	c.Dead = maps.Clone(m.Dead)
	c.Log = slices.Clip(m.Log)
	c.Counts = maps.Clone(m.Counts)
	c.Cursors = maps.Clone(m.Cursors)
	c.Runs = maps.Clone(m.Runs)
	c.Values = make(map[string]map[string]string, len(m.Values))
	for space, values := range m.Values {
		c.Values[space] = maps.Clone(values)
	}
	c.Known = maps.Clone(m.Known)
	return &c
}

func (m *Model) append(packages []engine.Package) {
	for i := range packages {
		p := &packages[i]
		if m.Known[p.ID] {
			continue
		}
		m.Known[p.ID] = true
		m.Counts[countName(p.App, p.Kind, p.Params["event_token"], p.Created, "accepted")]++
		m.Queue[p.Device] = append(m.Queue[p.Device], Item{ID: p.ID, pack: *p})
	}
}

func countName(app engine.App, kind engine.Kind, token string, day time.Time, what string) string {
	return fmt.Sprintf("%s %s %s %s: %s", app, kind, token, day.UTC().Format(time.DateOnly), what)
}

func (m *Model) settle(settlements []engine.Settlement) {
	for i := range settlements {
		s := &settlements[i]
		lane := s.Lease.Package.Device
		items := m.Queue[lane]
		at := slices.IndexFunc(items, func(item Item) bool { return item.ID == s.Lease.Package.ID })
		item := &items[at]
		if s.Verdict != engine.Return {
			m.log(&s.Response)
			item.Attempts++
			item.Last = s.Response.Outcome
		}
		switch s.Verdict {
		case engine.Requeue:
			item.Failures = s.Lease.Failures
			item.stay(s)
		case engine.Return:
			item.stay(s)
		case engine.Bury:
			m.Dead[item.ID] = *item
			m.leave(lane, at)
		case engine.Remove:
			m.leave(lane, at)
		}
		if s.Device == nil {
			continue
		}
		m.Devices[lane] = s.Device.ADID
		if items := m.Queue[lane]; len(items) > 0 && items[0].wait && !s.Device.Session.IsZero() {
			items[0].wait, items[0].later = false, time.Time{}
		}
	}
}

// stay keeps an item in the queue, as a settlement says.
func (i *Item) stay(s *engine.Settlement) {
	i.wait, i.later = s.Wait && i.pack.Kind != engine.KindSession, time.Time{}
	if time.Until(s.Due) > far/2 {
		i.later = s.Due
	}
}

// far is longer than a history takes.
const far = 1000 * time.Hour

// hasten makes lanes of an app due, save those that are leased.
func (m *Model) hasten(app engine.App, limit int, leased map[string]bool) (hastened int) {
	var all []*Item
	for lane, items := range m.Queue {
		item := &items[nextItem(items)]
		if item.pack.App == app && !leased[lane] && !item.wait && !item.later.IsZero() {
			all = append(all, item)
		}
	}
	slices.SortFunc(all, func(a, b *Item) int { return a.later.Compare(b.later) })
	all = all[:min(limit, len(all))]
	for _, item := range all {
		item.later = time.Time{}
	}
	return len(all)
}

// hastenLane makes a lane due, unless it is leased.
func (m *Model) hastenLane(lane string, leased map[string]bool) (hastened bool) {
	items := m.Queue[lane]
	if len(items) == 0 || leased[lane] {
		return false
	}
	item := &items[nextItem(items)]
	hastened = !item.later.IsZero()
	item.later = time.Time{}
	return hastened
}

func (m *Model) leave(lane string, at int) {
	if m.Queue[lane] = slices.Delete(m.Queue[lane], at, at+1); len(m.Queue[lane]) == 0 {
		delete(m.Queue, lane)
	}
}

func (m *Model) log(r *engine.Response) {
	p := &r.Package
	m.Log = append(m.Log, logLine(r))
	m.Counts[countName(p.App, p.Kind, p.Params["event_token"], p.Created, r.Outcome.String())]++
	if r.Ambiguous {
		m.Ambiguous++
		m.Counts[countName(p.App, p.Kind, p.Params["event_token"], p.Created, "ambiguous")]++
	}
}

func (m *Model) retry(ids []string) (retried int) {
	for _, id := range ids {
		item, ok := m.Dead[id]
		if !ok {
			continue
		}
		delete(m.Dead, id)
		lane := item.pack.Device
		m.Queue[lane] = append(m.Queue[lane], Item{ID: id, pack: item.pack})
		retried++
	}
	return retried
}

func (m *Model) drop(ids []string, leased map[string]bool) (dropped int) {
	for _, id := range ids {
		item, ok := m.Dead[id]
		if ok {
			delete(m.Dead, id)
		} else {
			var lane string
			var at int
			if lane, at, ok = m.find(id); !ok || leased[id] {
				continue
			}
			item = m.Queue[lane][at]
			m.leave(lane, at)
		}
		m.log(&engine.Response{Package: item.pack, Attempt: item.Attempts, Outcome: engine.Dropped})
		dropped++
	}
	return dropped
}

func (m *Model) find(id string) (lane string, at int, ok bool) {
	for lane, items := range m.Queue {
		if at := slices.IndexFunc(items, func(item Item) bool { return item.ID == id }); at >= 0 {
			return lane, at, true
		}
	}
	return "", 0, false
}

func logLine(r *engine.Response) string {
	return fmt.Sprintf("%s %d %s", r.Package.ID, r.Attempt, r.Outcome)
}

// Diff compares what a store should hold with what it holds, and returns "" when that is the same. After a crash
// cursors may be behind.
func (m *Model) Diff(got *Model, crashed bool) string {
	want := *m
	want.Cursors = maps.Clone(m.Cursors)
	if crashed {
		for listener, seq := range got.Cursors {
			if seq <= want.Cursors[listener] {
				want.Cursors[listener] = seq
			}
		}
	}
	want.Runs = make(map[uint64][]engine.Run)
	for seq, runs := range m.Runs {
		if seq+runsChecked <= uint64(len(m.Log)) {
			continue
		}
		kept := slices.DeleteFunc(slices.Clone(runs), func(r engine.Run) bool { return seq > want.Cursors[r.Listener] })
		slices.SortFunc(kept, func(a, b engine.Run) int { return strings.Compare(a.Listener, b.Listener) })
		if len(kept) > 0 {
			want.Runs[seq] = kept
		}
	}
	want.Order = make(map[string][]string)
	for lane, items := range m.Queue {
		for items = slices.Clone(items); len(items) > 0; {
			at := nextItem(items)
			want.Order[lane] = append(want.Order[lane], items[at].ID)
			items = slices.Delete(items, at, at+1)
		}
	}
	// A device is only seen with a package, and IDs are checked by themselves.
	want.Devices = make(map[string]string)
	for lane, adid := range m.Devices {
		if len(m.Queue[lane]) > 0 {
			want.Devices[lane] = adid
		}
	}
	return cmp.Diff(&want, got, cmpopts.EquateEmpty(), cmpopts.IgnoreFields(Model{}, "Known"), cmpopts.IgnoreUnexported(Item{}))
}

func (m *Model) setValue(space, key string, value []byte) {
	if value == nil {
		if delete(m.Values[space], key); len(m.Values[space]) == 0 {
			delete(m.Values, space)
		}
		return
	}
	if m.Values[space] == nil {
		m.Values[space] = make(map[string]string)
	}
	m.Values[space][key] = string(value)
}

func spaces() []string { return []string{"a", "a/b"} }

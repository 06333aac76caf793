package storetest

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"trackhook/engine"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// Model is what a store should hold. A model that a [History] has shown is not changed any more.
type Model struct {
	// Queue holds the packages of each lane that has any, head first.
	Queue map[string][]Item
	// Devices holds the ADID of each lane that was told one.
	Devices map[string]string
	// Dead counts the dead letters.
	Dead uint64
	// Log holds the responses, each as "ID attempt outcome".
	Log []string
	// Cursors holds the cursor of each listener.
	Cursors map[string]uint64
	// Values holds the values by space and key.
	Values map[string]map[string]string
	// Known holds the IDs that a store must not queue again.
	Known map[string]bool
}

// Item is a package in a queue.
type Item struct {
	ID                 string
	Attempts, Failures int
	Last               engine.Outcome
}

func newModel() *Model {
	return &Model{
		Queue: make(map[string][]Item), Devices: make(map[string]string), Cursors: make(map[string]uint64),
		Values: make(map[string]map[string]string), Known: make(map[string]bool),
	}
}

func (m *Model) clone() *Model {
	c := *m
	c.Queue = make(map[string][]Item, len(m.Queue))
	for lane, items := range m.Queue {
		c.Queue[lane] = slices.Clone(items)
	}
	c.Devices = maps.Clone(m.Devices)
	c.Log = slices.Clip(m.Log)
	c.Cursors = maps.Clone(m.Cursors)
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
		m.Queue[p.Device] = append(m.Queue[p.Device], Item{ID: p.ID})
	}
}

func (m *Model) settle(settlements []engine.Settlement) {
	for i := range settlements {
		s := &settlements[i]
		lane := s.Lease.Package.Device
		if s.Device != nil {
			m.Devices[lane] = s.Device.ADID
		}
		if s.Verdict == engine.Return {
			continue
		}
		m.Log = append(m.Log, logLine(&s.Response))
		head := &m.Queue[lane][0]
		if s.Verdict == engine.Requeue {
			head.Attempts++
			head.Failures = s.Lease.Failures
			head.Last = s.Response.Outcome
			continue
		}
		if s.Verdict == engine.Bury {
			m.Dead++
		}
		if m.Queue[lane] = m.Queue[lane][1:]; len(m.Queue[lane]) == 0 {
			delete(m.Queue, lane)
		}
	}
}

func logLine(r *engine.Response) string {
	return fmt.Sprintf("%s %d %s", r.Package.ID, r.Attempt, r.Outcome)
}

// Contents reads everything out of a store that the model knows. It empties the queue: the store is used up.
func Contents(ctx context.Context, store engine.Store) (*Model, error) {
	m := newModel()
	stats, err := store.Stats(ctx)
	if err != nil {
		return nil, err
	}
	m.Dead = stats.Dead
	if m.Log, err = readAll(ctx, store); err != nil {
		return nil, err
	}
	cursors, err := store.Cursors(ctx)
	if err != nil {
		return nil, err
	}
	m.Cursors = cursors
	for _, space := range spaces() {
		values, err := store.Values(ctx, space)
		if err != nil {
			return nil, err
		}
		for key, value := range values {
			m.setValue(space, key, value)
		}
	}
	if err := m.drain(ctx, store, stats); err != nil {
		return nil, err
	}
	return m, nil
}

func readAll(ctx context.Context, store engine.Store) (log []string, err error) {
	last, err := store.Last(ctx)
	for err == nil && uint64(len(log)) < last {
		var responses []engine.Response
		responses, err = store.Read(ctx, uint64(len(log)), 100)
		for i := range responses {
			if responses[i].Seq != uint64(len(log))+1 {
				return nil, fmt.Errorf("response %d follows response %d", responses[i].Seq, len(log))
			}
			log = append(log, logLine(&responses[i]))
		}
	}
	return log, err
}

// drain empties the queue and takes down what it held.
func (m *Model) drain(ctx context.Context, store engine.Store, stats engine.Stats) error {
	lanes := uint64(0)
	for left := stats.Queued; left > 0; {
		leases, err := store.Lease(ctx, 50)
		if err != nil {
			return fmt.Errorf("%d packages should be queued and cannot be leased: %w", left, err)
		}
		settlements := make([]engine.Settlement, 0, len(leases))
		for i := range leases {
			l := &leases[i]
			lane := l.Package.Device
			if len(m.Queue[lane]) == 0 {
				lanes++
			}
			m.Queue[lane] = append(m.Queue[lane], Item{ID: l.Package.ID, Attempts: l.Attempts, Failures: l.Failures, Last: l.Last})
			if l.Device.ADID != "" {
				m.Devices[lane] = l.Device.ADID
			}
			settlements = append(settlements, remove(*l))
		}
		if err := store.Settle(ctx, settlements...); err != nil {
			return err
		}
		left -= min(left, uint64(len(leases)))
	}
	if lanes != stats.Lanes {
		return fmt.Errorf("%d lanes had packages, and Stats counted %d", lanes, stats.Lanes)
	}
	after, err := store.Stats(ctx)
	if err != nil {
		return err
	}
	if after.Queued != 0 || after.Lanes != 0 {
		return fmt.Errorf("the queue is drained, and Stats counts %+v", after)
	}
	return nil
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
	// A device is only seen with a package, and IDs are checked by themselves.
	want.Devices = make(map[string]string)
	for lane, adid := range m.Devices {
		if len(m.Queue[lane]) > 0 {
			want.Devices[lane] = adid
		}
	}
	return cmp.Diff(&want, got, cmpopts.EquateEmpty(), cmpopts.IgnoreFields(Model{}, "Known"))
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

// due is now, as the sending loop says it.
func due() time.Time { return time.Now() }

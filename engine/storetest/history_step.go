package storetest

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"trackhook/engine"
)

// member makes the n-th package. Everything about it follows from n, so that one that comes again is the same.
func member(n int) engine.Package {
	device := n * 7 % 5
	p := pack(strconv.Itoa(n), strconv.Itoa(device))
	if device%2 == 0 {
		p.App.Environment = engine.Production
	}
	if n%3 == 0 {
		p.Kind = engine.KindSession
		delete(p.Params, "event_token")
	}
	p.Created = p.Created.AddDate(0, 0, n%2)
	return p
}

func (h *History) append(ctx context.Context) error {
	packages := make([]engine.Package, 1+h.chance(4))
	for i := range packages {
		h.ids++
		n := h.ids
		if h.chance(5) == 0 {
			n = 1 + h.chance(n) // most of these are known
		}
		packages[i] = member(n)
	}
	return h.attempt(func(m *Model) { m.append(packages) }, func() error { return h.store.Append(ctx, packages...) })
}

// app picks one of the two apps of all members.
func (h *History) app() engine.App { return member(1 + 2*h.chance(2)).App }

// limit bounds an app. It is not in the model, because it does not survive.
func (h *History) limit() error {
	app := h.app()
	if h.limits[app] = h.chance(4) - 1; h.limits[app] < 0 {
		delete(h.limits, app)
	}
	limit, bounded := h.limits[app]
	if !bounded {
		limit = -1
	}
	h.store.Limit(app, limit)
	return nil
}

// free counts the leases that can be had, and tells which lanes are held and how much room apps have that are bounded.
func (h *History) free() (free int, held map[string]bool, room map[engine.App]int) {
	held, room = make(map[string]bool), maps.Clone(h.limits)
	for i := range h.leases {
		p := &h.leases[i].Package
		held[p.Device] = true
		if _, bounded := room[p.App]; bounded {
			room[p.App]--
		}
	}
	left := maps.Clone(room)
	for lane, items := range h.sure.Queue {
		app := items[0].pack.App
		if n, bounded := left[app]; held[lane] || bounded && n <= 0 || !items[nextItem(items)].later.IsZero() {
			continue
		}
		if _, bounded := left[app]; bounded {
			left[app]--
		}
		free++
	}
	return free, held, room
}

func (h *History) lease(ctx context.Context) error {
	free, held, room := h.free()
	if free == 0 {
		return nil
	}
	limit := 1 + h.chance(6)
	leases, err := h.store.Lease(ctx, limit)
	if err != nil {
		return fmt.Errorf("%d lanes are free: %w", free, err)
	}
	if len(leases) == 0 || len(leases) > limit {
		return fmt.Errorf("Lease(%d) returned %d leases", limit, len(leases))
	}
	for i := range leases {
		l := &leases[i]
		lane := l.Package.Device
		if held[lane] {
			return fmt.Errorf("lane %s was leased twice", lane)
		}
		held[lane] = true
		if n, bounded := room[l.Package.App]; bounded && n <= 0 {
			return fmt.Errorf("%s was leased, and its app is at its limit", l.Package.ID)
		}
		room[l.Package.App]--
		if _, bounded := h.limits[l.Package.App]; !bounded {
			delete(room, l.Package.App)
		}
		if len(h.sure.Queue[lane]) == 0 {
			return fmt.Errorf("%s was leased, and its lane is empty", l.Package.ID)
		}
		got := Item{ID: l.Package.ID, Attempts: l.Attempts, Failures: l.Failures, Last: l.Last}
		items := h.sure.Queue[lane]
		want := items[nextItem(items)]
		if !want.later.IsZero() {
			return fmt.Errorf("%s was leased, and is due at %s", l.Package.ID, want.later)
		}
		if got.String() != want.String() {
			return fmt.Errorf("leased %s, want %s", got, want)
		}
		if want := h.sure.Devices[lane]; l.Device.ADID != want {
			return fmt.Errorf("lease of %s has ADID %q, want %q", l.Package.ID, l.Device.ADID, want)
		}
	}
	h.leases = append(h.leases, leases...)
	return nil
}

// hasten makes lanes of an app due, or one.
func (h *History) hasten(ctx context.Context) error {
	if h.chance(2) == 0 {
		return h.hastenLane(ctx)
	}
	app, limit := h.app(), 1+h.chance(3)
	_, held, _ := h.free()
	want := 0
	return h.attempt(func(m *Model) { want = m.hasten(app, limit, held) }, func() error {
		got, err := h.store.Hasten(ctx, app, limit)
		if err == nil && got != want {
			err = fmt.Errorf("hasten of at most %d of %s = %d, want %d", limit, app, got, want)
		}
		return err
	})
}

// hastenLane makes one lane due.
func (h *History) hastenLane(ctx context.Context) error {
	p := member(1 + h.chance(h.ids+1))
	_, held, _ := h.free()
	want := false
	return h.attempt(func(m *Model) { want = m.hastenLane(p.Device, held) }, func() error {
		got, err := h.store.HastenLane(ctx, p.Lane())
		if err == nil && got != want {
			err = fmt.Errorf("hasten of %s = %t, want %t", p.Device, got, want)
		}
		return err
	})
}

// pick picks a few IDs that were queued at some time, the same twice now and then.
func (h *History) pick() []string {
	ids := make([]string, 1+h.chance(4))
	for i := range ids {
		ids[i] = strconv.Itoa(1 + h.chance(h.ids+1))
	}
	return ids
}

func (h *History) retry(ctx context.Context) error {
	ids := h.pick()
	want := 0
	return h.attempt(func(m *Model) { want = m.retry(ids) }, func() error {
		got, err := h.store.Retry(ctx, ids...)
		if err == nil && got != want {
			err = fmt.Errorf("retry of %q = %d, want %d", ids, got, want)
		}
		return err
	})
}

func (h *History) drop(ctx context.Context) error {
	ids := h.pick()
	leased := make(map[string]bool)
	for i := range h.leases {
		leased[h.leases[i].Package.ID] = true
	}
	want := 0
	return h.attempt(func(m *Model) { want = m.drop(ids, leased) }, func() error {
		got, err := h.store.Drop(ctx, ids...)
		if err == nil && got != want {
			err = fmt.Errorf("drop of %q = %d, want %d", ids, got, want)
		}
		return err
	})
}

func (h *History) settle(ctx context.Context) error {
	if len(h.leases) == 0 {
		return nil
	}
	n := 1 + h.chance(len(h.leases))
	settlements := make([]engine.Settlement, n)
	for i := range settlements {
		settlements[i] = h.verdict(h.leases[i])
	}
	err := h.attempt(
		func(m *Model) { m.settle(settlements) },
		func() error { return h.store.Settle(ctx, settlements...) },
	)
	if err == nil {
		h.leases = h.leases[n:]
	}
	return err
}

func (h *History) verdict(lease engine.Lease) engine.Settlement {
	var s engine.Settlement
	switch h.chance(6) {
	case 0:
		s = outcome(lease, engine.Bury, engine.Rejected)
	case 1:
		s = requeue(lease, 0)
	case 2:
		s = engine.Settlement{Lease: lease, Verdict: engine.Return}
	default:
		s = remove(lease)
	}
	s.Due = time.Now().Add(-time.Minute) // due, also by a store whose clock is behind this one
	if h.chance(4) == 0 {
		h.far++
		s.Due = h.begun.Add(far + time.Duration(h.far)*time.Hour) // all apart, whatever the clock does
	}
	s.Wait = h.chance(2) == 0
	s.Response.Ambiguous = h.chance(4) == 0
	if h.chance(3) == 0 {
		s.Device = &engine.Device{ADID: fmt.Sprint("adid ", h.chance(3)), Session: time.Unix(1_700_000_000, 0)}
	}
	return s
}

// listen enrolls a listener, or moves its cursor.
func (h *History) listen(ctx context.Context) error {
	name := fmt.Sprint("listener ", h.chance(3))
	seq, enrolled := h.sure.Cursors[name]
	last := uint64(len(h.sure.Log))
	if !enrolled {
		return h.attempt(func(m *Model) { m.Cursors[name] = last }, func() error {
			got, err := h.store.Enroll(ctx, name)
			if err == nil && got != last {
				err = fmt.Errorf("enroll = %d, want %d", got, last)
			}
			return err
		})
	}
	if seq == last {
		return nil
	}
	from, limit := seq, 1+h.chance(5)
	responses, err := h.store.Read(ctx, seq, limit)
	if err != nil {
		return err
	}
	for i := range responses {
		want := h.sure.Log[seq]
		if seq++; responses[i].Seq != seq || logLine(&responses[i]) != want {
			return fmt.Errorf("response %d is %q, want %q as number %d", responses[i].Seq, logLine(&responses[i]), want, seq)
		}
	}
	runs := engine.Runs{Version: fmt.Sprint("version ", h.chance(2))}
	if h.chance(2) == 0 {
		runs.Failed = map[uint64]string{seq: fmt.Sprint("failure ", seq), from: "not of this call"}
	}
	change := func(m *Model) {
		m.Cursors[name] = seq
		for at := from + 1; at <= seq; at++ {
			m.Runs[at] = append(slices.Clone(m.Runs[at]), engine.Run{Listener: name, Version: runs.Version, Failure: runs.Failed[at]})
		}
	}
	return h.attempt(change, func() error { return h.store.Commit(ctx, name, seq, runs) })
}

func (h *History) setValues(ctx context.Context) error {
	space := spaces()[h.chance(2)]
	pairs := make(map[string][]byte)
	for range 1 + h.chance(3) {
		key := fmt.Sprint("key ", h.chance(4))
		pairs[key] = nil
		if h.chance(4) > 0 {
			pairs[key] = []byte(fmt.Sprint("value ", h.chance(100)))
		}
	}
	change := func(m *Model) {
		for key, value := range pairs {
			m.setValue(space, key, value)
		}
	}
	return h.attempt(change, func() error { return h.store.SetValues(ctx, space, pairs) })
}

package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"testing"
	"time"

	"trackhook/engine"

	"pgregory.net/rapid"
)

// Cluster makes stores of several hosts that have the same data open at once.
type Cluster interface {
	// Join opens the data on another host.
	Join() (engine.Store, error)
	// Lose makes all others believe that a host was silent for too long, whatever it believes itself. It returns when they do.
	Lose(engine.Store) error
}

// RunCluster runs the half of the suite that is about several hosts. fresh makes new, empty data.
func RunCluster(t *testing.T, fresh func(testing.TB) Cluster) {
	t.Helper()
	tests := []struct {
		name string
		run  func(*clusterHarness)
	}{
		{"Append/any host, one package", clusterSameID},
		{"Append/the order of a lane, whoever accepts", clusterOrder},
		{"Append/times of one clock", clusterStamps},
		{"Lease/by one host at a time", clusterLease},
		{"Lease/moves when a host closes", clusterClose},
		{"Lease/moves when a host is lost", clusterLost},
		{"Settle/lost", clusterSettleLost},
		{"Settle/a part is lost", clusterSettlePart},
		{"Own/by one host at a time", clusterOwn},
		{"Own/moves when a host is lost", clusterOwnLost},
		{"Own/moves when a host closes", clusterOwnClose},
		{"Commit/of a listener that another host owns", clusterCommit},
		{"Read/what any host has settled", clusterRead},
		{"Inspector/what any host has accepted", clusterInspect},
		{"Drop/whoever owns the lane", clusterDrop},
		{"Hasten/whoever owns the lane", clusterHasten},
		{"Hosts/all of them", clusterHosts},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			h := &clusterHarness{t: t, cluster: fresh(t)}
			for range 3 {
				h.join()
			}
			defer h.close()
			test.run(h)
		})
	}
	t.Run("Model", func(t *testing.T) { checkClusterModel(t, fresh) })
}

// RunAlone shows that a store of one host cannot be opened twice.
func RunAlone(t *testing.T, fresh func(testing.TB) Opener) {
	t.Helper()
	open := fresh(t)
	first, err := open()
	if err != nil {
		t.Fatal(err)
	}
	if first.Shared() {
		t.Error("a store of one host says that it is shared")
	}
	if second, err := open(); err == nil {
		t.Error("the same data was opened twice")
		_ = second.Close()
	}
	if hosts, err := first.Hosts(t.Context()); err != nil || hosts != nil {
		t.Errorf("Hosts = %v, %v, want none", hosts, err)
	}
	if err := first.Close(); err != nil {
		t.Error(err)
	}
}

// clusterHarness is some hosts, with methods that end the test when they fail.
type clusterHarness struct {
	t       testing.TB
	cluster Cluster
	hosts   []*harness
}

func (c *clusterHarness) join() *harness {
	c.t.Helper()
	store, err := c.cluster.Join()
	if err != nil {
		c.t.Fatalf("Join: %v", err)
	}
	h := &harness{t: c.t, store: store}
	c.hosts = append(c.hosts, h)
	return h
}

func (c *clusterHarness) close() {
	for _, h := range c.hosts {
		h.close()
	}
}

func (c *clusterHarness) lose(h *harness) {
	c.t.Helper()
	if err := c.cluster.Lose(h.store); err != nil {
		c.t.Fatalf("Lose: %v", err)
	}
}

// lease leases n packages, on whichever hosts they can be leased, and tells which was on which.
func (c *clusterHarness) lease(n int) map[*harness][]engine.Lease {
	c.t.Helper()
	all := map[*harness][]engine.Lease{}
	for got, end := 0, time.Now().Add(soon); got < n; {
		for _, h := range c.hosts {
			if h.store == nil {
				continue
			}
			leases := h.try(n - got)
			got += len(leases)
			all[h] = append(all[h], leases...)
		}
		if time.Now().After(end) {
			c.t.Fatalf("%d of %d packages could be leased", got, n)
		}
	}
	return all
}

// try leases what can be leased now, or in a moment.
func (h *harness) try(limit int) []engine.Lease {
	if limit < 1 {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	leases, err := h.store.Lease(ctx, limit)
	if err != nil && !errors.Is(err, context.DeadlineExceeded) {
		h.t.Fatalf("Lease: %v", err)
	}
	return leases
}

// one leases the only package that can be leased.
func (c *clusterHarness) one(id string) (*harness, engine.Lease) {
	c.t.Helper()
	for h, leases := range c.lease(1) {
		if len(leases) == 1 {
			if leases[0].Package.ID != id {
				c.t.Fatalf("leased %s, want %s", leases[0].Package.ID, id)
			}
			return h, leases[0]
		}
	}
	panic("nothing was leased")
}

// other returns a host that is not h.
func (c *clusterHarness) other(h *harness) *harness {
	at := slices.IndexFunc(c.hosts, func(o *harness) bool { return o != h && o.store != nil })
	return c.hosts[at]
}

func clusterSameID(c *clusterHarness) {
	c.hosts[0].append(pack("1", "a"))
	c.hosts[1].append(pack("1", "a"), pack("2", "a"))
	c.hosts[2].append(pack("2", "b"), pack("1", "c"))
	for _, id := range []string{"1", "2"} {
		h, lease := c.one(id)
		h.settle(remove(lease))
		c.other(h).append(pack(id, "a"))
	}
	if got := c.hosts[0].stats(); got.Queued != 0 || got.Last != 2 {
		c.t.Fatalf("Stats = %+v, want nothing queued and two responses", got)
	}
}

func clusterOrder(c *clusterHarness) {
	const n = 30
	for i := range n {
		c.hosts[i%3].append(pack(strconv.Itoa(i), "a"))
	}
	for i := range n {
		h, lease := c.one(strconv.Itoa(i))
		h.settle(remove(lease))
	}
}

func clusterStamps(c *clusterHarness) {
	for i := range 9 {
		p := pack(strconv.Itoa(i), "a")
		p.Created = time.Now()
		if i%3 == 1 {
			p.Created = p.Created.Add(-time.Minute) // of a host whose clock is wrong
		}
		c.hosts[i%3].append(p)
	}
	rows, _, err := c.hosts[0].store.Packages(c.hosts[0].context(), engine.Filter{}, "", 100)
	if err != nil || len(rows) != 9 {
		c.t.Fatalf("Packages = %d rows, %v", len(rows), err)
	}
	for i := range rows[1:] {
		if rows[i+1].Package.Created.Before(rows[i].Package.Created) {
			c.t.Errorf("package %s was created at %s, and the one behind it at %s", rows[i].Package.ID, rows[i].Package.Created, rows[i+1].Package.Created)
		}
	}
}

// share waits until every host has its share of the lanes.
func (c *clusterHarness) share() {
	c.t.Helper()
	for end := time.Now().Add(soon); ; {
		for _, h := range c.hosts {
			h.try(1)
		}
		hosts, err := c.hosts[0].store.Hosts(c.hosts[0].context())
		if err != nil {
			c.t.Fatalf("Hosts: %v", err)
		}
		have := 0
		for _, host := range hosts {
			if host.Lanes >= host.Of/len(c.hosts) {
				have++
			}
		}
		if have == len(c.hosts) {
			return
		}
		if time.Now().After(end) {
			c.t.Fatalf("not every host has its share: %+v", hosts)
		}
	}
}

func clusterLease(c *clusterHarness) {
	c.share()
	const n = 40
	for i := range n {
		c.hosts[i%3].append(pack(strconv.Itoa(i), strconv.Itoa(i)))
	}
	seen, lanes := map[string]bool{}, 0
	for _, leases := range c.lease(n) {
		if lanes += min(len(leases), 1); len(leases) > n*2/3 {
			c.t.Errorf("one host of three has leased %d of %d", len(leases), n)
		}
		for _, lease := range leases {
			if seen[lease.Package.ID] {
				c.t.Errorf("%s was leased twice", lease.Package.ID)
			}
			seen[lease.Package.ID] = true
		}
	}
	if lanes < 2 {
		c.t.Errorf("one of three hosts has leased everything")
	}
}

func clusterClose(c *clusterHarness) {
	c.hosts[0].append(pack("1", "a"), pack("2", "a"))
	h, lease := c.one("1")
	h.settle(remove(lease))
	h.close()
	next, two := c.one("2")
	next.settle(remove(two))
}

func clusterLost(c *clusterHarness) {
	c.hosts[0].append(pack("1", "a"), pack("2", "a"))
	h, lease := c.one("1")
	if !h.store.Holds(&lease) {
		c.t.Error("a lease that was handed out is not held")
	}
	c.lose(h)
	again, one := c.one("1")
	if one.Attempts != 0 {
		c.t.Errorf("%d attempts are on record of one whose host was lost", one.Attempts)
	}
	again.settle(remove(one))
	if next, two := c.one("2"); next.store == nil || !next.store.Holds(&two) {
		c.t.Error("the next is not held")
	}
}

// lostOf returns what a settlement says that was lost.
func (h *harness) lostOf(settlements ...engine.Settlement) []int {
	h.t.Helper()
	err := h.store.Settle(h.context(), settlements...)
	if err == nil {
		return nil
	}
	lost, ok := errors.AsType[*engine.LostError](err)
	if !ok || !errors.Is(err, engine.ErrLost) {
		h.t.Fatalf("Settle = %v, want a %T", err, lost)
	}
	return lost.Lost
}

func clusterSettleLost(c *clusterHarness) {
	c.hosts[0].append(pack("1", "a"))
	h, lease := c.one("1")
	c.lose(h)
	if lost := h.lostOf(remove(lease)); !slices.Equal(lost, []int{0}) {
		c.t.Fatalf("lost %v, want the first", lost)
	}
	if last := c.hosts[0].last(); last != 0 {
		c.t.Fatalf("Last = %d: what was lost was logged", last)
	}
	again, one := c.one("1")
	again.settle(remove(one))
	// It is not lost twice, and not held either.
	if lost := h.lostOf(remove(lease)); lost != nil {
		c.t.Errorf("lost %v, want nothing", lost)
	}
	if got := c.hosts[1].stats(); got.Queued != 0 || got.Last != 1 {
		c.t.Errorf("Stats = %+v, want one response", got)
	}
}

func clusterSettlePart(c *clusterHarness) {
	const n = 20
	for i := range n {
		c.hosts[0].append(pack(strconv.Itoa(i), strconv.Itoa(i)))
	}
	var h *harness
	for host, leases := range c.lease(n) {
		if len(leases) > 0 {
			h = host
			before := remove(leases[0])
			c.lose(h)
			if lost := h.lostOf(before); len(lost) != 1 {
				c.t.Fatalf("lost %v, want the first", lost)
			}
			var rest []engine.Settlement
			for _, lease := range leases[1:] {
				rest = append(rest, remove(lease))
			}
			if lost := h.lostOf(rest...); len(lost) != len(rest) {
				c.t.Fatalf("lost %d of %d", len(lost), len(rest))
			}
			break
		}
	}
	if got := h.stats(); got.Queued != n || got.Last != 0 {
		c.t.Fatalf("Stats = %+v, want %d queued", got, n)
	}
}

func (h *harness) own(name string) (owned context.Context, release func()) {
	h.t.Helper()
	owned, release, err := h.store.Own(h.context(), name)
	if err != nil {
		h.t.Fatalf("Own: %v", err)
	}
	return owned, release
}

// waitsToOwn begins to wait for a name on another host, and returns a channel that tells when it has it.
func (h *harness) waitsToOwn(name string) <-chan func() {
	got := make(chan func(), 1)
	ctx := h.context()
	go func() {
		_, release, err := h.store.Own(ctx, name)
		if err != nil {
			h.t.Errorf("Own: %v", err)
		}
		got <- release
	}()
	select {
	case <-got:
		h.t.Fatal("two hosts own the same")
	case <-time.After(50 * time.Millisecond):
	}
	return got
}

func clusterOwn(c *clusterHarness) {
	owned, release := c.hosts[0].own("x")
	_, releaseOther := c.hosts[1].own("y")
	defer releaseOther()
	got := c.hosts[1].waitsToOwn("x")
	release()
	<-owned.Done()
	again := <-got
	again()
	_, release = c.hosts[2].own("x")
	release()
}

func clusterOwnLost(c *clusterHarness) {
	owned, release := c.hosts[0].own("x")
	defer release()
	got := c.hosts[1].waitsToOwn("x")
	c.lose(c.hosts[0])
	release = <-got
	release()
	// It finds out with the next that it wants.
	_, again := c.hosts[0].own("z")
	defer again()
	select {
	case <-owned.Done():
	case <-time.After(soon):
		c.t.Error("what was lost is owned")
	}
}

func clusterOwnClose(c *clusterHarness) {
	_, release := c.hosts[0].own("x")
	defer release()
	got := c.hosts[1].waitsToOwn("x")
	c.hosts[0].close()
	(<-got)()
}

func clusterCommit(c *clusterHarness) {
	c.hosts[0].enroll("l")
	c.hosts[0].append(pack("1", "a"))
	h, lease := c.one("1")
	h.settle(remove(lease))
	_, release := c.hosts[0].own(engine.OwnListener + "l")
	if err := c.hosts[1].store.Commit(c.hosts[1].context(), "l", 1, engine.Runs{}); !errors.Is(err, engine.ErrLost) {
		c.t.Fatalf("Commit = %v, want %v", err, engine.ErrLost)
	}
	c.hosts[0].commit("l", 1)
	release()
	if seq := c.hosts[1].enroll("l"); seq != 1 {
		c.t.Fatalf("cursor = %d, want 1", seq)
	}
	_, release = c.hosts[1].own(engine.OwnListener + "l")
	defer release()
	c.hosts[1].commit("l", 1)
}

func clusterRead(c *clusterHarness) {
	got := make(chan []engine.Response, 3)
	for _, h := range c.hosts {
		go func() {
			responses, err := h.store.Read(h.context(), 0, 10)
			if err != nil {
				c.t.Errorf("Read: %v", err)
			}
			got <- responses
		}()
	}
	c.hosts[0].append(pack("1", "a"))
	h, lease := c.one("1")
	h.settle(remove(lease))
	for range c.hosts {
		if responses := <-got; len(responses) != 1 || responses[0].Seq != 1 || responses[0].Package.ID != "1" {
			c.t.Errorf("Read = %v, want the response", responses)
		}
	}
}

func clusterInspect(c *clusterHarness) {
	for i, h := range c.hosts {
		h.append(pack(strconv.Itoa(i), strconv.Itoa(i)))
	}
	for i, h := range c.hosts {
		if got := h.stats(); got.Queued != 3 || got.Lanes != 3 {
			c.t.Errorf("host %d: Stats = %+v, want 3", i, got)
		}
		if rows := h.list(engine.Filter{}, 10); len(rows) != 3 {
			c.t.Errorf("host %d lists %d packages, want 3", i, len(rows))
		}
		if got := h.get(strconv.Itoa((i + 1) % 3)); got.Status != engine.Queued {
			c.t.Errorf("host %d: %+v", i, got)
		}
		counts := h.counts(pack("", "").Created, pack("", "").Created)
		if len(counts) != 1 || counts[0].Accepted != 3 {
			c.t.Errorf("host %d: counts = %+v, want 3 accepted", i, counts)
		}
	}
}

func clusterDrop(c *clusterHarness) {
	c.hosts[0].append(pack("1", "a"), pack("2", "a"), pack("3", "a"))
	h, lease := c.one("1")
	other := c.other(h)
	if n, err := other.store.Drop(other.context(), "1", "2"); n != 1 || err != nil {
		c.t.Fatalf("Drop = %d, %v, want the one that is not being sent", n, err)
	}
	h.settle(remove(lease))
	owner, three := c.one("3")
	owner.settle(remove(three))
}

func clusterHasten(c *clusterHarness) {
	const n = 12
	for i := range n {
		c.hosts[0].append(pack(strconv.Itoa(i), strconv.Itoa(i)))
	}
	for h, leases := range c.lease(n) {
		for _, lease := range leases {
			h.settle(requeue(lease, time.Hour))
		}
	}
	if got, err := c.hosts[1].store.Hasten(c.hosts[1].context(), pack("", "").App, 100); got != n || err != nil {
		c.t.Fatalf("Hasten = %d, %v, want %d", got, err, n)
	}
	c.lease(n)
}

func clusterHosts(c *clusterHarness) {
	_, release := c.hosts[1].own("listener/l")
	defer release()
	for i, h := range c.hosts {
		hosts, err := h.store.Hosts(h.context())
		if err != nil || len(hosts) != 3 {
			c.t.Fatalf("Hosts = %+v, %v, want 3", hosts, err)
		}
		if owns := len(hosts[0].Owns) == 1; owns != (i == 1) {
			c.t.Errorf("host %d owns %v", i, hosts[0].Owns)
		}
	}
}

// clusterHistory is a random history on several hosts.
type clusterHistory struct {
	c      *clusterHarness
	chance Chance
	sure   *Model
	leases map[*harness][]engine.Lease
	// zombies are leases that were lost, of hosts that may not know it yet.
	zombies map[*harness][]engine.Lease
	ids     int
}

func checkClusterModel(t *testing.T, fresh func(testing.TB) Cluster) {
	t.Helper()
	rapid.Check(t, func(rt *rapid.T) {
		c := &clusterHarness{t: t, cluster: fresh(t)}
		defer c.close()
		for range 3 {
			c.join()
		}
		h := &clusterHistory{
			c: c, sure: newModel(), leases: map[*harness][]engine.Lease{}, zombies: map[*harness][]engine.Lease{},
			chance: func(n int) int { return rapid.IntRange(0, n-1).Draw(rt, "chance") },
		}
		for range rapid.IntRange(1, 60).Draw(rt, "steps") {
			if err := h.step(); err != nil {
				rt.Fatalf("step: %v", err)
			}
		}
		if err := h.end(); err != nil {
			rt.Fatalf("at the end: %v", err)
		}
	})
}

// host picks one that is open.
func (h *clusterHistory) host() *harness {
	for {
		if host := h.c.hosts[h.chance(len(h.c.hosts))]; host.store != nil {
			return host
		}
	}
}

func (h *clusterHistory) step() error {
	switch h.chance(12) {
	case 0, 1, 2:
		packages := make([]engine.Package, 1+h.chance(4))
		for i := range packages {
			h.ids++
			n := h.ids
			if h.chance(5) == 0 {
				n = 1 + h.chance(n)
			}
			packages[i] = pack(strconv.Itoa(n), strconv.Itoa(n*7%5))
		}
		h.sure.append(packages)
		return h.host().store.Append(h.c.hosts[0].context(), packages...)
	case 3, 4, 5:
		return h.lease(h.host(), 1+h.chance(4))
	case 6, 7, 8:
		return h.settle(h.host())
	case 9:
		return h.settleLost()
	case 10:
		host := h.host()
		h.zombies[host] = append(h.zombies[host], h.leases[host]...)
		delete(h.leases, host)
		return h.c.cluster.Lose(host.store)
	default:
		if h.chance(2) == 0 && len(h.c.hosts) < 6 {
			h.c.join()
			return nil
		}
		open := 0
		for _, host := range h.c.hosts {
			if host.store != nil {
				open++
			}
		}
		if open > 2 {
			host := h.host()
			delete(h.leases, host)
			delete(h.zombies, host)
			host.close()
		}
		return nil
	}
}

// held tells which lanes are leased by a host that has not lost them.
func (h *clusterHistory) held() map[string]bool {
	held := map[string]bool{}
	for _, leases := range h.leases {
		for i := range leases {
			held[leases[i].Package.Device] = true
		}
	}
	return held
}

// lease leases what a host has, which may be nothing.
func (h *clusterHistory) lease(host *harness, limit int) error {
	leases := host.try(limit)
	held := h.held()
	for i := range leases {
		l := &leases[i]
		lane := l.Package.Device
		items := h.sure.Queue[lane]
		switch {
		case held[lane]:
			return fmt.Errorf("lane %s was leased by two hosts", lane)
		case len(items) == 0 || items[0].ID != l.Package.ID:
			return fmt.Errorf("%s was leased out of order: the lane holds %v", l.Package.ID, items)
		case items[0].Attempts != l.Attempts || items[0].Failures != l.Failures || items[0].Last != l.Last:
			return fmt.Errorf("leased %s after %d attempts, want %s", l.Package.ID, l.Attempts, items[0])
		}
		held[lane] = true
	}
	h.leases[host] = append(h.leases[host], leases...)
	return nil
}

// settle settles what a host holds, together with what it has lost.
func (h *clusterHistory) settle(host *harness) error {
	settlements := make([]engine.Settlement, 0, len(h.leases[host])+len(h.zombies[host]))
	for _, lease := range h.leases[host] {
		s := remove(lease)
		switch h.chance(4) {
		case 0:
			s = requeue(lease, 0)
		case 1:
			s = outcome(lease, engine.Bury, engine.Rejected)
		}
		settlements = append(settlements, s)
	}
	mine := len(settlements)
	for _, lease := range h.zombies[host] {
		settlements = append(settlements, remove(lease))
	}
	if len(settlements) == 0 {
		return nil
	}
	err := host.store.Settle(host.context(), settlements...)
	lost, isLost := errors.AsType[*engine.LostError](err)
	if err != nil && !isLost {
		return err
	}
	var places []int
	if isLost {
		places = lost.Lost
	}
	var want []int
	for i := range h.zombies[host] {
		want = append(want, mine+i)
	}
	if !slices.Equal(places, want) {
		return fmt.Errorf("settlements %v were lost, want %v", places, want)
	}
	h.sure.settle(settlements[:mine])
	delete(h.leases, host)
	delete(h.zombies, host)
	return nil
}

// settleLost lets a host that has lost leases settle them alone.
func (h *clusterHistory) settleLost() error {
	for _, host := range h.c.hosts {
		if host.store == nil || len(h.zombies[host]) == 0 {
			continue
		}
		kept := h.leases[host]
		delete(h.leases, host)
		err := h.settle(host)
		h.leases[host] = kept
		return err
	}
	return nil
}

// end settles what is held, sends the rest from whichever host has it, and compares all that is left with the model.
func (h *clusterHistory) end() error {
	for _, host := range h.c.hosts {
		if host.store != nil {
			if err := h.settle(host); err != nil {
				return err
			}
		}
	}
	for end := time.Now().Add(soon); len(h.sure.Queue) > 0; {
		for _, host := range h.c.hosts {
			if host.store == nil {
				continue
			}
			if err := errors.Join(h.lease(host, 10), h.settle(host)); err != nil {
				return err
			}
		}
		if time.Now().After(end) {
			return fmt.Errorf("these cannot be leased: %v", h.sure.Queue)
		}
	}
	host := h.host()
	got, err := Contents(host.context(), host.store)
	if err != nil {
		return err
	}
	if diff := h.sure.Diff(got, false); diff != "" {
		return fmt.Errorf("the store differs from the model (-want +got):\n%s", diff)
	}
	return nil
}

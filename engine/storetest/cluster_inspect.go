package storetest

import (
	"errors"
	"strconv"
	"time"

	"trackhook/engine"
)

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

// What a plugin keeps is not written by a host that it was taken from.
func clusterSetValues(c *clusterHarness) {
	set := func(h *harness, text string) error {
		return h.store.SetValues(h.context(), "l", map[string][]byte{"k": []byte(text)})
	}
	_, release := c.hosts[0].own(engine.OwnListener + "l")
	defer release()
	if err := set(c.hosts[0], "before"); err != nil {
		c.t.Fatal(err)
	}
	if err := set(c.hosts[1], "of another"); !errors.Is(err, engine.ErrLost) {
		c.t.Fatalf("SetValues = %v, want %v", err, engine.ErrLost)
	}
	got := c.hosts[1].waitsToOwn(engine.OwnListener + "l")
	c.lose(c.hosts[0])
	release = <-got
	if err := set(c.hosts[1], "after"); err != nil {
		c.t.Fatal(err)
	}
	if err := set(c.hosts[0], "of the one before"); !errors.Is(err, engine.ErrLost) {
		c.t.Fatalf("SetValues of a host that was lost = %v, want %v", err, engine.ErrLost)
	}
	if value, err := c.hosts[0].store.Value(c.hosts[0].context(), "l", "k"); err != nil || string(value) != "after" {
		c.t.Fatalf("value %q, %v", value, err)
	}
	release()
	if err := set(c.hosts[0], "of nobody's"); err != nil {
		c.t.Fatal(err)
	}
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

func clusterHastenLane(c *clusterHarness) {
	const n = 12
	for i := range n {
		c.hosts[0].append(pack(strconv.Itoa(i), strconv.Itoa(i)))
	}
	for h, leases := range c.lease(n) {
		for _, lease := range leases {
			h.settle(requeue(lease, time.Hour))
		}
	}
	for i := range n {
		for _, want := range []bool{true, false} {
			p := pack("", strconv.Itoa(i))
			if got, err := c.hosts[1].store.HastenLane(c.hosts[1].context(), p.Lane()); got != want || err != nil {
				c.t.Fatalf("HastenLane(%d) = %t, %v, want %t", i, got, err, want)
			}
		}
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

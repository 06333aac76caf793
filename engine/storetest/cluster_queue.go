package storetest

import (
	"strconv"
	"time"

	"trackhook/engine"
)

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

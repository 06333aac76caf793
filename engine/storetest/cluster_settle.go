package storetest

import (
	"errors"
	"slices"
	"strconv"

	"trackhook/engine"
)

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

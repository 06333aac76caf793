package storetest

import (
	"context"
	"time"
)

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

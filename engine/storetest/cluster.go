package storetest

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"trackhook/engine"
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
		{"SetValues/of a listener that another host owns", clusterSetValues},
		{"Read/what any host has settled", clusterRead},
		{"Inspector/what any host has accepted", clusterInspect},
		{"Drop/whoever owns the lane", clusterDrop},
		{"Hasten/whoever owns the lane", clusterHasten},
		{"HastenLane/whoever owns the lane", clusterHastenLane},
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

package storetest

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"testing"
	"time"

	"trackhook/engine"

	"pgregory.net/rapid"
)

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

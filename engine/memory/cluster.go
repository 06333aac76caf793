package memory

import (
	"context"
	"fmt"
	"hash/fnv"
	"slices"
	"strconv"
	"sync"
	"time"

	"trackhook/engine"
)

// Cluster is a store that several hosts have open at once, in one process: the double, for tests, of a store in a database.
// Its methods may be called from many goroutines at once.
type Cluster struct {
	store     *Store
	appending sync.Mutex // held from the stamp of a package until it is stored

	hosts []*Host // guarded by the store's lock, with all that they hold; those that live
	names int
	owned map[string]*Host // by what they are owned as
}

// clusterParts is how many parts lanes are divided into.
const clusterParts = 16

// Host is one of the stores of a [Cluster].
type Host struct {
	*Store

	cluster *Cluster
	state   engine.HostState
	parts   map[int]bool
	leases  map[uint64]bool // that are held
	lost    map[uint64]bool // that were held when it was lost
	limits  map[engine.App]int
	users   map[string]int // how often what it owns was asked for
	ended   chan struct{}  // closed when what it owns is lost
	closed  bool
}

var _ engine.Store = (*Host)(nil)

// NewCluster returns an empty store without hosts.
func NewCluster() *Cluster { return &Cluster{store: New(), owned: map[string]*Host{}} }

// Join opens the store on another host, which takes its share of the lanes as soon as nothing of them is leased.
func (c *Cluster) Join(name string) *Host {
	c.store.mu.Lock()
	defer c.store.unlock()
	h := &Host{Store: c.store, cluster: c}
	h.begin(name)
	return h
}

// begin makes a host that owns nothing yet. The lock is held.
func (h *Host) begin(name string) {
	c := h.cluster
	c.names++
	now := time.Now()
	h.state = engine.HostState{ID: strconv.Itoa(c.names), Name: name, Started: now, Seen: now, Of: clusterParts}
	h.parts, h.leases, h.ended = map[int]bool{}, map[uint64]bool{}, make(chan struct{})
	h.users = map[string]int{}
	c.hosts = append(c.hosts, h)
	c.share()
}

// Lose declares a host lost, as if it had been silent for too long. It finds out by itself and begins anew.
func (c *Cluster) Lose(h *Host) {
	c.store.mu.Lock()
	defer c.store.unlock()
	if h.closed {
		return
	}
	if h.lost == nil {
		h.lost = map[uint64]bool{}
	}
	for handle := range h.leases {
		h.lost[handle] = true
		if p := c.store.leased[handle]; p != nil {
			delete(c.store.leased, handle)
			p.lease = 0
			c.store.app(p.Package.App).held--
		}
	}
	c.leave(h)
	h.begin(h.state.Name)
}

// leave takes everything from a host. The lock is held.
func (c *Cluster) leave(h *Host) {
	c.hosts = slices.DeleteFunc(c.hosts, func(other *Host) bool { return other == h })
	for name, owner := range c.owned {
		if owner == h {
			delete(c.owned, name)
		}
	}
	close(h.ended)
	h.parts = map[int]bool{}
	c.share()
}

// share gives parts that nobody owns to those who have fewest, and moves others of which nothing is leased. The lock is held.
func (c *Cluster) share() {
	if len(c.hosts) == 0 {
		return
	}
	fewest := func() *Host {
		return slices.MinFunc(c.hosts, func(a, b *Host) int { return len(a.parts) - len(b.parts) })
	}
	owner := map[int]*Host{}
	for _, h := range c.hosts {
		for part := range h.parts {
			owner[part] = h
		}
	}
	busy := map[int]bool{}
	for _, p := range c.store.leased {
		busy[partOf(p.Package.Lane())] = true
	}
	for part := range clusterParts {
		h, to := owner[part], fewest()
		switch {
		case h == nil:
			to.parts[part] = true
		case len(h.parts) > len(to.parts)+1 && !busy[part]:
			delete(h.parts, part)
			to.parts[part] = true
		}
	}
}

func partOf(lane engine.Lane) int {
	hash := fnv.New32a()
	fmt.Fprint(hash, lane)
	return int(hash.Sum32() % clusterParts)
}

// check returns an error when the host has closed the store.
func (h *Host) check(ctx context.Context) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return fmt.Errorf("memory store %w", engine.ErrClosed)
	}
	return ctx.Err()
}

// Lease implements [engine.Queue].
func (h *Host) Lease(ctx context.Context, limit int) ([]engine.Lease, error) {
	if err := h.check(ctx); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if h.bounded() {
		limit = 1 // so that room is looked at before each
	}
	leases, err := h.leaseOwned(ctx, limit, func(lane engine.Lane) bool {
		if h.closed {
			cancel()
		}
		return h.parts[partOf(lane)] && h.room(lane.App)
	}, func(lease engine.Lease) { h.leases[lease.Handle] = true })
	if closed := h.check(context.WithoutCancel(ctx)); closed != nil {
		return nil, closed
	}
	return leases, err
}

// Limit implements [engine.Queue]. Each host has limits of its own.
func (h *Host) Limit(app engine.App, leases int) {
	h.mu.Lock()
	defer h.unlock()
	if h.limits == nil {
		h.limits = map[engine.App]int{}
	}
	if h.limits[app] = leases; leases < 0 {
		delete(h.limits, app)
	}
}

func (h *Host) bounded() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.limits) > 0
}

// room tells whether a host may lease more of an app. The lock is held.
func (h *Host) room(app engine.App) bool {
	limit, bounded := h.limits[app]
	if !bounded {
		return true
	}
	for handle := range h.leases {
		if p := h.leased[handle]; p != nil && p.Package.App == app {
			limit--
		}
	}
	return limit > 0
}

// Settle implements [engine.Queue].
func (h *Host) Settle(ctx context.Context, settlements ...engine.Settlement) error {
	if err := h.check(ctx); err != nil {
		return err
	}
	h.mu.Lock()
	var lost []int
	var kept []engine.Settlement
	for i := range settlements {
		handle := settlements[i].Lease.Handle
		switch {
		case h.lost[handle]:
			lost = append(lost, i)
			delete(h.lost, handle)
		case h.leases[handle]:
			kept = append(kept, settlements[i])
		}
	}
	h.mu.Unlock()
	if err := h.Store.Settle(ctx, kept...); err != nil {
		return err
	}
	h.mu.Lock()
	defer h.unlock()
	for i := range kept {
		delete(h.leases, kept[i].Lease.Handle)
	}
	h.cluster.share()
	if len(lost) > 0 {
		return &engine.LostError{Lost: lost}
	}
	return nil
}

// Commit implements [engine.Log].
func (h *Host) Commit(ctx context.Context, listener string, seq uint64, runs engine.Runs) error {
	if err := h.check(ctx); err != nil {
		return err
	}
	h.mu.Lock()
	owner := h.cluster.owned[engine.OwnListener+listener]
	h.mu.Unlock()
	if owner != nil && owner != h {
		return fmt.Errorf("commit cursor of %s: %w", listener, engine.ErrLost)
	}
	return h.Store.Commit(ctx, listener, seq, runs)
}

// SetValues implements [engine.Values].
func (h *Host) SetValues(ctx context.Context, space string, pairs map[string][]byte) error {
	if err := h.check(ctx); err != nil {
		return err
	}
	h.mu.Lock()
	owner := h.cluster.owned[engine.OwnListener+space]
	h.mu.Unlock()
	if owner != nil && owner != h {
		return fmt.Errorf("set values of %s: %w", space, engine.ErrLost)
	}
	return h.Store.SetValues(ctx, space, pairs)
}

// Holds implements [engine.Sharer].
func (h *Host) Holds(lease *engine.Lease) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.leases[lease.Handle]
}

// Yield implements [engine.Sharer]. Lanes are given away as they are asked for, anyway.
func (h *Host) Yield() {}

// Own implements [engine.Sharer].
func (h *Host) Own(ctx context.Context, name string) (owned context.Context, release func(), err error) {
	if err := h.check(ctx); err != nil {
		return nil, nil, err
	}
	var ended chan struct{}
	err = h.wait(ctx, func() (bool, time.Time) {
		owner := h.cluster.owned[name]
		if h.closed || owner != nil && owner != h {
			return h.closed, time.Time{}
		}
		h.cluster.owned[name] = h
		h.users[name]++
		ended = h.ended
		return true, time.Time{}
	})
	if err == nil && ended == nil {
		err = fmt.Errorf("memory store %w", engine.ErrClosed)
	}
	if err != nil {
		return nil, nil, err
	}
	owned, cancel := context.WithCancel(ctx)
	done := false
	go func() {
		defer cancel()
		select {
		case <-ended:
		case <-owned.Done():
		}
	}()
	return owned, func() {
		cancel()
		h.mu.Lock()
		defer h.unlock()
		if h.ended != ended || done {
			return
		}
		done = true
		if h.users[name]--; h.users[name] == 0 {
			delete(h.users, name)
			delete(h.cluster.owned, name)
		}
	}, nil
}

// Shared implements [engine.Sharer].
func (h *Host) Shared() bool { return true }

// Append implements [engine.Queue]. Times that this process made are those of the store.
func (h *Host) Append(ctx context.Context, packages ...engine.Package) error {
	if err := h.check(ctx); err != nil {
		return err
	}
	h.cluster.appending.Lock()
	defer h.cluster.appending.Unlock()
	packages = slices.Clone(packages)
	for i := range packages {
		if at := packages[i].Created; at != at.Round(0) {
			packages[i].Created = time.Now().Round(0)
		}
	}
	return h.Store.Append(ctx, packages...)
}

// Hosts implements [engine.Sharer].
func (h *Host) Hosts(ctx context.Context) ([]engine.HostState, error) {
	if err := h.check(ctx); err != nil {
		return nil, err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	var all []engine.HostState
	for _, other := range h.cluster.hosts {
		state := other.state
		state.Lanes, state.Leased = len(other.parts), len(other.leases)
		for name, owner := range h.cluster.owned {
			if owner == other {
				state.Owns = append(state.Owns, name)
			}
		}
		slices.Sort(state.Owns)
		if other == h {
			all = append([]engine.HostState{state}, all...)
		} else {
			all = append(all, state)
		}
	}
	return all, nil
}

// Close gives everything that the host owns to the others. What it has leased and not settled is free.
func (h *Host) Close() error {
	h.mu.Lock()
	defer h.unlock()
	if h.closed {
		return nil
	}
	h.closed = true
	for handle := range h.leases {
		if p := h.leased[handle]; p != nil {
			delete(h.leased, handle)
			p.lease = 0
			h.app(p.Package.App).held--
		}
	}
	h.cluster.leave(h)
	return nil
}

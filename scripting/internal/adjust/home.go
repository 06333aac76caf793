package adjust

import (
	"context"
	"hash/fnv"
	"strconv"
	"sync"

	"trackhook/engine"
)

// Home is where the packages of scripts go, and where devices are kept. Plugins may run in several processes, of which one
// has the engine; the home of the others asks that one. It may be used from many goroutines at once.
type Home interface {
	engine.Values
	// Track puts packages into the queue; nil means that they are on disk.
	Track(ctx context.Context, packages ...engine.Package) error
	// Lock waits for the lock of a name, which one plugin at a time holds, on all hosts that share a store. It can be waited for with a context, because
	// whoever holds it works with the disk. After nil, Unlock must follow.
	Lock(ctx context.Context, name string) error
	Unlock(name string)
	// First is true for whoever is the first to ask for a name since this host has started.
	First(name string) bool
	// Shared tells that others may change the values while nobody here holds their lock.
	Shared() bool
}

// NewHome makes the home of a process that has the engine. shared tells that other processes have homes that ask this one.
func NewHome(e *engine.Engine, shared bool) Home {
	h := &home{engine: e, shared: shared, locks: map[string]chan struct{}{}, seen: map[string]bool{}, releases: map[string]func(){}}
	if e != nil {
		h.values = e.Store()
		h.hosts = e.Store().Shared()
		h.shared = h.shared || h.hosts
	}
	return h
}

// values has a name of its own, because one of its methods is called Values.
type values = engine.Values

type home struct {
	values
	engine *engine.Engine
	shared bool
	hosts  bool // other hosts have the store open

	mu    sync.Mutex
	locks map[string]chan struct{} // each holds an element while somebody has the lock; guarded by mu
	seen  map[string]bool          // guarded by mu
	// releases give back what was owned for locks that are held; guarded by mu.
	releases map[string]func()
}

func (h *home) Track(ctx context.Context, packages ...engine.Package) error {
	return h.engine.Track(ctx, packages...)
}

func (h *home) lock(name string) chan struct{} {
	h.mu.Lock()
	defer h.mu.Unlock()
	lock := h.locks[name]
	if lock == nil {
		lock = make(chan struct{}, 1)
		h.locks[name] = lock
	}
	return lock
}

func (h *home) Lock(ctx context.Context, name string) error {
	lock := h.lock(name)
	select {
	case lock <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	if !h.hosts {
		return nil
	}
	// What it is owned by outlives this call.
	_, release, err := h.engine.Store().Own(ctx, ownedLock(name))
	if err != nil {
		<-lock
		return err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.releases[name] = release
	return nil
}

// ownedLock is what a host must own to have a lock, where hosts share a store. Several locks have the same: a store keeps what
// was owned once.
func ownedLock(name string) string {
	const locks = 64
	hash := fnv.New32a()
	_, _ = hash.Write([]byte(name))
	return "lock/" + strconv.Itoa(int(hash.Sum32()%locks))
}

func (h *home) Unlock(name string) {
	h.mu.Lock()
	release := h.releases[name]
	delete(h.releases, name)
	h.mu.Unlock()
	if release != nil {
		release()
	}
	<-h.lock(name)
}

func (h *home) First(name string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	first := !h.seen[name]
	h.seen[name] = true
	return first
}

func (h *home) Shared() bool { return h.shared }

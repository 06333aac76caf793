package instance

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/rs/zerolog"

	"trackhook/engine"
	"trackhook/scripting/internal/fetch"
	"trackhook/scripting/internal/storage"
)

// Resources are what all versions of a plugin share, and what outlives them: its connections and its localStorage. They
// may be used from many goroutines at once.
type Resources struct {
	Fetcher *fetch.Client
	Storage *storage.Storage
}

// OfflineResources makes the resources of a plugin that is only checked: they send nothing, and keep nothing beyond values.
func OfflineResources(ctx context.Context, name string, values engine.Values) (*Resources, error) {
	f, err := fetch.New(&fetch.Config{Plugin: name, Refuse: "plugins that are only checked send no requests"})
	if err != nil {
		return nil, err
	}
	s, err := storage.Open(ctx, values, name)
	if err != nil {
		return nil, err
	}
	return &Resources{Fetcher: f, Storage: s}, nil
}

// ResourcePool hands out the resources of plugins by name. A plugin that is added while an older one of the same name is
// still on its way out gets the same, so that what the older one writes last is not lost. Use [NewResourcePool].
type ResourcePool struct {
	Shared *Shared
	log    zerolog.Logger

	mu   sync.Mutex
	held map[string]*heldResources // guarded by mu
}

// heldResources are those of one plugin. holders is guarded by the mu of the pool.
type heldResources struct {
	holders int
	// lock holds a token while nobody opens or closes them.
	lock chan struct{}
	open *Resources // guarded by lock; nil: they are not open
	// hosts are what open may reach; guarded by lock.
	hosts []string
}

// NewResourcePool makes a pool that nobody holds anything of.
func NewResourcePool(shared *Shared) *ResourcePool {
	log := shared.settings.Log.With().Str("component", Component).Logger()
	return &ResourcePool{Shared: shared, log: log, held: map[string]*heldResources{}}
}

// Open returns a plugin's resources, and reads its localStorage if nobody holds them. After nil, Release must follow.
func (e *ResourcePool) Open(ctx context.Context, name string) (*Resources, error) {
	e.mu.Lock()
	o := e.held[name]
	if o == nil {
		o = &heldResources{lock: make(chan struct{}, 1)}
		o.lock <- struct{}{}
		e.held[name] = o
	}
	o.holders++
	e.mu.Unlock()
	<-o.lock
	defer func() { o.lock <- struct{}{} }()
	if o.open != nil {
		return o.open, nil
	}
	hosts := e.Shared.Rights(name).AllowHosts
	f, err := fetch.New(&fetch.Config{Plugin: name, AllowHosts: hosts, UseProxy: true})
	var s *storage.Storage
	if err == nil {
		s, err = storage.Open(ctx, e.Shared.settings.Engine.Store(), name)
	}
	if err != nil {
		e.leave(name, o)
		return nil, err
	}
	o.open, o.hosts = &Resources{Fetcher: f, Storage: s}, hosts
	return o.open, nil
}

// SetHosts tells the connections of everybody which hosts they may reach now, as [Shared.Rights] says; call it after
// [Shared.Regrant]. It goes over what is held and not over the plugins there are, because the last version of one that
// was removed may still run. Those whose hosts are what they were keep their connections. An error is of hosts that were
// not checked; the others are told nevertheless.
func (e *ResourcePool) SetHosts() error {
	e.mu.Lock()
	held := maps.Clone(e.held)
	e.mu.Unlock()
	var errs []error
	for name, o := range held {
		errs = append(errs, e.setHosts(name, o))
	}
	return errors.Join(errs...)
}

// setHosts is SetHosts for one plugin. Nothing happens while its connections are not open: they open with what holds.
func (e *ResourcePool) setHosts(name string, o *heldResources) error {
	<-o.lock
	defer func() { o.lock <- struct{}{} }()
	hosts := e.Shared.Rights(name).AllowHosts
	if o.open == nil || slices.Equal(o.hosts, hosts) {
		return nil
	}
	if err := o.open.Fetcher.SetHosts(hosts); err != nil {
		return err
	}
	o.hosts = hosts
	return nil
}

// leave counts a holder less, and tells whether it was the last.
func (e *ResourcePool) leave(name string, o *heldResources) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	o.holders--
	if o.holders > 0 {
		return false
	}
	if o.open == nil {
		delete(e.held, name)
	}
	return true
}

// CloseWait bounds what the end of a plugin waits for the store.
const CloseWait = 5 * time.Second

// Release takes resources back. The last one to do so closes them: requests are given up, and what was not written yet is.
func (e *ResourcePool) Release(name string) {
	e.mu.Lock()
	o := e.held[name]
	e.mu.Unlock()
	<-o.lock
	defer func() { o.lock <- struct{}{} }()
	e.mu.Lock()
	last := o.holders == 1
	e.mu.Unlock()
	if last && o.open != nil {
		o.open.Fetcher.Close()
		ctx, cancel := context.WithTimeout(context.Background(), CloseWait)
		defer cancel()
		if err := o.open.Storage.Flush(ctx); err != nil && !errors.Is(err, engine.ErrClosed) {
			e.log.Error().Err(err).Str("plugin", name).Msg("cannot write localStorage; what it changed last is lost")
		}
		// One that came meanwhile waits for the lock, and opens them afresh from what is written.
		o.open = nil
	}
	e.leave(name, o)
}

// saveWait bounds what a runtime waits for the store; its listener may wait longer.
const saveWait = 2 * time.Second

// save writes what was changed in localStorage outside of listeners; on the runtime's goroutine. What cannot be written
// now is tried again with the next change, and before responses count as handled.
func (rt *Runtime) save() {
	if rt.batch != nil || rt.inst.Resources.Storage.Clean() {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), saveWait)
	defer cancel()
	var err error
	rt.Machine.Apart(func() { err = rt.inst.Resources.Storage.Flush(ctx) })
	if err != nil {
		rt.inst.log.Warn().Err(err).Str("plugin", rt.inst.cfg.Name).Msg("cannot write localStorage; it is tried again")
	}
}

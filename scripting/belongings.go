package scripting

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/rs/zerolog"

	"trackhook/engine"
	"trackhook/scripting/internal/fetch"
	"trackhook/scripting/internal/storage"
)

// belongings are what all versions of a plugin share, and what outlives them: its connections and its localStorage. They
// may be used from many goroutines at once.
type belongings struct {
	fetcher *fetch.Client
	storage *storage.Storage
}

// lend makes the belongings of a plugin that is only checked: they send nothing, and keep nothing beyond values.
func lend(ctx context.Context, name string, values engine.Values) (*belongings, error) {
	f, err := fetch.New(&fetch.Config{Plugin: name, Refuse: "plugins that are only checked send no requests"})
	if err != nil {
		return nil, err
	}
	s, err := storage.Open(ctx, values, name)
	if err != nil {
		return nil, err
	}
	return &belongings{fetcher: f, storage: s}, nil
}

// estate hands out the belongings of plugins by name. A plugin that is added while an older one of the same name is
// still on its way out gets the same, so that what the older one writes last is not lost. Use [newEstate].
type estate struct {
	shared *shared
	log    zerolog.Logger

	mu    sync.Mutex
	owned map[string]*owned // guarded by mu
}

// owned is one plugin's belongings; holders is guarded by the estate's mu.
type owned struct {
	holders int
	// turn holds a token while nobody opens or closes them.
	turn chan struct{}
	got  *belongings // guarded by turn; nil: they are not open
}

func newEstate(shared *shared) *estate {
	log := shared.settings.Log.With().Str("component", Component).Logger()
	return &estate{shared: shared, log: log, owned: map[string]*owned{}}
}

// open returns a plugin's belongings, and reads its localStorage if nobody holds them. After nil, give must follow.
func (e *estate) open(ctx context.Context, name string) (*belongings, error) {
	e.mu.Lock()
	o := e.owned[name]
	if o == nil {
		o = &owned{turn: make(chan struct{}, 1)}
		o.turn <- struct{}{}
		e.owned[name] = o
	}
	o.holders++
	e.mu.Unlock()
	<-o.turn
	defer func() { o.turn <- struct{}{} }()
	if o.got != nil {
		return o.got, nil
	}
	f, err := fetch.New(&fetch.Config{Plugin: name, AllowHosts: e.shared.settings.Plugins[name].AllowHosts})
	var s *storage.Storage
	if err == nil {
		s, err = storage.Open(ctx, e.shared.settings.Engine.Store(), name)
	}
	if err != nil {
		e.leave(name, o)
		return nil, err
	}
	o.got = &belongings{fetcher: f, storage: s}
	return o.got, nil
}

// leave counts a holder less, and tells whether it was the last.
func (e *estate) leave(name string, o *owned) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	o.holders--
	if o.holders > 0 {
		return false
	}
	if o.got == nil {
		delete(e.owned, name)
	}
	return true
}

// closeWait bounds what the end of a plugin waits for the store.
const closeWait = 5 * time.Second

// give takes belongings back. The last one to give closes them: requests are given up, and what was not written yet is.
func (e *estate) give(name string) {
	e.mu.Lock()
	o := e.owned[name]
	e.mu.Unlock()
	<-o.turn
	defer func() { o.turn <- struct{}{} }()
	e.mu.Lock()
	last := o.holders == 1
	e.mu.Unlock()
	if last && o.got != nil {
		o.got.fetcher.Close()
		ctx, cancel := context.WithTimeout(context.Background(), closeWait)
		defer cancel()
		if err := o.got.storage.Flush(ctx); err != nil && !errors.Is(err, engine.ErrClosed) {
			e.log.Error().Err(err).Str("plugin", name).Msg("cannot write localStorage; what it changed last is lost")
		}
		// One that came meanwhile waits for the turn, and opens them afresh from what is written.
		o.got = nil
	}
	e.leave(name, o)
}

// saveWait bounds what a runtime waits for the store; its listener may wait longer.
const saveWait = 2 * time.Second

// save writes what was changed in localStorage outside of listeners; on the runtime's goroutine. What cannot be written
// now is tried again with the next change, and before responses count as handled.
func (rt *Runtime) save() {
	if rt.batch != nil || rt.inst.own.storage.Clean() {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), saveWait)
	defer cancel()
	if err := rt.inst.own.storage.Flush(ctx); err != nil {
		rt.inst.log.Warn().Err(err).Str("plugin", rt.inst.cfg.name).Msg("cannot write localStorage; it is tried again")
	}
}

package scripting

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"github.com/rs/zerolog"

	"trackhook/engine"
	"trackhook/engine/memory"
	"trackhook/scripting/internal/fetch"
	"trackhook/scripting/internal/instance"
	"trackhook/scripting/internal/machine"
	"trackhook/scripting/internal/source"
	"trackhook/scripting/internal/storage"
	"trackhook/scripting/internal/web"
)

// stageConfig is what a [stage] is made of. settings, entry and now are required.
type stageConfig struct {
	settings instance.Settings
	entry    source.Entry
	now      time.Time
	// source is what to load in place of what is on disk.
	source *source.Kept
	random func() float64
	replay bool
	// firstStart lets Adjust.create send the session of a host that has just started. Otherwise it sends none, as after a
	// reload.
	firstStart bool
	// stored is what localStorage begins with, as in the space of the plugin. It is not changed.
	stored map[string][]byte
	// fetch answers requests. Nil: the plugin has the host's own fetch.
	fetch fetchMock
	// items are set in localStorage after that.
	items map[string]string
}

// stage runs one version of a plugin by itself: in a time that stands still until it is moved, against a store that
// records, with nobody listening. Its methods are for one goroutine at a time, save those of tape and clock.
type stage struct {
	tape   *tape
	clock  *instance.Clock
	engine *engine.Engine
	own    *instance.Belongings
	inst   *instance.Instance
	graph  *source.Graph
}

// tapeStore records what is tracked on the tape, among everything else, as of the time of the stage.
type tapeStore struct {
	*memory.Store
	tape  *tape
	clock *instance.Clock
}

func (s *tapeStore) Append(ctx context.Context, packages ...engine.Package) error {
	packages = slices.Clone(packages)
	for i := range packages {
		packages[i].Created = s.clock.Now()
		s.tape.add(Act{Tracked: &packages[i]})
	}
	return s.Store.Append(ctx, packages...)
}

// Nowhere is the deliverer of an engine that sends nothing, because it is not run.
type Nowhere struct{}

// Deliver delivers nothing.
func (Nowhere) Deliver(context.Context, engine.Delivery) (none engine.Response) { return none }

// openStage loads the plugin. The graph is there even when the load fails; the error is as that of Start.
func openStage(ctx context.Context, sc *stageConfig) (*stage, *source.Graph, error) {
	s := &stage{tape: &tape{}, clock: instance.NewClock(sc.now)}
	store := &tapeStore{Store: memory.New(), tape: s.tape, clock: s.clock}
	if err := store.SetValues(ctx, storage.StoredSpace(sc.entry.Name), sc.stored); err != nil {
		return nil, nil, err
	}
	cfg := sc.settings
	// The lines go to the tape; a logger with a level makes sure that they are made at all.
	cfg.Log = zerolog.New(io.Discard)
	// Nobody needs what promises would still do after the end.
	cfg.Grace = 10 * time.Millisecond
	var err error
	if cfg.Engine, err = engine.New(engine.Config{Store: store, Deliverer: Nowhere{}}); err != nil {
		return nil, nil, err
	}
	s.engine = cfg.Engine
	if cfg, err = cfg.WithDefaults(); err != nil {
		return nil, nil, err
	}
	if s.own, err = sc.belongings(ctx, store); err != nil {
		return nil, nil, err
	}
	p := &instance.Probe{
		Clock: s.clock, Random: sc.random, Replay: sc.replay, Files: sc.source, Line: s.tape.line, Failure: s.tape.failure,
	}
	if sc.fetch == nil {
		s.clock.Stall = 30 * time.Second // a real request takes what it takes
	} else {
		p.Setup = func(m *machine.Machine, w *web.Web) error {
			return installFetchMock(m, w, func(f Fetch, answer func(fetchAnswer)) {
				s.tape.add(Act{Fetch: &f})
				sc.fetch(f, answer)
			})
		}
	}
	s.inst, s.graph, err = instance.Start(ctx, instance.Config{
		Shared: instance.NewShared(cfg), Name: sc.entry.Name, Entry: sc.entry.Path, Belongings: s.own, Probe: p,
	})
	if err == nil {
		// What the top level has posted runs now, and not with the first response.
		err = s.advance(ctx, sc.now)
	}
	if err != nil {
		return nil, s.graph, errors.Join(err, s.close()) //nolint:contextcheck // closing must not be cut short
	}
	if !sc.firstStart {
		s.tape.drop(func(a *Act) bool { return a.Tracked != nil && a.Tracked.Kind == engine.KindSession })
	}
	return s, s.graph, nil
}

// belongings are what the plugin has of its own: what it kept before, and connections only where nobody else answers.
func (sc *stageConfig) belongings(ctx context.Context, store *tapeStore) (*instance.Belongings, error) {
	config := fetch.Config{Plugin: sc.entry.Name, AllowHosts: sc.settings.Plugins[sc.entry.Name].AllowHosts}
	if sc.fetch != nil {
		config.Refuse = "something else answers its requests"
	}
	f, err := fetch.New(&config)
	if err != nil {
		return nil, err
	}
	s, err := storage.Open(ctx, store, sc.entry.Name)
	if err != nil {
		return nil, err
	}
	for _, key := range slices.Sorted(maps.Keys(sc.items)) {
		if err := s.Set(key, sc.items[key]); err != nil {
			return nil, err
		}
	}
	return &instance.Belongings{Fetcher: f, Storage: s}, nil
}

// hand lets the plugin handle one response, as the host does, and waits for what it does at once.
func (s *stage) hand(ctx context.Context, r *engine.Response) error {
	for {
		n, err := s.inst.Handle(ctx, []engine.Response{*r})
		switch {
		case err != nil:
			return err
		case n > 0:
			return s.advance(ctx, s.clock.Now())
		case ctx.Err() != nil:
			return ctx.Err()
		}
	}
}

// advance moves the time to t and runs the timers on the way. A time in the past runs what is due now.
func (s *stage) advance(ctx context.Context, t time.Time) error {
	rt, err := s.inst.Live(ctx)
	if err != nil {
		return err
	}
	err = s.clock.Advance(ctx, rt.Machine, t)
	if errors.Is(err, instance.ErrRetired) || errors.Is(err, instance.ErrAbandoned) {
		return nil // it broke down, as the tape says, and the next response starts a fresh one
	}
	return err
}

// close ends the plugin.
func (s *stage) close() error {
	if s.inst != nil {
		<-s.inst.Retire()
	}
	if s.own != nil {
		s.own.Fetcher.Close()
	}
	if _, err := s.engine.Close(); err != nil {
		return fmt.Errorf("close: %w", err)
	}
	return nil
}

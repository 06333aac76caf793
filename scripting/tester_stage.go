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
	"trackhook/scripting/internal/fetch"
	"trackhook/scripting/internal/machine"
	"trackhook/scripting/internal/source"
	"trackhook/scripting/internal/storage"
	"trackhook/scripting/internal/web"
)

// stageConfig is what a [stage] is made of. settings, entry and now are required.
type stageConfig struct {
	settings HostSettings
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
	clock  *clock
	engine *engine.Engine
	own    *belongings
	inst   *instance
	graph  *source.Graph
}

// tapeStore is a recorder that writes down what is tracked among everything else, as of the time of the stage.
type tapeStore struct {
	*recorder
	tape  *tape
	clock *clock
}

func (s *tapeStore) Append(ctx context.Context, packages ...engine.Package) error {
	packages = slices.Clone(packages)
	for i := range packages {
		packages[i].Created = s.clock.Now()
		s.tape.add(Act{Tracked: &packages[i]})
	}
	return s.recorder.Append(ctx, packages...)
}

// openStage loads the plugin. The graph is there even when the load fails; the error is as that of startInstance.
func openStage(ctx context.Context, sc *stageConfig) (*stage, *source.Graph, error) {
	s := &stage{tape: &tape{}, clock: newClock(sc.now)}
	values := map[string]map[string][]byte{}
	if sc.stored != nil {
		values[storage.StoredSpace(sc.entry.Name)] = maps.Clone(sc.stored)
	}
	store := &tapeStore{recorder: &recorder{values: values}, tape: s.tape, clock: s.clock}
	cfg := sc.settings
	// The lines go to the tape; a logger with a level makes sure that they are made at all.
	cfg.Log = zerolog.New(io.Discard)
	// Nobody needs what promises would still do after the end.
	cfg.Grace = 10 * time.Millisecond
	var err error
	if cfg.Engine, err = engine.New(engine.Config{Store: store, Deliverer: store}); err != nil {
		return nil, nil, err
	}
	s.engine = cfg.Engine
	if cfg, err = cfg.WithDefaults(); err != nil {
		return nil, nil, err
	}
	if s.own, err = sc.belongings(ctx, store); err != nil {
		return nil, nil, err
	}
	p := &probe{
		clock: s.clock, random: sc.random, replay: sc.replay, files: sc.source, line: s.tape.line, failure: s.tape.failure,
	}
	if sc.fetch == nil {
		s.clock.stall = 30 * time.Second // a real request takes what it takes
	} else {
		p.setup = func(m *machine.Machine, w *web.Web) error {
			return installFetchMock(m, w, func(f Fetch, answer func(fetchAnswer)) {
				s.tape.add(Act{Fetch: &f})
				sc.fetch(f, answer)
			})
		}
	}
	s.inst, s.graph, err = startInstance(ctx, instanceConfig{
		shared: newShared(cfg), name: sc.entry.Name, entry: sc.entry.Path, own: s.own, probe: p,
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
func (sc *stageConfig) belongings(ctx context.Context, store *tapeStore) (*belongings, error) {
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
	return &belongings{fetcher: f, storage: s}, nil
}

// hand lets the plugin handle one response, as the host does, and waits for what it does at once.
func (s *stage) hand(ctx context.Context, r *engine.Response) error {
	for {
		n, err := s.inst.handle(ctx, []engine.Response{*r})
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
	rt, err := s.inst.live(ctx)
	if err != nil {
		return err
	}
	err = s.clock.advance(ctx, rt.machine, t)
	if errors.Is(err, errRetired) || errors.Is(err, errAbandoned) {
		return nil // it broke down, as the tape says, and the next response starts a fresh one
	}
	return err
}

// close ends the plugin.
func (s *stage) close() error {
	if s.inst != nil {
		<-s.inst.retire()
	}
	if s.own != nil {
		s.own.fetcher.Close()
	}
	if _, err := s.engine.Close(); err != nil {
		return fmt.Errorf("close: %w", err)
	}
	return nil
}

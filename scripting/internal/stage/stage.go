package stage

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

// Config is what a [Stage] is made of. settings, entry and now are required.
type Config struct {
	Settings instance.Settings
	Entry    source.Entry
	Now      time.Time
	// Source is what to load in place of what is on disk.
	Source *source.Kept
	// Read reads files in the place of the disk. Nil: the disk.
	Read   func(file string) (text string, missing bool, err error)
	Random func() float64
	Replay bool
	// FirstStart lets Adjust.create send the session of a host that has just started. Otherwise it sends none, as after a
	// reload.
	FirstStart bool
	// Stored is what localStorage begins with, as in the space of the plugin. It is not changed.
	Stored map[string][]byte
	// AllowHosts is what the plugin may reach of what Settings grant it. Nil: all of that.
	AllowHosts []string
	// Fetch answers requests. Nil: the plugin has the host's own fetch.
	Fetch Mock
	// Items are set in localStorage after that.
	Items map[string]string
	// Most and MostBytes bound the tape.
	Most, MostBytes int
}

// Stage runs one version of a plugin by itself: in a time that stands still until it is moved, against a store that
// records, with nobody listening. Its methods are for one goroutine at a time, save those of tape and clock.
type Stage struct {
	Tape   *Tape
	Clock  *instance.Clock
	engine *engine.Engine
	Own    *instance.Resources
	Inst   *instance.Instance
	Graph  *source.Graph
}

// tapeStore records what is tracked on the tape, among everything else, as of the time of the stage.
type tapeStore struct {
	*memory.Store
	Tape  *Tape
	clock *instance.Clock
}

func (s *tapeStore) Append(ctx context.Context, packages ...engine.Package) error {
	packages = slices.Clone(packages)
	for i := range packages {
		packages[i].Created = s.clock.Now()
		s.Tape.add(Act{Tracked: &packages[i]})
	}
	return s.Store.Append(ctx, packages...)
}

// Nowhere is the deliverer of an engine that sends nothing, because it is not run.
type Nowhere struct{}

// Deliver delivers nothing.
func (Nowhere) Deliver(context.Context, engine.Delivery) (none engine.Response) { return none }

// Open loads the plugin. The graph is there even when the load fails; the error is as that of Start.
func Open(ctx context.Context, sc *Config) (*Stage, *source.Graph, error) {
	s := &Stage{Tape: &Tape{Most: sc.Most, MostBytes: sc.MostBytes}, Clock: instance.NewClock(sc.Now)}
	store := &tapeStore{Store: memory.New(), Tape: s.Tape, clock: s.Clock}
	if err := store.SetValues(ctx, storage.Space(sc.Entry.Name), sc.Stored); err != nil {
		return nil, nil, err
	}
	cfg := sc.Settings
	// The lines go to the tape; a logger with a level makes sure that they are made at all.
	cfg.Log = zerolog.New(io.Discard)
	// Nobody needs what promises would still do after the end.
	cfg.Grace, cfg.Heard = 10*time.Millisecond, nil
	var err error
	if cfg.Engine, err = engine.New(engine.Config{Store: store, Deliverer: Nowhere{}}); err != nil {
		return nil, nil, err
	}
	s.engine = cfg.Engine
	if cfg, err = cfg.WithDefaults(); err != nil {
		return nil, nil, err
	}
	if s.Own, err = sc.resources(ctx, store); err != nil {
		return nil, nil, err
	}
	s.Own.Storage.OnChange = func(c storage.Change) { s.Tape.add(Act{Stored: &c}) }
	p := &instance.Probe{
		Clock: s.Clock, Random: sc.Random, Replay: sc.Replay, Files: sc.Source, Line: s.Tape.Line, Failure: s.Tape.Failure,
	}
	if sc.Fetch == nil {
		s.Clock.Stall = 30 * time.Second // a real request takes what it takes
	} else {
		p.Setup = func(m *machine.Machine, w *web.Web) error {
			return installFetchMock(m, w, func(f Fetch, answer func(Answer)) {
				s.Tape.add(Act{Fetch: &f})
				sc.Fetch(f, answer)
			})
		}
	}
	s.Inst, s.Graph, err = instance.Start(ctx, instance.Config{
		Shared: instance.NewShared(cfg), Name: sc.Entry.Name, Entry: sc.Entry.Path, Resources: s.Own, Probe: p, Read: sc.Read,
	})
	if err == nil {
		// What the top level has posted runs now, and not with the first response.
		err = s.Advance(ctx, sc.Now)
	}
	if err != nil {
		return nil, s.Graph, errors.Join(err, s.Close()) //nolint:contextcheck // closing must not be cut short
	}
	if !sc.FirstStart {
		s.Tape.drop(func(a *Act) bool { return a.Tracked != nil && a.Tracked.Kind == engine.KindSession })
	}
	return s, s.Graph, nil
}

// resources are what the plugin has of its own: what it kept before, and connections only where nobody else answers.
func (sc *Config) resources(ctx context.Context, store *tapeStore) (*instance.Resources, error) {
	config := fetch.Config{Plugin: sc.Entry.Name, AllowHosts: sc.Settings.Plugins[sc.Entry.Name].AllowHosts, UseProxy: true}
	if sc.AllowHosts != nil {
		config.Within, config.Bounded = config.AllowHosts, true
		config.AllowHosts = sc.AllowHosts
	}
	if sc.Fetch != nil {
		config.Refuse = "something else answers its requests"
	}
	f, err := fetch.New(&config)
	if err != nil {
		return nil, err
	}
	s, err := storage.Open(ctx, store, sc.Entry.Name)
	if err != nil {
		return nil, err
	}
	for _, key := range slices.Sorted(maps.Keys(sc.Items)) {
		if err := s.Set(key, sc.Items[key]); err != nil {
			return nil, err
		}
	}
	return &instance.Resources{Fetcher: f, Storage: s}, nil
}

// Hand lets the plugin handle one response, as the host does, and waits for what it does at once.
func (s *Stage) Hand(ctx context.Context, r *engine.Response) error {
	for {
		n, err := s.Inst.Handle(ctx, []engine.Response{*r})
		switch {
		case err != nil:
			return err
		case n > 0:
			return s.Advance(ctx, s.Clock.Now())
		case ctx.Err() != nil:
			return ctx.Err()
		}
	}
}

// Advance moves the time to t and runs the timers on the way. A time in the past runs what is due now.
func (s *Stage) Advance(ctx context.Context, t time.Time) error {
	rt, err := s.Inst.Live(ctx)
	if err != nil {
		return err
	}
	err = s.Clock.Advance(ctx, rt.Machine, t)
	if errors.Is(err, instance.ErrRetired) || errors.Is(err, instance.ErrAbandoned) {
		return nil // it broke down, as the tape says, and the next response starts a fresh one
	}
	return err
}

// Close ends the plugin.
func (s *Stage) Close() error {
	if s.Inst != nil {
		<-s.Inst.Retire()
	}
	if s.Own != nil {
		s.Own.Fetcher.Close()
	}
	if _, err := s.engine.Close(); err != nil {
		return fmt.Errorf("close: %w", err)
	}
	return nil
}

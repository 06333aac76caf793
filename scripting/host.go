package scripting

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/rs/zerolog"

	"trackhook/scripting/internal/adjust"
	"trackhook/scripting/internal/instance"
	"trackhook/scripting/internal/source"
	"trackhook/scripting/internal/wall"
)

// Host runs the plugins of one folder and reloads each when its files change.
//
// Its methods may be called from many goroutines at once.
//
// A reload constructs the new version beside the old one, runs its top level, lets it take over between two responses
// and retires the old one. When any step before the take-over fails, the old version never notices, and the failure
// is logged and shown by [Host.Plugins] until the next good save.
//
// [New] starts nothing. [Host.Run] starts one goroutine that takes file system events, one for [Host.Ready], and for
// each plugin one that keeps it in line with the disk, one that stands in [engine.Engine.Listen], one for a load while
// it lasts, and one for each replaced version while it retires. All of them end before Run returns.
type Host struct {
	cfg       Config
	log       zerolog.Logger
	shared    *instance.Shared
	quiet     *instance.Shared // the same, of which nobody hears what it prints
	resources *instance.ResourcePool
	ready     chan struct{}
	// grown receives when a plugin was loaded from files that the last scan does not watch.
	grown chan struct{}

	regranting sync.Mutex // held while rights are replaced

	mu         sync.Mutex
	running    bool               // guarded by mu
	givenUp    bool               // guarded by mu; see GiveUp
	isScanned  bool               // guarded by mu; the folder was read, and plugins are those that it has
	plugins    map[string]*plugin // by name; guarded by mu, written by Run's goroutine only
	unloadable map[string]Plugin  // entries that cannot be loaded whatever they contain, by file; guarded by mu

	// These belong to Run's goroutine.
	removed  map[string]*plugin   // removed plugins by name, so that a new one waits for the old
	overflow bool                 // the folder has too many folders, and that was said
	blind    bool                 // the folder could not be read, and that was said
	strays   map[string]bool      // files that look like plugins and are none, and that was said
	missed   map[string]time.Time // plugins that are not in the folder any more, and since when

	recent recent         // what plugins have printed lately
	work   sync.WaitGroup // all goroutines but the watcher's
}

// New checks the configuration. It reads and starts nothing: call [Host.Run].
func New(cfg Config) (*Host, error) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return nil, fmt.Errorf("new plugin host: %w", err)
	}
	h := &Host{
		cfg: cfg, log: cfg.Log.With().Str("component", instance.Component).Logger(), ready: make(chan struct{}),
		plugins: map[string]*plugin{}, unloadable: map[string]Plugin{}, removed: map[string]*plugin{},
		missed: map[string]time.Time{}, strays: map[string]bool{}, grown: make(chan struct{}, 1),
	}
	if len(cfg.Worker) > 0 {
		h.cfg.home = adjust.NewHome(cfg.Engine, true)
		cfg.home = h.cfg.home
		if cfg.isolates() {
			h.cfg.spare = wall.NewSpare(cfg.Worker)
		}
		h.cfg.pool = wall.NewPool(wall.PoolConfig{Command: cfg.Worker, Spare: h.cfg.spare, Memory: cfg.WorkerMemory, Log: h.log})
	}
	settings := cfg.settings()
	settings.Heard = h.recent.add
	h.shared = instance.NewShared(settings)
	settings.Heard, settings.Log = nil, zerolog.Nop()
	h.quiet = instance.NewShared(settings)
	h.resources = instance.NewResourcePool(h.shared)
	return h, nil
}

// Ready is closed when every plugin that the first scan found is loaded, or has turned out to be broken.
func (h *Host) Ready() <-chan struct{} { return h.ready }

// Run loads what is in the folder and keeps to what is on disk until ctx ends, which is not an error. Then it stops
// watching, lets the runs in hand return and their cursors be committed, retires every version within Config.Grace,
// and waits for all of it. The folder may be empty, and may come and go. Run may be called once.
func (h *Host) Run(ctx context.Context) error {
	h.mu.Lock()
	again := h.running
	h.running = true
	h.mu.Unlock()
	if again {
		return errors.New("run plugins: the host was run already, make a new one")
	}
	if _, err := os.Stat(h.cfg.Dir); err != nil {
		h.log.Warn().Str("path", h.cfg.Dir).AnErr("error", withoutPath(err)).
			Msg("there is no plugins folder at this path, so no scripts run until it appears; if it is a slip, correct the setting")
	}
	watcher := source.NewWatcher(h.log, h.cfg.noEvents)
	// Plugins end before the watcher is closed; nothing that it tells is acted on meanwhile.
	defer watcher.Close()
	if h.cfg.pool != nil {
		defer h.cfg.pool.Close()
		defer h.cfg.spare.Close()
	}
	defer h.work.Wait()

	seen := h.look(watcher)
	h.apply(ctx, seen, false)
	h.announce(ctx)
	h.follow(ctx, watcher, seen)
	return nil
}

// GiveUp ends what Run still waits for, for a process whose time to stop is over: runs in hand are interrupted, and
// promises in flight are dropped. Responses whose runs are given up do not count as handled; they are handed over again
// at the next start. Call it after the context of Run has ended; it returns at once, and so does Run, but for what it
// writes to the store.
func (h *Host) GiveUp() {
	h.mu.Lock()
	h.givenUp = true
	plugins := slices.Collect(maps.Values(h.plugins))
	h.mu.Unlock()
	for _, p := range plugins {
		p.giveUp()
	}
}

// withoutPath is the reason of an error about a path that is named beside it.
func withoutPath(err error) error {
	if about, ok := errors.AsType[*os.PathError](err); ok {
		return about.Err
	}
	return err
}

// isGivenUp tells whether GiveUp was called.
func (h *Host) isGivenUp() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.givenUp
}

// announce closes ready when the plugins of the first scan have been tried.
func (h *Host) announce(ctx context.Context) {
	first := slices.Collect(maps.Values(h.plugins))
	h.work.Go(func() {
		for _, p := range first {
			select {
			case <-p.tried:
			case <-p.stopped:
			case <-ctx.Done():
				return
			}
		}
		if ctx.Err() == nil {
			h.cfg.spare.Keep() // not before: those who wait for their first process are more urgent
			close(h.ready)
		}
	})
}

// Spare is what there is to know of the process that is started ahead for the next plugin that needs one. False: plugins need none.
func (h *Host) Spare() (SpareProcess, bool) {
	if h.cfg.spare == nil {
		return SpareProcess{}, false
	}
	return SpareProcess(h.cfg.spare.Status()), true
}

// SpareProcess is a process that is started ahead. The counts are those since the host started.
type SpareProcess struct {
	// Ready tells that there is one, and Reason why not.
	Ready  bool
	Reason string
	// Used counts the processes that were needed and ready, and Cold those that had to be started when they were needed.
	Used, Cold uint64
}

package scripting

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/rs/zerolog"

	"trackhook/engine"
)

// Config says what a [Host] works with. Dir, Engine and DefaultApp are required; every other zero field means its
// default.
type Config struct {
	// Dir is the folder that plugins are dropped into. It is created when it does not exist.
	Dir string
	// Engine hands over responses and takes the packages that scripts track.
	Engine *engine.Engine
	// Apps are the apps that scripts may name in a config; DefaultApp is what {YourAppToken} and the globals appToken and
	// environment mean. DefaultApp is one of Apps, or is added to them.
	Apps       []engine.App
	DefaultApp engine.App
	// Device are the S2S parameters of the host's own device, with at least one identifier. Empty: this host is a gateway
	// and is not measured itself; scripts that track something without setExternalDeviceId get an error.
	Device map[string]string
	// Log receives the host's own lines and what scripts print. The host's own have the field component=plugins. Default:
	// nothing is logged.
	Log zerolog.Logger
	// Timeout is the time limit for one run of a listener, and for the top level of a script. Default 5 s.
	Timeout time.Duration
	// Debounce is how long a file must have been quiet before it is read. Default 20 ms.
	Debounce time.Duration
	// Poll is how often file contents are compared, as a net for file systems without events. Default 2 s.
	Poll time.Duration
	// Grace is how long promises of a replaced version may go on. Default 5 s.
	Grace time.Duration

	// noEvents leaves only polling, and checked is called after a plugin was compared with the disk. Both are for tests.
	noEvents bool
	checked  func(plugin string)
}

// withDefaults returns the configuration with every default filled in, or says what is wrong with it.
func (c Config) withDefaults() (Config, error) {
	if c.Dir == "" || c.Engine == nil || c.DefaultApp == (engine.App{}) {
		return c, errors.New("the fields Dir, Engine and DefaultApp are required")
	}
	dir, err := filepath.Abs(c.Dir)
	if err != nil {
		return c, fmt.Errorf("plugins folder: %w", err)
	}
	c.Dir = dir
	if !slices.Contains(c.Apps, c.DefaultApp) {
		c.Apps = append(slices.Clone(c.Apps), c.DefaultApp)
	}
	for _, app := range c.Apps {
		if app.Token == "" || !app.Environment.Known() {
			return c, fmt.Errorf("app %s: needs a token, and an environment that is sandbox or production", app)
		}
	}
	for _, field := range []struct {
		name     string
		value    *time.Duration
		fallback time.Duration
	}{
		{"Timeout", &c.Timeout, 5 * time.Second},
		{"Debounce", &c.Debounce, 20 * time.Millisecond},
		{"Poll", &c.Poll, 2 * time.Second},
		{"Grace", &c.Grace, 5 * time.Second},
	} {
		if *field.value < 0 {
			return c, fmt.Errorf("%s must not be negative", field.name)
		}
		if *field.value == 0 {
			*field.value = field.fallback
		}
	}
	return c, nil
}

// component marks the host's own lines in the log, beside those of scripts.
const component = "plugins"

// Host runs the plugins of one folder and reloads each when its files change.
//
// A reload constructs the new version beside the old one, runs its top level, lets it take over between two responses
// and retires the old one. When any step before the take-over fails, the old version never notices, and the failure
// is logged and shown by [Host.Plugins] until the next good save.
//
// [New] starts nothing. [Host.Run] starts one goroutine that takes file system events, one for [Host.Ready], and for
// each plugin one that keeps it in line with the disk, one that stands in [engine.Engine.Listen], one for a load while
// it lasts, and one for each replaced version while it retires. All of them end before Run returns.
type Host struct {
	cfg     Config
	log     zerolog.Logger
	devices *devices
	ready   chan struct{}

	mu       sync.Mutex
	running  bool               // guarded by mu
	plugins  map[string]*plugin // by name; guarded by mu, written by Run's goroutine only
	misfits  map[string]Plugin  // entries that cannot be loaded whatever they contain, by file; guarded by mu
	overflow bool               // Run's goroutine only: the warning was given
	blind    bool               // Run's goroutine only: the folder could not be read, and that was said

	leaving map[string]*plugin // removed plugins by name, so that a new one waits for the old; Run's goroutine only
	work    sync.WaitGroup     // the goroutines of plugins
}

// New checks the configuration. It reads and starts nothing: call [Host.Run].
func New(cfg Config) (*Host, error) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return nil, fmt.Errorf("new plugin host: %w", err)
	}
	h := &Host{
		cfg: cfg, log: cfg.Log.With().Str("component", component).Logger(), ready: make(chan struct{}),
		plugins: map[string]*plugin{}, misfits: map[string]Plugin{}, leaving: map[string]*plugin{},
	}
	if h.devices, err = newDevices(&h.cfg); err != nil {
		return nil, fmt.Errorf("new plugin host: %w", err)
	}
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
	if err := os.MkdirAll(h.cfg.Dir, 0o755); err != nil {
		h.log.Warn().Err(err).Msg("cannot create the plugins folder; it may still appear")
	}
	watcher := newWatcher(h.log, h.cfg.noEvents)
	// Plugins end before the watcher is closed; nothing that it tells is acted on meanwhile.
	defer watcher.close()
	defer h.work.Wait()

	seen := h.look(watcher)
	h.apply(ctx, seen, false)
	h.announce(ctx)
	h.follow(ctx, watcher, seen)
	return nil
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
			close(h.ready)
		}
	})
}

// patience bounds, in units of Debounce, how long a file that is written without a pause can put off a look.
const patience = 25

// follow acts on changes until ctx ends. After an event it waits until nothing has happened for Debounce: a plain save
// truncates first and writes later. The poll has no events to wait for, so it acts on a difference only when it finds
// the same again Debounce later.
func (h *Host) follow(ctx context.Context, w *watcher, applied *found) {
	var (
		poll   = time.NewTicker(h.cfg.Poll)
		quiet  = time.NewTimer(time.Hour)
		armed  bool      // quiet is running
		latest time.Time // when armed by events: look then at the latest
		doubt  *found    // when armed by the poll: what it has found
	)
	defer poll.Stop()
	defer quiet.Stop()
	quiet.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-w.dirty:
			if !armed || doubt != nil {
				armed, doubt, latest = true, nil, time.Now().Add(patience*h.cfg.Debounce)
			}
			quiet.Reset(min(h.cfg.Debounce, time.Until(latest)))
		case <-quiet.C:
			seen, polled := h.look(w), doubt != nil
			if polled && seen != nil && !seen.same(doubt) {
				doubt = seen
				quiet.Reset(h.cfg.Debounce)
				continue
			}
			armed, doubt = false, nil
			if seen != nil {
				applied = seen
			}
			h.apply(ctx, applied, polled)
		case <-poll.C:
			if armed {
				continue
			}
			seen := h.look(w)
			if seen == nil || applied != nil && seen.same(applied) {
				h.apply(ctx, applied, true)
				continue
			}
			armed, doubt = true, seen
			quiet.Reset(h.cfg.Debounce)
		}
	}
}

// rescans bounds how often one look scans again because it has met new folders.
const rescans = 10

// look scans the folder and watches what there is to watch. Nil means that the folder cannot be read now.
func (h *Host) look(w *watcher) *found {
	for try := 1; ; try++ {
		seen, err := scan(h.cfg.Dir)
		added := w.set(seen.watch)
		if seen.overflow && !h.overflow {
			h.log.Warn().Int("folders", maxFolders).Msg("too many folders below the plugins folder; changes in some are noticed by polling")
		}
		h.overflow = seen.overflow
		if err != nil {
			if !h.blind {
				h.log.Error().Err(err).Msg("cannot read the plugins folder; what is loaded goes on")
			}
			h.blind = true
			return nil
		}
		h.blind = false
		if !added || try == rescans {
			return seen
		}
	}
}

// apply starts and removes plugins so that they are those that were seen, and lets each compare itself with the disk.
// polled tells that no event has said that the files are quiet. Nil changes nothing.
func (h *Host) apply(ctx context.Context, seen *found, polled bool) {
	if seen == nil {
		return
	}
	wanted, misfits := map[string]entry{}, map[string]Plugin{}
	for _, e := range seen.entries {
		if e.problem != "" {
			misfits[e.file] = h.misfit(e)
			continue
		}
		wanted[e.name] = e
	}
	var gone, known, fresh []*plugin
	h.mu.Lock()
	h.misfits = misfits
	for name, p := range h.plugins {
		if _, ok := wanted[name]; !ok {
			delete(h.plugins, name)
			gone = append(gone, p)
		}
	}
	for name, e := range wanted {
		if p, ok := h.plugins[name]; ok {
			p.move(e)
			known = append(known, p)
			continue
		}
		p := newPlugin(h, e)
		h.plugins[name] = p
		fresh = append(fresh, p)
	}
	h.mu.Unlock()

	for _, p := range gone {
		h.leaving[p.name] = p
		p.leave()
	}
	for _, p := range known {
		p.poke(polled)
	}
	for _, p := range fresh {
		p.poke(polled)
		before := h.leaving[p.name]
		delete(h.leaving, p.name)
		h.work.Go(func() { p.run(ctx, before) })
	}
	maps.DeleteFunc(h.leaving, func(_ string, p *plugin) bool { return p.left() })
}

// misfit returns the row of an entry that cannot be loaded, and says so when it is new.
func (h *Host) misfit(e entry) Plugin {
	h.mu.Lock()
	row, known := h.misfits[e.file]
	h.mu.Unlock()
	if known && row.Error.Message == e.problem {
		return row
	}
	now := time.Now()
	h.log.Error().Str("plugin", e.name).Str("file", e.file).Str("error", e.problem).Msg("plugin cannot be loaded")
	return Plugin{
		Name: e.name, File: e.file, State: Broken, Since: now,
		Error: &Problem{Message: e.problem, File: path.Join(filepath.Base(h.cfg.Dir), e.file), Since: now},
	}
}

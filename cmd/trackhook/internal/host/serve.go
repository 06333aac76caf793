package host

import (
	"cmp"
	"context"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"trackhook/engine"
	"trackhook/engine/site"
	"trackhook/scripting"
)

// loadWait is how long the sending and the door wait for scripts that are loading.
const loadWait = 2 * time.Second

// Serve runs everything until ctx ends or a part fails, and then ends the parts in order: the door, the sending, the
// scripts. It returns nil when ctx ended, and the error of the part that failed first. Call it once.
func (h *Host) Serve(ctx context.Context) error {
	h.greet()
	failed := make(chan error, 4) // as many as there are parts
	stopScripts := start(ctx, h.scripts.Run, failed)
	h.awaitScripts(ctx)
	h.greetScripts()
	h.warnOfRemoved(ctx)
	stopSending := start(ctx, h.engine.Run, failed)
	stopDoor := start(ctx, h.serveDoor, failed)
	stopFollowing := start(ctx, h.follow, failed)
	h.log.Info().Str("url", h.URL()).Msg("listening for sessions and events")
	h.greetConsole()
	h.tellReady(h.status())

	var err error
	select {
	case <-ctx.Done():
		h.log.Info().Msg("stopping: nothing is taken in any more, what is in flight is finished")
	case err = <-failed:
		h.log.Error().Err(err).Msg("stopping, because a part has failed")
	}
	h.tellStopping()
	stopFollowing()
	close(h.stopping) // answers that stream end, so that the door need not wait for them
	over := time.Now().Add(h.drain())
	// The door needs no sending to take in what is in its hands, and the two have the same time.
	var ended sync.WaitGroup
	ended.Go(stopDoor)
	ended.Go(stopSending)
	ended.Wait()
	late := time.AfterFunc(time.Until(over), h.scripts.GiveUp)
	defer late.Stop()
	stopScripts()
	return err
}

// drain is how long the whole stop may take.
func (h *Host) drain() time.Duration { return cmp.Or(h.settings.Drain, engine.DefaultDrain) }

// sendingDrain is how long the sending may take to stop. A part of the time is left for scripts: what they have in hand
// is heard again at the next start if it is given up, so it is the smaller part.
func (h *Host) sendingDrain() time.Duration {
	const scripts = 2 * time.Second
	return h.drain() - min(h.drain()/4, scripts)
}

// start starts a part on a goroutine of its own. Its error goes to failed; stop ends it and waits for it.
func start(ctx context.Context, run func(context.Context) error, failed chan<- error) (stop func()) {
	// Not a child of ctx: each part ends when its turn has come.
	own, cancel := context.WithCancel(context.WithoutCancel(ctx))
	var done sync.WaitGroup
	done.Go(func() {
		if err := run(own); err != nil {
			failed <- err
		}
	})
	return func() {
		cancel()
		done.Wait()
	}
}

// awaitScripts waits a little until the scripts are loaded: those that are before the first answer comes hear all of them
// from the start. One that takes long to load hears its answers when it is ready; the others do not wait for it.
func (h *Host) awaitScripts(ctx context.Context) {
	select {
	case <-h.scripts.Ready():
	case <-time.After(loadWait):
	case <-ctx.Done():
	}
}

// status is what the host does, in words for a service manager.
func (h *Host) status() string { return "listening at " + h.URL() }

// greet says what runs, in the first lines.
func (h *Host) greet() {
	line := h.log.Info().Str("version", h.version)
	if h.settings.OnPostgres() {
		line.Str("database", h.settings.DatabaseName())
	} else {
		line.Str("data", h.settings.Data)
	}
	line.Str("plugins", h.settings.PluginsDir).Msg("trackhook starts")
	if !site.Loopback(h.settings.Listen) && h.secure == nil {
		// Without tokens it would not have been opened.
		h.log.Warn().Str("listen", h.settings.Listen).Msg("this address may be reached by other machines, and the host speaks no TLS: on the way, tokens " +
			"and packages can be read by others; give it a certificate (tls), put a proxy with TLS before it, or keep it within a network that you trust")
	}
	if h.demo != nil {
		h.demo.Greet(h.log)
		return
	}
	for _, app := range h.apps {
		h.log.Info().Str("app", app.Token).Str("environment", string(app.Environment)).Str("endpoint", hostOf(h.endpointOf(app))).Msg("serving app")
	}
}

// greetScripts says where scripts are looked for, how many there are, and which apps none of them hears.
func (h *Host) greetScripts() {
	rows := h.scripts.Plugins()
	line := h.log.Info()
	if len(rows) == 0 {
		line = h.log.Warn()
	}
	line.Str("path", h.pluginsDir()).Int("count", len(rows)).Msg("plugins")
	if len(rows) == 0 {
		return // nothing hears anything
	}
	select {
	case <-h.scripts.Ready():
	default:
		return // what is still loading may hear any of them
	}
	for _, app := range h.apps {
		if !heard(rows, app) && !standsBy(rows) {
			h.log.Warn().Str("app", app.Token).Str("environment", string(app.Environment)).
				Msg("no plugin listens to this app: its answers pass unheard; a script hears all apps with a config for each of the global apps")
		}
	}
}

// standsBy tells whether another host runs some of the scripts, which may hear any app.
func standsBy(rows []scripting.Plugin) bool {
	return slices.ContainsFunc(rows, func(p scripting.Plugin) bool { return p.State == scripting.Standby })
}

func heard(rows []scripting.Plugin, app engine.App) bool {
	return slices.ContainsFunc(rows, func(p scripting.Plugin) bool {
		return slices.ContainsFunc(p.Registered, func(r scripting.Registration) bool { return r.App == app })
	})
}

// pluginsDir is the plugins folder, absolute where that can be told.
func (h *Host) pluginsDir() string {
	dir, err := filepath.Abs(h.settings.PluginsDir)
	if err != nil {
		return h.settings.PluginsDir
	}
	return dir
}

func (h *Host) endpointOf(app engine.App) string {
	if settings := h.settings.SettingsOf(app); settings != nil && settings.Endpoint != "" {
		return settings.Endpoint
	}
	return h.endpoint
}

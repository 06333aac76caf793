package host

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"strings"
	"time"

	"trackhook/engine"
	"trackhook/engine/adjust"
	"trackhook/engine/admin"
	"trackhook/engine/console"
	"trackhook/engine/ingest"
	"trackhook/engine/metrics"
	"trackhook/engine/site"
	examples "trackhook/examples/scripts"
	"trackhook/scripting"
)

// doorDrain is how long requests in hand may go on at shutdown.
const doorDrain = 5 * time.Second

// openDoor puts the doors, that of packages, that of operators and the page, behind one address.
func (h *Host) openDoor(page fs.FS) (err error) {
	pages, err := h.settings.API.Pages()
	if err != nil {
		return err
	}
	h.packages, err = ingest.New(ingest.Config{
		Tracker: h.metrics.Tracker(h.engine), Lookup: h.store.Package, Apps: h.apps, Tokens: *h.tokens.Load(), Pages: pages, Attribution: h.attribution, Log: h.log,
	})
	if err != nil {
		return err
	}
	if err := h.openConsole(page); err != nil {
		return err
	}
	h.operators = h.newOperators()
	h.server = ingest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		(*h.entrance.Load()).ServeHTTP(w, r)
	}), h.log)
	if h.secure != nil {
		h.secure.secure(h.server)
	}
	h.listener = ingest.LimitConnections(h.server, h.listener, doorConnections(descriptors()))
	return nil
}

// answerTo lets requests in that call the host by one of these names.
func (h *Host) answerTo(hosts *site.Hosts) {
	entrance := hosts.Check(http.HandlerFunc(h.inside))
	h.entrance.Store(&entrance)
}

// inside serves what has come in.
func (h *Host) inside(w http.ResponseWriter, r *http.Request) {
	switch path := r.URL.Path; {
	case h.console != nil && strings.HasPrefix(path+"/", console.Path):
		h.console.ServeHTTP(w, r)
	case strings.HasPrefix(path, "/api/"), path == "/healthz", path == "/readyz", path == "/metrics":
		h.operators.ServeHTTP(w, r)
	default:
		h.packages.ServeHTTP(w, r)
	}
}

// doorConnections is how many connections the door holds at most, of so many descriptors (0: nobody knows): what the store
// and the scripts need is left to them, and of the rest a quarter to the connections to servers.
func doorConnections(descriptors uint64) int {
	const most = 8192
	if descriptors == 0 {
		return most
	}
	return int(min(leftByStore(descriptors)*3/4, most)) //nolint:gosec // it was bounded
}

// leftByStore is how many of so many descriptors the store and the scripts leave.
func leftByStore(descriptors uint64) uint64 {
	const store = 320
	return descriptors - min(store, descriptors*5/8)
}

// newOperators makes the HTTP API for operators.
func (h *Host) newOperators() http.Handler {
	scrape := h.metrics.Handler(metrics.Source{
		Version: h.version, Started: h.started, Stats: h.engine.Stats, Counts: h.store.Counts, Plugins: h.measuredPlugins,
		States: pluginStates(), Health: h.reasons, State: h.engine.Health, Log: h.log,
		Spare: func() (ready bool, used, cold uint64, there bool) {
			spare, there := h.scripts.Spare()
			return spare.Ready, spare.Used, spare.Cold, there
		},
	})
	return admin.New(admin.Config{
		Stats: h.engine.Stats, Inspector: h.store, Responses: h.store, Plugins: h.plugins, Log: h.log,
		Access: h.access, Who: h.who, Printed: h.printed, Present: h.presentPlugins, Local: local, NewCode: h.newCode,
		CheckMetrics: func(r *http.Request) bool { return h.tokens.Load().Allow(r, ingest.Metrics) },
		Checks:       func() bool { return len(*h.tokens.Load()) > 0 }, // without any, this machine only
		Reload:       func(context.Context) (admin.Reloaded, error) { return h.Reload() },
		Apps:         h.apps, Endpoint: func(app engine.App) string { return h.gate.Endpoint(app, engine.KindEvent) }, State: h.engine.Health,
		Beside: h.beside, Hosts: h.members, Room: h.room, Settings: h.shownSettings,
		Curl: h.deliverer.Curl, Form: form, Health: h.reasons, Spare: h.spare, Limits: h.engine.Limits,
		Metrics: scrape, Done: h.stopping, Serves: h.serves, Adopt: h.engine.Adopt, Hasten: h.store.HastenLane, Acknowledge: h.engine.Acknowledge,
		Sources: func(ctx context.Context, plugin string) (map[string][]byte, error) {
			return h.store.Values(ctx, scripting.SourceSpace(plugin))
		},
		Scripts: h.scripts.Editor(scripting.EditorConfig{Templates: examples.All(), Locked: h.locked}),
		Forget:  h.forget, Backup: h.backup, ProbeApp: h.probeApp, ProbeEndpoint: h.probeEndpoint,
		Host: admin.Host{
			Version: h.version, AppToken: h.apps[0].Token, Environment: string(h.apps[0].Environment),
			Device: h.device, Endpoint: hostOf(h.endpoint), Demo: h.demo != nil, Started: h.started, PluginsDir: h.pluginsDir(),
		},
	})
}

// reasons says what keeps packages from being sent or taken in.
func (h *Host) reasons() []string {
	return append(h.engine.Health().Reasons(), h.beside()...)
}

// spare tells about the process that is started ahead for scripts.
func (h *Host) spare() (admin.Spare, bool) {
	spare, there := h.scripts.Spare()
	return admin.Spare(spare), there
}

// beside says what else is wrong, beside what the engine knows.
func (h *Host) beside() []string { return append(h.secure.reasons(time.Now()), h.different()...) }

// form shows operators what an attempt sends.
func form(p *engine.Package) []admin.Param {
	sent := adjust.Form(p)
	shown := make([]admin.Param, len(sent))
	for i, param := range sent {
		shown[i] = admin.Param(param)
	}
	return shown
}

// hostOf is the host of a URL, without what may be secret in one.
func hostOf(endpoint string) string {
	if endpoint == "" {
		endpoint = adjust.DefaultEndpoint
	}
	u, err := url.Parse(endpoint)
	if err != nil {
		return ""
	}
	return u.Host
}

// serveDoor serves until ctx ends, and then lets requests in hand finish.
func (h *Host) serveDoor(ctx context.Context) error {
	served := make(chan error, 1)
	go func() {
		if h.secure != nil {
			served <- h.server.ServeTLS(h.listener, "", "")
			return
		}
		served <- h.server.Serve(h.listener)
	}()
	select {
	case err := <-served:
		return fmt.Errorf("serve %s: %w", h.listener.Addr(), err)
	case <-ctx.Done():
	}
	// ctx is over; the requests in hand are what the time is for.
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), min(doorDrain, h.sendingDrain()))
	defer cancel()
	if err := h.server.Shutdown(last); err != nil {
		_ = h.server.Close() // what is left is cut off; the client was told nothing and will send again
	}
	if err := <-served; !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve %s: %w", h.listener.Addr(), err)
	}
	return nil
}

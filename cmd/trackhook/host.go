package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/rs/zerolog"

	"trackhook/cmd/trackhook/internal/config"
	"trackhook/cmd/trackhook/internal/demo"
	"trackhook/engine"
	"trackhook/engine/adjust"
	"trackhook/engine/admin"
	"trackhook/engine/disk"
	"trackhook/engine/ingest"
	"trackhook/scripting"
)

// host is everything that `trackhook run` runs. It is opened and closed in one order: the door first, because a port
// that is taken is the commonest mistake; the store last, because everything else needs it.
type host struct {
	cfg  config.Config
	log  zerolog.Logger
	apps []engine.App
	// device is what this host is measured as; nil for a gateway.
	device   map[string]string
	endpoint string

	door      net.Listener
	store     *disk.Store
	demo      *demo.Demo
	deliverer *adjust.Deliverer
	metrics   *admin.Metrics
	stopping  chan struct{} // closed when shutdown begins
	engine    *engine.Engine
	scripts   *scripting.Host
	server    *http.Server
}

// open opens everything and starts nothing. What was opened before an error is closed again.
func open(ctx context.Context, cfg config.Config, log zerolog.Logger) (opened *host, err error) {
	h := &host{cfg: cfg, log: log, device: maps.Clone(cfg.Device), endpoint: cfg.Endpoint, stopping: make(chan struct{})}
	defer func() {
		if err != nil {
			err = errors.Join(err, h.close())
		}
	}()
	tokens, err := h.tokens()
	if err != nil {
		return nil, err
	}
	if h.door, err = new(net.ListenConfig).Listen(ctx, "tcp", cfg.Listen); err != nil {
		return nil, fmt.Errorf("%w; if another trackhook runs here, choose another address with --listen", err)
	}
	h.store, err = disk.Open(disk.Config{
		Dir: cfg.Data, Retain: cfg.Log.Retain, RetainBytes: cfg.Log.RetainBytes, DeadAge: cfg.Log.DeadAge, Log: log,
		HighWater: disk.HighWater{
			Queued: cfg.HighWater.Queued, Bytes: cfg.HighWater.Bytes, Free: cfg.HighWater.Free, DeadBytes: cfg.HighWater.DeadBytes,
		},
	})
	if err != nil {
		return nil, err
	}
	h.apps = cfg.EngineApps()
	if len(h.apps) == 0 {
		if err := h.startDemo(ctx); err != nil {
			return nil, fmt.Errorf("start the demo: %w", err)
		}
	}
	if err := h.openEngine(); err != nil {
		return nil, err
	}
	return h, h.openDoor(tokens)
}

func (h *host) startDemo(ctx context.Context) (err error) {
	h.demo, err = demo.Start(ctx, demo.Config{
		Store: h.store, PluginsDir: h.cfg.PluginsDir, Device: h.device, Endpoint: h.endpoint,
	})
	if err != nil {
		return err
	}
	h.apps, h.device, h.endpoint = []engine.App{h.demo.App}, h.demo.Device, h.demo.Endpoint
	return nil
}

// tokens reads the tokens of clients, and refuses to be open to other machines without any.
func (h *host) tokens() (ingest.Tokens, error) {
	text, err := h.cfg.API.Tokens()
	if err != nil {
		return nil, err
	}
	tokens, err := ingest.ParseTokens(text)
	if err != nil {
		return nil, usageError{fmt.Errorf("api tokens: %w", err)}
	}
	if err := ingest.RequireTokens(h.cfg.Listen, tokens); err != nil {
		return nil, usageError{err}
	}
	return tokens, nil
}

func (h *host) openEngine() (err error) {
	settings, err := h.settings()
	if err != nil {
		return usageError{err}
	}
	rules, err := h.rules()
	if err != nil {
		return usageError{err}
	}
	inFlight := cmp.Or(h.cfg.InFlight, engine.DefaultInFlight)
	h.deliverer, err = adjust.New(adjust.Config{
		Apps: settings, Endpoint: h.endpoint, Timeout: h.cfg.AttemptTimeout, MaxConns: inFlight, Version: version(), Rules: rules,
		CAFile: h.cfg.CAFile,
	})
	if err != nil {
		return usageError{err}
	}
	gate, err := adjust.NewGate(h.deliverer, adjust.GateConfig{
		MaxInFlight: inFlight, Faults: h.cfg.Breaker.Faults, Window: h.cfg.Breaker.Window, Probe: h.cfg.Breaker.Probe.Backoff(),
	})
	if err != nil {
		return usageError{err}
	}
	h.metrics = admin.NewMetrics(h.apps...)
	h.engine, err = engine.New(engine.Config{
		Store: h.store, Deliverer: h.metrics.Deliverer(h.deliverer), Gate: gate, Schedule: h.cfg.Retry.Schedule(),
		InFlight: inFlight, Drain: h.cfg.Drain, HoldEvents: h.holdEvents, Log: h.log,
		Hooks: engine.Hooks{
			App:      func(a engine.AppHealth) { h.metrics.Blocked(a.App, a.Cause == engine.PauseBlocked) },
			Endpoint: func(e engine.EndpointHealth) { h.metrics.Breaker(e.Endpoint, e.Down != "") },
		},
	})
	if err != nil {
		return usageError{err}
	}
	grants, err := h.cfg.Grants(os.LookupEnv)
	if err != nil {
		return err
	}
	h.scripts, err = scripting.New(scripting.Config{
		Plugins: grants,
		Dir:     h.cfg.PluginsDir, Engine: h.engine, Apps: h.apps, DefaultApp: h.apps[0], Device: h.device,
		Log: h.log, Timeout: h.cfg.RunTimeout,
	})
	return err
}

// rules reads the file that comes before the built-in rules.
func (h *host) rules() (*adjust.Rules, error) {
	if h.cfg.Rules == "" {
		return nil, nil //nolint:nilnil // no file means the built-in rules, which is what nil means to adjust
	}
	text, err := os.ReadFile(h.cfg.Rules)
	if err != nil {
		return nil, fmt.Errorf("read rules: %w", err)
	}
	rules, err := adjust.LoadRules(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", h.cfg.Rules, err)
	}
	return rules, nil
}

func (h *host) holdEvents(app engine.App) bool {
	settings := h.cfg.SettingsOf(app)
	return settings != nil && settings.HoldEvents
}

// settings reads what the deliverer must know of each app, with the secrets.
func (h *host) settings() (map[engine.App]adjust.Settings, error) {
	settings := make(map[engine.App]adjust.Settings, len(h.cfg.Apps))
	for i := range h.cfg.Apps {
		app := &h.cfg.Apps[i]
		token, err := app.AuthToken()
		if err != nil {
			return nil, err
		}
		settings[app.EngineApp()] = adjust.Settings{
			Endpoint: app.Endpoint, GDPREndpoint: app.GDPREndpoint, Token: adjust.NewSecret(token),
		}
	}
	return settings, nil
}

// openDoor puts both doors, that of packages and that of operators, behind one address.
func (h *host) openDoor(tokens ingest.Tokens) error {
	packages, err := ingest.New(ingest.Config{Tracker: h.metrics.Tracker(h.engine), Apps: h.apps, Tokens: tokens, Log: h.log})
	if err != nil {
		return err
	}
	check := tokens.Unscoped
	if len(tokens) == 0 {
		check = nil // this machine only
	}
	operators := admin.New(admin.Config{
		Stats: h.engine.Stats, Inspector: h.store, Responses: h.store, Plugins: h.plugins, Check: check, Log: h.log,
		Curl: h.deliverer.Curl, Form: form, Health: func() []string { return h.engine.Health().Reasons() },
		Metrics: h.metrics, Done: h.stopping,
		Sources: func(ctx context.Context, plugin string) (map[string][]byte, error) {
			return h.store.Values(ctx, scripting.SourceSpace(plugin))
		},
		Forget: h.forget,
		Host: admin.Host{
			Version: version(), AppToken: h.apps[0].Token, Environment: string(h.apps[0].Environment),
			Device: h.device, Endpoint: hostOf(h.endpoint), Demo: h.demo != nil, Started: time.Now(),
		},
	})
	h.server = ingest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch path := r.URL.Path; {
		case strings.HasPrefix(path, "/api/"), path == "/healthz", path == "/readyz", path == "/metrics":
			operators.ServeHTTP(w, r)
		default:
			packages.ServeHTTP(w, r)
		}
	}), h.log)
	return nil
}

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

// serve runs everything until ctx ends or a part fails, and then ends the parts in order: the door, the sending, the
// scripts. Each has come to rest before the next is told to.
func (h *host) serve(ctx context.Context) error {
	h.greet()
	failed := make(chan error, 3)
	part := func(run func(context.Context) error) (stop func()) {
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
	stopScripts := part(h.scripts.Run)
	// Scripts that are loaded before the first answer comes hear all of them from the start. One that takes long to load
	// hears its answers when it is ready; the others do not wait for it.
	select {
	case <-h.scripts.Ready():
	case <-time.After(2 * time.Second):
	case <-ctx.Done():
	}
	h.tellRemoved(ctx)
	stopSending := part(h.engine.Run)
	stopDoor := part(h.serveDoor)
	h.log.Info().Str("url", "http://"+h.door.Addr().String()).Msg("listening for sessions and events")

	var err error
	select {
	case <-ctx.Done():
		h.log.Info().Msg("stopping: nothing is taken in any more, what is in flight is finished")
	case err = <-failed:
		h.log.Error().Err(err).Msg("stopping, because a part has failed")
	}
	close(h.stopping) // answers that stream end, so that the door need not wait for them
	stopDoor()
	stopSending()
	stopScripts()
	return err
}

// serveDoor serves until ctx ends, and then lets requests in hand finish for a few seconds.
func (h *host) serveDoor(ctx context.Context) error {
	served := make(chan error, 1)
	go func() { served <- h.server.Serve(h.door) }()
	select {
	case err := <-served:
		return fmt.Errorf("serve %s: %w", h.door.Addr(), err)
	case <-ctx.Done():
	}
	// ctx is over; the requests in hand are what the time is for.
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if err := h.server.Shutdown(last); err != nil {
		_ = h.server.Close() // what is left is cut off; the client was told nothing and will send again
	}
	if err := <-served; !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve %s: %w", h.door.Addr(), err)
	}
	return nil
}

// greet says what runs, in the first lines.
func (h *host) greet() {
	h.log.Info().Str("version", version()).Str("data", h.cfg.Data).Str("plugins", h.cfg.PluginsDir).Msg("trackhook starts")
	if h.demo != nil {
		h.demo.Greet(h.log)
	}
	if h.demo == nil {
		for _, app := range h.apps {
			h.log.Info().Str("app", app.Token).Str("environment", string(app.Environment)).Str("endpoint", hostOf(h.endpointOf(app))).Msg("serving app")
		}
	}
}

func (h *host) endpointOf(app engine.App) string {
	if settings := h.cfg.SettingsOf(app); settings != nil && settings.Endpoint != "" {
		return settings.Endpoint
	}
	return h.endpoint
}

// close releases everything that was opened, the store last, and says what is still queued.
func (h *host) close() error {
	var problems []error
	if h.door != nil {
		_ = h.door.Close() // closed by the server in most cases
	}
	switch {
	case h.engine != nil:
		stats, err := h.engine.Close()
		problems = append(problems, err)
		if err == nil {
			h.log.Info().Uint64("queued", stats.Queued).Uint64("dead", stats.Dead).Msg("stopped; what is queued is sent by the next run")
		}
	case h.store != nil:
		problems = append(problems, h.store.Close())
	}
	if h.deliverer != nil {
		problems = append(problems, h.deliverer.Close())
	}
	if h.demo != nil {
		problems = append(problems, h.demo.Close())
	}
	return errors.Join(problems...)
}

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
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/rs/zerolog"

	"trackhook/engine"
	"trackhook/engine/adjust"
	"trackhook/engine/admin"
	"trackhook/engine/disk"
	"trackhook/engine/ingest"
	"trackhook/engine/metrics"
	"trackhook/scripting"
)

// host is everything that `trackhook run` runs. It is opened and closed in one order: the door first, because a port
// that is taken is the commonest mistake; the store last, because everything else needs it.
type host struct {
	cfg  config
	log  zerolog.Logger
	apps []engine.App
	// device is what this host is measured as; nil for a gateway.
	device   map[string]string
	endpoint string

	door      net.Listener
	store     *disk.Store
	demo      *demo
	deliverer *adjust.Deliverer
	metrics   *metrics.Recorder
	stopping  chan struct{} // closed when shutdown begins
	engine    *engine.Engine
	scripts   *scripting.Host
	server    *http.Server
}

// open opens everything and starts nothing. What was opened before an error is closed again.
func open(ctx context.Context, cfg config, log zerolog.Logger) (opened *host, err error) {
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
			Queued: cfg.Full.Queued, Bytes: cfg.Full.Bytes, Free: cfg.Full.Free, DeadBytes: cfg.Full.DeadBytes,
		},
	})
	if err != nil {
		return nil, err
	}
	for i := range cfg.Apps {
		h.apps = append(h.apps, cfg.Apps[i].app())
	}
	if len(h.apps) == 0 {
		if h.demo, err = openDemo(ctx, h); err != nil {
			return nil, fmt.Errorf("start the demo: %w", err)
		}
	}
	if err := h.openEngine(); err != nil {
		return nil, err
	}
	return h, h.openDoor(tokens)
}

// tokens reads the tokens of clients, and refuses to be open to other machines without any.
func (h *host) tokens() (ingest.Tokens, error) {
	text, err := secret("api tokens", h.cfg.API.TokensEnv, h.cfg.API.TokensFile)
	if err != nil {
		return nil, usageError{err}
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
		Apps: settings, Endpoint: h.endpoint, Timeout: h.cfg.Timeout, MaxConns: inFlight, Version: version(), Rules: rules,
		CAFile: h.cfg.CAFile,
	})
	if err != nil {
		return usageError{err}
	}
	gate, err := adjust.NewGate(h.deliverer, adjust.GateConfig{
		MaxInFlight: inFlight, Faults: h.cfg.Break.Faults, Window: h.cfg.Break.Window, Probe: h.cfg.Break.Probe.backoff(),
	})
	if err != nil {
		return usageError{err}
	}
	h.metrics = metrics.New(h.apps...)
	h.engine, err = engine.New(engine.Config{
		Store: h.store, Deliverer: h.metrics.Deliverer(h.deliverer), Gate: gate, Schedule: h.cfg.Retry.schedule(),
		InFlight: inFlight, Drain: h.cfg.Drain, HoldEvents: h.holdEvents, Log: h.log,
		Hooks: engine.Hooks{
			App:      func(a engine.AppHealth) { h.metrics.Blocked(a.App, a.Cause == engine.PauseBlocked) },
			Endpoint: func(e engine.EndpointHealth) { h.metrics.Breaker(e.Endpoint, e.Down != "") },
		},
	})
	if err != nil {
		return usageError{err}
	}
	grants, err := h.cfg.grants(os.LookupEnv)
	if err != nil {
		return usageError{err}
	}
	h.scripts, err = scripting.New(scripting.Config{
		Plugins: grants,
		Dir:     h.cfg.Plugins, Engine: h.engine, Apps: h.apps, DefaultApp: h.apps[0], Device: h.device,
		Log: h.log, Timeout: h.cfg.RunLimit,
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
	i := slices.IndexFunc(h.cfg.Apps, func(a appConfig) bool { return a.app() == app })
	return i >= 0 && h.cfg.Apps[i].HoldEvents
}

// settings reads what the deliverer must know of each app, with the secrets.
func (h *host) settings() (map[engine.App]adjust.Settings, error) {
	settings := make(map[engine.App]adjust.Settings, len(h.cfg.Apps))
	for i := range h.cfg.Apps {
		app := &h.cfg.Apps[i]
		token, err := secret("S2S token of app "+app.Token, app.AuthTokenEnv, app.AuthTokenFile)
		if err != nil {
			return nil, err
		}
		settings[app.app()] = adjust.Settings{
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
	started := time.Now()
	scrape := h.metrics.Handler(metrics.Source{
		Version: version(), Started: started, Stats: h.engine.Stats, Counts: h.store.Counts, Plugins: h.measuredPlugins,
		States: pluginStates(), Health: func() []string { return h.engine.Health().Reasons() }, Log: h.log,
	})
	operators := admin.New(admin.Config{
		Stats: h.engine.Stats, Inspector: h.store, Responses: h.store, Plugins: h.plugins, Check: check, Log: h.log,
		Curl: h.deliverer.Curl, Form: form, Health: func() []string { return h.engine.Health().Reasons() },
		Metrics: scrape, Done: h.stopping,
		Sources: func(ctx context.Context, plugin string) (map[string][]byte, error) {
			return h.store.Values(ctx, scripting.SourceSpace(plugin))
		},
		Forget: h.forget,
		Host: admin.Host{
			Version: version(), AppToken: h.apps[0].Token, Environment: string(h.apps[0].Environment),
			Device: h.device, Endpoint: hostOf(h.endpoint), Demo: h.demo != nil, Started: started,
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
	h.log.Info().Str("version", version()).Str("data", h.cfg.Data).Str("plugins", h.cfg.Plugins).Msg("trackhook starts")
	if h.demo != nil {
		h.demo.greet(h)
	}
	if h.demo == nil {
		for _, app := range h.apps {
			h.log.Info().Str("app", app.Token).Str("environment", string(app.Environment)).Str("endpoint", hostOf(h.endpointOf(app))).Msg("serving app")
		}
	}
}

func (h *host) endpointOf(app engine.App) string {
	i := slices.IndexFunc(h.cfg.Apps, func(a appConfig) bool { return a.app() == app })
	if i >= 0 && h.cfg.Apps[i].Endpoint != "" {
		return h.cfg.Apps[i].Endpoint
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
		problems = append(problems, h.demo.close())
	}
	return errors.Join(problems...)
}

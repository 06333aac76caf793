package host

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"

	"trackhook/cmd/trackhook/internal/config"
	"trackhook/cmd/trackhook/internal/demo"
	"trackhook/cmd/trackhook/internal/store"
	"trackhook/engine"
	"trackhook/engine/adjust"
	"trackhook/engine/console"
	"trackhook/engine/ingest"
	"trackhook/engine/metrics"
	"trackhook/engine/site"
	"trackhook/scripting"
)

// Config says what a host is made from.
type Config struct {
	// Settings were checked by [config.Flags.Load] or [config.Parse]. Without apps, the host is the demo.
	Settings config.Config
	// Version is what the host says that it is, in its first line, to operators, and to the server.
	Version string
	// Log receives what people should know, and what scripts print. Default: nothing is logged.
	Log zerolog.Logger
	// Again reads the settings once more, for [Host.Reload]. Default: the host reloads nothing but secrets in files.
	Again func() (config.Config, error)
	// Show lists settings that are in force, and where each comes from, such as [config.Flags.ShowOf]. Default: none are shown.
	Show func(*config.Config) []config.Shown
	// Asked receives when the host is to reload, such as a signal. Default: nobody asks, but by the API.
	Asked <-chan os.Signal
	// SetLogLevel changes the level of Log to one of the words of the settings. Default: it stays.
	SetLogLevel func(level string)
	// Worker is the command line of a process that runs one plugin; see [scripting.Config]. Default: no plugin can have one.
	Worker []string
	// SecretPoll is how often files with secrets are compared with what was read. Default [DefaultSecretPoll].
	SecretPoll time.Duration
	// Page are the files of the console. Default: those of this build, which may have none.
	Page fs.FS
	// Ready is called when the host takes packages in, with words about that, and Stopping when it has begun to stop. At a
	// reload Reloading is called first, and Ready at its end, whatever came of it. Default: nobody is told.
	Ready               func(status string)
	Reloading, Stopping func()
}

// Host is everything that `trackhook run` runs. It is opened and closed in one order: the door first, because a port
// that is taken is the commonest mistake; the store last, because everything else needs it. Use [Open].
type Host struct {
	// settings are those that it was opened with. What a reload replaces is read from inForce.
	settings config.Config
	version  string
	log      zerolog.Logger
	// apps are those of the settings, or that of the demo; the first is the default.
	apps []engine.App
	// device is what this host is measured as; nil for a gateway.
	device map[string]string
	// endpoint is where packages go of apps that name none; empty for Adjust's.
	endpoint string

	again       func() (config.Config, error)
	show        func(*config.Config) []config.Shown
	asked       <-chan os.Signal
	setLogLevel func(level string)
	secretPoll  time.Duration
	reloading   sync.Mutex // held while something is put in force
	inForce     atomic.Pointer[inForce]
	differences atomic.Pointer[[]string] // of the versions of plugins, see compare
	started     time.Time
	tokens      atomic.Pointer[ingest.Tokens]
	entrance    atomic.Pointer[http.Handler] // see answerTo

	listener  net.Listener
	secure    *certificate // nil: the host speaks no TLS
	store     engine.Store
	demo      *demo.Demo // nil when apps are configured
	deliverer *adjust.Deliverer
	gate      *adjust.Gate
	metrics   *metrics.Recorder
	engine    *engine.Engine
	scripts   *scripting.Host
	worker    []string
	packages  *ingest.Handler
	operators http.Handler
	console   *console.Console // nil: this build has no page
	key       *ownersKey       // nil: nobody can prove to be the owner
	server    *http.Server
	questions chan struct{} // see attribution; holds one for each that is being passed on
	stopping  chan struct{} // closed when shutdown begins

	tellReady                   func(status string)
	tellReloading, tellStopping func()
}

// Open opens everything and starts nothing but the server of the demo. What was opened before an error is closed again.
// ctx bounds opening only.
func Open(ctx context.Context, cfg Config) (opened *Host, err error) {
	h := &Host{
		settings: cfg.Settings, started: time.Now(), version: cfg.Version, log: cfg.Log, device: maps.Clone(cfg.Settings.Device),
		endpoint: cfg.Settings.Endpoint, stopping: make(chan struct{}), questions: make(chan struct{}, maxQuestions),
		again: cfg.Again, show: cfg.Show, asked: cfg.Asked, setLogLevel: cfg.SetLogLevel, secretPoll: cmp.Or(cfg.SecretPoll, DefaultSecretPoll),
		worker: cfg.Worker, tellReady: cfg.Ready, tellReloading: cfg.Reloading, tellStopping: cfg.Stopping,
	}
	if h.tellReady == nil {
		h.tellReady = func(string) {}
	}
	if h.tellReloading == nil {
		h.tellReloading = func() {}
	}
	if h.tellStopping == nil {
		h.tellStopping = func() {}
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, h.Close())
		}
	}()
	if err := h.begin(); err != nil {
		return nil, err
	}
	if h.listener, err = new(net.ListenConfig).Listen(ctx, "tcp", h.settings.Listen); err != nil {
		return nil, config.ListenError("listen", h.settings.Listen, err)
	}
	if h.store, err = store.Open(ctx, &h.settings, store.About{Version: h.version, Log: h.log}); err != nil {
		return nil, err
	}
	h.apps = h.settings.EngineApps()
	if err := h.claim(ctx); err != nil {
		return nil, err
	}
	if len(h.apps) == 0 {
		if err := h.startDemo(ctx); err != nil {
			return nil, fmt.Errorf("start the demo: %w", err)
		}
	}
	if err := h.openEngine(); err != nil {
		return nil, err
	}
	return h, h.openDoor(cfg.Page)
}

// begin puts the settings in force, and reads what they name.
func (h *Host) begin() error {
	first := &inForce{settings: h.settings}
	var err error
	if first.secrets, err = readSecrets(&h.settings); err != nil {
		return err
	}
	tokens, err := first.secrets.tokens(h.settings.Listen)
	if err != nil {
		return err
	}
	hosts, err := site.NewHosts(h.settings.Listen, h.settings.AllowedHosts...)
	if err != nil {
		return &config.Error{Err: err}
	}
	if first.rules, err = readRules(h.settings.Rules); err != nil {
		return asMistake(err)
	}
	if h.secure, err = newCertificate(h.settings.TLS); err != nil {
		return err
	}
	if h.settings.CAFile != "" {
		first.certificates = digest(h.settings.CAFile)
	}
	h.tokens.Store(&tokens)
	h.answerTo(hosts)
	h.inForce.Store(first)
	return nil
}

func (h *Host) startDemo(ctx context.Context) (err error) {
	h.demo, err = demo.Start(ctx, demo.Config{
		Store: h.store, PluginsDir: h.settings.PluginsDir, Device: h.device, Endpoint: h.endpoint,
	})
	if err != nil {
		return err
	}
	h.apps, h.device, h.endpoint = []engine.App{h.demo.App}, h.demo.Device, h.demo.Endpoint
	return nil
}

// URL is where the host takes packages in.
func (h *Host) URL() string {
	if h.secure != nil {
		return "https://" + h.listener.Addr().String()
	}
	return "http://" + h.listener.Addr().String()
}

// Alive returns when the store has answered from memory, whatever it says: it finds a process in which locks are held for
// ever. A disk or a database that fails or hangs is not asked: that heals itself, and a restart mends none. It may be called
// by other goroutines, also after [Host.Close].
func (h *Host) Alive(ctx context.Context) {
	if h.store.Shared() {
		h.store.Holds(&engine.Lease{})
		return
	}
	_, _ = h.engine.Stats(ctx)
}

// Close releases everything that was opened, the store last, and says what is still queued. Call it after [Host.Serve]
// has returned, and once.
func (h *Host) Close() error {
	var problems []error
	h.key.remove()
	if h.listener != nil {
		_ = h.listener.Close() // closed by the server in most cases
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

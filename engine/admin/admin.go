package admin

import (
	"context"
	"encoding/json"
	"net/http"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/rs/zerolog"

	"trackhook/engine"
)

// Config says what the endpoints tell. Stats is required; every other zero field means its default.
type Config struct {
	// Stats counts the store, such as [engine.Engine.Stats].
	Stats func(context.Context) (engine.Stats, error)
	// Plugins returns the state of every plugin, in the order in which to show them. It may be called by many goroutines
	// at once. Default: there are none.
	Plugins func() []Plugin
	// Sources returns what is kept of the source of a plugin's versions, by key. Default: nothing is.
	Sources func(ctx context.Context, plugin string) (map[string][]byte, error)
	// Host is what does not change while the host runs.
	Host Host
	// Ready tells whether packages can be taken in; the error's text is shown. Default: whenever Stats returns no error.
	Ready func(context.Context) error
	// Check tells whether a request may be answered. Default: only requests of this machine, see "Who may ask".
	Check func(*http.Request) bool
	// Log receives failures. Default: nothing is logged.
	Log zerolog.Logger
}

// Host is what does not change while a host runs. It holds no secrets.
type Host struct {
	Version string `json:"version"`
	// AppToken and Environment are the default app.
	AppToken    string `json:"app_token"`
	Environment string `json:"environment"`
	// Device are the S2S parameters of the host's own device. Empty: this host is a gateway only.
	Device map[string]string `json:"device"`
	// Endpoint is the host name, with port, of the server that packages go to: no user, path or query.
	Endpoint string `json:"endpoint"`
	// Demo is true when the host runs without any configuration, against its own sandbox.
	Demo bool `json:"demo"`
	// Started is when the host started.
	Started time.Time `json:"started,omitzero"`
}

// stats is the JSON of [engine.Stats].
type stats struct {
	Queued uint64 `json:"queued"`
	Lanes  uint64 `json:"lanes"`
	Leased uint64 `json:"leased"`
	Dead   uint64 `json:"dead"`
	First  uint64 `json:"first"`
	Last   uint64 `json:"last"`
	Bytes  uint64 `json:"bytes"`
}

// Health is the answer of /healthz and /readyz.
type Health struct {
	// Status is ok, degraded or failing; of /readyz, ready or "not ready".
	Status string `json:"status"`
	// Reasons say why it is not ok. Left out for those who may not ask.
	Reasons []string `json:"reasons,omitempty"`
}

// A store that does not answer within this time fails the health check: probes give up after a few seconds too.
const checkTimeout = 3 * time.Second

// api serves the endpoints.
type api struct{ cfg Config }

// New makes the handler. It panics when Stats is nil, which is a mistake of the program.
func New(cfg Config) http.Handler {
	if cfg.Stats == nil {
		panic("admin: Config.Stats is required")
	}
	if cfg.Plugins == nil {
		cfg.Plugins = func() []Plugin { return nil }
	}
	if cfg.Ready == nil {
		cfg.Ready = func(context.Context) error { return nil }
	}
	if cfg.Host.Device == nil {
		cfg.Host.Device = map[string]string{} // {} in the JSON, not null
	}
	return &api{cfg: cfg}
}

// ServeHTTP serves one request.
func (a *api) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	defer func() {
		if p := recover(); p != nil {
			//nolint:errorlint // net/http compares this sentinel with == as well: it asks to drop the connection
			if p == http.ErrAbortHandler {
				panic(p)
			}
			a.cfg.Log.Error().Interface("panic", p).Str("path", r.URL.Path).Bytes("stack", debug.Stack()).
				Msg("an admin request panicked; please report this")
			a.fail(w, http.StatusInternalServerError, "Internal error", "this is a bug of trackhook; its log has the details")
		}
	}()
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	var serve func(http.ResponseWriter, *http.Request)
	open := false
	switch r.URL.Path {
	case "/healthz":
		serve, open = a.healthz, true
	case "/readyz":
		serve, open = a.readyz, true
	case "/api/v1/plugins":
		serve = a.plugins
	case "/api/v1/host":
		serve = a.host
	case "/api/v1/stats":
		serve = a.stats
	default:
		if _, ok := sourcesPath(r.URL.Path); ok {
			serve = a.sources
		}
	}
	if !open {
		if refused := a.guard(r); refused != nil {
			if refused.status == http.StatusUnauthorized {
				w.Header().Set("WWW-Authenticate", `Bearer realm="trackhook"`)
			}
			a.fail(w, refused.status, refused.message, refused.detail)
			return
		}
	}
	switch {
	case serve == nil:
		a.fail(w, http.StatusNotFound, "Not found", "there is nothing at "+strconv.Quote(r.URL.Path))
	case r.Method == http.MethodGet, r.Method == http.MethodHead:
		serve(w, r)
	case r.Method == http.MethodOptions:
		w.Header().Set("Allow", "GET, HEAD, OPTIONS")
		w.WriteHeader(http.StatusNoContent)
	default:
		w.Header().Set("Allow", "GET, HEAD, OPTIONS")
		a.fail(w, http.StatusMethodNotAllowed, "Method not allowed", "use GET")
	}
}

func (a *api) plugins(w http.ResponseWriter, _ *http.Request) {
	plugins := a.cfg.Plugins()
	body := struct {
		Plugins []Plugin `json:"plugins"`
	}{Plugins: make([]Plugin, len(plugins))}
	for i, plugin := range plugins {
		// [] in the JSON, not null: scripts of operators iterate over it.
		if plugin.Registered == nil {
			plugin.Registered = []Registration{}
		}
		body.Plugins[i] = plugin
	}
	a.write(w, http.StatusOK, body)
}

func (a *api) host(w http.ResponseWriter, _ *http.Request) { a.write(w, http.StatusOK, a.cfg.Host) }

func (a *api) stats(w http.ResponseWriter, r *http.Request) {
	counts, err := a.cfg.Stats(r.Context())
	if err != nil {
		a.cfg.Log.Error().Err(err).Msg("cannot count the store")
		a.fail(w, http.StatusServiceUnavailable, "Service unavailable", "the store does not answer; the log of the host says why")
		return
	}
	a.write(w, http.StatusOK, stats(counts))
}

func (a *api) fail(w http.ResponseWriter, status int, message, detail string) {
	a.write(w, status, answerError{Error: message, Detail: detail})
}

// answerError is the body of every error.
type answerError struct {
	Error  string `json:"error"`
	Detail string `json:"detail"`
}

// write writes JSON. The bodies of this package cannot fail to encode.
func (a *api) write(w http.ResponseWriter, status int, body any) {
	var text strings.Builder
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(body); err != nil {
		panic(err)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(text.String())) // the asker may have gone
}

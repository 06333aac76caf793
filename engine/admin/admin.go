package admin

import (
	"context"
	"encoding/json"
	"net/http"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"github.com/rs/zerolog"

	"trackhook/engine"
)

// Config says what the endpoints tell. Stats is required; every other zero field means its default.
type Config struct {
	// Stats counts the store, such as [engine.Engine.Stats].
	Stats func(context.Context) (engine.Stats, error)
	// Inspector tells about packages, lanes and counts. Default: the endpoints that need it answer 501.
	Inspector engine.Inspector
	// Responses is the log that the response endpoints read. Default: they answer 501.
	Responses engine.Log
	// Plugins returns the state of every plugin, in the order in which to show them. It may be called by many goroutines
	// at once. Default: there are none.
	Plugins func() []Plugin
	// Curl returns the request for a package as a command for a shell, without secrets. Default: none is shown.
	Curl func(*engine.Package) string
	// Form returns the parameters with which a package is sent, without secrets, in the order in which they are sent.
	// Default: the parameters of the package, by name.
	Form func(*engine.Package) []Param
	// Sources returns what is kept of the source of a plugin's versions, by key. Default: nothing is.
	Sources func(ctx context.Context, plugin string) (map[string][]byte, error)
	// Forget gives up what is kept of a plugin that was removed. Its errors are, or wrap, [ErrPluginPresent],
	// [ErrPluginsLoading], or [engine.ErrNotFound] when nothing is kept. Default: the endpoint answers 501.
	Forget func(ctx context.Context, plugin string) error
	// Host is what does not change while the host runs.
	Host Host
	// Ready tells whether packages can be taken in; the error's text is shown. Default: whenever Stats returns no error.
	Ready func(context.Context) error
	// Health returns what else is wrong, one line each, such as blocked apps and open breakers. It must not wait. Default:
	// nothing is.
	Health func() []string
	// Metrics serves /metrics, such as a handler of engine/metrics. Default: there is nothing at that path.
	Metrics http.Handler
	// Done is closed when the host begins to shut down: answers that stream end then. Default: they end when their askers
	// go.
	Done <-chan struct{}
	// Check tells whether a request may be answered. Default: only requests of this machine, see "Who may ask".
	Check func(*http.Request) bool
	// Log receives failures, and who changed dead letters. Default: nothing is logged.
	Log zerolog.Logger
}

// api serves the endpoints.
type api struct {
	cfg   Config
	table []route
	// bulk is held by the one bulk retry or drop that may run at a time, so that its rate holds.
	bulk sync.Mutex
	// tails has a place for every tail that may run at once.
	tails chan struct{}
}

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
	if cfg.Health == nil {
		cfg.Health = func() []string { return nil }
	}
	if cfg.Form == nil {
		cfg.Form = form
	}
	if cfg.Host.Device == nil {
		cfg.Host.Device = map[string]string{} // {} in the JSON, not null
	}
	cfg.Host.Started = utc(cfg.Host.Started)
	a := &api{cfg: cfg, tails: make(chan struct{}, maxTails)}
	a.table = a.routes()
	return a
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
			a.refuse(w, r, &refusal{
				status: http.StatusInternalServerError, message: "Internal error",
				detail: "this is a bug of trackhook; its log has the details",
			})
		}
	}()
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	if err := a.route(w, r); err != nil {
		a.refuse(w, r, err)
	}
}

// route lets in who may ask, and finds who answers. What does not exist is told only to those who may ask.
func (a *api) route(w http.ResponseWriter, r *http.Request) error {
	routes := a.find(r.URL.Path)
	if len(routes) == 0 || !routes[0].open {
		if refused := a.guard(r); refused != nil {
			return refused
		}
	}
	if len(routes) == 0 {
		return nothingAt(r)
	}
	for i := range routes {
		if routes[i].takes(r.Method) {
			return routes[i].serve(w, r)
		}
	}
	names, allow := methods(routes)
	if r.Method == http.MethodOptions {
		w.Header().Set("Allow", strings.Join(allow, ", "))
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	return &refusal{
		status: http.StatusMethodNotAllowed, message: "Method not allowed", detail: "use " + strings.Join(names, " or "),
		header: "Allow", value: strings.Join(allow, ", "),
	}
}

// metrics hands a scrape on.
func (a *api) metrics(w http.ResponseWriter, r *http.Request) error {
	if a.cfg.Metrics == nil {
		return nothingAt(r)
	}
	a.cfg.Metrics.ServeHTTP(w, r)
	return nil
}

// until returns a context that also ends when the host begins to shut down.
func (a *api) until(ctx context.Context) (context.Context, context.CancelFunc) {
	joined, cancel := context.WithCancel(ctx)
	if a.cfg.Done == nil {
		return joined, cancel
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		select {
		case <-a.cfg.Done:
			cancel()
		case <-joined.Done():
		}
	}()
	return joined, func() {
		cancel()
		<-ended
	}
}

// write writes JSON. The bodies of this package cannot fail to encode.
func (a *api) write(w http.ResponseWriter, status int, body any) {
	text := encode(body)
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(text) // the asker may have gone
}

// encode returns body as one line of JSON, with its line feed.
func encode(body any) []byte {
	var text strings.Builder
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(body); err != nil {
		panic(err) // what this package encodes are plain values
	}
	return []byte(text.String())
}

// writeDeadline is how long an asker may take to read one piece of an answer that streams.
const writeDeadline = 30 * time.Second

// stream writes pieces of an answer as they come. Its first error means that the asker has gone.
type stream struct {
	w   http.ResponseWriter
	out *http.ResponseController
}

func newStream(w http.ResponseWriter, contentType string) *stream {
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("X-Accel-Buffering", "no") // proxies that know the header pass every piece on at once
	w.WriteHeader(http.StatusOK)
	return &stream{w, http.NewResponseController(w)}
}

func (s *stream) send(piece []byte) error {
	// Without a deadline, an asker that stopped reading would hold the handler for ever. Not every writer has them.
	_ = s.out.SetWriteDeadline(time.Now().Add(writeDeadline))
	if _, err := s.w.Write(piece); err != nil {
		return err
	}
	return s.out.Flush()
}

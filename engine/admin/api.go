package admin

import (
	"encoding/json"
	"net/http"
	"runtime/debug"
	"strings"
	"sync"

	"trackhook/engine/site"
)

// api serves the endpoints.
type api struct {
	cfg   Config
	table []route
	// bulk is held by the one bulk retry or drop that may run at a time, so that its rate holds.
	bulk sync.Mutex
	// tails has a place for every tail that may run at once.
	tails chan struct{}
	// counting is held while lanes are counted, and counted is what came of it.
	counting sync.Mutex
	counted  laneCount // guarded by counting
}

// New makes the handler. It panics when Stats is nil, which is a mistake of the program.
func New(cfg Config) http.Handler {
	if cfg.Stats == nil {
		panic("admin: Config.Stats is required")
	}
	cfg.setDefaults()
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
	asked, open := -1, false
	need := site.Read // to hear what there is
	for i := range routes {
		open = open || routes[i].open
		if routes[i].takes(r.Method) {
			asked, need = i, routes[i].need
		}
	}
	if !open {
		if refused := a.guard(r, need); refused != nil {
			return refused
		}
	}
	if len(routes) == 0 {
		return nothingAt(r)
	}
	if asked >= 0 {
		return routes[asked].serve(w, r)
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

package ingest

import (
	"fmt"
	"net/http"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"

	"trackhook/engine"
)

// Handler serves the endpoints. It is made by [New], and an [http.Handler].
type Handler struct {
	cfg       Config
	tokens    atomic.Pointer[Tokens] // Config.Tokens, or what has replaced them
	deviceIDs map[string]bool
	inHand    atomic.Int64 // bytes of bodies
	buffers   sync.Pool    // of *[]byte, to copy bodies through
	failures  throttle
	repeats   throttle
	flights   flights
	clients   clients
}

// endpoint is one path of the door.
type endpoint struct {
	// kind is empty for batches.
	kind  engine.Kind
	title string
	// get tells whether GET is allowed beside POST.
	get bool
}

// allow is the header Allow.
func (e *endpoint) allow() string {
	if e.get {
		return "GET, POST, OPTIONS"
	}
	return "POST, OPTIONS"
}

// New makes a handler. The error is about the configuration.
func New(cfg Config) (*Handler, error) {
	if err := cfg.setDefaults(); err != nil {
		return nil, fmt.Errorf("new ingest: %w", err)
	}
	cfg.Apps = slices.Clone(cfg.Apps)
	h := &Handler{cfg: cfg, deviceIDs: make(map[string]bool)}
	h.SetTokens(cfg.Tokens)
	for _, name := range engine.DeviceIDs() {
		h.deviceIDs[name] = true
	}
	h.buffers.New = func() any {
		buffer := make([]byte, 16<<10)
		return &buffer
	}
	return h, nil
}

// SetTokens replaces the tokens of [Config]. It may be called at any time; requests that were let in go on.
func (h *Handler) SetTokens(tokens Tokens) {
	tokens = slices.Clone(tokens)
	h.tokens.Store(&tokens)
}

// ServeHTTP serves one request.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var ep endpoint
	switch r.URL.Path {
	case "/session":
		ep = endpoint{kind: engine.KindSession, title: "Session request failed", get: true}
	case "/event":
		ep = endpoint{kind: engine.KindEvent, title: "Event request failed", get: true}
	case "/ad_revenue":
		ep = endpoint{kind: engine.KindAdRevenue, title: "Ad revenue request failed", get: true}
	case "/gdpr_forget_device":
		ep = endpoint{kind: engine.KindGDPRForgetDevice, title: "GDPR request failed"}
	case "/v1/packages":
		ep = endpoint{title: "Batch request failed"}
	default:
		h.answer(w, r, "", notFound(r.URL.Path))
		return
	}
	defer func() {
		if p := recover(); p != nil {
			h.panicked(w, r, ep.title, p)
		}
	}()
	switch {
	case r.Method == http.MethodPost, r.Method == http.MethodGet && ep.get:
	case r.Method == http.MethodOptions:
		w.Header().Set("Allow", ep.allow())
		w.WriteHeader(http.StatusNoContent)
		return
	default:
		h.answer(w, r, ep.title, wrongMethod(r.Method, ep.allow()))
		return
	}
	var refused *refusal
	if ep.kind == "" {
		refused = h.batch(w, r)
	} else {
		refused = h.single(w, r, ep.kind)
	}
	if refused != nil {
		h.answer(w, r, ep.title, refused)
	}
}

// panicked keeps one bad request from ending the process or leaving the sender without an answer.
func (h *Handler) panicked(w http.ResponseWriter, r *http.Request, title string, p any) {
	//nolint:errorlint // net/http compares this sentinel with == as well: it asks to drop the connection
	if p == http.ErrAbortHandler {
		panic(p)
	}
	h.cfg.Log.Error().Interface("panic", p).Str("path", r.URL.Path).Bytes("stack", debug.Stack()).
		Msg("a request panicked; please report this")
	h.answer(w, r, title, &refusal{
		status: http.StatusInternalServerError, message: "Internal error",
		detail: "this is a bug of trackhook; its log has the details; the package may be stored: send it again with the same Idempotency-Key",
	})
}

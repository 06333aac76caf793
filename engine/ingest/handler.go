package ingest

import (
	"fmt"
	"net/http"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"trackhook/engine"
)

// Handler serves the endpoints. It is made by [New], and an [http.Handler].
type Handler struct {
	cfg       Config
	tokens    atomic.Pointer[Tokens] // Config.Tokens, or what has replaced them
	pages     atomic.Pointer[Pages]  // Config.Pages, or what has replaced them
	deviceIDs map[string]bool
	inHand    atomic.Int64 // bytes of bodies
	buffers   sync.Pool    // of *[]byte, to copy bodies through
	failures  throttle
	repeats   throttle
	strangers throttle
	clicks    throttle
	crowds    throttle
	rates     rates
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
	// question tells that it asks, and hands in nothing.
	question bool
	// page tells whether pages may send there: it is a path of the Web SDK.
	page bool
}

// allow is the header Allow.
func (e *endpoint) allow() string {
	switch {
	case e.question:
		return "GET, OPTIONS"
	case e.get:
		return "GET, POST, OPTIONS"
	}
	return "POST, OPTIONS"
}

// takes tells whether the endpoint takes a method, besides OPTIONS.
func (e *endpoint) takes(method string) bool {
	return method == http.MethodPost && !e.question || method == http.MethodGet && (e.get || e.question)
}

// New makes a handler. The error is about the configuration.
func New(cfg Config) (*Handler, error) {
	if err := cfg.setDefaults(); err != nil {
		return nil, fmt.Errorf("new ingest: %w", err)
	}
	cfg.Apps = slices.Clone(cfg.Apps)
	h := &Handler{cfg: cfg, deviceIDs: make(map[string]bool)}
	h.SetTokens(cfg.Tokens)
	h.SetPages(cfg.Pages)
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

// SetPages replaces the pages of [Config]; nil lets none in. It may be called at any time; requests that were let in go on.
func (h *Handler) SetPages(pages *Pages) {
	if pages == nil {
		pages = &Pages{}
	}
	h.pages.Store(pages)
}

// endpointAt returns what is at a path. Unknown paths are open to pages, so that the Web SDK reads that there is nothing:
// it would ask for ever.
func endpointAt(path string) (ep endpoint, found bool) {
	switch path {
	case "/session":
		ep = endpoint{kind: engine.KindSession, title: "Session request failed", get: true, page: true}
	case "/event":
		ep = endpoint{kind: engine.KindEvent, title: "Event request failed", get: true, page: true}
	case "/ad_revenue":
		ep = endpoint{kind: engine.KindAdRevenue, title: "Ad revenue request failed", get: true}
	case "/gdpr_forget_device":
		ep = endpoint{kind: engine.KindGDPRForgetDevice, title: "GDPR request failed", page: true}
	case "/third_party_sharing":
		ep = endpoint{kind: engine.KindThirdPartySharing, title: "Third party sharing request failed", page: true}
	case "/attribution":
		ep = endpoint{title: "Attribution request failed", question: true, page: true}
	case "/v1/packages":
		ep = endpoint{title: "Batch request failed"}
	default:
		return endpoint{page: true}, false
	}
	return ep, true
}

// ServeHTTP serves one request.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	ep, found := endpointAt(r.URL.Path)
	found = found && (!ep.question || h.cfg.Attribution != nil)
	var from *page
	if ep.page && h.pages.Load().some() {
		w.Header().Add("Vary", "Origin")
		if from = h.pageOf(r); from != nil {
			from.share(w.Header())
		}
	}
	defer func() {
		if p := recover(); p != nil {
			h.panicked(w, r, ep.title, from, p)
		}
	}()
	var refused *refusal
	switch {
	case r.Method == http.MethodOptions && from != nil:
		from.preflight(w)
	case !found:
		h.warnOfClick(r, from)
		refused = notFound(r.URL.Path)
	case r.Method == http.MethodOptions:
		h.warnOfStranger(r)
		w.Header().Set("Allow", ep.allow())
		w.WriteHeader(http.StatusNoContent)
	case !ep.takes(r.Method):
		refused = wrongMethod(r.Method, ep.allow())
	case ep.question:
		refused = h.attribution(w, r, from)
	case ep.kind == "":
		refused = h.batch(w, r)
	default:
		refused = h.single(w, r, ep.kind, from)
	}
	if refused != nil {
		h.answer(w, r, ep.title, from.refusal(refused))
	}
}

// warnOfStranger says that a page asked whether it may send, and may not: its browser tells nobody but its own console.
func (h *Handler) warnOfStranger(r *http.Request) {
	origin := r.Header.Get("Origin")
	if origin == "" {
		return
	}
	if quiet, ok := h.strangers.pass(time.Now()); ok {
		h.cfg.Log.Warn().Str("origin", engine.Quote(origin)).Int("unlogged", quiet).
			Msg("a page asked whether it may send, and its origin is not allowed (api.allow_origins); nothing comes from it")
	}
}

// warnOfClick says that the Web SDK has sent a click, which is not taken.
func (h *Handler) warnOfClick(r *http.Request, from *page) {
	if from == nil || r.URL.Path != "/sdk_click" {
		return
	}
	if quiet, ok := h.clicks.pass(time.Now()); ok {
		h.cfg.Log.Warn().Int("unlogged", quiet).
			Msg("the Web SDK has sent a click (sdk_click), which this host does not take: the click is lost")
	}
}

// panicked keeps one bad request from ending the process or leaving the sender without an answer.
func (h *Handler) panicked(w http.ResponseWriter, r *http.Request, title string, from *page, p any) {
	//nolint:errorlint // net/http compares this sentinel with == as well: it asks to drop the connection
	if p == http.ErrAbortHandler {
		panic(p)
	}
	h.cfg.Log.Error().Interface("panic", p).Str("path", r.URL.Path).Bytes("stack", debug.Stack()).
		Msg("a request panicked; please report this")
	h.answer(w, r, title, from.refusal(&refusal{
		status: http.StatusInternalServerError, message: "Internal error",
		detail: "this is a bug of trackhook; its log has the details; the package may be stored: send it again with the same Idempotency-Key",
	}))
}

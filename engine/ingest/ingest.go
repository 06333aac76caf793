package ingest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"

	"trackhook/engine"
)

// Tracker takes packages in, all or none; nil means that they are on disk. An [*engine.Engine] is one.
type Tracker interface {
	Track(ctx context.Context, packages ...engine.Package) error
}

// Config says what a [Handler] works with. Tracker is required; every other zero field means its default.
type Config struct {
	// Tracker takes the packages.
	Tracker Tracker
	// Apps are the apps that packages may name. Default: every well-formed app token is taken, in both environments.
	Apps []engine.App
	// Tokens are the bearer tokens. Default: none is asked for; see [RequireTokens].
	Tokens Tokens
	// Log receives failures of the store, at most one line in ten seconds, and refused requests at debug level. Default:
	// nothing is logged.
	Log zerolog.Logger
	// MaxBody bounds the body of an S2S request and each line of a batch, in bytes. Default [engine.MaxPackageBytes],
	// 1 MB, which is the server's own limit.
	MaxBody int64
	// MaxBatch bounds the body of a batch in bytes, and MaxLines the packages in it. Default 16 MiB and 10,000.
	MaxBatch int64
	MaxLines int
	// MaxMemory bounds the bodies of all requests in hand together, in bytes; a request over it is answered with 503 and
	// Retry-After. A body without a declared length counts with its limit. Default 128 MiB, at least MaxBatch.
	MaxMemory int64
	// BodyTimeout is how long a body may take to arrive. Default 60 s.
	BodyTimeout time.Duration
}

// Handler serves the endpoints. It is made by [New], and an [http.Handler].
type Handler struct {
	cfg       Config
	deviceIDs map[string]bool
	inHand    atomic.Int64 // bytes of bodies
	buffers   sync.Pool    // of *[]byte, to copy bodies through
	failures  throttle
}

// endpoint is one path of the door.
type endpoint struct {
	// kind is empty for batches.
	kind  engine.Kind
	title string
	// get tells whether GET is allowed beside POST.
	get bool
}

func (e *endpoint) allow() string {
	if e.get {
		return "GET, POST, OPTIONS"
	}
	return "POST, OPTIONS"
}

// New makes a handler. The error is about the configuration.
func New(cfg Config) (*Handler, error) {
	if cfg.Tracker == nil {
		return nil, errors.New("new ingest: Tracker is required")
	}
	if min(cfg.MaxBody, cfg.MaxBatch, int64(cfg.MaxLines), cfg.MaxMemory, int64(cfg.BodyTimeout)) < 0 {
		return nil, errors.New("new ingest: limits must not be negative; zero means the default")
	}
	for _, app := range cfg.Apps {
		// The engine would refuse every package of such an app; better say so at once.
		probe := engine.Package{Kind: engine.KindSession, App: app, Device: "adid=probe"}
		if err := probe.Prepare(time.Now()); err != nil {
			return nil, fmt.Errorf("new ingest: app %s: %w", app, err)
		}
	}
	if cfg.MaxBody == 0 {
		cfg.MaxBody = engine.MaxPackageBytes
	}
	if cfg.MaxBatch == 0 {
		cfg.MaxBatch = 16 << 20
	}
	if cfg.MaxLines == 0 {
		cfg.MaxLines = 10_000
	}
	if cfg.MaxMemory == 0 {
		cfg.MaxMemory = 128 << 20
	}
	cfg.MaxMemory = max(cfg.MaxMemory, cfg.MaxBatch, cfg.MaxBody)
	if cfg.BodyTimeout == 0 {
		cfg.BodyTimeout = time.Minute
	}
	cfg.Apps = slices.Clone(cfg.Apps)
	cfg.Tokens = slices.Clone(cfg.Tokens)
	h := &Handler{cfg: cfg, deviceIDs: make(map[string]bool)}
	for _, name := range engine.DeviceIDs() {
		h.deviceIDs[name] = true
	}
	h.buffers.New = func() any {
		buffer := make([]byte, 16<<10)
		return &buffer
	}
	return h, nil
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

// How long the tracker may take.
const trackTimeout = 30 * time.Second

// track hands over and turns errors into refusals.
func (h *Handler) track(r *http.Request, packages ...engine.Package) *refusal {
	// What was received whole is stored, also when the sender does not wait for the answer: many send and forget.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), trackTimeout)
	defer cancel()
	err := h.cfg.Tracker.Track(ctx, packages...)
	if err == nil {
		return nil
	}
	if refused, ok := errors.AsType[*engine.RefusedError](err); ok {
		return refusedByEngine(refused)
	}
	if quiet, ok := h.failures.pass(time.Now()); ok {
		h.cfg.Log.Error().Err(err).Int("unlogged", quiet).Msg("cannot take packages in; senders are told to try again")
	}
	return unavailable(err)
}

// throttle lets one line in ten seconds through: a store that fails does so for every request.
type throttle struct {
	mu    sync.Mutex
	next  time.Time // guarded by mu
	quiet int       // guarded by mu
}

// pass tells whether a line may be logged now, and how many were not since the last.
func (t *throttle) pass(now time.Time) (quiet int, ok bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if now.Before(t.next) {
		t.quiet++
		return 0, false
	}
	quiet, t.quiet = t.quiet, 0
	t.next = now.Add(10 * time.Second)
	return quiet, true
}

package adjust

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptrace"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"trackhook/engine"
)

const forwardedFor = "X-Adjust-Forwarded-For"

// Deliverer makes attempts over HTTP. It is an [engine.Deliverer] and may be used from many goroutines at once.
type Deliverer struct {
	transport http.RoundTripper
	own       bool // transport was made by New
	close     func()
	timeout   time.Duration
	maxBody   int
	rules     *Rules
	apps      map[engine.App]targets
	others    targets
}

var _ engine.Deliverer = (*Deliverer)(nil)

// New makes a deliverer. It connects to nothing yet. The error says which setting is wrong.
func New(cfg Config) (*Deliverer, error) {
	if err := cfg.setDefaults(); err != nil {
		return nil, fmt.Errorf("new adjust deliverer: %w", err)
	}
	d := &Deliverer{
		transport: cfg.Transport, close: func() {}, timeout: cfg.Timeout, maxBody: cfg.MaxBody, rules: cfg.Rules,
		apps: make(map[engine.App]targets, len(cfg.Apps)),
	}
	var err error
	if d.others, err = cfg.targets(Settings{}); err != nil {
		return nil, fmt.Errorf("new adjust deliverer: %w", err)
	}
	// In a fixed order, so that the same mistakes give the same error.
	for _, app := range slices.SortedFunc(maps.Keys(cfg.Apps), func(a, b engine.App) int {
		return strings.Compare(a.String(), b.String())
	}) {
		if d.apps[app], err = cfg.targets(cfg.Apps[app]); err != nil {
			return nil, fmt.Errorf("new adjust deliverer: app %s: %w", app, err)
		}
	}
	if d.transport == nil {
		t := newTransport(&cfg)
		d.transport, d.own, d.close = t, true, t.CloseIdleConnections
	}
	return d, nil
}

// Close closes the connections that are kept. Attempts must have ended; a later one would connect again. A Transport
// that was given is left alone. The error is always nil.
func (d *Deliverer) Close() error {
	d.close()
	return nil
}

// Rules returns the rules that classify the answers.
func (d *Deliverer) Rules() *Rules { return d.rules }

// Deliver makes one attempt; see [engine.Deliverer]. It fills everything that the contract lists.
func (d *Deliverer) Deliver(ctx context.Context, delivery engine.Delivery) engine.Response {
	return d.rules.Classify(delivery, d.attempt(ctx, &delivery.Package))
}

// Attempts that net/http has proved to be unsent start over at once, but not for ever.
const maxRestarts = 3

func (d *Deliverer) attempt(parent context.Context, p *engine.Package) Answer {
	s := getScratch()
	form := s.encode(p)
	ctx, cancel := context.WithTimeout(parent, d.timeout)
	defer cancel()
	f := flight{blind: !d.own}
	var (
		response *http.Response
		err      error
	)
	ctx = f.trace(ctx)
	for range maxRestarts {
		response, err = d.transport.RoundTrip(d.request(ctx, p, form)) //nolint:bodyclose // read closes it
		if err == nil || !closedBefore(err) {
			break
		}
	}
	var a Answer
	if err != nil {
		a = f.failed(parent, err, d.target(p).url.Host, d.timeout)
	} else {
		a = d.read(parent, response)
	}
	// On an error net/http has stopped writing before RoundTrip returns; a server that answers before it has read the
	// request may leave the writing unfinished, and then the buffer is lost to the pool.
	if f.wrote.Load() || err != nil && d.own {
		s.put()
	}
	a.At = time.Now()
	return a
}

func (d *Deliverer) target(p *engine.Package) *target {
	all, ok := d.apps[p.App]
	if !ok {
		all = d.others
	}
	if t := all[p.Kind]; t != nil {
		return t
	}
	// The engine refuses other kinds. One that it learns later is sent like an event, to the path of its name.
	t := *all[engine.KindEvent]
	t.url = t.url.JoinPath("..", string(p.Kind))
	return &t
}

func (d *Deliverer) request(ctx context.Context, p *engine.Package, form []byte) *http.Request {
	t := d.target(p)
	r := &http.Request{
		Method: http.MethodPost, URL: t.url, Host: t.url.Host, Header: t.header,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
	}
	if ip := deviceAddress(p); ip != "" {
		r.Header = maps.Clone(t.header)
		r.Header[forwardedFor] = []string{ip}
	}
	if p.Kind == engine.KindGDPRForgetDevice {
		u := *t.url
		u.RawQuery = string(form)
		r.URL = &u
		return r.WithContext(ctx)
	}
	r.ContentLength = int64(len(form))
	// A body that net/http knows to be in memory is sent together with the headers, in one packet. GetBody lets it
	// repeat a request of which nothing was written; see doc.go.
	r.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(form)), nil }
	r.Body, _ = r.GetBody() // never fails
	return r.WithContext(ctx)
}

// read takes what is needed of an answer.
func (d *Deliverer) read(parent context.Context, response *http.Response) Answer {
	a := Answer{
		Status: response.StatusCode, Date: response.Header.Get("Date"), RetryAfter: response.Header.Get("Retry-After"),
	}
	body, err := readBody(response, d.maxBody)
	_ = response.Body.Close() // a failure to close changes nothing about the answer
	a.Body = body
	switch {
	case errors.Is(err, errTooLong):
		a.Fault = FaultTooLong
		a.Message = fmt.Sprintf("the answer is longer than %d bytes and was cut", d.maxBody)
	case err != nil:
		a.Fault = FaultCut
		a.Message = cutMessage(parent, err, d.timeout)
		// Headers of a success or of a server's failure came, so the package may be counted. The others say it is not.
		a.Ambiguous = a.Status < 300 || a.Status >= 500
	}
	return a
}

var errTooLong = errors.New("answer too long")

// readBody reads at most limit bytes. Answers tell their length as a rule, and then nothing is allocated twice.
func readBody(response *http.Response, limit int) ([]byte, error) {
	if n := response.ContentLength; n >= 0 && n <= int64(limit) {
		if n == 0 {
			return nil, nil
		}
		body := make([]byte, n)
		got, err := io.ReadFull(response.Body, body)
		return body[:got:got], err
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, int64(limit)+1))
	if len(body) > limit {
		return slices.Clip(body[:limit]), errTooLong
	}
	return slices.Clip(body), err
}

// flight records how far a request got. The hooks run on goroutines of net/http, even after RoundTrip has returned.
type flight struct {
	blind     bool        // the transport is not ours, and may tell nothing
	asked     atomic.Bool // for a connection: the transport does tell
	connected atomic.Bool
	securing  atomic.Bool // TLS has begun
	wrote     atomic.Bool // the request is written whole, as far as net/http can tell
	hooks     httptrace.ClientTrace
}

func (f *flight) trace(ctx context.Context) context.Context {
	f.hooks = httptrace.ClientTrace{
		GetConn:           func(string) { f.asked.Store(true) },
		TLSHandshakeStart: func() { f.securing.Store(true) },
		GotConn: func(httptrace.GotConnInfo) {
			f.wrote.Store(false) // net/http may begin again on another connection
			f.connected.Store(true)
		},
		WroteRequest: func(info httptrace.WroteRequestInfo) { f.wrote.Store(info.Err == nil) },
	}
	return httptrace.WithClientTrace(ctx, &f.hooks)
}

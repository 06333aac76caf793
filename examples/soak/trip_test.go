package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"trackhook/engine"
	"trackhook/engine/adjust"
	"trackhook/engine/disk"
	"trackhook/engine/proctest"
	"trackhook/engine/sandbox"
)

// trips are the distances that are measured.
func trips() []trip {
	far := func(latency time.Duration) sandbox.Pace {
		return sandbox.Pace{Latency: sandbox.Latency{Least: latency}}
	}
	walled := func(rate int) sandbox.Pace {
		pace := far(20 * time.Millisecond)
		pace.Rate = rate
		return pace
	}
	const wall = 2000
	return []trip{
		{name: "latency=0s", paces: []sandbox.Pace{{}}},
		{name: "latency=20ms", paces: []sandbox.Pace{far(20 * time.Millisecond)}},
		{name: "latency=150ms", paces: []sandbox.Pace{far(150 * time.Millisecond)}},
		{name: "latency=500ms", paces: []sandbox.Pace{far(500 * time.Millisecond)}},
		{name: "latency=50ms..400ms_x5", paces: []sandbox.Pace{{Latency: sandbox.Latency{Least: 50 * time.Millisecond, Most: 400 * time.Millisecond, P99: 5}}}},
		{name: "wall=2000", paces: []sandbox.Pace{walled(wall)}},
		{name: "wall=2000,500,2000", paces: []sandbox.Pace{walled(wall), walled(wall / 4), walled(wall)}},
		{name: "outage", paces: []sandbox.Pace{walled(wall), walled(wall), walled(wall)}, outage: true},
		{
			name: "minute", paces: []sandbox.Pace{walled(wall), walled(wall), walled(wall)}, outage: true,
			parts: []time.Duration{10 * time.Second, time.Minute, 25 * time.Second}, backlog: 10*wall + 100_000,
		},
		{name: "bad=1of3", paces: []sandbox.Pace{far(150 * time.Millisecond), far(150 * time.Millisecond)}, servers: 3},
	}
}

// auto is a number of attempts at once that finds itself, as users have it who set none.
const auto = 0

// limits are the numbers of attempts at once that are compared.
func limits() []int { return []int{engine.DefaultInFlight, 1024, auto} }

// limitName is a limit as the configuration has it.
func limitName(limit int) string {
	if limit == auto {
		return "auto"
	}
	return strconv.Itoa(limit)
}

// trip is what happens to one backlog.
type trip struct {
	name string
	// paces are those of the servers, one after the other, each for an equal part of the time.
	paces []sandbox.Pace
	// servers is how many there are, each for an app of its own. Default 1. Of more, the first is bad in the last part: it
	// answers 503 after a second.
	servers int
	// outage: in the second part, connections are reset.
	outage   bool
	inFlight int // or auto
	part     time.Duration
	parts    []time.Duration // of each pace, where they are not all part
	backlog  int             // packages for each server; default tripBacklog
}

// The backlog of a server, over so many devices. More than fits into the time.
const (
	tripBacklog = 80_000
	tripDevices = 20_000
	// tick is how finely deliveries are counted.
	tick = 100 * time.Millisecond
)

// course counts what is delivered, by server and by tick.
type course struct {
	mu    sync.Mutex
	began time.Time
	ticks [][]int // by server; guarded by mu
	left  []int   // by server; guarded by mu
	empty chan struct{}
	// by part: requests, and those of them that were above the wall
	asked, above []float64
}

func (c *course) heard(r *engine.Response) {
	if r.WillRetry {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	server := int(r.Package.App.Token[0] - 'a')
	now := int(time.Since(c.began) / tick)
	for len(c.ticks[server]) <= now {
		c.ticks[server] = append(c.ticks[server], 0)
	}
	c.ticks[server][now]++
	if c.left[server]--; c.left[server] == 0 && c.empty != nil {
		close(c.empty)
		c.empty = nil
	}
}

// rate is how many packages a second are delivered by a server between two ticks.
func (c *course) rate(server, from, to int) float64 {
	ticks := c.ticks[server]
	sum := 0
	for i := from; i < min(to, len(ticks)); i++ {
		sum += ticks[i]
	}
	return float64(sum) / (float64(to-from) * tick.Seconds())
}

// reaches is how many seconds after a tick half a second begins in which nine tenths of a rate are delivered. Where there
// is none up to the other tick, it is the time between them.
func (c *course) reaches(server, from, to int, rate float64) float64 {
	const half = int(time.Second / 2 / tick)
	at := from
	for at+half <= to && c.rate(server, at, at+half) < 0.9*rate {
		at++
	}
	if at+half > to {
		at = to
	}
	return float64(at-from) * tick.Seconds()
}

func tripApp(server int) engine.App {
	return engine.App{Token: string(rune('a'+server)) + appToken[1:], Environment: engine.Sandbox}
}

// world is where a trip takes place.
type world interface {
	// serve starts a server, and returns its URL and what ends it.
	serve(tb testing.TB, server *sandbox.Server) (url string, end func())
	// prepare says where data lies and how connections are made.
	prepare(tb testing.TB, store *disk.Config, deliver *adjust.Config)
}

// listen is the real one: sockets of this machine, and its disk.
type listen struct{}

func (listen) serve(tb testing.TB, server *sandbox.Server) (url string, end func()) {
	tb.Helper()
	l := httptest.NewServer(server)
	return l.URL, l.Close
}

func (listen) prepare(tb testing.TB, store *disk.Config, _ *adjust.Config) {
	tb.Helper()
	store.Dir = tb.TempDir()
}

// pipes is one for a clock of its own: connections are pipes, and the disk is memory.
type pipes struct{ listeners map[string]*pipeListener }

// pipeListener accepts the other ends of pipes.
type pipeListener struct {
	conns chan net.Conn
	end   chan struct{}
	once  sync.Once
}

func (l *pipeListener) Accept() (net.Conn, error) {
	select {
	case conn := <-l.conns:
		return conn, nil
	case <-l.end:
		return nil, net.ErrClosed
	}
}

func (l *pipeListener) Close() error {
	l.once.Do(func() { close(l.end) })
	return nil
}

func (*pipeListener) Addr() net.Addr { return &net.IPAddr{} }

func (p *pipes) serve(tb testing.TB, server *sandbox.Server) (url string, end func()) {
	tb.Helper()
	l := &pipeListener{conns: make(chan net.Conn), end: make(chan struct{})}
	address := fmt.Sprintf("127.0.0.1:%d", len(p.listeners)+1)
	p.listeners[address] = l
	serving := &http.Server{Handler: server, ReadHeaderTimeout: time.Minute}
	served := make(chan struct{})
	go func() {
		defer close(served)
		_ = serving.Serve(l) // it ends by Close
	}()
	return "http://" + address, func() {
		_ = serving.Close()
		<-served
	}
}

func (p *pipes) prepare(_ testing.TB, store *disk.Config, deliver *adjust.Config) {
	store.Dir, store.FS = "data", vfs.NewMem()
	deliver.Dial = func(ctx context.Context, _, address string) (net.Conn, error) {
		l := p.listeners[address]
		ours, theirs := net.Pipe()
		select {
		case l.conns <- theirs:
			return ours, nil
		case <-l.end:
			return nil, errors.New("nobody listens")
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// taken makes a server take everything without a look at it, so that the backlog needs no sessions.
func taken() sandbox.Fault {
	return sandbox.Fault{Kind: sandbox.FaultStatus, Name: "taken", Status: http.StatusOK, Body: `{"status":"OK"}`}
}

// queue opens an engine that sends to servers, and fills it. end closes it.
func (t *trip) queue(tb testing.TB, w world, urls []string, c *course) (e *engine.Engine, end func()) {
	tb.Helper()
	most := cmp.Or(t.inFlight, adjust.DefaultMostInFlight)
	storeConfig, cfg := disk.Config{}, adjust.Config{MaxConns: most, Apps: map[engine.App]adjust.Settings{}}
	for i, url := range urls {
		cfg.Apps[tripApp(i)] = adjust.Settings{Endpoint: url}
	}
	w.prepare(tb, &storeConfig, &cfg)
	store, err := disk.Open(storeConfig)
	if err != nil {
		tb.Fatal(err)
	}
	deliverer, err := adjust.New(cfg)
	if err != nil {
		tb.Fatal(err)
	}
	gate, err := adjust.NewGate(deliverer, adjust.GateConfig{MaxInFlight: most, FindLimit: t.inFlight == auto})
	if err != nil {
		tb.Fatal(err)
	}
	e, err = engine.New(engine.Config{
		Store: store, Deliverer: deliverer, Gate: gate, InFlight: most, Drain: time.Second, Hooks: engine.Hooks{Response: c.heard},
	})
	if err != nil {
		tb.Fatal(err)
	}
	backlog := cmp.Or(t.backlog, tripBacklog)
	for from := 0; from < backlog; from += 500 {
		for server := range urls {
			batch := make([]engine.Package, 0, 500)
			for i := from; i < min(from+500, backlog); i++ {
				p := benchPackage(i)
				p.ID, p.App = fmt.Sprint(server, "-", i), tripApp(server)
				p.Params["external_device_id"] = "pc-" + strconv.Itoa(i%tripDevices)
				batch = append(batch, p)
			}
			if err := e.Track(tb.Context(), batch...); err != nil {
				tb.Fatal(err)
			}
		}
	}
	for range urls {
		c.left, c.ticks = append(c.left, backlog), append(c.ticks, nil)
	}
	return e, func() {
		if _, err := e.Close(); err != nil {
			tb.Error(err)
		}
		_ = deliverer.Close()
	}
}

// run makes the trip once.
func (t *trip) run(tb testing.TB, w world) map[string]float64 {
	tb.Helper()
	var servers []*sandbox.Server
	var urls []string
	for range max(t.servers, 1) {
		server, err := sandbox.New(sandbox.Config{KeepRequests: -1, KeepCounts: -1, Pace: t.paces[0], Faults: []sandbox.Fault{taken()}})
		if err != nil {
			tb.Fatal(err)
		}
		url, end := w.serve(tb, server)
		defer end()
		defer server.Close()
		servers, urls = append(servers, server), append(urls, url)
	}
	c := &course{empty: make(chan struct{})}
	empty := c.empty
	e, end := t.queue(tb, w, urls, c)
	ran := make(chan error, 1)
	used := proctest.CPU("self")
	c.began = time.Now()
	go func() { ran <- e.Run(context.Background()) }()
	parts := t.pass(tb, servers, c, empty)
	used = proctest.CPU("self") - used
	end()
	if err := <-ran; err != nil {
		tb.Error(err)
	}
	return t.measure(c, servers, parts, used)
}

// pass lets the parts pass, and returns the ticks at which they began and at which the last one ended. It ends early
// when a backlog is empty.
func (t *trip) pass(tb testing.TB, servers []*sandbox.Server, c *course, empty <-chan struct{}) (parts []int) {
	tb.Helper()
	for i, pace := range t.paces {
		parts = append(parts, int(time.Since(c.began)/tick))
		lasts := t.part
		if len(t.parts) > 0 {
			lasts = t.parts[i]
		}
		for n, server := range servers {
			faults := []sandbox.Fault{taken()}
			switch {
			case t.outage && i == 1:
				faults[0] = sandbox.Fault{Kind: sandbox.FaultResetBefore}
			case len(servers) > 1 && n == 0 && i == len(t.paces)-1:
				faults[0] = sandbox.Fault{Kind: sandbox.FaultStatus, Status: http.StatusServiceUnavailable, DelayMS: 1000}
			}
			if err := server.SetPace(pace); err != nil {
				tb.Fatal(err)
			}
			if err := server.SetFaults(faults...); err != nil {
				tb.Fatal(err)
			}
		}
		select {
		case <-time.After(lasts):
		case <-empty:
			return append(parts, int(time.Since(c.began)/tick))
		}
		totals := servers[len(servers)-1].Totals()
		c.asked, c.above = append(c.asked, float64(totals.Requests)), append(c.above, float64(totals.Statuses["429"]))
	}
	return append(parts, int(time.Since(c.began)/tick))
}

// measure makes the columns of a trip. The last server is the one that is looked at: where one is bad, it is another.
func (t *trip) measure(c *course, servers []*sandbox.Server, parts []int, used time.Duration) map[string]float64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	m := map[string]float64{}
	server, end := len(servers)-1, parts[len(parts)-1]
	delivered, answered := 0.0, 0.0
	for i := range servers {
		delivered += c.rate(i, 0, end) * float64(end) * tick.Seconds()
		totals := servers[i].Totals()
		answered += float64(totals.Requests)
		m["429/1000"] += 1000 * float64(totals.Statuses["429"])
	}
	m["429/1000"] /= max(answered, 1)
	m["packages/s"] = c.rate(server, parts[0], end)
	m["cpu-s/100000"] = used.Seconds() / max(delivered, 1) * 100_000
	// What the server can take, where it says so, and the time until nine tenths of it are reached.
	capacity, room := 0.0, 0.0
	for i, pace := range t.paces {
		if !t.outage || i != 1 {
			room += float64(pace.Rate) * float64(parts[min(i+1, len(parts)-1)]-parts[min(i, len(parts)-1)]) * tick.Seconds()
		}
	}
	if room > 0 {
		capacity = float64(t.paces[0].Rate)
		m["of-capacity"] = delivered / room
	} else {
		var rates []float64
		for i := end / 2; i+5 <= end; i++ {
			rates = append(rates, c.rate(server, i, i+5))
		}
		slices.Sort(rates)
		if len(rates) > 0 {
			capacity = rates[len(rates)/2]
		}
	}
	m["s-to-full"] = c.reaches(server, 0, parts[1], capacity)
	switch {
	case len(parts) < 3:
	case len(servers) > 1:
		m["of-before"] = c.rate(server, parts[1], end) / max(c.rate(server, parts[1]/2, parts[1]), 1)
	case len(parts) == 4:
		m["429/1000-at-last"] = 1000 * (c.above[2] - c.above[1]) / max(c.asked[2]-c.asked[1], 1)
		before := capacity
		if t.outage {
			before = c.rate(server, parts[1]/2, parts[1])
		}
		m["s-to-recover"] = c.reaches(server, parts[2], end, before)
	}
	return m
}

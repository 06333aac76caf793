package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"trackhook/engine"
	"trackhook/engine/ingest"
	"trackhook/engine/postgres"
	"trackhook/engine/postgres/internal/pgtest"

	"github.com/rs/zerolog"
)

// receiver is the server that an engine sends to. It counts attempts, and may keep them.
type receiver struct {
	mu    sync.Mutex
	seen  map[string]int // guarded by mu
	hold  chan struct{}  // attempts wait for it; nil: they do not; guarded by mu
	began chan string    // told of attempts that wait
}

func newReceiver() *receiver { return &receiver{seen: map[string]int{}, began: make(chan string, 64)} }

func (r *receiver) Deliver(ctx context.Context, d engine.Delivery) engine.Response {
	r.mu.Lock()
	r.seen[d.Package.ID]++
	hold := r.hold
	r.mu.Unlock()
	if hold != nil {
		r.began <- d.Package.ID
		select {
		case <-hold:
		case <-ctx.Done():
			return engine.Response{Outcome: engine.Retry, Message: ctx.Err().Error(), Ambiguous: true}
		}
	}
	return engine.Response{Outcome: engine.Delivered, Rule: "delivered", Status: http.StatusOK}
}

func (r *receiver) keep(hold chan struct{}) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.hold = hold
}

// hearer is a listener that counts.
type hearer struct {
	mu    sync.Mutex
	heard map[string]int // by ID; guarded by mu
	last  uint64         // guarded by mu
	wrong string         // guarded by mu
}

func (h *hearer) Name() string { return "hearer" }

func (h *hearer) Handle(_ context.Context, responses []engine.Response) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for i := range responses {
		h.heard[responses[i].Package.ID]++
		if responses[i].Seq <= h.last {
			h.wrong = fmt.Sprintf("response %d follows %d", responses[i].Seq, h.last)
		}
		h.last = responses[i].Seq
	}
	return len(responses), nil
}

func (h *hearer) count() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.heard)
}

// runner is an engine on a store behind a proxy.
type runner struct {
	t        *testing.T
	proxy    *pgtest.Proxy
	store    *postgres.Store
	engine   *engine.Engine
	receiver *receiver
	hearer   *hearer
	log      logBuffer
	loops    sync.WaitGroup
}

func newRunner(t *testing.T, cfg postgres.Config) *runner {
	t.Helper()
	server, schema := pgtest.SharedServer(t)
	r := &runner{t: t, proxy: pgtest.StartProxy(t, server), receiver: newReceiver(), hearer: &hearer{heard: map[string]int{}}}
	cfg.URL, cfg.Schema = r.proxy.URL(), schema
	r.start(cfg)
	return r
}

func (r *runner) start(cfg postgres.Config) {
	r.t.Helper()
	cfg.Log = zerolog.New(&r.log).Level(zerolog.InfoLevel)
	var err error
	if r.store, err = postgres.Open(r.t.Context(), cfg); err != nil {
		r.t.Fatal(err)
	}
	if r.engine, err = engine.New(engine.Config{Store: r.store, Deliverer: r.receiver, Log: cfg.Log}); err != nil {
		r.t.Fatal(err)
	}
	r.loops.Go(func() { _ = r.engine.Run(context.Background()) })
	r.loops.Go(func() { _ = r.engine.Listen(context.Background(), r.hearer) })
	r.t.Cleanup(r.end)
}

func (r *runner) end() {
	_, _ = r.engine.Close()
	r.loops.Wait()
}

// freshPackage is a package that the engine is to give its time.
func freshPackage(id, device string) engine.Package {
	p := packageOf(id, "pc-"+device)
	p.Created = time.Time{}
	return p
}

// track has packages accepted, however often that takes.
func (r *runner) track(ids ...string) {
	for _, id := range ids {
		for {
			err := r.engine.Track(r.t.Context(), freshPackage(id, id))
			if err == nil {
				break
			}
			if !errors.Is(err, engine.ErrUnavailable) {
				r.t.Errorf("Track = %v", err)
				return
			}
			engine.Wait(r.t.Context(), 5*time.Millisecond)
		}
	}
}

// await waits until so many packages were heard of.
func (r *runner) await(n int) {
	r.t.Helper()
	for end := time.Now().Add(time.Minute); r.hearer.count() < n; {
		if time.Now().After(end) {
			r.t.Fatalf("%d of %d packages were heard of; the log says\n%s", r.hearer.count(), n, r.log.String())
		}
		engine.Wait(r.t.Context(), 5*time.Millisecond)
	}
}

// check checks that everything was sent, logged and heard once.
func (r *runner) check(n int) {
	r.t.Helper()
	stats, err := r.store.Stats(r.t.Context())
	if err != nil || stats.Queued != 0 || stats.Leased != 0 || stats.Last != uint64(n) { //nolint:gosec // not negative
		r.t.Errorf("Stats = %+v, %v, want an empty queue and %d responses", stats, err, n)
	}
	r.receiver.mu.Lock()
	defer r.receiver.mu.Unlock()
	r.hearer.mu.Lock()
	defer r.hearer.mu.Unlock()
	for id, times := range r.receiver.seen {
		if times != 1 {
			r.t.Errorf("%s was sent %d times", id, times)
		}
	}
	if len(r.receiver.seen) != n || len(r.hearer.heard) != n {
		r.t.Errorf("%d were sent and %d heard of, want %d", len(r.receiver.seen), len(r.hearer.heard), n)
	}
	if r.hearer.wrong != "" {
		r.t.Error(r.hearer.wrong)
	}
}

// lines counts what the log says at a level or above.
func (r *runner) lines(level string) (lines []string) {
	for line := range strings.Lines(r.log.String()) {
		if strings.Contains(line, `"level":"error"`) || level == "warn" && strings.Contains(line, `"level":"warn"`) {
			lines = append(lines, line)
		}
	}
	return lines
}

// durable marks the connections on which everything is changed that must last.
const durable = "force_generic_plan"

// TestConnectionLost loses requests on their way to the database, in the middle, and with their answers, when they have been
// committed. Each device has one package, so that none is found by another behind it. All that was acknowledged is sent once,
// logged once and heard of: what came of a request is asked for and not guessed.
func TestConnectionLost(t *testing.T) {
	t.Parallel()
	r := newRunner(t, postgres.Config{})
	const producers, each = 6, 30
	ctx, stop := context.WithCancel(t.Context())
	var faults, all sync.WaitGroup
	accepted := make(chan struct{}, producers*each)
	faults.Go(func() {
		for n := 0; ; n++ {
			for range 4 { // between two faults there is progress
				select {
				case <-accepted:
				case <-ctx.Done():
					return
				}
			}
			r.proxy.Lose([]pgtest.Loss{pgtest.OfAnswer, pgtest.OfRequest, pgtest.OfAnswer, pgtest.OfHalf}[n%4], durable)
		}
	})
	for p := range producers {
		all.Go(func() {
			for n := range each {
				r.track(fmt.Sprintf("%d-%d", p, n))
				accepted <- struct{}{}
			}
		})
	}
	all.Wait()
	stop()
	faults.Wait()
	r.await(producers * each)
	r.check(producers * each)
	if r.proxy.Lost() < 10 {
		t.Errorf("only %d requests were lost", r.proxy.Lost())
	}
	t.Logf("%d packages, %d requests lost, %d errors in the log", producers*each, r.proxy.Lost(), len(r.lines("error")))
}

// TestAnswerLostAtTheEnd loses the answer to the last package that is accepted, and does not let the host ask again. It is
// stored, so it is sent, although nobody has told this host.
func TestAnswerLostAtTheEnd(t *testing.T) {
	t.Parallel()
	r := newRunner(t, postgres.Config{})
	r.track("1")
	r.await(1)
	server := r.proxy
	server.Lose(pgtest.OfAnswer, "the last package")
	done := make(chan error, 1)
	go func() { done <- r.engine.Track(t.Context(), freshPackage("the last package", "2")) }()
	for server.Lost() == 0 {
		engine.Wait(t.Context(), time.Millisecond)
	}
	server.Set(pgtest.Refuse)
	if err := <-done; !errors.Is(err, engine.ErrUnavailable) {
		t.Errorf("Track = %v, want that the store cannot be reached", err)
	}
	server.Set(pgtest.None)
	r.await(2)
	r.check(2)
}

// TestAway takes the database away, by refusing or by silence, while attempts are in flight and packages come in. Senders are
// told to come again, health says so, the log says it once, and what was in flight is settled when it is back: nothing is sent
// twice.
func TestAway(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]pgtest.Fault{"refusing": pgtest.Refuse, "silent": pgtest.Silent} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			testAway(t, fault)
		})
	}
}

func testAway(t *testing.T, fault pgtest.Fault) {
	t.Helper()
	r := newRunner(t, postgres.Config{Lease: 3 * time.Second})
	door, err := ingest.New(ingest.Config{
		Tracker: r.engine, Apps: []engine.App{{Token: "abc123def456", Environment: engine.Sandbox}}, Log: zerolog.New(&r.log).Level(zerolog.InfoLevel),
	})
	if err != nil {
		t.Fatal(err)
	}
	hold := make(chan struct{})
	r.receiver.keep(hold)
	r.track("1", "2", "3")
	for range 3 {
		<-r.receiver.began
	}
	r.proxy.Set(fault)
	for fails := 0; fails < 20; {
		w := httptest.NewRecorder()
		request := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/event",
			strings.NewReader("app_token=abc123def456&environment=sandbox&event_token=abc123&external_device_id=x&deduplication_id=once"))
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		door.ServeHTTP(w, request)
		if w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" || strings.Contains(w.Body.String(), "secret") {
			t.Fatalf("answered %d %v %s, want 503 with Retry-After", w.Code, w.Header(), w.Body)
		}
		fails++
	}
	reasons := strings.Join(r.engine.Health().Reasons(), "\n")
	if !strings.Contains(reasons, "127.0.0.1") || !strings.Contains(reasons, "nothing that was accepted is lost") || strings.Contains(reasons, "secret") {
		t.Errorf("health says %q, want where the database is and what to do", reasons)
	}
	close(hold) // the attempts end while the database is away
	r.receiver.keep(nil)
	engine.Wait(t.Context(), 4*time.Second) // longer than the lease, and than a settlement waits
	back := time.Now()
	r.proxy.Set(pgtest.None)
	r.track("4")
	t.Logf("taken in %s after the database was back", time.Since(back).Round(time.Millisecond))
	w := httptest.NewRecorder()
	request := httptest.NewRequestWithContext(t.Context(), http.MethodGet,
		"/event?app_token=abc123def456&environment=sandbox&event_token=abc123&external_device_id=x&deduplication_id=once", http.NoBody)
	if door.ServeHTTP(w, request); w.Code != http.StatusOK {
		t.Errorf("answered %d %s", w.Code, w.Body)
	}
	r.await(5) // also that which was refused
	t.Logf("all was sent and heard of %s after the database was back", time.Since(back).Round(time.Millisecond))
	r.check(5)
	if lines := r.lines("warn"); len(lines) > 6 {
		t.Errorf("the log has %d lines about it:\n%s", len(lines), strings.Join(lines, ""))
	}
	if text := r.log.String(); strings.Contains(text, "secret") || !strings.Contains(text, "the database is back") {
		t.Errorf("the log says\n%s", text)
	}
	if reasons := r.engine.Health().Reasons(); len(reasons) > 0 {
		t.Errorf("health still says %q", reasons)
	}
}

// TestSlowDatabase shows that producers wait for a slow database, so that what waits in memory is bounded by what they hold.
func TestSlowDatabase(t *testing.T) {
	t.Parallel()
	r := newRunner(t, postgres.Config{})
	r.track("first") // what is prepared once is prepared
	r.await(1)
	r.proxy.Delay(50 * time.Millisecond)
	const producers, each = 400, 10
	body := strings.Repeat("x", 1000)
	var before, most runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	var all sync.WaitGroup
	for p := range producers {
		all.Go(func() {
			for n := range each {
				q := freshPackage(fmt.Sprintf("%d-%d", p, n), strconv.Itoa(p))
				q.CallbackParams = map[string]string{"body": body}
				if err := r.engine.Track(t.Context(), q); err != nil {
					t.Errorf("Track = %v", err)
				}
			}
		})
	}
	all.Wait()
	runtime.GC()
	runtime.ReadMemStats(&most)
	r.proxy.Delay(0)
	r.await(producers*each + 1)
	r.check(producers*each + 1)
	t.Logf("%d bytes more in use when %d packages were taken in", int64(most.HeapAlloc)-int64(before.HeapAlloc), producers*each) //nolint:gosec // far below
	if lines := r.lines("error"); len(lines) > 0 {
		t.Errorf("the log complains:\n%s", strings.Join(lines, ""))
	}
}

// TestErrorsOfOpen shows that what is wrong at the start is said with the place and what to do, and without the password.
func TestErrorsOfOpen(t *testing.T) {
	t.Parallel()
	server, _ := pgtest.SharedServer(t)
	proxy := pgtest.StartProxy(t, server)
	for name, row := range map[string]struct {
		url  string
		want []string
	}{
		"not understood":  {"postgres://u:pa%ss-secret@host:port/x", []string{"cannot be understood", "postgres://user:password@host"}},
		"nobody there":    {"postgres://u:secret@127.0.0.1:1/x", []string{"127.0.0.1:1/x", "connection refused", "see whether PostgreSQL runs there"}},
		"no database":     {strings.Replace(proxy.URL(), "/postgres?", "/nothing?", 1), []string{"127.0.0.1", "CREATE DATABASE \"nothing\""}},
		"a file is gone":  {proxy.URL() + "&sslrootcert=/nowhere/ca.pem&sslmode=verify-full", []string{"cannot be understood", "/nowhere/ca.pem"}},
		"nobody of these": {"postgres://u:secret@127.0.0.1:1,127.0.0.1:2/x", []string{"127.0.0.1:1,127.0.0.1:2/x", "connection refused"}},
	} {
		_, err := postgres.Open(t.Context(), postgres.Config{URL: row.url})
		if err == nil {
			t.Errorf("%s: opened", name)
			continue
		}
		for _, want := range row.want {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v; want %q in it", name, err, want)
			}
		}
		if text := err.Error(); strings.Contains(text, "secret") || strings.Contains(text, "\n") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

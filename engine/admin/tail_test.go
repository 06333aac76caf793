package admin_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rs/zerolog"

	"trackhook/engine"
	"trackhook/engine/admin"
	"trackhook/engine/site"
)

// piecewise lets a test read what is written while it is.
type piecewise struct {
	*httptest.ResponseRecorder
	pieces chan string
}

func (p *piecewise) Write(b []byte) (int, error) {
	p.pieces <- string(b)
	return len(b), nil
}

// listen starts a tail in a bubble. Pieces come until it ends.
func listen(ctx context.Context, h http.Handler, query string, headers ...string) <-chan string {
	return listenTo(ctx, h, "/api/v1/responses/tail"+query, headers...)
}

// listenTo starts any stream.
func listenTo(ctx context.Context, h http.Handler, target string, headers ...string) <-chan string {
	r := httptest.NewRequestWithContext(ctx, "GET", target, http.NoBody)
	r.RemoteAddr, r.Host = "127.0.0.1:50000", "127.0.0.1:8787"
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := &piecewise{httptest.NewRecorder(), make(chan string, 1000)}
	go func() {
		defer close(w.pieces)
		h.ServeHTTP(w, r)
	}()
	return w.pieces
}

// outline keeps of events what is not the response itself.
func outline(piece string) string {
	var kept []string
	for line := range strings.SplitSeq(strings.TrimSuffix(piece, "\n\n"), "\n") {
		if !strings.HasPrefix(line, "data: {\"seq\"") {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "|")
}

func TestTail(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		f.respond(response(engine.Delivered, nil), response(engine.Delivered, nil))
		done := make(chan struct{})
		cfg := f.config()
		cfg.Done = done
		h := admin.New(cfg)

		// From now on.
		now := listen(t.Context(), h, "?outcome=retry", "Accept", "text/event-stream")
		wantText(t, <-now, "retry: 2000\nid: 2\n\n")
		f.respond(response(engine.Delivered, nil))
		synctest.Wait()
		if len(now) != 0 {
			t.Error("what was not wanted was told")
		}
		f.respond(response(engine.Retry, func(r *engine.Response) { r.Body = []byte("{\n\"a\": 1\n}") }))
		wantText(t, <-now, "id: 4\nevent: response\ndata: {\"seq\":4,\"at\":\"2026-01-02T12:00:00Z\","+pkg+
			`"params":{"event_token":"f0ob4r"},"created_at":"2026-01-02T12:00:00Z","attempt":1,"outcome":"retry","rule":"rule","status":200,"message":"hi","body":{"a":1},"body_bytes":10,"will_retry":false}`+"\n\n")

		// From a number, and resumed, which comes before it.
		wantText(t, outline(second(listen(t.Context(), h, "?after=3"))), "id: 4|event: response")
		wantText(t, outline(second(listen(t.Context(), h, "?after=0", "Last-Event-ID", "3"))), "id: 4|event: response")
		// A number from before the store was replaced.
		replaced := listen(t.Context(), h, "?after=999")
		wantText(t, <-replaced, "retry: 2000\nid: 4\n\n")

		// Heartbeats carry the number of what was looked at.
		f.respond(response(engine.Delivered, nil))
		synctest.Wait()
		time.Sleep(admin.Heartbeat + time.Second)
		synctest.Wait()
		wantText(t, <-now, ": heartbeat\nid: 5\n\n")

		close(done)
		synctest.Wait()
		for range now {
		}
	})
}

// Whoever may not ask any more is told nothing more: a token that was taken out opens nothing.
func TestTailEndsWithItsToken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		var revoked atomic.Bool
		cfg := f.config()
		cfg.Access = func(*http.Request) (site.Access, bool) { return site.Read, !revoked.Load() }
		pieces := listen(t.Context(), admin.New(cfg), "")
		<-pieces
		f.respond(response(engine.Delivered, nil))
		wantText(t, outline(<-pieces), "id: 1|event: response")
		revoked.Store(true)
		f.respond(response(engine.Delivered, nil))
		synctest.Wait()
		if piece, more := <-pieces; more {
			t.Errorf("it was told %q", piece)
		}
	})
}

// second returns the second piece.
func second(pieces <-chan string) string {
	<-pieces
	return <-pieces
}

func TestTailOfATrimmedLog(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		for range 10 {
			f.respond(response(engine.Delivered, nil))
		}
		f.trim(8)
		done := make(chan struct{})
		cfg := f.config()
		cfg.Done = done
		pieces := listen(t.Context(), admin.New(cfg), "?after=3")
		wantText(t, outline(second(pieces)), `id: 3|event: gap|data: {"after":3,"next":9}||id: 9|event: response||id: 10|event: response`)
		close(done)
		synctest.Wait()
	})
}

// slowLog takes a second to say which response is the last.
type slowLog struct{ *fake }

func (l slowLog) Last(ctx context.Context) (uint64, error) {
	if !engine.Wait(ctx, time.Second) {
		return 0, ctx.Err()
	}
	return l.fake.Last(ctx)
}

// A tail that is asked for while the host shuts down ends at once. It is no failure of the store, which the log would be
// told of.
func TestTailAtShutdown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log strings.Builder
		done := make(chan struct{})
		close(done)
		cfg := newFake().config()
		cfg.Done, cfg.Responses, cfg.Log = done, slowLog{newFake()}, zerolog.New(&log)
		if w := ask(admin.New(cfg), "GET", "/api/v1/responses/tail"); w.Code != http.StatusOK {
			t.Errorf("answer %d %s", w.Code, w.Body)
		}
		if log.Len() > 0 {
			t.Error(log.String())
		}
	})
}

func TestTailEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		h := admin.New(f.config())
		ctx, cancel := context.WithCancel(t.Context())
		gone := listen(ctx, h, "")
		<-gone
		cancel()
		if _, more := <-gone; more {
			t.Error("it goes on after its asker went")
		}
		broken := listen(t.Context(), h, "?after=0")
		<-broken
		synctest.Wait()
		f.fail(errors.New("disk on fire"))
		f.respond(response(engine.Delivered, nil))
		if _, more := <-broken; more {
			t.Error("it goes on without a log")
		}
	})
}

func TestTooManyTails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		f := newFake()
		h := admin.New(f.config())
		for range admin.MaxTails {
			<-listen(ctx, h, "")
		}
		want(t, ask(h, "GET", "/api/v1/responses/tail"), 503, `{"error":"Too many tails","detail":"this host serves 32 tails at once; end another, or read /api/v1/responses"}`)
		cancel()
		synctest.Wait()
		ctx, cancel = context.WithCancel(t.Context())
		defer cancel()
		wantText(t, <-listen(ctx, h, ""), "retry: 2000\nid: 0\n\n")
	})
}

func TestTailRefusals(t *testing.T) {
	h := admin.New(newFake().config())
	header := func(name, value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set(name, value) }
	}
	want(t, ask(h, "GET", "/api/v1/responses/tail", header("Accept", "application/json")), 406, `{"error":"Not acceptable","detail":"this answers with server-sent events; send Accept: text/event-stream"}`)
	want(t, ask(h, "GET", "/api/v1/responses/tail", header("Last-Event-ID", "x")), 400, `{"error":"Invalid Last-Event-ID","detail":"Last-Event-ID \"x\" must be the number of a response"}`)
	want(t, ask(h, "HEAD", "/api/v1/responses/tail"), 405, `{"error":"Method not allowed","detail":"use GET"}`)
}

// A reader that stops reading must not hold anything but its own connection.
func TestSlowTail(t *testing.T) {
	f := newFake()
	server, _ := serve(t, admin.New(f.config()))
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	request, _ := http.NewRequestWithContext(ctx, http.MethodGet, server.URL+"/api/v1/responses/tail", http.NoBody)
	answer, err := server.Client().Transport.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	big := response(engine.Delivered, func(r *engine.Response) { r.Body = []byte(strings.Repeat("x", 60_000)) })
	for range 1000 {
		f.respond(big) // 60 MB do not fit into any buffer on the way
	}
	if w := ask(admin.New(f.config()), "GET", "/api/v1/responses?limit=1"); w.Code != 200 {
		t.Error("others wait")
	}
	// What comes is complete and in order all the same.
	lines := bufio.NewScanner(answer.Body)
	lines.Buffer(nil, 1<<20)
	for next := 1; next <= 1000 && lines.Scan(); {
		if id, ok := strings.CutPrefix(lines.Text(), "id: "); ok && id != "0" {
			if id != strconv.Itoa(next) {
				t.Fatalf("got %s, want %d", id, next)
			}
			next++
		}
	}
	if err := lines.Err(); err != nil {
		t.Error(err)
	}
}

func TestClientTail(t *testing.T) {
	t.Parallel()
	f := newFake()
	for range 5 {
		f.respond(response(engine.Delivered, nil))
	}
	f.trim(1)
	// Each connection breaks after it has told something.
	h := admin.New(f.config())
	connections := 0
	breaking := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		connections++
		if connections == 2 {
			http.Error(w, "the proxy is busy", http.StatusServiceUnavailable)
			return
		}
		ctx, cancel := context.WithCancel(r.Context())
		defer cancel()
		h.ServeHTTP(&breaker{ResponseWriter: w, cancel: cancel, left: 2}, r.WithContext(ctx))
	})
	_, client := serve(t, breaking)
	stop := errors.New("enough")
	var heard []uint64
	var gaps []string
	err := client.Tail(t.Context(), admin.Tail{
		Resume: true, Outcome: engine.Delivered, Filter: engine.Filter{AppToken: token},
		Gap: func(after, next uint64) { gaps = append(gaps, fmt.Sprint(after, " to ", next)) },
	}, func(r admin.Response) error {
		heard = append(heard, r.Seq)
		if r.Seq == 5 {
			f.respond(response(engine.Retry, nil), response(engine.Delivered, nil))
		}
		if r.Seq == 7 {
			return stop
		}
		return nil
	})
	if diff := cmp.Diff([]uint64{2, 3, 4, 5, 7}, heard); diff != "" || !errors.Is(err, stop) {
		t.Error(diff, err)
	}
	if diff := cmp.Diff([]string{"0 to 2"}, gaps); diff != "" {
		t.Error(diff)
	}
	if connections < 3 {
		t.Errorf("%d connections", connections)
	}
}

// breaker ends a request after some pieces.
type breaker struct {
	http.ResponseWriter
	cancel context.CancelFunc
	left   int
}

func (b *breaker) Unwrap() http.ResponseWriter { return b.ResponseWriter }

func (b *breaker) Write(p []byte) (int, error) {
	n, err := b.ResponseWriter.Write(p)
	if b.left--; b.left == 0 {
		b.cancel()
	}
	return n, err
}

func TestClientTailErrors(t *testing.T) {
	f := newFake()
	server, client := serve(t, admin.New(f.config()))
	address := strings.TrimPrefix(server.URL, "http://")
	each := func(admin.Response) error { return nil }
	err := client.Tail(t.Context(), admin.Tail{Filter: engine.Filter{State: engine.Dead}}, each)
	wantError(t, err, `the host at `+address+` answered: Unknown parameter: parameter "state" is not known; this takes app_token, environment, kind, device, event_token, outcome, after`)
	ctx, cancel := context.WithCancel(t.Context())
	f.respond(response(engine.Delivered, nil))
	err = client.Tail(ctx, admin.Tail{Resume: true}, func(admin.Response) error {
		cancel()
		return nil
	})
	if err != nil {
		t.Errorf("cancelled: %v", err)
	}
	server.Close()
	if err := client.Tail(t.Context(), admin.Tail{}, each); !errors.Is(err, admin.ErrNoHost) {
		t.Error(err)
	}
}

func TestClientTailOfADeadConnection(t *testing.T) {
	_, client := serve(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	client.Timeout = 10 * time.Millisecond
	err := client.Tail(t.Context(), admin.Tail{}, nil)
	if !errors.Is(err, admin.ErrNoHost) || !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
}

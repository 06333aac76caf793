package admin_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"trackhook/engine"
	"trackhook/engine/admin"
)

// post makes a request with a JSON body, as this machine does.
func post(h http.Handler, method, path, body string, change ...func(*http.Request)) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.RemoteAddr, r.Host = "127.0.0.1:50000", "127.0.0.1:8787"
	r.Header.Set("Content-Type", "application/json")
	for _, f := range change {
		f(r)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// last returns the last line of progress, and how many there were.
func last(t *testing.T, w *httptest.ResponseRecorder) (progress admin.Progress, lines int) {
	t.Helper()
	if w.Code != 200 || w.Header().Get("Content-Type") != "application/x-ndjson" {
		t.Fatalf("answer %d %s", w.Code, w.Body)
	}
	all := strings.Split(strings.TrimSuffix(w.Body.String(), "\n"), "\n")
	for _, line := range all {
		progress = admin.Progress{}
		if err := json.Unmarshal([]byte(line), &progress); err != nil {
			t.Fatal(err)
		}
	}
	return progress, len(all)
}

// letters are dead letters, d0 to d(n-1), buried before now.
func letters(n int) *fake {
	f := newFake()
	for i := range n {
		f.add(i, func(s *engine.PackageState) {
			dead(engine.Rejected)(s)
			s.Ended = time.Now().Add(-time.Minute)
		})
	}
	return f
}

// count counts packages by state.
func (f *fake) count(status engine.PackageStatus) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := 0
	for i := range f.states {
		if f.states[i].Status == status {
			n++
		}
	}
	return n
}

func TestRetryKeepsItsRate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := letters(1000)
		began := time.Now()
		got, lines := last(t, post(admin.New(f.config()), "POST", "/api/v1/dead/retry", `{"filter":{"reason":"rejected"},"rate":50}`))
		if (got != admin.Progress{Changed: 1000, Done: true}) || lines != 201 {
			t.Errorf("%+v in %d lines", got, lines)
		}
		if took := time.Since(began); took < 19*time.Second || took > 21*time.Second {
			t.Errorf("1000 at 50 a second took %s", took)
		}
		if slices.Max(diffs(f.steps)) > 150*time.Millisecond {
			t.Error("it goes by fits and starts")
		}
		if n := f.count(engine.Queued); n != 1000 {
			t.Errorf("%d are queued", n)
		}
	})
}

func diffs(times []time.Time) []time.Duration {
	var all []time.Duration
	for i := 1; i < len(times); i++ {
		all = append(all, times[i].Sub(times[i-1]))
	}
	return all
}

func TestSlowRate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := letters(3)
		began := time.Now()
		last(t, post(admin.New(f.config()), "POST", "/api/v1/dead/drop", `{"filter":{},"rate":0.1,"max":2}`))
		if took := time.Since(began); took != 10*time.Second || f.count(engine.Done) != 2 {
			t.Errorf("dropped %d in %s", f.count(engine.Done), took)
		}
	})
}

func TestBulkOfIDs(t *testing.T) {
	f := several()
	h := admin.New(f.config())
	got, _ := last(t, post(h, "POST", "/api/v1/dead/drop", `{"ids":["p1","p3","nope","p5"],"rate":10000}`))
	// Queued packages are not for this door.
	if (got != admin.Progress{Changed: 1, Skipped: 3, Done: true}) || f.find("p1").Status != engine.Queued || f.find("p3").Status != engine.Done {
		t.Errorf("%+v", got)
	}
	got, _ = last(t, post(h, "POST", "/api/v1/dead/retry", `{"ids":["p4","p4"],"rate":10000}`))
	if (got != admin.Progress{Changed: 1, Skipped: 1, Done: true}) || f.find("p4").Status != engine.Queued {
		t.Errorf("%+v", got)
	}
}

func TestBulkMax(t *testing.T) {
	f := letters(250)
	got, _ := last(t, post(admin.New(f.config()), "POST", "/api/v1/dead/retry", `{"filter":{},"rate":10000,"max":120}`))
	if (got != admin.Progress{Changed: 120, Done: true}) || f.count(engine.Queued) != 120 {
		t.Errorf("%+v", got)
	}
}

// What is buried again while a retry goes on must not be found by it again: it would never end.
func TestRetryOfWhatFailsAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := letters(5)
		f.onDead = func(ids []string) error {
			f.mu.Lock()
			defer f.mu.Unlock()
			if len(f.states) < 1000 {
				f.add(len(f.states), func(s *engine.PackageState) {
					dead(engine.Rejected)(s)
					s.Ended = time.Now().Add(time.Millisecond)
				})
			}
			return nil
		}
		got, _ := last(t, post(admin.New(f.config()), "POST", "/api/v1/dead/retry", `{"filter":{},"rate":1}`))
		if (got != admin.Progress{Changed: 5, Done: true}) {
			t.Errorf("%+v", got)
		}
	})
}

func TestBulkWhoseStoreFails(t *testing.T) {
	t.Parallel()
	for text, err := range map[string]error{
		"the queue is over its high-water mark; ask again when there is room": engine.ErrFull,
		"the store does not answer; the log of the host says why":             errors.New("disk on fire"),
		"stopped: the host is shutting down, or the asker has gone":           engine.ErrClosed,
	} {
		f := letters(30)
		f.onDead = func([]string) error {
			if len(f.steps) == 1 {
				return err
			}
			return nil
		}
		got, _ := last(t, post(admin.New(f.config()), "POST", "/api/v1/dead/retry", `{"filter":{},"rate":200}`))
		if (got != admin.Progress{Changed: 20, Done: true, Error: text}) {
			t.Errorf("%+v", got)
		}
	}
}

func TestBulkEndsWithItsAsker(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := letters(1000)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second+50*time.Millisecond)
		defer cancel()
		post(admin.New(f.config()), "POST", "/api/v1/dead/retry", `{"filter":{},"rate":100}`, func(r *http.Request) { *r = *r.WithContext(ctx) })
		if n := f.count(engine.Queued); n != 110 {
			t.Errorf("%d were put back in 1.05 s at 100 a second", n)
		}
	})
}

func TestBatchInHandIsFinished(t *testing.T) {
	f := letters(10)
	ctx, cancel := context.WithCancel(t.Context())
	f.onDead = func([]string) error {
		cancel() // the asker goes while the store works
		return nil
	}
	post(admin.New(f.config()), "POST", "/api/v1/dead/retry", `{"filter":{},"rate":100}`, func(r *http.Request) { *r = *r.WithContext(ctx) })
	if n := f.count(engine.Queued); n != 10 {
		t.Errorf("%d were put back", n)
	}
}

func TestBulkEndsAtShutdown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := letters(1000)
		done := make(chan struct{})
		cfg := f.config()
		cfg.Done = done
		time.AfterFunc(time.Second, func() { close(done) })
		got, _ := last(t, post(admin.New(cfg), "POST", "/api/v1/dead/retry", `{"filter":{},"rate":100}`))
		if !got.Done || got.Error != "stopped: the host is shutting down, or the asker has gone" || got.Changed > 110 {
			t.Errorf("%+v", got)
		}
	})
}

func TestOneBulkAtATime(t *testing.T) {
	f := letters(10)
	h := admin.New(f.config())
	var second *httptest.ResponseRecorder
	f.onDead = func([]string) error {
		if second == nil {
			second = post(h, "POST", "/api/v1/dead/drop", `{"filter":{}}`)
		}
		return nil
	}
	last(t, post(h, "POST", "/api/v1/dead/retry", `{"filter":{}}`))
	want(t, second, 409, `{"error":"Conflict","detail":"another retry or drop is at work, and its rate must hold; wait for its end"}`)
}

func TestRefusedBulks(t *testing.T) {
	h := admin.New(letters(1).config())
	const hint = `; send {\"ids\":[\"...\"]} or {\"filter\":{\"reason\":\"rejected\"}}, and rate and max if need be`
	for body, expect := range map[string]string{
		``:                              `Invalid body|EOF` + hint,
		`[]`:                            `Invalid body|cannot unmarshal array into Go value of type admin.bulkBody` + hint,
		`{}`:                            `Invalid body|send either ids, at least one, or filter; an empty filter, {}, takes all of them`,
		`{"ids":[]}`:                    `Invalid body|send either ids, at least one, or filter; an empty filter, {}, takes all of them`,
		`{"ids":["a"],"filter":{}}`:     `Invalid body|send either ids, at least one, or filter; an empty filter, {}, takes all of them`,
		`{"filter":{}}{}`:               `Invalid body|something follows the object` + hint,
		`{"filter":{},"speed":1}`:       `Invalid body|unknown field \"speed\"` + hint,
		`{"filter":{"state":"queued"}}`: `Unknown parameter|parameter \"state\" is not known; this takes app_token, environment, kind, device, event_token, reason, after, before`,
		`{"filter":{"reason":"none"}}`:  `Invalid reason|reason \"none\" must be one of delivered, duplicate, retry, wait_for_device, blocked, unclear, rejected, expired, dropped`,
		`{"filter":{},"rate":0}`:        `Invalid rate|rate must be a number a second from 0.01 to 10000`,
		`{"filter":{},"rate":10001}`:    `Invalid rate|rate must be a number a second from 0.01 to 10000`,
		`{"filter":{},"max":0}`:         `Invalid max|max must be at least 1; leave it out for no bound`,
		`{"ids":[` + strings.Repeat(`"a",`, 10_000) + `"a"]}`: `Invalid ids|at most 10000 ids are taken; send several requests, or a filter`,
	} {
		message, detail, _ := strings.Cut(expect, "|")
		want(t, post(h, "POST", "/api/v1/dead/retry", body), 400, fmt.Sprintf(`{"error":"%s","detail":"%s"}`, message, detail))
	}
	want(t, post(h, "POST", "/api/v1/dead/retry", strings.Repeat(" ", 5<<20)), 413,
		`{"error":"Request size too large","detail":"at most 4194304 bytes are taken; send several requests, or a filter"}`)
	form := func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") }
	want(t, post(h, "POST", "/api/v1/dead/retry", `{"filter":{}}`, form), 415,
		`{"error":"Unsupported media type","detail":"send Content-Type: application/json"}`)
	want(t, post(h, "GET", "/api/v1/dead/retry", ``), 405, `{"error":"Method not allowed","detail":"use POST"}`)
}

func TestClientBulk(t *testing.T) {
	f := letters(40)
	_, client := serve(t, admin.New(f.config()))
	var seen []admin.Progress
	got, err := client.Retry(t.Context(), admin.Bulk{Filter: &engine.Filter{State: engine.Dead, Reason: engine.Rejected}, Rate: 200, Max: 25}, func(p admin.Progress) { seen = append(seen, p) })
	if (got != admin.Progress{Changed: 25, Done: true}) || err != nil || len(seen) != 3 || seen[0].Changed != 20 {
		t.Errorf("%+v %v, seen %+v", got, err, seen)
	}
	got, err = client.Drop(t.Context(), admin.Bulk{IDs: []string{"p30", "p0"}}, nil)
	if (got != admin.Progress{Changed: 1, Skipped: 1, Done: true}) || err != nil {
		t.Errorf("%+v %v", got, err)
	}
	// Nothing at all must not mean everything.
	_, err = client.Drop(t.Context(), admin.Bulk{}, nil)
	wantError(t, err, "give ids, or a filter")
	f.onDead = func([]string) error { return engine.ErrFull }
	if _, err = client.Retry(t.Context(), admin.Bulk{Filter: &engine.Filter{}}, nil); err == nil || !strings.HasSuffix(err.Error(), "ended after 0: the queue is over its high-water mark; ask again when there is room") {
		t.Error(err)
	}
}

func TestClientBulkThatIsCancelled(t *testing.T) {
	f := letters(1000)
	_, client := serve(t, admin.New(f.config()))
	ctx, cancel := context.WithCancel(t.Context())
	var once sync.Once
	_, err := client.Retry(ctx, admin.Bulk{Filter: &engine.Filter{}, Rate: 100}, func(admin.Progress) { once.Do(cancel) })
	if !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestClientBulkThatBreaksOff(t *testing.T) {
	_, client := serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintln(w, `{"changed":7,"skipped":0,"done":false}`)
	}))
	_, err := client.Retry(t.Context(), admin.Bulk{Filter: &engine.Filter{}}, nil)
	if err == nil || !strings.HasSuffix(err.Error(), "broke off after 7; start again to go on") {
		t.Error(err)
	}
}

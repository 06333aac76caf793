package ingest_test

import (
	"bytes"
	"context"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"trackhook/engine"
	"trackhook/engine/ingest"
	"trackhook/engine/memory"
)

// newEngine returns an engine that sends nothing, and its store.
func newEngine(t *testing.T) (*engine.Engine, *memory.Store) {
	t.Helper()
	store := memory.New()
	e, err := engine.New(engine.Config{Store: store, Deliverer: noDeliverer{}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = e.Close() })
	return e, store
}

// recent is a time of today, some seconds ago.
func recent(seconds int) string {
	return strconv.FormatInt(time.Now().Unix()/1000*1000-int64(seconds), 10)
}

// A key that comes again names the same package, and the sender learns that. With another body it is a mistake: the second
// purchase would be gone.
func TestKeyWithAnotherBody(t *testing.T) {
	e, store := newEngine(t)
	h, _ := newHandler(t, ingest.Config{Tracker: e, Lookup: store.Package})
	at := "&created_at_unix=" + recent(0)
	send := func(body string, headers ...string) (status int, id, replayed string) {
		w := call(h, http.MethodPost, "/event", body, append(headers, "Idempotency-Key", "k")...)
		return w.Code, w.Header().Get("X-Trackhook-Id"), w.Header().Get("Idempotency-Replayed")
	}
	paid := event + "&currency=EUR&revenue=1.00"
	status, first, replayed := send(paid+at, "X-Adjust-Forwarded-For", "192.0.2.1")
	if status != 200 || first == "" || replayed != "" {
		t.Fatalf("first: %d %q %q", status, first, replayed)
	}
	for _, body := range []string{paid + at, paid} {
		if status, id, replayed := send(body, "X-Adjust-Forwarded-For", "192.0.2.2"); status != 200 || id != first || replayed != "true" {
			t.Errorf("the same again: %d %q %q, want 200 %q true", status, id, replayed, first)
		}
	}
	for name, body := range map[string]string{
		"revenue": strings.Replace(paid, "1.00", "2.00", 1) + at, "more": paid + at + "&label=x", "time": paid + "&created_at_unix=" + recent(1),
		"callback": paid + at + `&callback_params={"a":"b"}`, "partner": paid + at + `&partner_params={"a":"b"}`, "id": paid + at + "&event_callback_id=x",
		"address": paid + at + "&ip_address=192.0.2.9", "device": strings.Replace(paid, device, "other", 1) + at,
	} {
		if status, id, _ := send(body); status != http.StatusUnprocessableEntity || id != "" {
			t.Errorf("another %s: %d %q, want 422", name, status, id)
		}
	}
	w := call(h, http.MethodPost, "/event", strings.Replace(paid, "1.00", "2.00", 1), "Idempotency-Key", "k")
	want(t, w, 422, `{"error":"Event request failed (Idempotency key reused)","detail":"the idempotency key named another package before, which was taken in; this one was not stored. Send the same body with a key, or another key with another body"}`)
	if n := len(store.Accepted()); n != 1 {
		t.Errorf("%d packages were queued, want 1", n)
	}
}

// As at Adjust, the first package with a deduplication_id counts, whatever the second says; a person may want to know.
func TestDeduplicationWithAnotherBody(t *testing.T) {
	e, store := newEngine(t)
	var log bytes.Buffer
	h, _ := newHandler(t, ingest.Config{Tracker: e, Lookup: store.Package, Log: zerolog.New(&log)})
	send := func(revenue string) string {
		w := call(h, http.MethodPost, "/event", event+"&deduplication_id=order-7&currency=EUR&revenue="+revenue)
		want(t, w, 200, ok)
		return w.Header().Get("X-Trackhook-Id") + w.Header().Get("Idempotency-Replayed")
	}
	first := send("1.00")
	if again := send("1.00"); again != first+"true" || log.Len() > 0 {
		t.Errorf("the same again: %s after %s, log %s", again, first, &log)
	}
	if other := send("2.00"); other != first+"true" || !strings.Contains(log.String(), `"deduplication_id":"order-7"`) {
		t.Errorf("another: %s after %s, log %s", other, first, &log)
	}
}

func TestBatchAgain(t *testing.T) {
	e, store := newEngine(t)
	h, _ := newHandler(t, ingest.Config{Tracker: e, Lookup: store.Package})
	line := func(more string) string {
		return `{"kind":"event",` + app + `,"device":"adid=x","params":{"event_token":"abc123"` + more + "}}\n"
	}
	keyed := func(key, more string) string { return `{"idempotency_key":"` + key + `",` + line(more)[1:] }
	for _, row := range []struct {
		name, key, body string
		status          int
		replayed        string
		lineAt          string
	}{
		{"first", "b", line("") + line(`,"label":"2"`), 200, "", ""},
		{"the same", "b", line("") + line(`,"label":"2"`), 200, "true", ""},
		{"shorter", "b", line(""), 200, "true", ""},
		{"another line", "b", line("") + "\n" + line(`,"label":"3"`), 422, "", `"line":3`},
		{"longer", "b", line("") + line(`,"label":"2"`) + line(""), 422, "", "fewer packages"},
		{"keys of lines", "", keyed("k1", "") + keyed("k2", ""), 200, "", ""},
		{"one of them again", "", keyed("k2", "") + keyed("k3", ""), 200, "", ""},
		{"one of them for another", "", keyed("k4", "") + keyed("k3", `,"label":"x"`), 422, "", `"line":2`},
		{"one key twice", "", keyed("k5", "") + keyed("k5", ""), 200, "", ""},
		{"one key for two", "", keyed("k6", "") + keyed("k6", `,"label":"x"`), 422, "", `"line":2`},
	} {
		w := call(h, http.MethodPost, "/v1/packages", row.body, "Idempotency-Key", row.key)
		if w.Code != row.status || w.Header().Get("Idempotency-Replayed") != row.replayed || !strings.Contains(w.Body.String(), row.lineAt) {
			t.Errorf("%s: answer %d %s, replayed %q", row.name, w.Code, w.Body, w.Header().Get("Idempotency-Replayed"))
		}
	}
	if n := len(store.Accepted()); n != 6 {
		t.Errorf("%d packages were queued, want 6", n)
	}
}

// Two requests with one key and two bodies at the same moment: one is stored, and the other is told.
func TestKeyWithAnotherBodyAtOnce(t *testing.T) {
	e, store := newEngine(t)
	// Each looks for the first before either is stored.
	var both sync.WaitGroup
	both.Add(2)
	h, _ := newHandler(t, ingest.Config{Tracker: e, Lookup: func(ctx context.Context, id string) (engine.PackageState, error) {
		state, err := store.Package(ctx, id)
		if err != nil {
			both.Done()
			both.Wait()
		}
		return state, err
	}})
	codes := make(chan int, 2)
	for _, revenue := range []string{"1", "2"} {
		go func() {
			codes <- call(h, http.MethodPost, "/event", event+"&currency=EUR&revenue="+revenue, "Idempotency-Key", "k").Code
		}()
	}
	if sum := <-codes + <-codes; sum != 200+422 {
		t.Errorf("the statuses are %d together, want 200 and 422", sum)
	}
	if n := len(store.Accepted()); n != 1 {
		t.Errorf("%d packages were queued, want 1", n)
	}
}

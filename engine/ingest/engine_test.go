package ingest_test

import (
	"net/http"
	"testing"

	"trackhook/engine"
	"trackhook/engine/ingest"
	"trackhook/engine/memory"
)

type unused struct{ engine.Deliverer }

// With a real engine behind the door, the same package again is accepted and queued once, and a closed engine is a 503.
func TestWithEngine(t *testing.T) {
	store := memory.New()
	e, err := engine.New(engine.Config{Store: store, Deliverer: unused{}})
	if err != nil {
		t.Fatal(err)
	}
	h, _ := newHandler(t, ingest.Config{Tracker: e})
	line := `{"kind":"session",` + app + `,"device":"adid=x"}` + "\n"
	id := ""
	for range 3 {
		want(t, call(h, http.MethodPost, "/event", event, "Idempotency-Key", "k"), 200, ok)
		want(t, call(h, http.MethodGet, "/event?"+event+"&deduplication_id=d", ""), 200, ok)
		w := call(h, http.MethodPost, "/v1/packages", line+line, "Idempotency-Key", "k")
		if w.Code != 200 || id != "" && w.Body.String() != id {
			t.Errorf("answer %d %s, before %s", w.Code, w.Body, id)
		}
		id = w.Body.String()
	}
	if n := len(store.Accepted()); n != 4 {
		t.Errorf("%d packages were queued, want 4", n)
	}
	if _, err := e.Close(); err != nil {
		t.Fatal(err)
	}
	w := call(h, http.MethodPost, "/event", event)
	if w.Code != 503 || w.Header().Get("Retry-After") != "5" {
		t.Errorf("answer %d %s", w.Code, w.Body)
	}
}

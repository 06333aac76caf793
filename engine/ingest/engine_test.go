package ingest_test

import (
	"context"
	"net/http"
	"testing"

	"trackhook/engine"
	"trackhook/engine/ingest"
)

// memory is as much of a store as taking in needs.
type memory struct {
	engine.Store

	known  map[string]bool
	queued []engine.Package
}

func (m *memory) Append(_ context.Context, packages ...engine.Package) error {
	for _, p := range packages {
		if !m.known[p.ID] {
			m.known[p.ID] = true
			m.queued = append(m.queued, p)
		}
	}
	return nil
}

func (*memory) Stats(context.Context) (engine.Stats, error) { return engine.Stats{}, nil }
func (*memory) Close() error                                { return nil }

type unused struct{ engine.Deliverer }

// With a real engine behind the door, the same package again is accepted and queued once, and a closed engine is a 503.
func TestWithEngine(t *testing.T) {
	store := &memory{known: map[string]bool{}}
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
	if len(store.queued) != 4 {
		t.Errorf("%d packages were queued, want 4", len(store.queued))
	}
	if _, err := e.Close(); err != nil {
		t.Fatal(err)
	}
	w := call(h, http.MethodPost, "/event", event)
	if w.Code != 503 || w.Header().Get("Retry-After") != "5" {
		t.Errorf("answer %d %s", w.Code, w.Body)
	}
}

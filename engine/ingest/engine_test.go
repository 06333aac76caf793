package ingest_test

import (
	"net/http"
	"testing"

	"trackhook/engine"
	"trackhook/engine/ingest"
	"trackhook/engine/memory"
)

type noDeliverer struct{ engine.Deliverer }

// With a real engine behind the door, the same package again is accepted and queued once, and a closed engine is a 503.
func TestWithEngine(t *testing.T) {
	store := memory.New()
	e, err := engine.New(engine.Config{Store: store, Deliverer: noDeliverer{}})
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

// What is too old for the server is refused by the engine, and the answer names the line.
func TestTooOldAtTheDoor(t *testing.T) {
	e, store := newEngine(t)
	h, _ := newHandler(t, ingest.Config{Tracker: e})
	old := "&created_at_unix=1484085154"
	w := call(h, http.MethodPost, "/event", event+old)
	want(t, w, 400, `{"error":"Event request failed (Invalid created_at)","detail":"the time 2017-01-10T21:52:34Z is more than 58 days ago, and the server takes no event that is older"}`)
	w = call(h, http.MethodPost, "/ad_revenue", base+"&revenue=1&currency=EUR&source=publisher&ad_impressions_count=1"+old)
	want(t, w, 400, `{"error":"Ad revenue request failed (Invalid created_at) (app_token:`+token+`)","detail":"the time 2017-01-10T21:52:34Z is more than 28 days ago, and the server takes no ad revenue that is older"}`)
	w = call(h, http.MethodPost, "/v1/packages", `{"kind":"session",`+app+`,"device":"adid=x"}`+"\n\n"+
		`{"kind":"event",`+app+`,"device":"adid=x","params":{"event_token":"abc123"},"created_at_unix":1484085154}`)
	want(t, w, 400, `{"error":"Batch request failed (Invalid created_at)","detail":"line 3: the time 2017-01-10T21:52:34Z is more than 58 days ago, and the server takes no event that is older","line":3,"field":"created_at_unix"}`)
	if n := len(store.Accepted()); n != 0 {
		t.Errorf("%d packages were stored", n)
	}
}

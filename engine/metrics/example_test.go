package metrics_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	"trackhook/engine"
	"trackhook/engine/memory"
	"trackhook/engine/metrics"
)

func Example() {
	app := engine.App{Token: "abc123def456", Environment: engine.Sandbox}
	recorder := metrics.New(app)
	store := memory.New()
	eng, err := engine.New(engine.Config{Store: store, Deliverer: recorder.Deliverer(nowhere{})})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer eng.Close()

	err = recorder.Tracker(eng).Track(context.Background(), engine.Package{
		Kind: engine.KindSession, App: app, Params: map[string]string{"external_device_id": "kiosk-17"},
	})
	if err != nil {
		fmt.Println(err)
		return
	}

	handler := recorder.Handler(metrics.Source{Stats: eng.Stats, Counts: store.Counts})
	scrape := httptest.NewRecorder()
	handler.ServeHTTP(scrape, httptest.NewRequest(http.MethodGet, "/metrics", http.NoBody))
	for line := range strings.Lines(scrape.Body.String()) {
		if strings.HasPrefix(line, "trackhook_accepted_total") || strings.HasPrefix(line, "trackhook_queue_packages") {
			fmt.Print(line)
		}
	}
	// Output:
	// trackhook_accepted_total{app_token="abc123def456",environment="sandbox",kind="session"} 1
	// trackhook_queue_packages 1
}

// nowhere delivers nothing.
type nowhere struct{}

func (nowhere) Deliver(context.Context, engine.Delivery) engine.Response {
	return engine.Response{Outcome: engine.Retry}
}

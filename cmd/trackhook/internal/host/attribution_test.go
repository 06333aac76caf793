package host_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"trackhook/cmd/trackhook/internal/config"
)

// A page asks where its user came from. The server is asked for devices that it knows, and what it says is passed on.
func TestAttribution(t *testing.T) {
	type said struct {
		status int
		body   string
	}
	var answer atomic.Pointer[said]
	var asked atomic.Pointer[http.Request]
	endpoint := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/attribution" {
			asked.Store(r)
			w.WriteHeader(answer.Load().status)
			_, _ = io.WriteString(w, answer.Load().body)
			return
		}
		_, _ = io.WriteString(w, `{"adid":"a1","message":"Install tracked"}`)
	}))
	defer endpoint.Close()
	cfg := settings(t, oneApp)
	cfg.API = config.API{AllowOrigins: []string{"https://game.example"}}
	cfg.Apps[0].Endpoint = endpoint.URL
	r := newReloading(t, cfg)
	ask := func(device string) string {
		t.Helper()
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet,
			r.host.URL()+"/attribution?app_token=abc123def456&environment=sandbox&initiated_by=backend&web_uuid="+device, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Origin", "https://game.example")
		got, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer got.Body.Close()
		body, err := io.ReadAll(got.Body)
		if err != nil || got.StatusCode != http.StatusOK || got.Header.Get("Access-Control-Allow-Origin") == "" {
			t.Fatalf("%d %s %v", got.StatusCode, body, err)
		}
		return string(body)
	}
	answer.Store(&said{200, `{}`})
	if got := ask("nobody"); got != `{"message":"the session of the device was not accepted yet","ask_in":10000}` || asked.Load() != nil {
		t.Errorf("without a session: %s, asked %v", got, asked.Load() != nil)
	}
	if status := r.post("/session", "", "web_uuid=w1"); status != http.StatusOK {
		t.Fatalf("a session is answered with %d", status)
	}
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for ; strings.Contains(ask("w1"), "not accepted yet"); <-tick.C {
	}
	if q := asked.Load(); q.Method != http.MethodGet || q.URL.Query().Get("web_uuid") != "w1" || q.URL.Query().Get("s2s") != "1" ||
		q.URL.Query().Get("initiated_by") != "backend" || q.URL.Query().Get("app_token") != "abc123def456" {
		t.Errorf("asked %s %s", q.Method, q.URL)
	}
	for _, row := range []struct {
		status     int
		body, want string
	}{
		{200, `{"adid":"a2","timestamp":"t","message":"found","attribution":{"network":"N", "x":[1]},"more":1}`, `{"adid":"a2","message":"found","timestamp":"t","attribution":{"network":"N","x":[1]}}`},
		{200, `{"ask_in":4000}`, `{"adid":"a1","ask_in":4000}`},
		{200, `{"ask_in":"4000"}`, `{"adid":"a1","ask_in":4000}`},
		{200, `{"retry_in":1e99}`, fmt.Sprintf(`{"adid":"a1","ask_in":%d}`, 24*time.Hour.Milliseconds())},
		{200, `{"ask_in":-1,"attribution":null}`, `{"adid":"a1"}`},
		{200, `{"attribution":"x"}`, `{"adid":"a1"}`},
		{200, `{"tracking_state":"opted_out"}`, `{"adid":"a1","tracking_state":"opted_out"}`},
		{200, `<html>`, `{"adid":"a1","ask_in":60000}`},
		{404, `{"error":"Device not found"}`, `{"adid":"a1","message":"Device not found"}`},
		{404, `404 page not found`, `{"adid":"a1","message":"the server answered with status 404"}`},
		{503, `{"error":"later"}`, `{"adid":"a1","ask_in":60000}`},
		{429, ``, `{"adid":"a1","ask_in":60000}`},
	} {
		answer.Store(&said{row.status, row.body})
		if got := ask("w1"); got != row.want {
			t.Errorf("%d %s is passed on as %s, want %s", row.status, row.body, got, row.want)
		}
	}
}

package sandbox_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"trackhook/engine/sandbox"
)

func control(s http.Handler, method, path, body string) (status int, answer string) {
	return serve(s, httptest.NewRequest(method, path, strings.NewReader(body)))
}

func TestControlRequests(t *testing.T) {
	s := newServer(t, sandbox.Config{})
	install(t, s)
	post(s, "/event", params("event_token", "abc123", "callback_params", `{"a":"b"}`, "deduplication_id", "k"), "X-Adjust-Forwarded-For", "192.0.2.1", "Authorization", "Bearer topsecret")
	post(s, "/event", params("event_token", "abc123", "gps_adid", "d2"))
	_, body := control(s, "GET", "/sandbox/requests", "")
	requests := decode[[]sandbox.Request](t, body)
	if len(requests) != 3 {
		t.Fatalf("%d requests: %s", len(requests), body)
	}
	q := requests[1]
	if q.Seq != 2 || q.Path != "/event" || q.Device != "gps_adid=d1" || q.App != appToken || q.Environment != "sandbox" || q.Key != "k" ||
		q.Params["event_token"] != "abc123" || q.CallbackParams["a"] != "b" || q.ForwardedFor != "192.0.2.1" || !q.Authenticated ||
		q.Status != 200 || q.Answer != `{"status":"OK"}` || !q.Counted || q.At.IsZero() {
		t.Errorf("request %+v", q)
	}
	if strings.Contains(body, "topsecret") {
		t.Error("a token was recorded")
	}
	for path, want := range map[string]int{
		"?after=1": 2, "?after=3": 0, "?limit=1": 1, "?path=/event": 2, "?path=/event&device=gps_adid%3Dd2": 1,
	} {
		_, body := control(s, "GET", "/sandbox/requests"+path, "")
		if got := len(decode[[]sandbox.Request](t, body)); got != want {
			t.Errorf("%s: %d requests, want %d", path, got, want)
		}
	}
	for _, path := range []string{"/sandbox/requests?after=-1", "/sandbox/requests?limit=0", "/sandbox/devices?limit=x"} {
		if status, _ := control(s, "GET", path, ""); status != 400 {
			t.Errorf("%s: status %d", path, status)
		}
	}
	_, body = control(s, "GET", "/sandbox/counts", "")
	totals := decode[sandbox.Totals](t, body)
	if totals.Requests != 3 || totals.Counted != 2 || totals.Paths["/event"] != 2 || totals.Statuses["404"] != 1 || totals.Keys != 1 {
		t.Errorf("totals %+v", totals)
	}
}

func TestControlDevices(t *testing.T) {
	s := newServer(t, sandbox.Config{})
	install(t, s)
	_, body := control(s, "GET", "/sandbox/devices", "")
	devices := decode[[]sandbox.Device](t, body)
	if len(devices) != 1 || devices[0].Device != "gps_adid=d1" || devices[0].Sessions != 1 || devices[0].ADID == "" {
		t.Errorf("devices %s", body)
	}
	which := `{"app_token":"abc123def456","environment":"sandbox","device":"gps_adid=d1"}`
	if status, body := control(s, "POST", "/sandbox/forget", which); status != 200 {
		t.Errorf("forget: %d %s", status, body)
	}
	if status, body := control(s, "POST", "/sandbox/forget", which); status != 404 || !strings.Contains(body, "no such device") {
		t.Errorf("forget again: %d %s", status, body)
	}
	if _, body := control(s, "GET", "/sandbox/devices", ""); strings.TrimSpace(body) != "[]" {
		t.Errorf("devices %s", body)
	}
	install(t, s)
	control(s, "POST", "/sandbox/reset", "")
	if len(s.Devices(0, 0)) != 0 || len(s.Requests()) != 0 || s.Totals().Requests != 0 {
		t.Error("something was left after a reset")
	}
}

func TestControlFaults(t *testing.T) {
	s := newServer(t, sandbox.Config{})
	status, body := control(s, "POST", "/sandbox/faults", `[{"kind":"status","status":503,"probability":0.5,"retry_after":"2","path":"/event"},{"kind":"reset_after"}]`)
	if status != 200 || len(s.Faults()) != 2 || s.Faults()[0].Status != 503 {
		t.Errorf("%d %s", status, body)
	}
	if _, got := control(s, "GET", "/sandbox/faults", ""); got != body {
		t.Errorf("got %s, set %s", got, body)
	}
	for _, bad := range []string{"", "{}", `[{"kind":"hiccup"}]`, `[{"kind":"html","chance":1}]`, `[] []`} {
		if status, body := control(s, "POST", "/sandbox/faults", bad); status != 400 || !strings.Contains(body, "error") {
			t.Errorf("%q: %d %s", bad, status, body)
		}
	}
	if status, _ := control(s, "DELETE", "/sandbox/faults", ""); status != 200 || len(s.Faults()) != 0 {
		t.Errorf("clearing: %d", status)
	}
	if status, _ := control(s, "PUT", "/sandbox/faults", ""); status != 405 {
		t.Errorf("PUT: %d", status)
	}
	if len(s.Requests()) != 0 {
		t.Error("control requests were recorded")
	}
}

func TestMemoryIsBounded(t *testing.T) {
	s := newServer(t, sandbox.Config{KeepRequests: 10, KeepCounts: 20, KeepDevices: 5, Compact: true, CountBy: "n"})
	for i := range 100 {
		post(s, fmt.Sprint("/path", i), params())
		post(s, "/session", params("gps_adid", fmt.Sprint("d", i), "n", strconv.Itoa(i)))
	}
	requests := s.Requests()
	if len(requests) != 10 || requests[9].Seq != 200 || requests[0].Seq != 191 || requests[9].Params != nil || requests[9].Device != "gps_adid=d99" {
		t.Errorf("requests %+v", requests)
	}
	if got := len(s.Devices(0, 0)); got != 5 {
		t.Errorf("%d devices, want 5", got)
	}
	totals := s.Totals()
	if totals.Keys != 20 || totals.Uncounted != 80 || totals.Requests != 200 || totals.Counted != 100 || len(totals.Paths) > 101 {
		t.Errorf("totals %+v", totals)
	}
	s = newServer(t, sandbox.Config{KeepRequests: -1, KeepCounts: -1})
	post(s, "/session", params("deduplication_id", "x"))
	if len(s.Requests()) != 0 || len(s.Counts()) != 0 || s.Totals().Counted != 1 {
		t.Error("something was kept that should not have been")
	}
}

func TestRepeated(t *testing.T) {
	s := newServer(t, sandbox.Config{CountBy: "test_id"})
	install(t, s)
	for _, id := range []string{"b", "a", "b", "a", "c"} {
		post(s, "/event", params("event_token", "abc123", "callback_params", `{"test_id":"`+id+`"}`))
	}
	if got := fmt.Sprint(s.Repeated()); got != "[a b]" || s.Totals().Repeated != 2 {
		t.Errorf("repeated %s, totals %+v", got, s.Totals())
	}
}

func TestStart(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	s, err := sandbox.Start(ctx, "127.0.0.1:0", sandbox.Config{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := sandbox.Start(t.Context(), strings.TrimPrefix(s.URL, "http://"), sandbox.Config{}); err == nil {
		t.Error("two servers on one address")
	}
	c := client(t, time.Minute)
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			for range 20 {
				if status, body, err := send(t, c, s.URL+"/session", params("gps_adid", fmt.Sprint("d", i))); err != nil || status != 200 && status != 500 {
					t.Errorf("%v %s", err, body)
				}
			}
		})
	}
	all.Wait()
	if got := s.Totals(); got.Requests != 160 || got.Counted != 8 {
		t.Errorf("totals %+v", got)
	}
	cancel()
	<-s.Done()
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// No page may break the sandbox of whoever looks at it, or count in it.
func TestOtherSites(t *testing.T) {
	s, err := sandbox.Start(t.Context(), "127.0.0.1:0", sandbox.Config{AllowedHosts: []string{"adjust.test"}})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, row := range []struct {
		host, header, value string
		refused             int
	}{
		{"", "", "", 0},
		{"adjust.test", "", "", 0},
		{"rebound.example", "", "", 421},
		{"", "Origin", "https://evil.example", 403},
		{"", "Sec-Fetch-Site", "cross-site", 403},
		{"", "Sec-Fetch-Site", "same-origin", 0},
	} {
		for _, path := range []string{"/sandbox/faults", "/sandbox/reset", "/event"} {
			r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+path, strings.NewReader("[]"))
			if err != nil {
				t.Fatal(err)
			}
			r.Host = row.host
			r.Header.Set(row.header, row.value)
			if row.header == "" {
				r.Header = http.Header{}
			}
			answer, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			answer.Body.Close()
			refused := answer.StatusCode == http.StatusForbidden || answer.StatusCode == http.StatusMisdirectedRequest
			if refused != (row.refused != 0) || refused && answer.StatusCode != row.refused {
				t.Errorf("%+v %s: %d", row, path, answer.StatusCode)
			}
		}
	}
	http.DefaultClient.CloseIdleConnections()
}

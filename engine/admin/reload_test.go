package admin_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"

	"trackhook/engine/admin"
)

func TestReload(t *testing.T) {
	f := several()
	cfg := f.config()
	server := httptest.NewServer(admin.New(cfg))
	defer server.Close()
	want, _ := cfg.Reload(t.Context())
	client := admin.Client{BaseURL: server.URL}
	if got, err := client.Reload(t.Context()); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, %v; want %+v", got, err, want)
	}
	cfg.Reload = func(context.Context) (admin.Reloaded, error) {
		return admin.Reloaded{}, errors.New("trackhook.yaml:3: no\ntrackhook.yaml:4: neither")
	}
	wrong := httptest.NewServer(admin.New(cfg))
	defer wrong.Close()
	_, err := (&admin.Client{BaseURL: wrong.URL}).Reload(t.Context())
	refused, ok := errors.AsType[*admin.AnswerError](err)
	if !ok || refused.Status != http.StatusUnprocessableEntity || refused.Detail != "trackhook.yaml:3: no; trackhook.yaml:4: neither" {
		t.Errorf("an invalid configuration: %v", err)
	}
}

// A token for the metrics opens them, and nothing else; not the reasons of the health either.
func TestCheckMetrics(t *testing.T) {
	f := several()
	cfg := f.config()
	cfg.Health = func() []string { return []string{"a reason"} }
	bears := func(secret string) func(*http.Request) bool {
		return func(r *http.Request) bool { return r.Header.Get("Authorization") == "Bearer "+secret }
	}
	cfg.Access, cfg.CheckMetrics = bearing("all"), bears("scrape")
	h := admin.New(cfg)
	for path, statuses := range map[string][3]int{"/metrics": {200, 200, 401}, "/api/v1/stats": {200, 401, 401}, "/metrics/x": {404, 401, 401}} {
		for i, secret := range []string{"all", "scrape", "none"} {
			w := post(h, "GET", path, "", func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+secret) })
			if w.Code != statuses[i] {
				t.Errorf("%s with %q: %d, want %d", path, secret, w.Code, statuses[i])
			}
			if says := strings.Contains(w.Body.String(), "or metrics"); says != (path == "/metrics" && w.Code == 401) {
				t.Errorf("%s with %q: %s", path, secret, w.Body)
			}
		}
	}
	w := post(h, "GET", "/healthz", "", func(r *http.Request) { r.Header.Set("Authorization", "Bearer scrape") })
	if strings.Contains(w.Body.String(), "a reason") {
		t.Errorf("the health tells %s", w.Body)
	}
}

// Tokens may come and go while the host runs: without any, this machine alone may ask.
func TestChecksComeAndGo(t *testing.T) {
	var checks atomic.Bool
	f := several()
	cfg := f.config()
	cfg.Access = bearing("s3cret")
	cfg.Checks = checks.Load
	h := admin.New(cfg)
	far := func(r *http.Request) { r.RemoteAddr, r.Host = "192.0.2.1:1", "trackhook.example" }
	bearer := func(r *http.Request) { r.Header.Set("Authorization", "Bearer s3cret") }
	for _, on := range []bool{false, true, false} {
		checks.Store(on)
		near, away := 200, 403
		if on {
			near, away = 401, 200
		}
		if got := post(h, "GET", "/api/v1/stats", "").Code; got != near {
			t.Errorf("with tokens %t, this machine without one: %d", on, got)
		}
		if got := post(h, "GET", "/api/v1/stats", "", far, bearer).Code; got != away {
			t.Errorf("with tokens %t, another machine with one: %d", on, got)
		}
	}
}

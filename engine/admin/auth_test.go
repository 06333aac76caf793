package admin_test

import (
	"net/http"
	"strings"
	"testing"

	"trackhook/engine"
	"trackhook/engine/admin"
)

// Every route but the health checks refuses who may not ask, and tells and changes nothing.
func TestWhoMayAsk(t *testing.T) {
	far := func(r *http.Request) { r.RemoteAddr, r.Host = "192.0.2.1:1", "trackhook.example" }
	foreign := func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") }
	bearer := func(text string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+text) }
	}
	for _, route := range admin.Routes() {
		f := several()
		path := strings.ReplaceAll(route.Path, "{id}", "p1")
		do := func(h http.Handler, change ...func(*http.Request)) int {
			return post(h, route.Method, path, `{"filter":{}}`, change...).Code
		}
		open := route.Path == "/healthz" || route.Path == "/readyz"
		cfg := f.config()
		done := make(chan struct{})
		close(done)
		cfg.Done = done // a tail ends at once
		local := admin.New(cfg)
		cfg.Check = func(r *http.Request) bool { return r.Header.Get("Authorization") == "Bearer s3cret" }
		withToken := admin.New(cfg)
		for name, row := range map[string]struct{ got, want int }{
			"far":                 {do(local, far), 403},
			"far, with a token":   {do(local, far, bearer("s3cret")), 403},
			"no token":            {do(withToken), 401},
			"wrong token":         {do(withToken, far, bearer("other")), 401},
			"another site's page": {do(local, foreign), 403},
			"with a token":        {do(withToken, foreign, bearer("s3cret")), 403},
		} {
			want := row.want
			// Browsers do not show the answer of a GET to pages of other sites.
			if reads := route.Method == http.MethodGet; open || reads && strings.HasPrefix(name, "another") || reads && name == "with a token" {
				want = 200
			}
			if want == 200 && strings.HasPrefix(route.Path, "/api/v1/scripts") {
				want = 501 // it was let in, and this host has none
			}
			if row.got != want {
				t.Errorf("%s %s, %s: %d, want %d", route.Method, path, name, row.got, want)
			}
		}
		if f.count(engine.Queued) != 2 || f.count(engine.Dead) != 2 {
			t.Errorf("%s %s changed something", route.Method, path)
		}
	}
}

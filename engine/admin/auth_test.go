package admin_test

import (
	"net/http"
	"strings"
	"testing"

	"trackhook/engine"
	"trackhook/engine/admin"
	"trackhook/engine/site"
)

// bearing lets whoever bears a token do everything, and nobody else anything.
func bearing(secret string) func(*http.Request) (site.Access, bool) {
	return func(r *http.Request) (site.Access, bool) {
		if r.Header.Get("Authorization") == "Bearer "+secret {
			return site.All, true
		}
		return 0, false
	}
}

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
		cfg.Access = bearing("s3cret")
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
			if open {
				want = 200
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

// Reading, operating and writing scripts are three things, and who may do one of the others may read.
func TestAccess(t *testing.T) {
	may := site.Access(0)
	f := several()
	cfg := f.config()
	done := make(chan struct{})
	close(done)
	cfg.Done = done
	cfg.Access = func(*http.Request) (site.Access, bool) { return may, true }
	checked := admin.New(cfg)
	cfg.Checks, cfg.Local = func() bool { return false }, site.Read
	local := admin.New(cfg)
	for _, may = range []site.Access{0, site.Read, site.Read | site.Operate, site.Read | site.Scripts, site.All} {
		for _, route := range admin.Routes() {
			if route.Path == "/healthz" || route.Path == "/readyz" {
				continue
			}
			path := strings.NewReplacer("{id}", "unknown", "{name}", "unknown").Replace(route.Path)
			w := post(checked, route.Method, path+"?unheard_of=1", "{}")
			if refused := w.Code == 403; refused == may.Has(route.Need) {
				t.Errorf("%s %s for %q: %d %s", route.Method, path, may, w.Code, w.Body)
			}
			if challenge := w.Header().Get("WWW-Authenticate"); w.Code == 403 && challenge != `Bearer realm="trackhook", error="insufficient_scope", scope="`+route.Need.String()+`"` {
				t.Errorf("%s %s: challenge %s", route.Method, path, challenge)
			}
			// A host without tokens lets its machine do what it always may, and whoever has signed in what that says.
			w = post(local, route.Method, path+"?unheard_of=1", "{}")
			if refused := w.Code == 403; refused == (may | site.Read).Has(route.Need) {
				t.Errorf("%s %s here, and %q beside: %d %s", route.Method, path, may, w.Code, w.Body)
			}
		}
	}
}

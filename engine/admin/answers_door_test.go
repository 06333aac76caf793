package admin_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"

	"trackhook/engine"
	"trackhook/engine/console"
	"trackhook/engine/ingest"
	"trackhook/engine/site"
)

// remembering takes packages, and knows them again.
type remembering map[string]engine.Package

func (r remembering) Track(_ context.Context, packages ...engine.Package) error {
	for _, p := range packages {
		r[p.ID] = p
	}
	return nil
}

func (r remembering) lookup(_ context.Context, id string) (engine.PackageState, error) {
	p, known := r[id]
	if !known {
		return engine.PackageState{}, engine.ErrNotFound
	}
	return engine.PackageState{Package: p}, nil
}

// newPaced is a door that takes one request of pages.
func newPaced(t *testing.T) http.Handler {
	t.Helper()
	pages, err := ingest.NewPages([]string{"https://game.example"}, nil, 1)
	if err != nil {
		t.Fatal(err)
	}
	h, err := ingest.New(ingest.Config{
		Tracker: trackerFunc(nil), Pages: pages,
		Attribution: func(context.Context, *engine.Package) (ingest.Attribution, error) { return ingest.Attribution{}, nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func isForPages(path string) bool {
	return slices.Contains([]string{"/session", "/event", "/gdpr_forget_device", "/third_party_sharing", "/attribution"}, path)
}

func fromPage(r *http.Request) { r.Header.Set("Origin", "https://game.example") }

// door holds the answers of the intake against the description.
func (d *description) door(t *testing.T) {
	t.Helper()
	const base = "app_token=" + token + "&environment=sandbox&gps_adid=d1&event_token=f0ob4r&revenue=1&currency=EUR&source=x&ad_impressions_count=1&sharing=enable"
	const line = `{"kind":"event","app_token":"` + token + `","environment":"sandbox","device":"gps_adid=d1","params":{"event_token":"f0ob4r"}}`
	secret, err := ingest.NewToken("s3cret", 0)
	if err != nil {
		t.Fatal(err)
	}
	foreign := func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") }
	typed := func(r *http.Request) { r.Header.Set("Content-Type", "text/xml") }
	elsewhere, err := ingest.New(ingest.Config{
		Tracker: trackerFunc(nil), Apps: []engine.App{{Token: "xyz123def456", Environment: engine.Sandbox}},
		Attribution: func(context.Context, *engine.Package) (ingest.Attribution, error) { return ingest.Attribution{}, nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	// Every key has named something else before.
	taken, err := ingest.New(ingest.Config{Tracker: trackerFunc(nil), Lookup: func(context.Context, string) (engine.PackageState, error) {
		return engine.PackageState{}, nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	panicking, err := ingest.New(ingest.Config{
		Tracker: trackerFunc(nil), Attribution: func(context.Context, *engine.Package) (ingest.Attribution, error) { panic("a bug") },
	})
	if err != nil {
		t.Fatal(err)
	}
	keyed := func(r *http.Request) { r.Header.Set("Idempotency-Key", "k") }
	broken, err := ingest.New(ingest.Config{Tracker: trackerFunc(func() error { panic("a bug") })})
	if err != nil {
		t.Fatal(err)
	}
	var hosts site.Hosts
	for _, route := range d.methodsOf() {
		method, path, _ := strings.Cut(route, " ")
		if strings.HasPrefix(path, "/api/") || strings.HasPrefix(path, console.Path) || path == "/healthz" || path == "/readyz" || path == "/metrics" {
			continue
		}
		target, body := path, base
		switch {
		case path == "/v1/packages":
			body = line
		case method == "GET":
			target, body = path+"?"+base, ""
		}
		d.hold(t, newDoor(t, nil), method, target, body, 200)
		d.hold(t, newDoor(t, nil), method, path, "", 400)
		d.hold(t, newDoor(t, nil, secret), method, target, body, 401)
		d.hold(t, newDoor(t, nil), method, target, body, 403, foreign)
		d.hold(t, elsewhere, method, target, body, 404)
		d.hold(t, newDoor(t, engine.ErrFull), method, target, body, 503)
		if isForPages(path) {
			paced := newPaced(t)
			d.hold(t, paced, method, target, body, 400, fromPage) // it speaks for a device that is no browser
			d.hold(t, paced, method, target, body, 429, fromPage)
		}
		if path == "/attribution" {
			d.hold(t, panicking, method, target, body, 500)
			d.hold(t, hosts.Check(newDoor(t, nil)), method, target, body, 421, misdirected)
			continue
		}
		d.hold(t, taken, method, target, body, 422, keyed)
		d.hold(t, broken, method, target, body, 500)
		d.hold(t, hosts.Check(newDoor(t, nil)), method, target, body, 421, misdirected)
		known := remembering{}
		again, err := ingest.New(ingest.Config{Tracker: known, Lookup: known.lookup})
		if err != nil {
			t.Fatal(err)
		}
		d.hold(t, again, method, target, body, 200, keyed)
		d.hold(t, again, method, target, body, 200, keyed)
		if method == "POST" {
			d.hold(t, newDoor(t, nil), method, path, strings.Repeat("a", 20<<20), 413)
		}
		switch {
		case path == "/v1/packages":
			d.hold(t, newDoor(t, nil), method, path, body, 415, func(r *http.Request) { r.Header.Set("Content-Encoding", "gzip") })
		case method == "POST":
			d.hold(t, newDoor(t, nil), method, path, body, 415, typed)
		}
	}
	d.hold(t, newDoor(t, nil), "POST", "/v1/packages", line+"\n{", 400)
}

package admin_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"trackhook/engine"
	"trackhook/engine/admin"
)

// queued holds the answers about many queued packages against the description.
func (d *description) queued(t *testing.T, h http.Handler, f *fake) {
	t.Helper()
	const path = "/api/v1/queue/drop"
	d.hold(t, h, "GET", "/api/v1/queue/count?state=queued&device=idfv=30", "", 200)
	f.add(30, nil)
	d.hold(t, h, "POST", path, `{"ids":["p30"]}`, 200)
	d.hold(t, h, "POST", path, strings.Repeat(" ", 5<<20), 413)
	d.hold(t, h, "POST", path, `{}`, 415, func(r *http.Request) { r.Header.Set("Content-Type", "text/csv") })
	f.add(31, nil)
	f.onDead = func([]string) error {
		d.hold(t, h, "POST", path, `{"ids":["p31"]}`, 409)
		return nil
	}
	d.hold(t, h, "POST", path, `{"ids":["p31"]}`, 200)
	f.onDead = nil
}

// Queued packages are dropped by what they are and by their lane; dead letters are left alone, and what comes meanwhile.
func TestDropQueued(t *testing.T) {
	f := newFake()
	for i := range 20 {
		f.add(i, func(s *engine.PackageState) {
			s.Accepted = time.Now().Add(-time.Minute)
			s.Package.Device = []string{"idfv=a", "idfv=b"}[i%2]
			if i >= 15 {
				dead(engine.Rejected)(s)
			}
		})
	}
	h := admin.New(f.config())
	if w := post(h, "GET", "/api/v1/queue/count?device=idfv%3Da", ""); w.Code != 200 || strings.TrimSpace(w.Body.String()) != `{"queued":8,"dead":2,"complete":true}` {
		t.Errorf("counted %d %s", w.Code, w.Body)
	}
	late := true
	f.onDead = func([]string) error {
		if late {
			late = false
			f.mu.Lock()
			defer f.mu.Unlock()
			f.add(99, func(s *engine.PackageState) { s.Accepted, s.Package.Device = time.Now().Add(time.Minute), "idfv=a" })
		}
		return nil
	}
	got, _ := last(t, post(h, "POST", "/api/v1/queue/drop", `{"filter":{"device":"idfv=a"},"rate":10000}`))
	if (got != admin.Progress{Changed: 8, Done: true}) || f.count(engine.Done) != 8 || f.count(engine.Dead) != 5 || f.find("p99").Status != engine.Queued {
		t.Errorf("%+v, %d dropped, %d dead", got, f.count(engine.Done), f.count(engine.Dead))
	}
	// One that is dead is not for this door.
	got, _ = last(t, post(h, "POST", "/api/v1/queue/drop", `{"ids":["p1","p15","nope"],"rate":10000}`))
	if (got != admin.Progress{Changed: 1, Skipped: 2, Done: true}) || f.find("p15").Status != engine.Dead {
		t.Errorf("%+v", got)
	}
	for _, wrong := range []string{`{"filter":{"state":"dead"}}`, `{"filter":{"search":"x"}}`, `{}`, `{"ids":["p3"],"to":{"app_token":"abc123def456","environment":"sandbox"}}`} {
		if w := post(h, "POST", "/api/v1/queue/drop", wrong); w.Code != 400 {
			t.Errorf("%s: %d %s", wrong, w.Code, w.Body)
		}
	}
}

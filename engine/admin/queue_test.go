package admin_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"trackhook/engine"
	"trackhook/engine/admin"
)

// withTrouble makes a host of three apps, of which one is blocked, one slowed and one sent to a server that is down.
func withTrouble(cfg *admin.Config) {
	app := func(token string) engine.App { return engine.App{Token: token, Environment: engine.Sandbox} }
	cfg.Apps = []engine.App{app(token), app("slow12345678"), app("down12345678"), app("open12345678")}
	serves := cfg.Serves
	cfg.Serves = func(a engine.App) bool { return (serves == nil || serves(a)) && a.Token != gone }
	cfg.Endpoint = func(a engine.App) string { return "https://" + a.Token[:4] + ".example" }
	cfg.State = func() engine.Health {
		return engine.Health{
			Apps: []engine.AppHealth{
				{App: app(token), Cause: engine.PauseBlocked, Message: "App is inactive", Since: noon(), Probe: noon().Add(time.Hour)},
				{App: app("slow12345678"), Cause: engine.PauseSlowed, Message: "too many", Since: noon()},
			},
			Endpoints:   []engine.EndpointHealth{{Endpoint: "https://down.example", Down: "connection refused", Since: noon()}},
			Held:        []engine.HeldApp{{App: app(gone), Packages: 1}},
			Stalls:      []engine.Stall{{Endpoint: "https://open.example", Since: noon(), Message: "502", Waiting: 7}},
			Dead:        []engine.DeadCount{{App: app(token), Reason: engine.Rejected, Packages: 12}},
			DeadRevenue: 3,
			Lost:        []engine.Lost{{Listener: "plugin/slack", Responses: 9, Unseen: 9}},
			Oldest:      noon(), Full: "the disk is full", Damaged: "package x cannot be read",
		}
	}
	cfg.Beside = func() []string { return []string{"the certificate ends soon"} }
	cfg.Room = func(context.Context) (used, free uint64, known bool) { return 64 << 20, 512 << 20, true }
	cfg.Settings = func() []admin.Setting {
		return []admin.Setting{{Key: "listen", Value: ":1", From: "--listen", Default: "127.0.0.1:8787", Meaning: "where"}}
	}
}

// What waits is counted by app, with what it waits for.
func TestQueue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		cfg := f.config()
		withTrouble(&cfg)
		lane := func(app string, change func(*engine.LaneState)) {
			state := engine.LaneState{Lane: engine.Lane{App: engine.App{Token: app, Environment: engine.Sandbox}, Device: fmt.Sprint("a=", len(f.lanes))}, Queued: 2, Head: "p1"}
			change(&state)
			f.lanes = append(f.lanes, state)
		}
		lane(token, func(s *engine.LaneState) { s.Leased = true })
		lane(token, func(s *engine.LaneState) { s.Waiting = true })
		lane(token, func(s *engine.LaneState) { s.Due = time.Now().Add(time.Hour) })
		lane(token, func(s *engine.LaneState) { s.Due = time.Now() })
		lane(gone, func(*engine.LaneState) {})
		h := admin.New(cfg)
		var queue admin.Queue
		if err := json.Unmarshal(ask(h, "GET", "/api/v1/queue").Body.Bytes(), &queue); err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, app := range queue.Apps {
			got = append(got, fmt.Sprint(app.AppToken, " ", app.Queued, "/", app.Lanes, " ", app.Leased, app.Waiting, app.Later, app.Due, " ", app.State, " ", app.Endpoint, " ", app.Message, " ", app.Dead))
		}
		wantText(t, strings.Join(got, "\n"), `abc123def456 8/4 1 1 1 1 blocked https://abc1.example App is inactive [{rejected 12}]
down12345678 0/0 0 0 0 0 down https://down.example connection refused []
gone12345678 2/1 0 0 0 1 held  this host is not configured for the app; drop its packages, or give them to another app []
open12345678 0/0 0 0 0 0 open https://open.example  []
slow12345678 0/0 0 0 0 0 slowed https://slow.example too many []`)
		if !queue.Complete || !queue.Apps[0].Probe.Equal(noon().Add(time.Hour)) {
			t.Errorf("queue %+v", queue)
		}
		for device, halted := range map[string]string{"a=0": "the server refuses the app: App is inactive", "a=4": "this host is not configured"} {
			body := ask(h, "GET", "/api/v1/lanes?device="+strings.Replace(device, "=", "%3D", 1)).Body.String()
			if !strings.Contains(body, `"halted_by":"`+halted) {
				t.Errorf("lane %s: %s", device, body)
			}
		}
	})
}

// A lane is tried now that waits for a later time; where that is of no use by itself, the answer says so.
func TestHastenLane(t *testing.T) {
	f := newFake()
	f.lanes = []engine.LaneState{{
		Lane: engine.Lane{App: engine.App{Token: token, Environment: engine.Sandbox}, Device: "gps_adid=d1"}, Queued: 2, Head: "p1", Due: time.Now().Add(time.Hour),
	}}
	cfg := f.config()
	cfg.Apps = []engine.App{f.lanes[0].Lane.App}
	withTrouble(&cfg)
	h := admin.New(cfg)
	due := `"lane":{"app_token":"abc123def456","environment":"sandbox","device":"gps_adid=d1","queued":2,"head":"p1","due":"2026-01-02T12:00:00Z","leased":false,"waiting":false,` +
		`"waiting_on":"turn","halted_by":"the server refuses the app: App is inactive"}}`
	want(t, post(h, "POST", "/api/v1/lanes/hasten", hastenBody), 200, `{"hastened":true,`+due)
	want(t, post(h, "POST", "/api/v1/lanes/hasten", hastenBody), 200, `{"hastened":false,`+due)
	for body, wanted := range map[string]string{
		`{"device":"d1"}`: "must be KIND=ID",
		`{"device":"gps_adid=d1","app_token":"` + gone + `","environment":"sandbox"}`: "no such app is configured; there are abc123def456 (sandbox)",
		`{"device":"gps_adid=d1"}`: "say which app",
	} {
		if w := post(h, "POST", "/api/v1/lanes/hasten", body); w.Code/100 != 4 || !strings.Contains(w.Body.String(), wanted) {
			t.Errorf("%s: %d %s", body, w.Code, w.Body)
		}
	}
	f.lanes = nil
	want(t, post(h, "POST", "/api/v1/lanes/hasten", hastenBody), 404,
		`{"error":"Not found","detail":"nothing of \"gps_adid=d1\" is queued for app abc123def456 (sandbox)"}`)
	_, client := serve(t, h)
	if _, err := client.HastenLane(t.Context(), admin.LaneName{AppToken: token, Environment: "sandbox", Device: "gps_adid=d1"}); err == nil || !strings.Contains(err.Error(), "is queued for app") {
		t.Errorf("error %v", err)
	}
}

// Counting many devices ends in time, and is not done again at once.
func TestQueueOfManyDevices(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		cfg := f.config()
		slow := &slowLanes{fake: f}
		cfg.Inspector = slow
		h := admin.New(cfg)
		for range 3 {
			var queue admin.Queue
			if err := json.Unmarshal(ask(h, "GET", "/api/v1/queue").Body.Bytes(), &queue); err != nil || queue.Complete || queue.Apps[0].Lanes != 3 {
				t.Errorf("queue %+v", queue)
			}
		}
		if slow.pages != 3 {
			t.Errorf("%d pages were read", slow.pages)
		}
		time.Sleep(time.Minute)
		ask(h, "GET", "/api/v1/queue")
		if slow.pages != 6 {
			t.Errorf("%d pages were read in all", slow.pages)
		}
	})
}

// slowLanes has no end of lanes, and takes a second for each page.
type slowLanes struct {
	*fake
	pages int
}

func (s *slowLanes) Lanes(context.Context, engine.Filter, string, int) ([]engine.LaneState, string, error) {
	s.pages++
	time.Sleep(time.Second)
	return []engine.LaneState{{Lane: engine.Lane{App: engine.App{Token: token, Environment: engine.Sandbox}}, Queued: 1}}, "more", nil
}

// Packages are found by what people have in hand, in steps where there are many.
func TestSearch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		for n := range 400 {
			f.add(n, func(s *engine.PackageState) {
				s.Package.CallbackID = fmt.Sprint("Order-", n)
				s.Package.Device = fmt.Sprint("gps_adid=D", n%2)
			})
		}
		f.add(999, func(s *engine.PackageState) { s.Status = engine.Done })
		cfg := f.config()
		h := admin.New(cfg)
		for search, want := range map[string]string{"ORDER-17": "p17 p170 p171 p172 p173 p174 p175 p176 p177 p178 p179", "p399": "p399", "p999": "p999", "nothing": "", "d1&limit=2": "p1 p3"} {
			var page struct{ Packages []admin.Package }
			if err := json.Unmarshal(ask(h, "GET", "/api/v1/packages?search="+search).Body.Bytes(), &page); err != nil {
				t.Fatal(err)
			}
			wantText(t, ids(page.Packages), want)
		}
		if w := ask(h, "GET", "/api/v1/packages?search="+strings.Repeat("a", 201)); w.Code != 400 {
			t.Errorf("a long one: %d", w.Code)
		}
		cfg.Inspector = &slowPackages{f}
		h = admin.New(cfg)
		var found strings.Builder
		next := ""
		for range 4 {
			var page struct {
				Packages   []admin.Package
				Next       string
				Incomplete bool
			}
			target := "/api/v1/packages?search=order-399"
			if next != "" {
				target += "&page=" + next
			}
			if err := json.Unmarshal(ask(h, "GET", target).Body.Bytes(), &page); err != nil {
				t.Fatal(err)
			}
			found.WriteString(ids(page.Packages))
			if next = page.Next; page.Incomplete != (next != "") {
				t.Errorf("page %+v", page)
			}
			if next == "" {
				break
			}
		}
		wantText(t, found.String(), "p399")
	})
}

// slowPackages takes a second for each page.
type slowPackages struct{ *fake }

func (s *slowPackages) Packages(ctx context.Context, filter engine.Filter, page string, limit int) ([]engine.PackageState, string, error) {
	time.Sleep(time.Second)
	return s.fake.Packages(ctx, filter, page, limit)
}

// Each part says how it does and what to do.
func TestComponents(t *testing.T) {
	f := several()
	cfg := f.config()
	read := func(cfg admin.Config) (all admin.Components) {
		t.Helper()
		if err := json.Unmarshal(ask(admin.New(cfg), "GET", "/api/v1/health").Body.Bytes(), &all); err != nil {
			t.Fatal(err)
		}
		return all
	}
	cfg.Plugins = livePlugins
	for _, c := range read(cfg).Components {
		if c.Status != "ok" || c.Summary == "" || len(c.Problems) > 0 {
			t.Errorf("a host that is well: %+v", c)
		}
	}
	cfg.Plugins = somePlugins
	withTrouble(&cfg)
	trouble := map[string]int{}
	all := read(cfg)
	for _, c := range all.Components {
		trouble[c.Name] = len(c.Problems)
		for _, p := range c.Problems {
			if p.Text == "" || p.Todo == "" && c.Name != "host" {
				t.Errorf("%s: %+v", c.Name, p)
			}
		}
	}
	want := map[string]int{"store": 1, "disk": 1, "intake": 1, "queue": 0, "endpoints": 2, "apps": 3, "dead": 1, "plugins": 3, "host": 1, "hosts": 0}
	if fmt.Sprint(trouble) != fmt.Sprint(want) || all.Status != "degraded" {
		t.Errorf("%s: problems %v, want %v", all.Status, trouble, want)
	}
	f.fail(errors.New("disk on fire"))
	if all := read(cfg); all.Status != "failing" || all.Components[0].Status != "failing" || all.Components[2].Status != "failing" {
		t.Errorf("a store that fails: %+v", all)
	}
}

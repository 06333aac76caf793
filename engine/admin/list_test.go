package admin_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"trackhook/engine"
	"trackhook/engine/admin"
)

// rowsOf decodes a page of packages.
func rowsOf(t *testing.T, w *httptest.ResponseRecorder) (rows []admin.Package, next string) {
	t.Helper()
	var page struct {
		Packages []admin.Package `json:"packages"`
		Next     string          `json:"next"`
	}
	if err := json.Unmarshal(w.Body.Bytes(), &page); w.Code != 200 || err != nil {
		t.Fatalf("answer %d %s", w.Code, w.Body)
	}
	return page.Packages, page.Next
}

// several are packages of every state.
func several() *fake {
	f := newFake()
	f.add(1, nil)
	f.add(2, func(s *engine.PackageState) {
		s.Package.Kind, s.Package.Params = engine.KindSession, map[string]string{"gps_adid": "d2"}
		s.Package.Device, s.Last, s.Attempts, s.Failures = "gps_adid=d2", engine.Retry, 3, 2
		s.Due, s.Seq = noon().Add(time.Hour), 7
	})
	f.add(3, dead(engine.Rejected))
	f.add(4, func(s *engine.PackageState) {
		dead(engine.Unclear)(s)
		s.Package.App.Environment = engine.Production
		s.Package.Params = map[string]string{"event_token": "other1", "revenue": "1.99", "currency": "EUR"}
		s.Accepted = noon().Add(-48 * time.Hour)
	})
	f.add(5, func(s *engine.PackageState) { s.Status = engine.Done })
	return f
}

func TestPackages(t *testing.T) {
	h := admin.New(several().config())
	want(t, ask(h, "GET", "/api/v1/packages?limit=2"), 200, `{"packages":[`+
		`{"id":"p1","kind":"event","app_token":"abc123def456","environment":"sandbox","device":"gps_adid=d1","event_token":"f0ob4r","created":"2026-01-02T12:00:00Z","accepted":"2026-01-02T12:00:00Z","state":"queued","attempts":0,"failures":0},`+
		`{"id":"p2","kind":"session","app_token":"abc123def456","environment":"sandbox","device":"gps_adid=d2","created":"2026-01-02T12:00:00Z","accepted":"2026-01-02T12:00:00Z","state":"queued","attempts":3,"failures":2,"reason":"retry","due":"2026-01-02T13:00:00Z","seq":7}`+
		`],"next":"from-2"}`)
	want(t, ask(h, "GET", "/api/v1/packages?page=from-3"), 200, `{"packages":[`+
		`{"id":"p4","kind":"event","app_token":"abc123def456","environment":"production","device":"gps_adid=d1","event_token":"other1","revenue":"1.99","currency":"EUR","created":"2026-01-02T12:00:00Z","accepted":"2025-12-31T12:00:00Z","state":"dead","attempts":1,"failures":0,"reason":"unclear","message":"no unclear","ended":"2026-01-02T12:01:00Z"}`+
		`]}`)
	for query, expect := range map[string]string{
		"":                                   "p1 p2 p3 p4",
		"app_token=" + token:                 "p1 p2 p3 p4",
		"app_token=xyz123def456":             "",
		"environment=production":             "p4",
		"kind=session":                       "p2",
		"device=gps_adid%3Dd2":               "p2",
		"event_token=other1":                 "p4",
		"state=queued":                       "p1 p2",
		"state=dead":                         "p3 p4",
		"reason=unclear":                     "p4",
		"after=2026-01-02":                   "p1 p2 p3",
		"before=2026-01-02":                  "p4",
		"after=2025-12-31T12:00:00Z":         "p1 p2 p3 p4",
		"before=2025-12-31T13:00:00%2B01:00": "",
		"kind=event&state=dead&reason=rejected&environment=sandbox": "p3",
	} {
		rows, _ := rowsOf(t, ask(h, "GET", "/api/v1/packages?"+query))
		if got := ids(rows); got != expect {
			t.Errorf("%s: got %q, want %q", query, got, expect)
		}
	}
	rows, _ := rowsOf(t, ask(h, "GET", "/api/v1/dead?kind=event"))
	wantText(t, ids(rows), "p3 p4")
}

func TestAges(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		h := admin.New(f.config())
		ask(h, "GET", "/api/v1/packages?after=3d&before=2h")
		expect := engine.Filter{After: time.Now().Add(-72 * time.Hour), Before: time.Now().Add(-2 * time.Hour)}
		if diff := cmp.Diff(expect, f.filter); diff != "" {
			t.Error(diff)
		}
	})
}

func TestRefusedQueries(t *testing.T) {
	const (
		outcomes = "delivered, duplicate, retry, wait_for_device, blocked, unclear, rejected, expired, dropped"
		when     = "is neither a time such as 2026-01-02T15:04:05Z, nor a day such as 2026-01-02, nor an age such as 2h or 3d"
	)
	h := admin.New(several().config())
	for target, body := range map[string]string{
		"packages?colour=red&zebra=1":          `Unknown parameter|parameter \"colour\" is not known; this takes app_token, environment, kind, device, event_token, state, reason, after, before, search, page, limit`,
		"dead?state=dead":                      `Unknown parameter|parameter \"state\" is not known; this takes app_token, environment, kind, device, event_token, reason, after, before, page, limit`,
		"dead/summary?page=1":                  `Unknown parameter|parameter \"page\" is not known; this takes app_token, environment, kind, device, event_token, reason, after, before`,
		"lanes?kind=event":                     `Unknown parameter|parameter \"kind\" is not known; this takes app_token, environment, device, heads, page, limit`,
		"stats?x=1":                            `Unknown parameter|parameter \"x\" is not known; this takes none`,
		"packages/p1?x":                        `Unknown parameter|parameter \"x\" is not known; this takes none`,
		"packages?kind=":                       `Invalid kind|kind is empty; leave it out, or give it a value`,
		"packages?kind=event&kind=x":           `Invalid query|parameter \"kind\" is given 2 times; give it once`,
		"packages?kind=%zz":                    `Invalid query|the query is not encoded properly: invalid URL escape \"%zz\"`,
		"packages?a;b":                         `Invalid query|the query is not encoded properly: invalid semicolon separator in query`,
		"packages?kind=purchase":               `Invalid kind|kind \"purchase\" must be one of session, event, ad_revenue, gdpr_forget_device, third_party_sharing`,
		"packages?app_token=abc":               `Invalid app_token|app_token \"abc\" must be the 12 letters and digits of Adjust's dashboard`,
		"packages?environment=live":            `Invalid environment|environment \"live\" must be sandbox or production`,
		"packages?device=d1":                   `Invalid device|device \"d1\" must be KIND=ID, such as gps_adid=38400000-8cf0-11bd-b23e-10b96e40000d`,
		"packages?state=done":                  `Invalid state|state \"done\" must be queued or dead`,
		"packages?reason=bad":                  `Invalid reason|reason \"bad\" must be one of ` + outcomes,
		"packages?after=soon":                  `Invalid after|after: \"soon\" ` + when,
		"packages?before=-2h":                  `Invalid before|before: \"-2h\" ` + when,
		"packages?after=1h&before=2h":          `Invalid after|after must be earlier than before; nothing could be found`,
		"packages?limit=0":                     `Invalid limit|limit \"0\" must be a whole number from 1 to 1000`,
		"packages?limit=1001":                  `Invalid limit|limit \"1001\" must be a whole number from 1 to 1000`,
		"packages?limit=ten":                   `Invalid limit|limit \"ten\" must be a whole number from 1 to 1000`,
		"packages?page=zzz":                    `Invalid page|page \"zzz\" is not the next of a list; start without it`,
		"lanes?page=zzz":                       `Invalid page|page \"zzz\" is not the next of a list; start without it`,
		"responses?after=2h":                   `Invalid after|after \"2h\" must be a whole number from 0 to 18446744073709551615`,
		"responses?outcome=fine":               `Invalid outcome|outcome \"fine\" must be one of ` + outcomes,
		"responses/tail?after=x":               `Invalid after|after \"x\" must be a whole number from 0 to 18446744073709551615`,
		"responses/tail?state=dead":            `Unknown parameter|parameter \"state\" is not known; this takes app_token, environment, kind, device, event_token, outcome, after`,
		"counts?from=2026-01-02&to=2026-01-01": `Invalid from|from must not be later than to`,
		"counts?from=2024-01-02&to=2026-01-01": `Invalid from|from and to must not be more than 400 days apart; ask for less at a time`,
		"counts?format=xls":                    `Invalid format|format \"xls\" must be json or csv`,
		"counts?to=soon":                       `Invalid to|to: \"soon\" ` + when,
	} {
		message, detail, _ := strings.Cut(body, "|")
		want(t, ask(h, "GET", "/api/v1/"+target), 400, `{"error":"`+message+`","detail":"`+detail+`"}`)
	}
}

func TestParseTime(t *testing.T) {
	now := noon()
	for text, expect := range map[string]time.Duration{
		"90s": 90 * time.Second, "2h": 2 * time.Hour, "3d": 72 * time.Hour, "1w": 168 * time.Hour, "1w2d3h4m": 219*time.Hour + 4*time.Minute,
		"1d12h": 36 * time.Hour, "0s": 0, "0d": 0, "1.5h": 90 * time.Minute,
	} {
		got, err := admin.ParseTime(text, now)
		if err != nil || !got.Equal(now.Add(-expect)) {
			t.Errorf("%s: %v %v", text, got, err)
		}
	}
	for _, text := range []string{"", "d", "3", "-3d", "+2h", "2h3d", "1d-2h", "99999999999d", "9999999h", "d3", "3 d", "2026-13-01", "2026-01-02 15:04", "2026-01-02T15:04:05"} {
		if got, err := admin.ParseTime(text, now); err == nil {
			t.Errorf("%q: %v", text, got)
		}
	}
}

func TestLanes(t *testing.T) {
	f := newFake()
	for _, device := range []string{"d1", "d2", "d3"} {
		f.lanes = append(f.lanes, engine.LaneState{
			Lane:   engine.Lane{App: engine.App{Token: token, Environment: engine.Sandbox}, Device: "gps_adid=" + device},
			Queued: 3, Head: "p1", Due: noon(), Waiting: device == "d1", Leased: device == "d2",
		})
	}
	f.lanes[0].Device = engine.Device{ADID: "ad1", Session: noon()}
	h := admin.New(f.config())
	want(t, ask(h, "GET", "/api/v1/lanes?limit=1&device=a%3Db&environment=sandbox"), 200, `{"lanes":[{"app_token":"abc123def456","environment":"sandbox","device":"gps_adid=d1","queued":3,"head":"p1","due":"2026-01-02T12:00:00Z","leased":false,"waiting":true,"adid":"ad1","session":"2026-01-02T12:00:00Z","waiting_on":"device"}],"next":"1"}`)
	if diff := cmp.Diff(engine.Filter{Device: "a=b", Environment: engine.Sandbox}, f.filter); diff != "" {
		t.Error(diff)
	}
	want(t, ask(h, "GET", "/api/v1/lanes?page=1&limit=1"), 200, `{"lanes":[{"app_token":"abc123def456","environment":"sandbox","device":"gps_adid=d2","queued":3,"head":"p1","due":"2026-01-02T12:00:00Z","leased":true,"waiting":false,"waiting_on":"sending"}],"next":"2"}`)
	want(t, ask(admin.New(newFake().config()), "GET", "/api/v1/lanes"), 200, `{"lanes":[]}`)
}

func TestSummary(t *testing.T) {
	f := several()
	for n := range 300 {
		f.add(100+n, func(s *engine.PackageState) {
			dead(engine.Rejected)(s)
			s.Ended = noon().Add(time.Duration(n) * time.Second)
			s.Message = "newest wins"
		})
	}
	h := admin.New(f.config())
	want(t, ask(h, "GET", "/api/v1/dead/summary"), 200, `{"dead":302,"complete":true,"reasons":[`+
		`{"app_token":"abc123def456","environment":"sandbox","reason":"rejected","count":301,"oldest":"2026-01-02T12:00:00Z","newest":"2026-01-02T12:04:59Z","message":"newest wins"},`+
		`{"app_token":"abc123def456","environment":"production","reason":"unclear","count":1,"oldest":"2026-01-02T12:01:00Z","newest":"2026-01-02T12:01:00Z","message":"no unclear"}]}`)
	want(t, ask(h, "GET", "/api/v1/dead/summary?reason=expired"), 200, `{"dead":0,"complete":true,"reasons":[]}`)
	if f.filter.State != engine.Dead {
		t.Errorf("looked at %q", f.filter.State)
	}
}

func TestRemove(t *testing.T) {
	f := several()
	f.add(6, func(s *engine.PackageState) { s.Attempts = leased })
	f.add(7, func(s *engine.PackageState) { s.Package.ID = "a/b %c" })
	h := admin.New(f.config())
	want(t, ask(h, "DELETE", "/api/v1/packages/p1"), 200, `{"dropped":1}`)
	want(t, ask(h, "DELETE", "/api/v1/packages/p3"), 200, `{"dropped":1}`)
	want(t, ask(h, "DELETE", "/api/v1/packages/"+url.PathEscape("a/b %c")), 200, `{"dropped":1}`)
	want(t, ask(h, "DELETE", "/api/v1/packages/p5"), 409, `{"error":"Conflict","detail":"package \"p5\" has left the queue already"}`)
	want(t, ask(h, "DELETE", "/api/v1/packages/p6"), 409, `{"error":"Conflict","detail":"package \"p6\" is being sent just now; try again in a moment"}`)
	want(t, ask(h, "DELETE", "/api/v1/packages/p9"), 404, `{"error":"Package not found","detail":"no package \"p9\" is queued, dead, or in the log of responses"}`)
	want(t, ask(h, "DELETE", "/api/v1/packages/"), 404, `{"error":"Not found","detail":"there is nothing at \"/api/v1/packages/\""}`)
	want(t, ask(h, "POST", "/api/v1/packages/p1"), 405, `{"error":"Method not allowed","detail":"use GET or DELETE"}`)
	if w := ask(h, "OPTIONS", "/api/v1/packages/p1"); w.Header().Get("Allow") != "GET, HEAD, DELETE, OPTIONS" {
		t.Errorf("Allow %q", w.Header().Get("Allow"))
	}
}

func TestStoreErrors(t *testing.T) {
	f := several()
	h := admin.New(f.config())
	for detail, err := range map[string]error{
		"the store does not answer; the log of the host says why":                      errors.New("disk on fire"),
		"this host is shutting down":                                                   engine.ErrClosed,
		"the queue is over its high-water mark; ask again when there is room":          engine.ErrFull,
		"the disk of this host is full; ask again when there is room":                  fmt.Errorf("%w: %w", engine.ErrFull, engine.ErrDiskFull),
		"there are too many dead letters; ask again when some were retried or dropped": engine.ErrFullOfDead,
	} {
		f.fail(err)
		for _, target := range []string{
			"GET packages", "GET packages/p1", "DELETE packages/p1", "GET lanes", "GET dead", "GET dead/summary",
			"GET responses", "GET responses/tail", "GET counts", "GET stats", "POST dead/retry", "POST dead/drop",
		} {
			method, path, _ := strings.Cut(target, " ")
			w := post(h, method, "/api/v1/"+path, `{"filter":{}}`)
			want(t, w, 503, `{"error":"Service unavailable","detail":"`+detail+`"}`)
			if w.Header().Get("Retry-After") == "" {
				t.Error("no Retry-After")
			}
		}
	}
}

func TestStoreThatTellsNothing(t *testing.T) {
	h := admin.New(admin.Config{Stats: fine})
	for _, target := range []string{
		"GET packages", "GET packages/p1", "DELETE packages/p1", "GET lanes", "GET dead", "GET dead/summary",
		"GET responses", "GET responses/tail", "GET counts", "POST dead/retry", "POST dead/drop",
	} {
		method, path, _ := strings.Cut(target, " ")
		want(t, post(h, method, "/api/v1/"+path, `{"filter":{}}`), 501,
			`{"error":"Not implemented","detail":"the store of this host does not tell about packages and responses"}`)
	}
}

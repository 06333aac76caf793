package admin_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"trackhook/engine"
	"trackhook/engine/admin"
)

// counted is a store with counts.
func counted() *fake {
	f := newFake()
	day := time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC)
	app := engine.App{Token: token, Environment: engine.Sandbox}
	f.counts = []engine.Count{
		{Day: day, App: app, Kind: engine.KindSession, Accepted: 7, Outcomes: map[engine.Outcome]uint64{engine.Delivered: 5, engine.Retry: 2}, Ambiguous: 1},
		{Day: day, App: app, Kind: engine.KindEvent, EventToken: "=cmd()", Accepted: 1},
		{Day: day, App: engine.App{Token: token, Environment: engine.Production}, Kind: engine.KindEvent, EventToken: "f0ob4r", Accepted: 2},
	}
	return f
}

func TestCounts(t *testing.T) {
	f := counted()
	h := admin.New(f.config())
	const range1 = "from=2026-01-01&to=2026-01-03"
	want(t, ask(h, "GET", "/api/v1/counts?"+range1+"&kind=session"), 200, `{"from":"2026-01-01","to":"2026-01-03","counts":[{"app_token":"abc123def456","environment":"sandbox","kind":"session","day":"2026-01-02","accepted":7,"outcomes":{"blocked":0,"delivered":5,"dropped":0,"duplicate":0,"expired":0,"rejected":0,"retry":2,"unclear":0,"wait_for_device":0},"ambiguous":1}]}`)
	if diff := cmp.Diff([]string{"2026-01-01 00:00:00 +0000 UTC", "2026-01-03 00:00:00 +0000 UTC"}, []string{f.from.String(), f.to.String()}); diff != "" {
		t.Error(diff)
	}
	const table = "app_token,environment,kind,event_token,day,accepted,delivered,duplicate,retry,wait_for_device,blocked,unclear,rejected,expired,dropped,ambiguous\n" +
		"abc123def456,sandbox,session,,2026-01-02,7,5,0,2,0,0,0,0,0,0,1\n" +
		"abc123def456,sandbox,event,'=cmd(),2026-01-02,1,0,0,0,0,0,0,0,0,0,0\n" +
		"abc123def456,production,event,f0ob4r,2026-01-02,2,0,0,0,0,0,0,0,0,0,0\n"
	accept := func(types string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set("Accept", types) }
	}
	wantText(t, ask(h, "GET", "/api/v1/counts?format=csv&"+range1).Body.String(), table)
	w := ask(h, "GET", "/api/v1/counts?"+range1, accept("text/html, text/csv;q=0.9, */*"))
	wantText(t, w.Body.String(), table)
	wantText(t, w.Header().Get("Content-Type"), "text/csv; charset=utf-8; header=present")
	wantText(t, w.Header().Get("Content-Disposition"), `attachment; filename="trackhook-2026-01-01-2026-01-03.csv"`)
	for _, types := range []string{"application/json, text/csv", "*/*", "", "text/html"} {
		if w := ask(h, "GET", "/api/v1/counts", accept(types)); w.Header().Get("Content-Type") != "application/json" {
			t.Errorf("%q: %s", types, w.Header().Get("Content-Type"))
		}
	}
	w = ask(h, "GET", "/api/v1/counts?format=json", accept("text/csv"))
	wantText(t, w.Header().Get("Content-Type"), "application/json")
	for query, rows := range map[string]int{"environment=production": 1, "event_token=f0ob4r": 1, "app_token=" + token: 3, "app_token=xxx123def456": 0} {
		if got := strings.Count(ask(h, "GET", "/api/v1/counts?"+query).Body.String(), `"accepted"`); got != rows {
			t.Errorf("%s: %d rows", query, got)
		}
	}
}

func TestCountsOfTheLastWeek(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := counted() // the clock stands at midnight UTC of 2000-01-01
		h := admin.New(f.config())
		days := func() string { return f.from.Format(time.DateOnly) + " " + f.to.Format(time.DateOnly) }
		ask(h, "GET", "/api/v1/counts")
		wantText(t, days(), "1999-12-26 2000-01-01")
		ask(h, "GET", "/api/v1/counts?from=1s")
		wantText(t, days(), "1999-12-31 2000-01-01")
		ask(h, "GET", "/api/v1/counts?to=2000-03-01T00:30:00%2B01:00")
		wantText(t, days(), "2000-02-23 2000-02-29")
	})
}

func TestClientCounts(t *testing.T) {
	f := counted()
	_, client := serve(t, admin.New(f.config()))
	day := time.Date(2026, 1, 2, 15, 0, 0, 0, time.UTC)
	got, err := client.Counts(t.Context(), day, day, engine.Filter{Kind: engine.KindSession})
	if err != nil || len(got) != 1 || got[0].Outcomes[engine.Delivered] != 5 || got[0].Day != "2026-01-02" {
		t.Errorf("%+v %v", got, err)
	}
	var table strings.Builder
	if err := client.CountsCSV(t.Context(), &table, day, day, engine.Filter{}); err != nil || strings.Count(table.String(), "\n") != 4 {
		t.Errorf("%s %v", &table, err)
	}
	if err := client.CountsCSV(t.Context(), &table, day, day.AddDate(0, 0, -1), engine.Filter{}); err == nil || !strings.HasSuffix(err.Error(), "Invalid from: from must not be later than to") {
		t.Error(err)
	}
}

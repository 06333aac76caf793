package admin_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"trackhook/engine/admin"
)

// What a filter is read from, a client must be able to write again.
func FuzzFilter(f *testing.F) {
	for _, seed := range []string{
		"", "app_token=abc123def456&environment=sandbox&kind=event&device=a%3Db&event_token=x&state=dead&reason=rejected",
		"after=2h&before=1d12h", "after=2026-01-02&before=2026-01-02T15:04:05.123456789%2B14:00", "after=100y", "after=5200w1d", "kind=", "x=1",
		"after=0001-01-01T00:00:00Z", "before=9999-12-31T23:59:59-23:59", "after=1e9h", "limit=10&page=x", "device==", "reason=outcome(0)",
	} {
		f.Add(seed)
	}
	now := time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)
	h := admin.New(newFake().config())
	f.Fuzz(func(t *testing.T, query string) {
		if values, err := url.ParseQuery(query); err == nil {
			checkFilter(t, values, now)
		}
		if strings.ContainsAny(query, " \x00\r\n\t#") {
			return // no request line
		}
		target := &url.URL{Path: "/api/v1/packages", RawQuery: query}
		if _, err := url.ParseRequestURI(target.String()); err != nil {
			return
		}
		if w := ask(h, "GET", target.String()); w.Code != 200 && w.Code != 400 {
			t.Errorf("answer %d %s", w.Code, w.Body)
		}
	})
}

func checkFilter(t *testing.T, values url.Values, now time.Time) {
	t.Helper()
	filter, err := admin.ParseFilter(values, now)
	if err != nil {
		return
	}
	again, err := admin.ParseFilter(admin.FilterValues(filter), now.Add(time.Hour))
	if err != nil {
		t.Fatalf("%v: %v", values, err)
	}
	if diff := cmp.Diff(filter, again); diff != "" {
		t.Error(diff)
	}
}

func FuzzBulk(f *testing.F) {
	for _, seed := range []string{`{"ids":["a"]}`, `{"filter":{"reason":"rejected"},"rate":0.5,"max":3}`, `{"filter":null}`, `{"ids":null}`, `[]`, `{"rate":1e999}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		if err := admin.ParseBulk(body); err != nil && strings.TrimSpace(err.Error()) == "" {
			t.Error("an error without words")
		}
	})
}

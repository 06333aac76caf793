package ingest_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"trackhook/engine"
	"trackhook/engine/ingest"
)

// check holds for whatever is sent: an answer of the documented form, and packages only with 200.
func check(t *testing.T, w *httptest.ResponseRecorder, r *recorder) {
	t.Helper()
	switch w.Code {
	case 200:
		if r.calls != 1 || len(r.packages) == 0 {
			t.Fatalf("200 after %d calls with %d packages", r.calls, len(r.packages))
		}
		for i := range r.packages {
			if err := r.packages[i].Prepare(time.Now()); err != nil {
				t.Fatalf("took a package that the engine refuses: %v", err)
			}
		}
		return
	case 400, 404, 413, 415:
	default:
		t.Fatalf("status %d %s", w.Code, w.Body)
	}
	if r.calls != 0 {
		t.Fatal("stored something and refused it")
	}
	var answer struct{ Error, Detail string }
	if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil || answer.Error == "" || answer.Detail == "" {
		t.Fatalf("answer %s: %v", w.Body, err)
	}
}

// same compares what was stored with what the standard library reads.
func same(t *testing.T, text string, p *engine.Package) {
	t.Helper()
	values, err := url.ParseQuery(strings.ReplaceAll(text, ";", "%3B"))
	if err != nil {
		t.Fatalf("took what url.ParseQuery refuses: %v", err)
	}
	for name, value := range p.Params {
		if name != "ip_address" && values.Get(name) != value {
			t.Fatalf("parameter %q is %q, want %q", name, value, values.Get(name))
		}
	}
}

func FuzzForm(f *testing.F) {
	for _, seed := range []string{
		base, event, event + "&revenue=1.99&currency=EUR", event + "&callback_params=%7B%22a%22%3A%22b%22%7D&s2s=1",
		base + "&created_at=2017-01-02T15:04:05Z+0200&x=a+b%20c;d", "&&=&%", event + "&event_token=x", `{"a":1}`, base + "&created_at_unix=1543915806015",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		h, r := newHandler(t, ingest.Config{})
		check(t, call(h, http.MethodPost, "/event", body), r)
		if len(r.packages) == 1 {
			same(t, body, &r.packages[0])
		}
	})
}

func FuzzQuery(f *testing.F) {
	for _, seed := range []string{base, base + "&ip_address=::1", base + "&partner_params={}", "a=b;c=d", base + "&event_callback_id=%F0%9F%98%80"} {
		f.Add(seed, "192.0.2.1")
	}
	f.Fuzz(func(t *testing.T, query, forwarded string) {
		h, r := newHandler(t, ingest.Config{})
		request := httptest.NewRequest(http.MethodGet, "/session", http.NoBody)
		request.URL.RawQuery = query
		request.Header.Set("X-Adjust-Forwarded-For", forwarded)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, request)
		check(t, w, r)
		if len(r.packages) == 1 {
			same(t, query, &r.packages[0])
		}
	})
}

func FuzzBatch(f *testing.F) {
	good := `{"kind":"session",` + app + `,"device":"adid=x"}`
	for _, seed := range []string{
		good, good + "\n" + good, `{"kind":"event",` + app + `,"params":{"adid":"x","event_token":"abc123","revenue":1.5,"currency":"EUR"}}`,
		`{"kind":"session",` + app + `,"device":"adid=x","callback_params":{"a":"\u00e9"},"created_at_unix":1484085154}`, `[]`, `{"kind":`, "\r\n", `{"a":{"b":[1]}}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		h, r := newHandler(t, ingest.Config{})
		check(t, call(h, http.MethodPost, "/v1/packages", body), r)
		if len(r.packages) == 0 {
			return
		}
		i := 0
		for line := range strings.SplitSeq(body, "\n") {
			if strings.Trim(line, " \t\r") == "" {
				continue
			}
			var peer struct {
				Kind       engine.Kind
				CallbackID string `json:"callback_id"`
				Params     map[string]any
			}
			if err := json.Unmarshal([]byte(line), &peer); err != nil {
				t.Fatalf("took what encoding/json refuses: %v", err)
			}
			p := &r.packages[i]
			if p.Kind != peer.Kind || p.CallbackID != peer.CallbackID {
				t.Fatalf("%+v differs from %+v", p, peer)
			}
			for name, value := range peer.Params {
				if text, isText := value.(string); isText && p.Params[name] != text {
					t.Fatalf("parameter %q is %q, want %q", name, p.Params[name], text)
				}
			}
			i++
		}
	})
}

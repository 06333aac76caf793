package replay

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"trackhook/cmd/trackhook/internal/command"
	"trackhook/cmd/trackhook/internal/config"
	"trackhook/engine"
)

// recorded is a host that tells n answers, as GET /api/v1/responses does.
func recorded(t *testing.T, n int) (source *hostSource, posted *[]string) {
	t.Helper()
	posted = &[]string{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/api/v1/stats":
			_ = json.NewEncoder(w).Encode(map[string]any{"last": n})
		case "/api/v1/host":
			_ = json.NewEncoder(w).Encode(map[string]any{"app_token": "abc123def456", "environment": "sandbox", "device": map[string]string{"idfa": "i"}})
		case "/api/v1/responses":
			after, _ := strconv.Atoi(r.URL.Query().Get("after"))
			limit, _ := strconv.Atoi(r.URL.Query().Get("limit"))
			rows := []map[string]any{}
			for seq := after + 1; seq <= n && len(rows) < limit; seq++ {
				rows = append(rows, map[string]any{
					"seq": seq, "id": "p" + strconv.Itoa(seq), "kind": "event", "app_token": "abc123def456",
					"params": map[string]string{"event_token": "tok" + strconv.Itoa(seq%3)}, "environment": "sandbox",
					"outcome": "delivered", "attempt": 1, "body": map[string]any{"status": "OK"},
					"at": time.Date(2026, 5, 1, 0, 0, seq, 0, time.UTC),
				})
			}
			_ = json.NewEncoder(w).Encode(map[string]any{"responses": rows, "next": after + len(rows), "last": n})
		case "/v1/packages":
			var line struct {
				Key string `json:"idempotency_key"`
			}
			_ = json.NewDecoder(r.Body).Decode(&line)
			*posted = append(*posted, line.Key)
			_, _ = w.Write([]byte(`{"status":"OK"}`))
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(func() {
		server.Close()
		http.DefaultClient.CloseIdleConnections()
	})
	return &hostSource{client: &command.Client{URL: server.URL}}, posted
}

func TestReplaySelection(t *testing.T) {
	source, _ := recorded(t, 5000)
	now := time.Date(2026, 5, 1, 1, 23, 20, 0, time.UTC) // the 5000th second of the day
	for _, row := range []struct {
		which       answerFlags
		count       int
		first, last uint64
	}{
		{answerFlags{}, 1000, 4001, 5000},
		{answerFlags{last: 2}, 2, 4999, 5000},
		{answerFlags{last: 2, to: 100}, 2, 99, 100},
		{answerFlags{from: 10, to: 12}, 3, 10, 12},
		{answerFlags{since: "10s"}, 11, 4990, 5000},
		{answerFlags{since: "2026-05-01T01:23:19Z"}, 2, 4999, 5000},
		{answerFlags{since: "1d", eventTokens: []string{"tok0"}}, 1666, 3, 4998},
		{answerFlags{ids: []string{"p17", "p4000"}}, 2, 17, 4000},
		{answerFlags{last: 3, ids: []string{"p17", "p4000"}}, 2, 17, 4000},
		{answerFlags{kinds: []string{"session"}, last: 5}, 0, 0, 0},
		{answerFlags{outcomes: []string{"delivered", "retry"}, last: 1}, 1, 5000, 5000},
	} {
		w, err := row.which.compile(now)
		if err != nil {
			t.Fatal(err)
		}
		got, err := w.read(t.Context(), source)
		if err != nil {
			t.Fatal(err)
		}
		if len(got) != row.count || row.count > 0 && (got[0].Seq != row.first || got[len(got)-1].Seq != row.last) {
			t.Errorf("%+v selects %d answers", row.which, len(got))
		}
	}
	for _, bad := range []answerFlags{{since: "yesterday"}, {outcomes: []string{"lost"}}, {kinds: []string{"x"}}, {last: -1}} {
		if _, err := bad.compile(now); err == nil {
			t.Errorf("%+v is taken", bad)
		}
	}
}

func TestHostSource(t *testing.T) {
	source, posted := recorded(t, 3)
	if err := source.ask(t.Context()); err != nil {
		t.Fatal(err)
	}
	got, next, err := source.responses(t.Context(), 1, 10)
	if err != nil || next != 3 || len(got) != 2 {
		t.Fatalf("got %v, %d, %v", got, next, err)
	}
	r := got[0]
	if r.Seq != 2 || r.Package.Params["event_token"] != "tok2" || r.Outcome != engine.Delivered || !strings.Contains(string(r.Body), "OK") {
		t.Errorf("got %+v", r)
	}
	cfg := command.ScriptConfig(&config.Config{}, nil)
	source.adapt(&cfg)
	if cfg.Device["idfa"] != "i" || cfg.DefaultApp.Token != "abc123def456" {
		t.Errorf("got %+v", cfg)
	}
	if err := source.track(t.Context(), []engine.Package{{ID: "k1", Kind: engine.KindEvent}}); err != nil || len(*posted) != 1 || (*posted)[0] != "k1" {
		t.Errorf("posted %v, %v", *posted, err)
	}
}

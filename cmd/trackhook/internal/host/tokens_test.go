package host_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// ask returns the status of a GET with a token.
func (r *reloading) ask(path, token string) int {
	r.Helper()
	request, err := http.NewRequestWithContext(r.Context(), http.MethodGet, r.url()+path, http.NoBody)
	if err != nil {
		r.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+token)
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		r.Fatal(err)
	}
	answer.Body.Close()
	return answer.StatusCode
}

// Each token opens what its scopes say, and an address beyond this machine is warned of.
func TestScopes(t *testing.T) {
	cfg := settings(t, oneApp)
	cfg.Listen = "0.0.0.0:0"
	cfg.API.TokensFile = filepath.Join(t.TempDir(), "tokens")
	if err := os.WriteFile(cfg.API.TokensFile, []byte("all\nscrape:metrics\nsend:events,sessions\nsee:read\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	r := newReloading(t, cfg)
	r.log.await(t, `the host speaks no TLS`)
	for token, want := range map[string][3]int{
		"all": {200, 200, 200}, "scrape": {200, 401, 403}, "send": {403, 200, 403}, "see": {200, 401, 200}, "none": {401, 401, 401},
	} {
		if got := [3]int{r.ask("/metrics", token), r.track(token, "a"), r.ask("/api/v1/stats", token)}; got != want {
			t.Errorf("%s: metrics, event and counts are answered with %v, want %v", token, got, want)
		}
	}
	r.stop()
	if quiet := newReloading(t, settings(t, oneApp)); strings.Contains(quiet.log.said(), "TLS") {
		t.Error("an address of this machine is warned of")
	}
}

// said is the log up to now.
func (w *watch) said() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.String()
}

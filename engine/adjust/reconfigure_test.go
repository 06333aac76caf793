package adjust_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"trackhook/engine"
	"trackhook/engine/adjust"
)

// keeper is a server that takes some tokens only, and notes which were shown.
type keeper struct {
	mu    sync.Mutex
	takes []string
	shown []string
}

func (k *keeper) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	k.mu.Lock()
	defer k.mu.Unlock()
	token := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	k.shown = append(k.shown, token)
	if !slices.Contains(k.takes, token) {
		w.WriteHeader(http.StatusUnauthorized)
		io.WriteString(w, `{"error":"Event request failed (Failed to authorize request: `+strings.Repeat("x", len(k.shown))+`)"}`)
		return
	}
	io.WriteString(w, `{"status":"OK"}`)
}

// since returns the tokens that were shown since the last call.
func (k *keeper) since() string {
	k.mu.Lock()
	defer k.mu.Unlock()
	shown := strings.Join(k.shown, " ")
	k.shown = nil
	return shown
}

func (k *keeper) take(tokens ...string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.takes = tokens
}

// Of two tokens the server may take either, and no package waits for the change.
func TestTwoTokens(t *testing.T) {
	k := &keeper{}
	server := httptest.NewServer(k)
	defer server.Close()
	var told []string
	d := newDeliverer(t, adjust.Config{
		Endpoint: server.URL,
		Apps:     map[engine.App]adjust.Settings{testApp(): {Token: adjust.NewSecret("new"), OldToken: adjust.NewSecret("old")}},
		TokenRefused: func(app engine.App, kind engine.Kind, old bool) {
			told = append(told, app.Token+" "+string(kind)+" "+map[bool]string{true: "old", false: "new"}[old])
		},
	})
	for _, row := range []struct {
		takes   string
		outcome engine.Outcome
		shown   string
	}{
		{"new old", engine.Delivered, "new"},
		{"old", engine.Delivered, "new old"}, // the new one does not hold yet
		{"old", engine.Delivered, "old"},
		{"new old", engine.Delivered, "old"},
		{"new", engine.Delivered, "old new"}, // the old one holds no more
		{"new", engine.Delivered, "new"},
		{"", engine.Blocked, "new old"},
		{"old", engine.Delivered, "new old"},
		{"", engine.Blocked, "old new"},
		{"new", engine.Delivered, "new"},
	} {
		k.take(strings.Fields(row.takes)...)
		if r := deliver(t, d, event()); r.Outcome != row.outcome {
			t.Errorf("where %q is taken: %s, %s", row.takes, r.Outcome, r.Message)
		}
		if shown := k.since(); shown != row.shown {
			t.Errorf("where %q is taken, %q was shown, want %q", row.takes, shown, row.shown)
		}
	}
	if want := []string{"abc123def456 event old", "abc123def456 event new", "abc123def456 event old"}; !slices.Equal(told, want) {
		t.Errorf("told %q, want %q", told, want)
	}
}

func TestReconfigure(t *testing.T) {
	k := &keeper{takes: []string{"second"}}
	server := httptest.NewServer(k)
	defer server.Close()
	settings := func(token string) adjust.Config {
		return adjust.Config{Endpoint: server.URL, Apps: map[engine.App]adjust.Settings{testApp(): {Token: adjust.NewSecret(token)}}}
	}
	d := newDeliverer(t, settings("first"))
	if r := deliver(t, d, event()); r.Outcome != engine.Blocked {
		t.Errorf("%s: %s", r.Outcome, r.Message)
	}
	if _, err := d.Reconfigure(settings("sec ond")); err == nil || strings.Contains(err.Error(), "ond") {
		t.Errorf("a token with a blank: %v", err)
	}
	rules, err := adjust.LoadRules([]byte("rules:\n  - {name: all, outcome: rejected}\n"))
	if err != nil {
		t.Fatal(err)
	}
	next := settings("second")
	next.Rules = rules
	apply, err := d.Reconfigure(next)
	if err != nil {
		t.Fatal(err)
	}
	if r := deliver(t, d, event()); r.Outcome != engine.Blocked {
		t.Errorf("before it is applied: %s: %s", r.Outcome, r.Message)
	}
	apply()
	if r := deliver(t, d, event()); r.Outcome != engine.Rejected || r.Rule != "all" || d.Rules() != rules {
		t.Errorf("with rules of one's own: %s by %q", r.Outcome, r.Rule)
	}
	if apply, err = d.Reconfigure(settings("second")); err != nil {
		t.Fatal(err)
	}
	// Attempts go on meanwhile.
	var busy sync.WaitGroup
	for range 8 {
		busy.Go(func() {
			for range 20 {
				if r := deliver(t, d, event()); r.Status != http.StatusOK {
					t.Errorf("%s: %s", r.Outcome, r.Message)
				}
			}
		})
	}
	apply()
	busy.Wait()
	if r := deliver(t, d, event()); r.Outcome != engine.Delivered {
		t.Errorf("%s: %s", r.Outcome, r.Message)
	}
	if shown := k.since(); !strings.HasPrefix(shown, "first first second second") {
		t.Errorf("shown were %q", shown)
	}
}

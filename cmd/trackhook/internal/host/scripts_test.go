package host_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"trackhook/cmd/trackhook/internal/host"
	"trackhook/engine/sandbox"
	"trackhook/engine/scripts"
)

// What is saved by the API runs at the next answer, what is broken does not, and a draft is tried on what was answered.
func TestScriptsAreEditedByHTTP(t *testing.T) {
	server, err := sandbox.Start(context.Background(), "127.0.0.1:0", sandbox.Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	t.Setenv("SCRIPT_TOKENS", "w:scripts r:read o:operate s:sessions")
	cfg := settings(t, oneApp+"api: {tokens_env: SCRIPT_TOKENS}\n")
	cfg.Endpoint = server.URL
	if err := os.Mkdir(cfg.PluginsDir, 0o755); err != nil {
		t.Fatal(err)
	}
	h, log, end := serve(t, host.Config{Settings: cfg, Version: "v1"})
	as := "w"
	do := func(method, path string, body, answer any) int {
		t.Helper()
		text, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		request, err := http.NewRequestWithContext(t.Context(), method, h.URL()+"/api/v1/scripts"+path, strings.NewReader(string(text)))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Content-Type", "application/json")
		request.Header.Set("Authorization", "Bearer "+as)
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		if text, err = io.ReadAll(response.Body); err == nil && answer != nil {
			err = json.Unmarshal(text, answer)
		}
		if err != nil {
			t.Fatalf("%s %s: %d %s, %v", method, path, response.StatusCode, text, err)
		}
		return response.StatusCode
	}
	session := func(device string) {
		t.Helper()
		form := url.Values{"s2s": {"1"}, "app_token": {"abc123def456"}, "environment": {"sandbox"}, "idfa": {device}}
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, h.URL()+"/session", strings.NewReader(form.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		request.Header.Set("Authorization", "Bearer s")
		answer, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if answer.StatusCode != http.StatusOK {
			t.Fatalf("a session is answered with %d", answer.StatusCode)
		}
	}
	script := func(mark string) string {
		return "const config = new AdjustConfig(appToken, environment);\n" +
			"config.setSessionTrackingSucceededCallbackListener((s) => console.log('" + mark + "', s.request.idfa));\nAdjust.create(config);\n"
	}

	// Who may read or operate may not write, nor run anything; who may write may read.
	var saved scripts.Saved
	for _, as = range []string{"r", "o", "s", "x"} {
		for _, path := range []string{"/try", "/check", "/test", "/create", "/rename"} {
			if status := do("POST", path, map[string]any{"plugin": "hear"}, nil); status != 403 && (as != "x" || status != 401) {
				t.Errorf("POST %s as %s: %d", path, as, status)
			}
		}
		if status := do("PUT", "/file?path=hear.js", scripts.Save{Text: script("evil")}, nil); status != 403 && (as != "x" || status != 401) {
			t.Errorf("saving as %s: %d", as, status)
		}
		if status := do("GET", "", nil, nil); (status == 200) != (as == "r" || as == "o") {
			t.Errorf("the list as %s: %d", as, status)
		}
	}
	as = "w"

	// A plugin from nothing, and from a template.
	if status := do("PUT", "/file?path=hear.js", scripts.Save{Text: script("one")}, &saved); status != 200 || !saved.Created {
		t.Fatalf("answer %d %+v", status, saved)
	}
	log.await(t, `"plugin":"hear"`)
	log.await(t, `plugin loaded`)
	session("a")
	log.await(t, `"message":"one a"`)
	if status := do("POST", "/create", scripts.Create{Template: "revenue-in-euro", Name: "euro"}, nil); status != 200 {
		t.Errorf("answer %d", status)
	}
	log.await(t, `"plugin":"euro"`)
	var tested scripts.Tested
	if status := do("POST", "/test", map[string]any{"plugin": "euro"}, &tested); status != 200 || tested.Summary.Failed > 0 || tested.Summary.Passed == 0 {
		t.Errorf("answer %d %+v", status, tested)
	}

	// A draft on what was answered; then it is saved, and an editor's save in between is not lost.
	var tried scripts.Tried
	draft := map[string]any{"plugin": "hear", "files": map[string]string{"hear.js": script("two")}}
	if status := do("POST", "/try", draft, &tried); status != 200 || tried.Summary.Differs != 1 || tried.Answers[0].Draft[0].Text != "two a" || tried.Answers[0].Running[0].Text != "one a" {
		t.Errorf("answer %d %+v", status, tried)
	}
	if err := os.WriteFile(filepath.Join(cfg.PluginsDir, "hear.js"), []byte(script("editor")), 0o600); err != nil {
		t.Fatal(err)
	}
	var conflict struct{ Conflict scripts.Conflict }
	if status := do("PUT", "/file?path=hear.js", scripts.Save{Text: script("two"), Version: saved.Version}, &conflict); status != 409 ||
		conflict.Conflict.Base.Text != script("one") || conflict.Conflict.Theirs.Text != script("editor") || conflict.Conflict.Yours.Text != script("two") {
		t.Errorf("answer %d %+v", status, conflict)
	}
	if status := do("PUT", "/file?path=hear.js", scripts.Save{Text: script("two"), Version: conflict.Conflict.Theirs.Version}, &saved); status != 200 {
		t.Errorf("answer %d %+v", status, saved)
	}
	log.await(t, `plugin reloaded`)

	// A broken save: the list says where, and the version before goes on.
	if status := do("PUT", "/file?path=hear.js", scripts.Save{Text: "for (", Version: saved.Version}, &saved); status != 200 {
		t.Errorf("answer %d %+v", status, saved)
	}
	log.await(t, `plugin broken`)
	session("b")
	log.await(t, `"message":"two b"`)
	var list struct {
		Plugins []struct {
			Name, State string
			LastError   struct {
				File string
				Line int
			} `json:"last_error"`
		}
	}
	do("GET", "", nil, &list)
	for _, p := range list.Plugins {
		if p.Name == "hear" && (p.State != "broken_edit" || p.LastError.Line != 1 || p.LastError.File != "plugins/hear.js") {
			t.Errorf("plugin %+v", p)
		}
	}
	end()
}

// Where the configuration says so, nothing is saved, and drafts can be tried all the same.
func TestScriptsAreLocked(t *testing.T) {
	t.Setenv("SCRIPT_TOKENS", "w:scripts")
	cfg := settings(t, oneApp+"api: {tokens_env: SCRIPT_TOKENS}\nconsole: {edit: false}\n")
	if err := os.Mkdir(cfg.PluginsDir, 0o755); err != nil {
		t.Fatal(err)
	}
	h, _, end := serve(t, host.Config{Settings: cfg, Version: "v1"})
	for target, want := range map[string]struct {
		method, body string
		status       int
		says         string
	}{
		"/file?path=a.js": {"PUT", `{"text":"x","version":""}`, 403, "console.edit"},
		"/create":         {"POST", `{"template":"empty","name":"a"}`, 403, "console.edit"},
		"/try":            {"POST", `{"plugin":"a","files":{"a.js":"console.log(1)"}}`, 200, `"text":"1"`},
		"":                {"GET", "", 200, `"writable":false`},
	} {
		request, err := http.NewRequestWithContext(t.Context(), want.method, h.URL()+"/api/v1/scripts"+target, strings.NewReader(want.body))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Content-Type", "application/json")
		request.Header.Set("Authorization", "Bearer w")
		answer, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(answer.Body)
		answer.Body.Close()
		if err != nil || answer.StatusCode != want.status || !strings.Contains(string(text), want.says) {
			t.Errorf("%s %s: %d %s, %v", want.method, target, answer.StatusCode, text, err)
		}
	}
	end()
}

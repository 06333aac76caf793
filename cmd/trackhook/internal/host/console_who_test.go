package host_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"trackhook/cmd/trackhook/internal/config"
)

// The log names who did what by the names of their tokens, whether they bear them or have signed in with them, and never tells
// the tokens.
func TestLogNamesWhoDidWhat(t *testing.T) {
	cfg := settings(t, oneApp)
	cfg.API.TokensFile = filepath.Join(t.TempDir(), "tokens")
	replace(t, cfg.API.TokensFile, "secret-1:name=alice secret-2:operate,name=bob secret-3:operate,read")
	if err := os.Mkdir(cfg.PluginsDir, 0o755); err != nil {
		t.Fatal(err)
	}
	r := newReloading(t, cfg)
	_, me, alice := r.browse("POST", "/console/session", `{"token":"secret-1"}`, "")
	if !strings.Contains(me, `"who":"alice"`) {
		t.Errorf("alice is %s", me)
	}
	for _, did := range []struct {
		method, path, body, session, token string
		want                               string
	}{
		{"PUT", "/api/v1/scripts/file?path=a.js", `{"text":"1","version":""}`, alice, "", `"who":"alice","path":"a.js"`},
		{"POST", "/api/v1/dead/retry", `{"filter":{}}`, alice, "", `"who":"alice","state":"dead","held":false`},
		{"POST", "/api/v1/queue/drop", `{"filter":{}}`, "", "secret-2", `"who":"bob","state":"queued","held":false`},
		{"POST", "/api/v1/apps/probe", "{}", "", "secret-2", `"who":"bob"`},
		{"POST", "/api/v1/dead/acknowledge", "", "", "secret-2", `"who":"bob"`},
		{"POST", "/api/v1/console/codes", "", "", "secret-2", `"who":"bob"`},
	} {
		before := len(r.log.said())
		if did.token != "" {
			r.wantStatus(200, did.method, did.path, did.body, "", bears(did.token))
		} else {
			r.wantStatus(200, did.method, did.path, did.body, did.session)
		}
		r.log.await(t, did.want)
		if said := r.log.said()[before:]; !strings.Contains(said, did.want) || !strings.Contains(said, "127.0.0.1:") {
			t.Errorf("of %s %s the log says %s", did.method, did.path, said)
		}
	}
	// A token without a name has none, and a link has the name of who has asked for it.
	before := len(r.log.said())
	r.wantStatus(200, "POST", "/api/v1/dead/acknowledge", "", "", bears("secret-3"))
	if said := r.log.said()[before:]; strings.Contains(said, `"who"`) {
		t.Errorf("the log says %s", said)
	}
	if session, _ := r.signIn(bears("secret-2")); session != "" {
		r.log.await(t, `"by":"code","scopes":"read,operate","who":"bob"`)
	}
	if said := r.log.said(); strings.Contains(said, "secret-") {
		t.Errorf("the log tells a token: %s", said)
	}
}

// A host that lets nobody change scripts in the console refuses it to everybody, and lets drafts be checked. One without a
// console serves no page, and makes no links to it.
func TestConsoleIsSwitchedOff(t *testing.T) {
	cfg := settings(t, oneApp)
	cfg.API.TokensFile = filepath.Join(t.TempDir(), "tokens")
	replace(t, cfg.API.TokensFile, "all")
	if err := os.Mkdir(cfg.PluginsDir, 0o755); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(cfg.PluginsDir, "a.js")
	if err := os.WriteFile(file, []byte("1;\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	off := false
	cfg.Console.Edit = &off
	r := newReloading(t, cfg)
	_, me, session := r.browse("POST", "/console/session", `{"token":"all"}`, "")
	if !strings.Contains(me, `"edit":false,"read_only":"the configuration of this host does not let scripts be changed here (console.edit)"`) {
		t.Errorf("who signs in is told %s", me)
	}
	for _, ask := range []string{
		`PUT /api/v1/scripts/file?path=a.js {"text":"2","version":"x"}`, `PUT /api/v1/scripts/file?path=b.js {"text":"2","version":""}`,
		`DELETE /api/v1/scripts/file?path=a.js&version=x `, `POST /api/v1/scripts/rename {"path":"a.js","to":"b.js","version":"x"}`,
		`POST /api/v1/scripts/create {"template":"empty","name":"c"}`,
	} {
		parts := strings.SplitN(ask, " ", 3)
		for _, text := range []string{
			r.wantStatus(403, parts[0], parts[1], parts[2], session), r.wantStatus(403, parts[0], parts[1], parts[2], "", bears("all")),
		} {
			if !strings.Contains(text, "console.edit") {
				t.Errorf("%s is refused with %s", ask, text)
			}
		}
	}
	r.wantStatus(200, "POST", "/api/v1/scripts/check", `{"plugin":"a","files":{"a.js":"2"}}`, session)
	if text, err := os.ReadFile(file); err != nil || string(text) != "1;\n" {
		t.Errorf("the file has %q, %v", text, err)
	}

	next := r.settings
	next.Console.Enabled = &off
	r.wants(func() (config.Config, error) { return next, nil })
	r.wantStatus(200, "POST", "/api/v1/reload", "", session)
	r.wantStatus(404, "GET", "/console/", "", "")
	r.wantStatus(404, "POST", "/console/session", `{"token":"all"}`, "")
	r.wantStatus(501, "POST", "/api/v1/console/codes", "", "", bears("all"))
	r.wantStatus(401, "GET", "/api/v1/stats", "", session)
	r.wantStatus(200, "GET", "/api/v1/stats", "", "", bears("all"))
}

package admin_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/rs/zerolog"

	"trackhook/engine"
	"trackhook/engine/admin"
	"trackhook/engine/memory"
	"trackhook/engine/scripts"
	"trackhook/scripting"
)

// editing is the editor of a host, which fails when the store does, and has no room and no time for some names.
type editing struct {
	scripts.Editor
	f *fake
}

func (e *editing) failed(names ...string) error {
	if e.f.err != nil {
		return engine.ErrClosed
	}
	for _, name := range names {
		switch name {
		case "full.js", "full":
			return &scripts.RefusedError{Reason: scripts.NoRoom, Title: "No room", Detail: "the disk of the host is full"}
		case "absent.js":
			return &scripts.RefusedError{Reason: scripts.NotFound, Title: "No plugins folder", Detail: "there is no plugins folder"}
		case "busy":
			return &scripts.RefusedError{Reason: scripts.Busy, Title: "Too many runs", Detail: "too many drafts"}
		}
	}
	return nil
}

func (e *editing) Folder(ctx context.Context) (scripts.Folder, error) {
	if err := e.failed(); err != nil {
		return scripts.Folder{}, err
	}
	return e.Editor.Folder(ctx)
}

func (e *editing) File(path string) (scripts.File, error) {
	if err := e.failed(path); err != nil {
		return scripts.File{}, err
	}
	return e.Editor.File(path)
}

func (e *editing) Tree(path string) (scripts.Tree, error) {
	if err := e.failed(path); err != nil {
		return scripts.Tree{}, err
	}
	return e.Editor.Tree(path)
}

func (e *editing) Save(path string, edit scripts.Save) (scripts.Saved, error) {
	if err := e.failed(path); err != nil {
		return scripts.Saved{}, err
	}
	return e.Editor.Save(path, edit)
}

func (e *editing) Delete(path, version string) (scripts.Deleted, error) {
	if err := e.failed(path); err != nil {
		return scripts.Deleted{}, err
	}
	return e.Editor.Delete(path, version)
}

func (e *editing) Rename(change scripts.Rename) (scripts.Renamed, error) {
	if err := e.failed(change.Path); err != nil {
		return scripts.Renamed{}, err
	}
	return e.Editor.Rename(change)
}

func (e *editing) Create(from scripts.Create) (scripts.Created, error) {
	if err := e.failed(from.Name); err != nil {
		return scripts.Created{}, err
	}
	return e.Editor.Create(from)
}

func (e *editing) Check(ctx context.Context, draft scripts.Draft) (scripts.Checked, error) {
	if err := e.failed(draft.Plugin); err != nil {
		return scripts.Checked{}, err
	}
	return e.Editor.Check(ctx, draft)
}

func (e *editing) Try(ctx context.Context, trial scripts.Trial) (scripts.Tried, error) {
	if err := e.failed(trial.Plugin); err != nil {
		return scripts.Tried{}, err
	}
	return e.Editor.Try(ctx, trial)
}

func (e *editing) Test(ctx context.Context, tests scripts.Tests) (scripts.Tested, error) {
	if err := e.failed(tests.Plugin); err != nil {
		return scripts.Tested{}, err
	}
	return e.Editor.Test(ctx, tests)
}

// newEditing makes an editor of a plugins folder that has one plugin, and much else.
func newEditing(t *testing.T, f *fake) (editor scripts.Editor, dir string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "plugins")
	for name, text := range map[string]string{
		"count.js": listener, "count.test.js": `test("a", () => { throw new Error("x"); });`, "binary.js": "\x00", "large.js": strings.Repeat("x", scripts.MaxFile+1),
		"euro/index.ts": "export {};\n", "euro/node_modules/p/index.js": "", "README.md": "text\r\n",
	} {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	store := memory.New()
	eng, err := engine.New(engine.Config{Store: store, Deliverer: nowhere{}})
	if err != nil {
		t.Fatal(err)
	}
	app := engine.App{Token: token, Environment: engine.Sandbox}
	host, err := scripting.New(scripting.Config{
		Dir: dir, Engine: eng, DefaultApp: app, Device: map[string]string{"external_device_id": "kiosk"},
		Plugins: map[string]scripting.PluginConfig{"count": {AllowHosts: []string{"hooks.example.com"}, Env: map[string]string{"URL": "https://secret"}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"a", "b"} {
		store.Log(engine.Response{Outcome: engine.Delivered, Attempt: 1, At: noon(), Status: 200, Package: engine.Package{
			ID: id, Kind: engine.KindEvent, App: app, Params: map[string]string{"event_token": "f0ob4r"},
		}})
	}
	return &editing{host.Editor(scripting.EditorConfig{Templates: fstest.MapFS{"alert.js": {Data: []byte("// Alerts.\n")}}}), f}, dir
}

// makeMany makes a folder with more files than are taken as a whole.
func makeMany(t *testing.T, dir string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Join(dir, "many"), 0o755); err != nil {
		t.Fatal(err)
	}
	first := filepath.Join(dir, "many", "f.md")
	if err := os.WriteFile(first, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for n := range scripts.MaxListed { // a link is made in less time than a file
		if err := os.Link(first, filepath.Join(dir, "many", "f"+strconv.Itoa(n)+".md")); err != nil {
			t.Fatal(err)
		}
	}
}

type nowhere struct{}

func (nowhere) Deliver(context.Context, engine.Delivery) engine.Response { return engine.Response{} }

// listener does one of everything.
const listener = `
const config = new AdjustConfig(appToken, environment);
config.setEventTrackingSucceededCallbackListener(async (event) => {
  console.log(event.eventToken);
  localStorage.setItem("a", "b"); localStorage.removeItem("a"); localStorage.setItem("a", "b"); localStorage.clear();
  await fetch("https://hooks.example.com/", { method: "POST", headers: { a: "b" }, body: "c" });
  Adjust.trackEvent(new AdjustEvent("abc123"));
  null.x;
});
Adjust.create(config);
`

// scripts holds the answers about scripts against the description.
func (d *description) scripts(t *testing.T, h http.Handler) {
	t.Helper()
	const file = "/api/v1/scripts/file?path="
	get := func(target string) (answer struct{ Version string }) {
		t.Helper()
		d.hold(t, h, "GET", target, "", 200)
		if err := json.Unmarshal(post(h, "GET", target, "").Body.Bytes(), &answer); err != nil {
			t.Fatal(err)
		}
		return answer
	}
	save := func(text, version string) string {
		body := marshal(t, map[string]string{"text": text, "version": version})
		return string(body)
	}
	get("/api/v1/scripts")
	get("/api/v1/scripts/templates")
	get("/api/v1/scripts/surface")
	version, folder := get(file+"count.js").Version, get("/api/v1/scripts/folder?path=euro").Version
	for target, status := range map[string]int{
		file + "none.js": 404, file + "large.js": 413, file + "binary.js": 422, file + url.QueryEscape("../x"): 400, "/api/v1/scripts/file": 400,
		"/api/v1/scripts/folder?path=none": 404, "/api/v1/scripts/folder": 400,
	} {
		d.hold(t, h, "GET", target, "", status)
	}
	d.hold(t, h, "GET", "/api/v1/scripts/folder?path=many", "", 413)

	// Saving.
	d.hold(t, h, "PUT", file+"count.js", save("x", "0000000000000000"), 409)
	d.hold(t, h, "PUT", file+"none.js", save("x", "0000000000000000"), 409)
	d.hold(t, h, "PUT", file+"binary.js", save("x", ""), 409)
	d.hold(t, h, "PUT", file+"count.js", save(listener+"\n", version), 200)
	d.hold(t, h, "PUT", file+"a.js", save("x", ""), 200)
	d.hold(t, h, "PUT", file+"b.js", save("\x00", ""), 422)
	d.hold(t, h, "PUT", file+"full.js", save("x", ""), 507)
	d.hold(t, h, "PUT", file+"absent.js", save("x", ""), 404)
	d.hold(t, h, "PUT", file+"b.js", strings.Repeat(" ", 5<<20), 413)
	d.hold(t, h, "PUT", file+"b.js", save(strings.Repeat("x", scripts.MaxFile+1), ""), 413)
	for _, wrong := range []string{"", "{}", `{"text":"x"}`, `{"version":""}`, `{"text":1,"version":""}`, `{"text":"x","version":"","more":1}`} {
		d.hold(t, h, "PUT", file+"b.js", wrong, 400)
	}

	// Names.
	version = get(file + "a.js").Version
	rename := func(path, to, version string) string {
		return string(marshal(t, scripts.Rename{Path: path, To: to, Version: version}))
	}
	for body, status := range map[string]int{
		rename("a.js", "README.md", version): 409, rename("a.js", "c.js", "0000000000000000"): 409, rename("none.js", "c.js", version): 404,
		rename("full.js", "c.js", version): 507, rename("a.js", "nul", version): 400, rename("large.js", "c.js", version): 413,
	} {
		d.hold(t, h, "POST", "/api/v1/scripts/rename", body, status)
	}
	d.hold(t, h, "POST", "/api/v1/scripts/rename", rename("a.js", "c.js", version), 200)
	for target, status := range map[string]int{
		file + "none.js&version=x": 404, file + "large.js&version=x": 413, file + "c.js&version=x": 409, file + "full.js&version=x": 507, file + "c.js": 400,
		"/api/v1/scripts/file?version=x": 400, file + "euro&version=x": 409,
	} {
		d.hold(t, h, "DELETE", target, "", status)
	}
	d.hold(t, h, "DELETE", file+"c.js&version="+version, "", 200)
	d.hold(t, h, "DELETE", file+"euro&version="+folder, "", 200)
	for body, status := range map[string]int{
		`{"template":"alert","name":"count"}`: 409, `{"template":"none","name":"x"}`: 404, `{"template":"alert","name":"../x"}`: 400,
		`{"template":"alert","name":"full"}`: 507, `{"template":"alert","name":"mine"}`: 200,
	} {
		d.hold(t, h, "POST", "/api/v1/scripts/create", body, status)
	}

	// Drafts.
	for _, path := range []string{"check", "try", "test"} {
		path = "/api/v1/scripts/" + path
		d.hold(t, h, "POST", path, `{"plugin":"none"}`, 404)
		d.hold(t, h, "POST", path, `{"plugin":"busy"}`, 429)
		d.hold(t, h, "POST", path, `{"plugin":"count","files":{"../x":""}}`, 400)
		d.hold(t, h, "POST", path, `{"plugin":"count"}`, 200)
		d.hold(t, h, "POST", path, `{"plugin":"count","files":{"count.js":"for ("}}`, 200)
	}
	d.hold(t, h, "POST", "/api/v1/scripts/check", `{"plugin":"count","files":{"count.js":"console.log(1); nothing()","other.js":null}}`, 200)
	d.hold(t, h, "POST", "/api/v1/scripts/try", `{"plugin":"count","answers":{"typed":[{"listener":"eventFailure","response":{"callbackId":"x"}}]},"against":"none"}`, 200)
	d.hold(t, h, "POST", "/api/v1/scripts/test", `{"plugin":"count","files":{"count.test.js":"test('a', () => {}); test('b', () => { throw 1 }); console.log(1)"}}`, 200)
	for _, path := range []string{"rename", "create", "check", "try", "test"} {
		path = "/api/v1/scripts/" + path
		d.hold(t, h, "POST", path, strings.Repeat(" ", 9<<20), 413)
		d.hold(t, h, "POST", path, `{}`, 415, func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") })
		d.hold(t, h, "POST", path, `{"more":1}`, 400)
	}
	d.hold(t, h, "PUT", file+"a.js", `{}`, 415, func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") })
}

// missing completes the target and the body of a request about scripts.
func missing(method, target string) (whole, body string) {
	switch method + " " + target {
	case "GET /api/v1/scripts/file", "GET /api/v1/scripts/folder":
		return target + "?path=a.js", ""
	case "PUT /api/v1/scripts/file":
		return target + "?path=a.js", `{"text":"","version":""}`
	case "DELETE /api/v1/scripts/file":
		return target + "?path=a.js&version=x", ""
	}
	if strings.HasPrefix(target, "/api/v1/scripts") {
		return target, "{}"
	}
	return target, ""
}

// The folder is there in the list, and so is what a host grants; and who changed what is in the log.
func TestScripts(t *testing.T) {
	t.Parallel()
	f := newFake()
	cfg := f.config()
	var log bytes.Buffer
	cfg.Log = zerolog.New(&log)
	editor, dir := newEditing(t, f)
	cfg.Scripts = editor
	cfg.Plugins = func() []admin.Plugin {
		return []admin.Plugin{{Name: "count", File: "count.js", State: admin.Live}, {Name: "gone", State: admin.Removed}}
	}
	h := admin.New(cfg)
	var list struct {
		Folder  struct{ Writable bool }
		Plugins []struct {
			Name         string
			Files, Tests []string
			Permissions  scripts.Permissions
		}
	}
	w := post(h, "GET", "/api/v1/scripts", "")
	if err := json.Unmarshal(w.Body.Bytes(), &list); err != nil || w.Code != 200 || strings.Contains(w.Body.String(), "secret") {
		t.Fatalf("answer %d %s", w.Code, w.Body)
	}
	count := list.Plugins[0]
	if !list.Folder.Writable || len(list.Plugins) != 2 || len(count.Files) != 2 || len(count.Tests) != 1 || len(list.Plugins[1].Files) != 0 ||
		count.Permissions.AnyPublicHost || count.Permissions.Hosts[0] != "hooks.example.com" || count.Permissions.Env[0] != "URL" {
		t.Errorf("list %+v", list)
	}
	w = post(h, "PUT", "/api/v1/scripts/file?path=new.js", `{"text":"a\n","version":""}`)
	if text, err := os.ReadFile(filepath.Join(dir, "new.js")); err != nil || string(text) != "a\n" || w.Code != 200 {
		t.Fatalf("answer %d %s, the file has %q, %v", w.Code, w.Body, text, err)
	}
	w = post(h, "PUT", "/api/v1/scripts/file?path=new.js", `{"text":"b\n","version":"0000000000000000"}`)
	if w.Code != 409 || !strings.Contains(w.Body.String(), `"theirs":{"version":"87428fc522803d31","text":"a\n"`) || !strings.Contains(w.Body.String(), `"yours":{"text":"b\n"}`) {
		t.Errorf("answer %d %s", w.Code, w.Body)
	}
	for _, want := range []string{`"from":"127.0.0.1:50000","path":"new.js","version":"87428fc522803d31"`} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log does not say %s:\n%s", want, &log)
		}
	}
	if strings.Count(log.String(), "saved") != 1 {
		t.Errorf("the log says of saves: %s", &log)
	}
	// A page of another site saves nothing.
	w = post(h, "PUT", "/api/v1/scripts/file?path=evil.js", `{"text":"x","version":""}`, func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") })
	if _, err := os.Stat(filepath.Join(dir, "evil.js")); w.Code != 403 || err == nil {
		t.Errorf("answer %d %s", w.Code, w.Body)
	}
}

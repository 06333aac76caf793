package scripts

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"
	"go.uber.org/goleak"

	"trackhook/engine"
	"trackhook/engine/disk"
	"trackhook/engine/ingest"
	"trackhook/scripting"
	"trackhook/scripting/scriptingtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// world is a host with one script of this folder, a store on disk that outlives each start, and a function as the server.
type world struct {
	t               *testing.T
	name, dir, data string
	granted         scripting.PluginConfig
	server          func(engine.Delivery) engine.Response
	lines           *scripting.Lines
	store           *disk.Store
	engine          *engine.Engine
	scripts         *scripting.Host
	stop            func()
}

// Deliver asks the function.
func (w *world) Deliver(_ context.Context, d engine.Delivery) engine.Response { return w.server(d) }

// newWorld copies a script into a fresh plugins folder.
func newWorld(t *testing.T, file string) *world {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{
		t: t, name: strings.TrimSuffix(file, filepath.Ext(file)), dir: filepath.Join(t.TempDir(), "plugins"), data: t.TempDir(),
		lines: &scripting.Lines{}, server: func(engine.Delivery) engine.Response {
			return engine.Response{Outcome: engine.Delivered, At: time.Now()}
		},
	}
	if err := os.Mkdir(w.dir, 0o755); err != nil {
		t.Fatal(err)
	}
	w.save(string(text))
	return w
}

func (w *world) save(text string) {
	w.t.Helper()
	if err := os.WriteFile(filepath.Join(w.dir, w.name+".js"), []byte(text), 0o600); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) start() {
	w.t.Helper()
	var err error
	if w.store, err = disk.Open(disk.Config{Dir: w.data, Log: zerolog.Nop()}); err != nil {
		w.t.Fatal(err)
	}
	soon := engine.Backoff{Base: time.Millisecond, Max: 5 * time.Millisecond}
	w.engine, err = engine.New(engine.Config{Store: w.store, Deliverer: w, Schedule: engine.Schedule{Default: soon, Install: soon}})
	if err != nil {
		w.t.Fatal(err)
	}
	w.scripts, err = scripting.New(scripting.Config{
		Dir: w.dir, Engine: w.engine, DefaultApp: scriptingtest.App(), Log: zerolog.New(w.lines),
		Plugins: map[string]scripting.PluginConfig{w.name: w.granted},
	})
	if err != nil {
		w.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(w.t.Context())
	var parts sync.WaitGroup
	for _, run := range []func(context.Context) error{w.scripts.Run, w.engine.Run} {
		parts.Go(func() {
			if err := run(ctx); err != nil {
				w.t.Error(err)
			}
		})
	}
	<-w.scripts.Ready()
	w.stop = sync.OnceFunc(func() {
		cancel()
		parts.Wait()
		if _, err := w.engine.Close(); err != nil {
			w.t.Error(err)
		}
	})
	w.t.Cleanup(w.stop)
}

// track hands in events of one device, and waits until they are settled and the script has heard every answer.
func (w *world) track(events ...map[string]string) {
	w.t.Helper()
	packages := make([]engine.Package, len(events))
	for i, params := range events {
		p := engine.Package{Kind: engine.KindEvent, App: scriptingtest.App(), Params: map[string]string{"gps_adid": "g-1"}}
		maps.Copy(p.Params, params)
		packages[i] = p
	}
	if err := w.engine.Track(w.t.Context(), packages...); err != nil {
		w.t.Fatal(err)
	}
	w.await("all answers are handled", func() bool {
		stats, err := w.store.Stats(w.t.Context())
		if err != nil {
			w.t.Fatal(err)
		}
		cursors, err := w.store.Cursors(w.t.Context())
		if err != nil {
			w.t.Fatal(err)
		}
		return stats.Queued == 0 && cursors[scripting.ListenerName(w.name)] == stats.Last
	})
}

// reload saves the script with another content, and waits until the host runs it.
func (w *world) reload() {
	w.t.Helper()
	text, err := os.ReadFile(filepath.Join(w.dir, w.name+".js"))
	if err != nil {
		w.t.Fatal(err)
	}
	before := w.scripts.Plugins()[0].Reloads
	w.save(string(text) + "\n// saved again\n")
	w.await("the script is reloaded", func() bool { return w.scripts.Plugins()[0].Reloads > before })
}

func (w *world) await(what string, holds func() bool) {
	w.t.Helper()
	deadline, tick := time.After(30*time.Second), time.NewTicker(2*time.Millisecond)
	defer tick.Stop()
	for !holds() {
		select {
		case <-tick.C:
		case <-deadline:
			w.t.Fatalf("waited in vain until %s; the log says:\n%s", what, w.lines.Text())
		}
	}
}

func TestDailyReportSurvivesReloadAndRestart(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "daily-report.js")
	w.server = func(d engine.Delivery) engine.Response {
		return engine.Response{Outcome: engine.Delivered, At: time.Now(), Timestamp: d.Package.Params["test_time"]}
	}
	purchase := func(at string) map[string]string {
		return map[string]string{"event_token": "abc123", "revenue": "1.1", "currency": "EUR", "test_time": at + ".000Z+0000"}
	}
	w.start()
	w.track(purchase("2026-05-01T10:00:00"), purchase("2026-05-01T11:00:00"))
	w.reload()
	w.track(purchase("2026-05-01T12:00:00"), map[string]string{"event_token": "signup", "test_time": "2026-05-01T13:00:00.000Z+0000"})
	w.stop()
	w.start()
	w.track(purchase("2026-05-01T23:59:59"))
	if got := w.lines.Text(); got != "" {
		t.Errorf("before the day was over:\n%s", got)
	}
	w.track(purchase("2026-05-02T00:00:00"), purchase("2026-05-02T00:00:01"))
	w.stop()
	w.start()
	w.track(purchase("2026-05-02T00:00:02"))
	want := "report of 2026-05-01: 5 events, 4.40 EUR\n  abc123  4  4.40 EUR\n  signup  1\n"
	if got := w.lines.Text(); got != want {
		t.Errorf("printed:\n%s\nwant:\n%s", got, want)
	}
}

func TestChatAlertTellsOnceOfEach(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var told []string
	room := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		var message struct{ Text string }
		if err := json.Unmarshal(body, &message); err != nil || r.URL.Path != "/services/sesame" {
			t.Errorf("%s %s: %v", r.URL, body, err)
		}
		mu.Lock()
		defer mu.Unlock()
		told = append(told, message.Text)
	}))
	defer room.Close()
	w := newWorld(t, "chat-alert.js")
	w.granted = scripting.PluginConfig{
		AllowHosts: []string{room.Listener.Addr().String()}, Env: map[string]string{"CHAT_URL": room.URL + "/services/sesame"},
	}
	w.server = func(d engine.Delivery) engine.Response {
		r := engine.Response{Outcome: engine.Retry, Message: "connection refused", At: time.Now()}
		if d.Attempt == 4 {
			r.Outcome, r.Message = engine.Rejected, "Invalid currency"
		}
		return r
	}
	w.start()
	w.track(map[string]string{"event_token": "abc123", "revenue": "9.99", "currency": "EUR"}, map[string]string{"event_token": "noth00"})
	mu.Lock()
	defer mu.Unlock()
	if len(told) != 2 || !strings.HasPrefix(told[0], "Purchase abc123 of 9.99 EUR failed: connection refused; it is sent again at ") ||
		!strings.HasPrefix(told[1], "Purchase abc123 of 9.99 EUR failed: Invalid currency; it is not sent again; see: trackhook queue show ") {
		t.Errorf("told %q", told)
	}
	if got := w.lines.Text(); got != "" {
		t.Errorf("printed:\n%s", got)
	}
}

func TestFollowUpIsOfTheDeviceOfThePurchase(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "follow-up-device.js")
	var mu sync.Mutex
	var sent []engine.Package
	w.server = func(d engine.Delivery) engine.Response {
		mu.Lock()
		defer mu.Unlock()
		sent = append(sent, d.Package)
		return engine.Response{Outcome: engine.Delivered, At: time.Now()}
	}
	var door http.Handler
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) { door.ServeHTTP(rw, r) }))
	defer server.Close()
	text, err := os.ReadFile("follow-up-device.js")
	if err != nil {
		t.Fatal(err)
	}
	w.save(string(bytes.ReplaceAll(text, []byte(`"http://127.0.0.1:8787"`), []byte(`"`+server.URL+`"`))))
	w.granted = scripting.PluginConfig{AllowHosts: []string{server.Listener.Addr().String()}}
	w.start()
	if door, err = ingest.New(ingest.Config{Tracker: w.engine, Apps: []engine.App{scriptingtest.App()}, Log: zerolog.Nop()}); err != nil {
		t.Fatal(err)
	}
	w.track(map[string]string{"event_token": "abc123", "revenue": "5", "currency": "EUR", "ip_address": "203.0.113.7"})
	w.track(map[string]string{"event_token": "last01"}) // of the same device, so the follow-up went before it
	mu.Lock()
	defer mu.Unlock()
	i := slices.IndexFunc(sent, func(p engine.Package) bool { return p.Params["event_token"] == "cnf123" })
	if len(sent) != 3 || i != 1 {
		t.Fatalf("sent %v; the log says:\n%s", sent, w.lines.Text())
	}
	follow, purchase := sent[1], sent[0]
	if follow.Device != purchase.Device || follow.Params["ip_address"] != "203.0.113.7" || follow.Params["deduplication_id"] != "confirmed-"+purchase.ID ||
		follow.CallbackParams["purchase"] != purchase.ID || follow.Params["revenue"] != "" {
		t.Errorf("the follow-up is %+v", follow)
	}
}

package admin_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"trackhook/engine"
	"trackhook/engine/admin"
	"trackhook/engine/console"
	"trackhook/engine/site"
)

// hold makes a request and holds the answer against the description.
func (d *description) hold(t *testing.T, h http.Handler, method, target, body string, status int, change ...func(*http.Request)) {
	t.Helper()
	path, _, _ := strings.Cut(target, "?")
	if strings.HasPrefix(path, "/api/v1/packages/") {
		path = "/api/v1/packages/{id}"
	}
	if name, ok := strings.CutPrefix(path, "/api/v1/plugins/"); ok {
		_, part, _ := strings.Cut(name, "/")
		path = strings.TrimSuffix("/api/v1/plugins/{name}/"+part, "/")
	}
	if !strings.HasPrefix(path, "/api/") && path != "/v1/packages" {
		change = append([]func(*http.Request){func(r *http.Request) { r.Header.Set("Content-Type", "application/x-www-form-urlencoded") }}, change...)
	}
	if path == "/v1/packages" {
		change = append([]func(*http.Request){func(r *http.Request) { r.Header.Set("Content-Type", "application/x-ndjson") }}, change...)
	}
	what := fmt.Sprint(method, " ", path, " ", status)
	w := post(h, method, target, body, change...)
	if w.Code != status {
		t.Errorf("%s: answer %d %s", what, w.Code, w.Body)
		return
	}
	d.answered[what] = true
	d.headers(t, what, path, strings.ToLower(method), w.Header())
	operation, _ := d.at("paths", path, strings.ToLower(method), "responses")
	if operation.(object)[strconv.Itoa(status)] == nil {
		t.Errorf("%s is not described", what)
		return
	}
	media, _, _ := strings.Cut(w.Header().Get("Content-Type"), ";")
	if status == http.StatusNoContent {
		return
	}
	content, pointer := d.at("paths", path, strings.ToLower(method), "responses", strconv.Itoa(status), "content")
	if content.(object)[media] == nil {
		t.Errorf("%s: the type %q is not described", what, media)
		return
	}
	pointer += "/" + strings.ReplaceAll(media, "/", "~1") + "/schema"
	switch media {
	case "application/json":
		d.validate(t, what, pointer, w.Body.Bytes())
	case "application/x-ndjson":
		for line := range strings.Lines(w.Body.String()) {
			d.validate(t, what, pointer, []byte(line))
		}
	case "text/event-stream":
		d.events(t, what, w.Body.String())
	}
}

// headers holds the header of an answer against the description: what is sent is described, and what must be there is. The
// headers that the introduction speaks of have the values that it says.
func (d *description) headers(t *testing.T, what, path, method string, sent http.Header) {
	t.Helper()
	_, rest, _ := strings.Cut(what, " ")
	status := rest[strings.LastIndexByte(rest, ' ')+1:]
	operators := strings.HasPrefix(path, "/api/") || path == "/healthz" || path == "/readyz" || path == "/metrics"
	if operators && status != "421" && sent.Get("Cache-Control") != "no-store" {
		t.Errorf("%s: Cache-Control is %q", what, sent.Get("Cache-Control"))
	}
	if (operators || status != "200") && sent.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("%s: X-Content-Type-Options is %q", what, sent.Get("X-Content-Type-Options"))
	}
	node, _ := d.at("paths", path, method, "responses", status, "headers")
	described, _ := node.(object)
	known := []string{"Content-Type", "Cache-Control", "X-Content-Type-Options"}
	// The introduction says of the paths for pages that they send these together.
	if sent.Get("Access-Control-Allow-Origin") == "https://game.example" && sent.Get("Vary") == "Origin" && isForPages(path) {
		known = append(known, "Vary", "Access-Control-Allow-Origin", "Access-Control-Expose-Headers")
	}
	for name := range described {
		known = append(known, http.CanonicalHeaderKey(name))
	}
	for name := range sent {
		if !slices.Contains(known, name) {
			t.Errorf("%s: the header %s: %s is not described", what, name, sent.Get(name))
		}
	}
	for name := range described {
		header, pointer := d.at("paths", path, method, "responses", status, "headers", name)
		given := sent.Get(name)
		if given == "" {
			if header.(object)["required"] == true {
				t.Errorf("%s: the header %s is missing", what, name)
			}
			continue
		}
		d.answered[pointer] = true
		value := marshal(t, given)
		if schema, _ := header.(object)["schema"].(object); schema["type"] == "integer" {
			value = []byte(given)
		}
		d.validate(t, what+" "+name, pointer+"/schema", value)
	}
}

// events holds server-sent events against what is described of one.
func (d *description) events(t *testing.T, what, text string) {
	t.Helper()
	count := 0
	for block := range strings.SplitSeq(text, "\n\n") {
		var members []string
		for line := range strings.Lines(block) {
			switch field, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ": "); field {
			case "event":
				members = append(members, `"event":"`+value+`"`)
			case "id", "data":
				members = append(members, `"`+field+`":`+value)
			}
		}
		if len(members) > 1 { // one is the mark of where the asker is
			count++
			d.validate(t, what, "/components/schemas/TailEvent", []byte("{"+strings.Join(members, ",")+"}"))
		}
	}
	if count == 0 {
		t.Errorf("%s: no events in %s", what, text)
	}
}

// full is a host with a value for every field.
func full() (admin.Config, *fake) {
	f := history()
	f.trim(1)
	f.add(2, func(s *engine.PackageState) {
		s.Package.CallbackID, s.Package.Params = "mine", map[string]string{"event_token": "x", "revenue": "1", "currency": "EUR"}
		s.Due, s.Last, s.Message, s.Attempts = noon(), engine.Retry, "later", leased
	})
	f.add(3, nil)
	f.add(4, func(s *engine.PackageState) { s.Status, s.Ended = engine.Done, noon() })
	for n := range 3 {
		f.add(10+n, dead(engine.Unclear))
	}
	f.respond(
		response(engine.Retry, func(r *engine.Response) {
			r.Status, r.Body, r.Ambiguous, r.WillRetry, r.RetryIn, r.NextAttempt = 0, nil, true, true, time.Second, noon()
			r.Timestamp, r.ADID, r.Repeat, r.Package.CallbackID = "2026-01-02T12:00:00Z+0000", "ad1", true, "mine"
		}),
		response(engine.Retry, func(r *engine.Response) { r.Body = []byte(strings.Repeat("x", 100_000)) }),
		response(engine.Expired, func(r *engine.Response) { r.Attempt, r.Status, r.Body = 0, 0, nil }),
	)
	f.lanes = []engine.LaneState{{
		Lane: engine.Lane{App: engine.App{Token: token, Environment: engine.Sandbox}, Device: "a=b"}, Queued: 1, Head: "p2",
		Due: noon(), Device: engine.Device{ADID: "ad1", Session: noon()},
	}, {Lane: engine.Lane{App: engine.App{Token: token, Environment: engine.Production}, Device: "a=c"}}}
	f.counts = counted().counts
	cfg := f.config()
	cfg.Sources = func(ctx context.Context, _ string) (map[string][]byte, error) {
		if err := f.lock(ctx); err != nil {
			return nil, err
		}
		defer f.mu.Unlock()
		return map[string][]byte{"version/1": []byte("source")}, nil
	}
	cfg.Forget = func(ctx context.Context, name string) error {
		if err := f.lock(ctx); err != nil {
			return err
		}
		defer f.mu.Unlock()
		return map[string]error{"live": admin.ErrPluginPresent, "early": admin.ErrPluginsLoading, "nope": engine.ErrNotFound}[name]
	}
	withTrouble(&cfg)
	cfg.Host = admin.Host{Version: "1", AppToken: token, Environment: "sandbox", Device: map[string]string{"a": "b"}, Started: time.Now()}
	return cfg, f
}

// heldBodies are what the endpoints for held packages are asked with.
func heldBodies() map[string]string {
	const filter = `{"filter":{"app_token":"gone12345678","environment":"sandbox"}`
	return map[string]string{
		"/api/v1/held/drop":  filter + `}`,
		"/api/v1/held/adopt": filter + `,"to":{"app_token":"abc123def456","environment":"sandbox"}}`,
	}
}

func TestAnswersAreAsDescribed(t *testing.T) {
	t.Parallel()
	d := readDescription(t)
	cfg, f := full()
	done := make(chan struct{})
	cfg.Done = done
	var dir string
	cfg.Scripts, dir = newEditing(t, f)
	makeMany(t, dir)
	h := admin.New(cfg)
	accept := func(types string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set("Accept", types) }
	}
	for _, target := range []string{
		"/api/v1/packages", "/api/v1/packages?limit=1", "/api/v1/packages/p1", "/api/v1/packages/p2", "/api/v1/lanes",
		"/api/v1/lanes?limit=1", "/api/v1/lanes?heads=true", "/api/v1/queue", "/api/v1/health", "/api/v1/settings", "/api/v1/packages?search=P1",
		"/api/v1/dead", "/api/v1/dead/summary", "/api/v1/responses", "/api/v1/counts",
		"/api/v1/counts?format=csv", "/api/v1/plugins", "/api/v1/plugins/count/sources", "/api/v1/host", "/api/v1/hosts", "/api/v1/stats", "/api/v1/endpoints", "/api/v1/openapi.yaml",
		"/healthz", "/readyz", "/metrics",
	} {
		d.hold(t, h, "GET", target, "", 200)
	}
	for _, target := range []string{"/api/v1/packages/nope"} {
		d.hold(t, h, "GET", target, "", 404)
		d.hold(t, h, "DELETE", target, "", 404)
	}
	d.hold(t, h, "DELETE", "/api/v1/packages/p2", "", 409)
	d.hold(t, h, "DELETE", "/api/v1/packages/p3", "", 200)
	d.hold(t, h, "DELETE", "/api/v1/plugins/count", "", 200)
	d.hold(t, h, "DELETE", "/api/v1/plugins/live", "", 409)
	d.hold(t, h, "DELETE", "/api/v1/plugins/nope", "", 404)
	d.hold(t, h, "GET", "/api/v1/responses/tail", "", 406, accept("text/html"))

	for _, path := range []string{"/api/v1/dead/retry", "/api/v1/dead/drop"} {
		d.hold(t, h, "POST", path, `{"filter":{"reason":"unclear"},"max":1}`, 200)
		d.hold(t, h, "POST", path, strings.Repeat(" ", 5<<20), 413)
		d.hold(t, h, "POST", path, `{}`, 415, func(r *http.Request) { r.Header.Set("Content-Type", "text/csv") })
		f.onDead = func([]string) error {
			d.hold(t, h, "POST", path, `{"filter":{}}`, 409)
			return engine.ErrFull
		}
		d.hold(t, h, "POST", path, `{"filter":{}}`, 200)
		f.onDead = nil
	}
	d.queued(t, h, f)
	d.hold(t, h, "POST", "/api/v1/dead/acknowledge", "", 200)
	d.hold(t, h, "POST", "/api/v1/backup", `{"dir":"/backups/new"}`, 200)
	d.hold(t, h, "POST", "/api/v1/backup", `{"dir":"/backups/full"}`, 409)
	d.hold(t, h, "POST", "/api/v1/backup", strings.Repeat(" ", 5<<20), 413)
	d.hold(t, h, "POST", "/api/v1/backup", `{"dir":"/backups/new"}`, 415, func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") })
	for _, wrong := range []string{"", "[]", `{"dir":""}`, `{"dir":"/a\u0000b"}`, `{"dir":"/a"}{}`, `{"folder":"/a"}`, `{"dir":1}`} {
		d.hold(t, h, "POST", "/api/v1/backup", wrong, 400)
	}
	for path, rows := range map[string][3]string{
		"/api/v1/apps/probe":      {`{}`, `{"app_token":"` + gone + `"}`, `{"app":"a"}`},
		"/api/v1/endpoints/probe": {`{"endpoint":"a"}`, `{"endpoint":"elsewhere"}`, `{}`},
		"/api/v1/lanes/hasten":    {hastenBody, strings.Replace(hastenBody, token, gone, 1), `{}`},
	} {
		d.hold(t, h, "POST", path, rows[0], 200)
		d.hold(t, h, "POST", path, rows[1], 404)
		d.hold(t, h, "POST", path, rows[2], 400)
		d.hold(t, h, "POST", path, strings.Repeat(" ", 5<<20), 413)
		d.hold(t, h, "POST", path, `{}`, 415, func(r *http.Request) { r.Header.Set("Content-Type", "text/csv") })
	}
	d.scripts(t, h)
	d.hold(t, h, "POST", "/api/v1/reload", "", 200)
	d.hold(t, h, "POST", "/api/v1/console/codes", "", 200)
	wrong := cfg
	wrong.Reload = func(context.Context) (admin.Reloaded, error) {
		return admin.Reloaded{}, errors.New("trackhook.yaml:3: no\ntrackhook.yaml:4: neither")
	}
	d.hold(t, admin.New(wrong), "POST", "/api/v1/reload", "", 422)
	for path, body := range heldBodies() {
		f.add(20, func(s *engine.PackageState) { s.Package.App.Token = gone })
		d.hold(t, h, "GET", "/api/v1/packages", "", 200)
		d.hold(t, h, "POST", path, body, 200)
		d.hold(t, h, "POST", path, strings.ReplaceAll(body, gone, token), 409)
		d.hold(t, h, "POST", path, strings.Repeat(" ", 5<<20), 413)
		d.hold(t, h, "POST", path, `{}`, 415, func(r *http.Request) { r.Header.Set("Content-Type", "text/csv") })
		to := `{"filter":{"app_token":"gone12345678","environment":"sandbox"},"to":{"app_token":"gone12345678","environment":"sandbox"}}`
		for _, wrong := range []string{`{"filter":{}}`, `{"ids":["p20"]}`, to} {
			d.hold(t, h, "POST", path, wrong, 400)
		}
	}
	time.AfterFunc(100*time.Millisecond, func() { close(done) })
	d.hold(t, h, "GET", "/api/v1/responses/tail?after=0", "", 200, accept("text/event-stream"))
	d.hold(t, h, "GET", "/api/v1/answers?recent=100", "", 200) // ended already
	d.stream(t, cfg)
	d.door(t)
	d.console(t)

	cfg.Access = bearing("nothing")
	closed := admin.New(cfg)
	cfg.Access = func(*http.Request) (site.Access, bool) { return 0, true }
	powerless := admin.New(cfg)
	f.fail(errors.New("disk on fire"))
	blind := admin.New(admin.Config{Stats: fine})
	bodies := heldBodies()
	bodies["/api/v1/backup"] = `{"dir":"/backups/new"}`
	bodies["/api/v1/lanes/hasten"] = hastenBody
	bodies["/api/v1/apps/probe"], bodies["/api/v1/endpoints/probe"] = "{}", `{"endpoint":"a"}`
	broken := admin.New(admin.Config{
		Stats: fine, Access: func(*http.Request) (site.Access, bool) { panic("a bug") }, Metrics: http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("a bug") }),
	})
	var hosts site.Hosts
	for _, route := range admin.Routes() {
		target := strings.NewReplacer("{id}", "p1", "{name}", "count").Replace(route.Path)
		d.hold(t, broken, route.Method, target, "", 500)
		d.hold(t, hosts.Check(h), route.Method, target, "", 421, misdirected)
		operation, _ := d.at("paths", route.Path, strings.ToLower(route.Method), "responses")
		for status, how := range map[string]func(){
			"400": func() { d.hold(t, h, route.Method, target+"?unheard_of=1", "{}", 400) },
			"401": func() { d.hold(t, closed, route.Method, target, "", 401) },
			"403": func() {
				d.hold(t, h, route.Method, target, "", 403, func(r *http.Request) { r.RemoteAddr = "192.0.2.1:1" })
				d.hold(t, powerless, route.Method, target, "", 403)
			},
			"501": func() { d.hold(t, blind, route.Method, target, `{"filter":{}}`, 501) },
			"503": func() {
				target, body := missing(route.Method, target)
				d.hold(t, h, route.Method, target, cmp.Or(body, bodies[target], `{"filter":{}}`), 503)
			},
		} {
			if operation.(object)[status] != nil {
				how()
			}
		}
	}
	d.hold(t, blind, "GET", "/metrics", "", 404)
	d.allAnswered(t)
}

// stream holds all that a stream of answers may tell against the description.
func (d *description) stream(t *testing.T, cfg admin.Config) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		p, printing := newPrinting()
		ctx, cancel := context.WithCancel(t.Context())
		cfg.Done = nil
		cfg.Responses, cfg.Inspector, cfg.Printed, cfg.Plugins = printing.Responses, printing.Inspector, printing.Printed, printing.Plugins
		h := admin.New(cfg)
		for range 1200 {
			p.respond(response(engine.Delivered, func(r *engine.Response) { r.WillRetry, r.NextAttempt = true, noon() }))
		}
		p.trim(10)
		p.run(1200, slices.Repeat([]string{"x"}, 25)...)
		pieces := []<-chan string{listenTo(ctx, h, "/api/v1/answers?recent=100"), listenTo(ctx, h, "/api/v1/answers?after=0"), listenTo(ctx, h, "/api/v1/answers?after=5")}
		time.Sleep(time.Second)
		p.run(0, "loose")
		time.Sleep(time.Second)
		synctest.Wait()
		p.trim(1183)
		pieces = append(pieces, listenTo(ctx, h, "/api/v1/answers?after=1190"))
		time.Sleep(time.Second)
		synctest.Wait()
		cancel()
		_, pointer := d.at("components", "schemas", "AnswerEvent")
		told := map[string]bool{}
		for _, of := range pieces {
			for piece := range of {
				for line := range strings.Lines(piece) {
					d.validate(t, "an event of answers", pointer, []byte(line))
					kind, _, _ := strings.Cut(strings.TrimPrefix(line, `{"type":"`), `"`)
					told[kind] = true
				}
			}
		}
		if len(told) != 6 {
			t.Errorf("only %v were told", told)
		}
	})
}

// console holds the answers about sessions against the description.
func (d *description) console(t *testing.T) {
	t.Helper()
	const path = "/console/session"
	plain := func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") }
	asJSON := func(r *http.Request) { r.Header.Set("Content-Type", "application/json") }
	foreign := func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") }
	bearer := func(r *http.Request) { r.Header.Set("Authorization", "Bearer s3cret") }
	c := newConsole()
	d.hold(t, c, "POST", path, `{"token":"s3cret"}`, 200, asJSON)
	d.hold(t, c, "POST", path, `{}`, 400, asJSON)
	d.hold(t, c, "POST", path, `{"token":"other"}`, 401, asJSON)
	d.hold(t, c, "POST", path, `{"token":"s3cret"}`, 415, plain)
	d.hold(t, c, "GET", path, "", 200, bearer)
	d.hold(t, c, "GET", path, "", 401)
	d.hold(t, c, "DELETE", path, "", 204)
	off := console.New(console.Config{
		Port: "1", Access: bearing(""), Token: func(string) (console.Grant, bool) { return console.Grant{}, false }, Enabled: func() bool { return false },
	})
	var hosts site.Hosts
	for _, method := range []string{"GET", "POST", "DELETE"} {
		d.hold(t, c, method, path, "{}", 403, foreign)
		d.hold(t, off, method, path, "{}", 404)
		d.hold(t, hosts.Check(c), method, path, "{}", 421, misdirected)
	}
	slow := console.New(console.Config{
		Port: "1", Access: bearing(""), Token: func(string) (console.Grant, bool) { return console.Grant{}, false }, Delay: time.Hour,
	})
	waiting, cancel := context.WithCancel(t.Context())
	var guessing sync.WaitGroup
	refused := make(chan int, 9)
	for range 9 { // one more than may wait
		guessing.Go(func() {
			w := post(slow, "POST", path, `{"token":"guess"}`, func(r *http.Request) { *r = *r.WithContext(waiting) })
			if w.Code == http.StatusTooManyRequests {
				refused <- w.Code
			}
		})
	}
	<-refused
	d.hold(t, slow, "POST", path, `{"token":"guess"}`, 429, asJSON)
	cancel()
	guessing.Wait()
}

// misdirected makes a request one for another host, as a page does whose name was made to lead here.
func misdirected(r *http.Request) { r.Host = "rebound.example" }

// allAnswered finds what is described and was never answered. A few cannot be brought about here.
func (d *description) allAnswered(t *testing.T) {
	t.Helper()
	for _, route := range d.methodsOf() {
		method, path, _ := strings.Cut(route, " ")
		responses, _ := d.at("paths", path, strings.ToLower(method), "responses")
		for status := range responses.(object) {
			intake := !strings.HasPrefix(path, "/api/")
			// A body that does not come, and what a GET has no body for.
			if intake && (status == "408" || method == "GET" && (status == "413" || status == "415")) {
				continue
			}
			headers, _ := d.at("paths", path, strings.ToLower(method), "responses", status, "headers")
			if described, ok := headers.(object); ok {
				for name := range described {
					if _, pointer := d.at("paths", path, strings.ToLower(method), "responses", status, "headers", name); !d.answered[pointer] {
						t.Errorf("the header %s of %s %s is described, and no answer had it", name, route, status)
					}
				}
			}
			if what := route + " " + status; !d.answered[what] {
				t.Errorf("%s is described, and no answer was held against it", what)
			}
		}
	}
}

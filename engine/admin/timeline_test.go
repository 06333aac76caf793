package admin_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"trackhook/engine"
	"trackhook/engine/admin"
)

// A version that is past a response and listens to nothing of its app has not run.
func TestOnlyRunsThatHappenedAreShown(t *testing.T) {
	for _, test := range []struct {
		name    string
		change  func(*engine.Response)
		version string
		skipped bool
	}{
		{"of its app", func(*engine.Response) {}, "a1", false},
		{"of another app", func(r *engine.Response) { r.Package.App.Token = "xyz123def456" }, "a1", true},
		{"of another app, by a version that is gone", func(r *engine.Response) { r.Package.App.Token = "xyz123def456" }, "a0", false},
		{"that tells nothing new", func(r *engine.Response) { r.Repeat = true }, "a1", true},
		{"of a package that was dropped", func(r *engine.Response) { r.Outcome = engine.Dropped }, "a1", true},
	} {
		f := newFake()
		f.add(1, nil)
		f.respond(response(engine.Delivered, test.change))
		f.runs[1] = []engine.Run{{Listener: "plugin/console", Version: test.version}}
		var timeline admin.Timeline
		answer := ask(admin.New(f.config()), "GET", "/api/v1/packages/p1")
		if err := json.Unmarshal(answer.Body.Bytes(), &timeline); err != nil || len(timeline.History) != 1 {
			t.Fatalf("%s: %v in %s", test.name, err, answer.Body)
		}
		run := timeline.History[0].Runs[0]
		if run.Skipped != test.skipped || (run.Version == "") != test.skipped {
			t.Errorf("a response %s: %+v", test.name, run)
		}
	}
}

// What cannot be read of a package does not hide the rest, and is named once.
func TestDamagedPackageIsShown(t *testing.T) {
	for _, known := range []bool{true, false} {
		f := newFake()
		f.add(1, nil)
		f.respond(response(engine.Delivered, func(*engine.Response) {}))
		f.runs[1] = []engine.Run{{Listener: "plugin/console", Version: "a1"}}
		f.part = &engine.PartError{Missing: []string{"response 7"}, Err: errors.New("damaged")}
		if !known {
			f.states[0].Package = engine.Package{ID: "p1"}
		}
		var timeline admin.Timeline
		answer := ask(admin.New(f.config()), "GET", "/api/v1/packages/p1")
		if err := json.Unmarshal(answer.Body.Bytes(), &timeline); err != nil || answer.Code != http.StatusOK {
			t.Fatalf("%d %s, %v", answer.Code, answer.Body, err)
		}
		if len(timeline.History) != 1 || len(timeline.History[0].Runs) != 1 || !slices.Equal(timeline.Missing, []string{"response 7"}) {
			t.Errorf("shown is %+v", timeline)
		}
		if timeline.Package.AppToken != token || len(timeline.Request.Form) == 0 {
			t.Errorf("the package is %+v, the request %+v", timeline.Package, timeline.Request)
		}
	}
}

// What cannot be read is not dropped, and the refusal says so and what to do.
func TestDamagedPackageIsNotDropped(t *testing.T) {
	f := newFake()
	f.add(1, func(s *engine.PackageState) { s.Status = engine.Done })
	f.part = &engine.PartError{Missing: []string{"what is kept of the dead letter"}, Err: errors.New("damaged")}
	answer := ask(admin.New(f.config()), "DELETE", "/api/v1/packages/p1")
	if body := answer.Body.String(); answer.Code != http.StatusConflict || !strings.Contains(body, "what is kept of the dead letter") || !strings.Contains(body, "store repair") {
		t.Errorf("%d %s", answer.Code, body)
	}
}

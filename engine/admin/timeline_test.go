package admin_test

import (
	"encoding/json"
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

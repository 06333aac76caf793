package scripting

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"trackhook/engine"
	"trackhook/scripting/internal/source"
)

// What a plugin tracks in a test is of the time of the test, however far that is from the real one.
func TestStageTracksInItsOwnTime(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.js")
	if err := os.WriteFile(path, []byte(`
		const c = new AdjustConfig("{YourAppToken}", AdjustConfig.EnvironmentSandbox);
		c.setEventTrackingSucceededCallbackListener(() => Adjust.trackEvent(new AdjustEvent("abc123")));
		Adjust.create(c);`), 0o600); err != nil {
		t.Fatal(err)
	}
	app := engine.App{Token: "abc123def456", Environment: engine.Sandbox}
	settings := HostSettings{Dir: filepath.Dir(path)}
	settings.DefaultApp, settings.Device = app, map[string]string{"external_device_id": "kiosk-17"}
	now := time.Date(2001, 2, 3, 4, 5, 6, 0, time.UTC)
	s, _, err := openStage(t.Context(), &stageConfig{
		settings: settings, entry: source.Entry{Name: "x", Path: path}, now: now, firstStart: true, fetch: alwaysOK,
	})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.close(); err != nil {
			t.Error(err)
		}
	}()
	later := now.Add(time.Hour)
	if err := s.advance(t.Context(), later); err != nil {
		t.Fatal(err)
	}
	r := engine.Response{Seq: 7, Outcome: engine.Delivered, Package: engine.Package{ID: "p1", Kind: engine.KindEvent, App: app}}
	if err := s.hand(t.Context(), &r); err != nil {
		t.Fatal(err)
	}
	var got []time.Time
	for _, act := range s.tape.since(0) {
		if act.Tracked != nil {
			got = append(got, act.Tracked.Created)
		}
	}
	if len(got) != 2 || !got[0].Equal(now) || !got[1].Equal(later) {
		t.Errorf("tracked at %v, want %v and %v", got, now, later)
	}
}

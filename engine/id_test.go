package engine_test

import (
	"testing"

	"trackhook/engine"
)

// The IDs of keys are in stores, and must stay what they are: a key that is sent again after an update would otherwise be
// queued twice.
func TestKeyedID(t *testing.T) {
	app := engine.App{Token: "abc123def456", Environment: engine.Sandbox}
	for name, row := range map[string]struct{ got, want string }{
		"one":   {engine.KeyedID(app, engine.KindEvent, "order-1"), "k7ffe6fe94302d59f5790e3bf5ec1cd0a"},
		"batch": {engine.KeyedID(app, engine.KindEvent, "order-1", "line", "2"), "k6beeeba8e9b79bf0c0bb0ec3b3671729"},
	} {
		if row.got != row.want {
			t.Errorf("%s: %s, want %s", name, row.got, row.want)
		}
	}
	if engine.KeyedID(app, engine.KindSession, "order-1") == engine.KeyedID(app, engine.KindEvent, "order-1") {
		t.Error("a session and an event with the same key are the same package")
	}
}

package scriptingtest_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"trackhook/engine"
	"trackhook/scripting/scriptingtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const listener = `
const config = new AdjustConfig("{YourAppToken}", AdjustConfig.EnvironmentSandbox);
config.setEventTrackingSucceededCallbackListener(function (event) { heard(event); });
Adjust.create(config);
`

func TestFilesAndTracked(t *testing.T) {
	t.Parallel()
	result, err := scriptingtest.Test{
		Script:    `const token = require("./lib/token.js"); function heard() { Adjust.trackEvent(new AdjustEvent(token)); }` + listener,
		Files:     map[string]string{"lib/token.js": `module.exports = "abc124";`},
		Responses: make([]engine.Response, 3),
		Device:    map[string]string{"external_device_id": "kiosk-17"},
	}.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	// A host that is a device tracks a session by itself.
	result.Tracked = slices.DeleteFunc(result.Tracked, func(p engine.Package) bool { return p.Kind == engine.KindSession })
	if len(result.Tracked) != 3 || result.Tracked[0].Params["event_token"] != "abc124" || result.Plugin.Runs != 3 {
		t.Errorf("result: %+v", result)
	}
}

func TestListenerThatThrowsIsALine(t *testing.T) {
	t.Parallel()
	result, err := scriptingtest.Test{
		Script: `function heard() { nothing.here(); }` + listener, Responses: make([]engine.Response, 1),
	}.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(result.Lines) != 1 || result.Lines[0].Level != "error" || result.Plugin.Errors != 1 {
		t.Errorf("result: %+v", result)
	}
}

func TestBrokenScriptIsAnError(t *testing.T) {
	t.Parallel()
	_, err := scriptingtest.Test{Script: "\n\nfunction ("}.Run(t.Context())
	if err == nil || !strings.Contains(err.Error(), "plugin.js:3:") {
		t.Errorf("error: %v", err)
	}
}

func TestContextEnds(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := (scriptingtest.Test{Script: listener}).Run(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("error: %v", err)
	}
}

package adjust_test

import (
	"maps"
	"testing"

	"trackhook/scripting/scriptingtest"
)

// What scripts set by the fields and the parameters of each SDK is sent.
func TestFieldsOfEachSDK(t *testing.T) {
	t.Parallel()
	const event = `const e = new AdjustEvent("abc123"); e.setRevenue(1.5, "EUR"); e.addCallbackParameter("k", "v"); e.addCallbackParameter("n", 1); e.addPartnerParameter("length", "7");
Adjust.trackEvent(e); console.log(JSON.stringify(e.callbackParameters));`
	for name, test := range map[string]struct{ script, printed string }{
		"Cordova 4":      {`const c = new AdjustConfig(appToken, environment); c.needsCost = true; Adjust.create(c);`, `["k","v","n",1]`},
		"Cordova 5":      {`const c = new AdjustConfig(appToken, environment); c.isCostDataInAttributionEnabled = true; Adjust.initSdk(c);`, `["k","v"]`},
		"React Native 4": {`import { Adjust, AdjustConfig, AdjustEvent } from "react-native-adjust"; const c = new AdjustConfig(appToken, environment); c.setNeedsCost(true); Adjust.create(c);`, `{"k":"v"}`},
		"React Native 5": {`import { Adjust, AdjustConfig, AdjustEvent } from "react-native-adjust"; const c = new AdjustConfig(appToken, environment); c.enableCostDataInAttribution(); Adjust.initSdk(c);`, `["k","v"]`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			result, err := scriptingtest.Test{Script: test.script + event, Device: map[string]string{"external_device_id": "kiosk"}}.Run(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			printed := false
			for _, line := range result.Lines {
				printed = printed || line.Text == test.printed
			}
			if !printed {
				t.Errorf("%q, want %s", result.Lines, test.printed)
			}
			want := map[string]string{"k": "v"}
			if name == "Cordova 4" {
				want["n"] = "1"
			}
			for _, p := range result.Tracked {
				switch p.Kind {
				case "session":
					if p.Params["needs_cost"] != "1" {
						t.Errorf("the session has %q", p.Params)
					}
				case "event":
					if !maps.Equal(p.CallbackParams, want) || p.PartnerParams["length"] != "7" || p.Params["revenue"] != "1.50000" {
						t.Errorf("the event has %q, %q, %q", p.Params, p.CallbackParams, p.PartnerParams)
					}
				}
			}
			if len(result.Tracked) != 2 {
				t.Errorf("tracked %d packages", len(result.Tracked))
			}
		})
	}
}

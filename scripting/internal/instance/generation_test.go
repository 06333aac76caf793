package instance

import (
	"slices"
	"strings"
	"testing"

	"trackhook/engine"
)

// A listener gets jsonResponse as the version documents it in whose spelling it was registered.
func TestJSONResponseByGeneration(t *testing.T) {
	const say = `const say = (r) => console.log(typeof r.jsonResponse, '...' + r.jsonResponse, JSON.stringify(r.JsonResponse));
		const c = new AdjustConfig(appToken, environment);`
	const body = "{ \"message\": \"Event\\u0020tracked\" }\n"
	answered := eventResponse(engine.Delivered, func(r *engine.Response) { r.Body = []byte(body) })
	refused := eventResponse(engine.Retry, func(r *engine.Response) { r.Body = []byte("<html>") })
	four := []string{`object ...{"message":"Event tracked"} {"message":"Event tracked"}`, `object ...null null`}
	five := []string{`string ...` + body + ` ` + `"{ \"message\": \"Event\\u0020tracked\" }\n"`, `string ... ""`}
	for source, want := range map[string][]string{
		`c.setEventTrackingSucceededCallbackListener(say); c.setEventTrackingFailedCallbackListener(say); Adjust.create(c)`: four,
		`c.setEventTrackingSucceededCallback(say); c.setEventTrackingFailedCallback(say); Adjust.initSdk(c)`:                five,
		// The spelling counts for each listener, and the start where the script writes the field.
		`c.setEventTrackingSucceededCallbackListener(say); c.setEventTrackingFailedCallback(say); Adjust.initSdk(c)`: {four[0], five[1]},
		`c.eventTrackingSucceededCallback = say; c.eventTrackingFailedCallback = say; Adjust.initSdk(c)`:             five,
		`c.eventTrackingSucceededCallback = say; c.eventTrackingFailedCallback = say; Adjust.create(c)`:              four,
	} {
		b := newBench(t)
		b.feed(b.run(say+source), answered, refused)
		if got := messages(b.log.take(), "info"); len(got) != 2 || got[0] != want[0] || got[1] != want[1] {
			t.Errorf("%s: got\n  %q\nwant\n  %q", source, got, want)
		}
	}
}

// Listeners that hear of one answer share what they get only where they are of one spelling.
func TestJSONResponseOfAttributions(t *testing.T) {
	b := newBench(t)
	i := b.run(`const c = new AdjustConfig(appToken, environment);
		let heard;
		c.setAttributionCallback((a, r) => { heard = r; console.log(typeof r.jsonResponse, a.response === r, typeof a.jsonResponse) });
		c.setSessionTrackingSucceededCallbackListener((r) => console.log(typeof r.jsonResponse, heard === r));
		c.setDeferredDeeplinkCallback((l, r) => console.log(typeof r.jsonResponse, heard === r));
		Adjust.initSdk(c)`)
	b.feed(i, toldBy(1, "gps_adid=1", `{"attribution":{"tracker_token":"x"},"deeplink":"app://x"}`))
	b.printed("info", "string true string", "object false", "string true")
}

// The names in a script tell its version before it runs.
func TestGenerationBeforeTheStart(t *testing.T) {
	const ask = `Adjust.getSdkVersion((v) => console.log(v)); const e = new AdjustEvent('abc123'); e.addCallbackParameter('k', 1); e.setCallbackId(7);
		console.log(e.callbackParameters.length, e.callbackId, Adjust.getSdkPrefix());`
	four := []string{"2 7 cordova4.38.1", "cordova4.38.1@trackhook"}
	five := []string{
		"[Adjust] Event callback parameter key or value is not of type string", "[Adjust] Event callback ID is not of type string",
		"0 null cordova5.4.1", "cordova5.4.1@trackhook",
	}
	start := func(method string) string {
		return `setTimeout(() => ` + method + `(new AdjustConfig(appToken, environment)), 1e6);`
	}
	for source, want := range map[string][]string{
		ask:                                 four,
		ask + start("Adjust.create"):        four,
		ask + start("Adjust.initSdk"):       five,
		ask + start("Adjust['initSdk']"):    five,
		ask + start("Adjust[`initSdk`]"):    five,
		ask + start("Adjust.\\u0069nitSdk"): five,
		ask + `const { initSdk } = Adjust;`: five,
		ask + `const later = () => Adjust.addGlobalCallbackParameter('k', 'v');`:                                 five,
		ask + `const later = () => { Adjust.addGlobalCallbackParameter('k', 'v'); Adjust.setOfflineMode(true) }`: four,
		ask + `// Adjust.initSdk comes with version 5` + "\n" + `console.log`:                                    four,
		ask + `const text = 'initSdk';`: four,
		// The documentation of version 5 has names of version 4.
		ask + `const c = new AdjustConfig(appToken, environment); c.setEventTrackingSucceededCallbackListener(() => {});` + start("Adjust.initSdk"): five,
		// Which of them there is, is asked: the call decides.
		ask + start(`(Adjust.initSdk || Adjust["create"])`):                                                         four,
		ask + start("(Adjust.initSdk || Adjust[`create`])"):                                                         four,
		ask + start("(Adjust.initSdk || Adjust.create)"):                                                            four,
		`import { Adjust, AdjustEvent, AdjustConfig } from 'react-native-adjust';` + ask + start("Adjust.initSdk"):  {five[0], five[1], "0 null react-native5.8.0", "react-native5.8.0@trackhook"},
		`import { Adjust, AdjustEvent, AdjustConfig } from 'react-native-adjust';` + ask + start("Adjust.create"):   {"undefined 7 react-native4.38.1", "react-native4.38.1@trackhook"},
		`import * as sdk from 'com.adjust.sdk';` + ask + start("sdk.Adjust.create"):                                 four,
		`const { Adjust, AdjustEvent, AdjustConfig } = require('trackhook');` + ask + start("Adjust.initSdk"):       five,
		`const { AdjustConfig: Config } = require('com.adjust.sdk');` + ask + `const start = () => Adjust.create()`: four,
	} {
		b := newBench(t, withDevice)
		i := b.run(source)
		b.settle(i)
		if got := messages(b.log.take(), "info"); !slices.Equal(got, want) {
			t.Errorf("%q: got\n  %q\nwant\n  %q", source, got, want)
		}
	}
	// What another package makes is no start, however it was imported.
	b := newBench(t, withDevice)
	b.write("lib/axios.js", `module.exports = { create: () => ({}) }`)
	i := b.run(`import axios from './lib/axios'; const client = axios.create({});` + ask + start("Adjust.initSdk"))
	b.settle(i)
	b.printed("info", five...)
	// What a script requires counts as well.
	b = newBench(t, withDevice)
	b.write("lib/start.js", `module.exports = () => Adjust.initSdk(new AdjustConfig(appToken, environment))`)
	i = b.run(ask + `const later = () => require('./lib/start.js')()`)
	b.settle(i)
	b.printed("info", five...)
}

// The start that was really called counts, whatever the names in the script look like.
func TestGenerationAfterTheStart(t *testing.T) {
	const ask = `; const e = new AdjustEvent('abc123'); e.addCallbackParameter('k', 1); console.log(e.callbackParameters.length)`
	four := []string{"2"}
	five := []string{"[Adjust] Event callback parameter key or value is not of type string", "0"}
	for source, want := range map[string][]string{
		"Adjust[`initSdk`](c)":                                                                      five,
		`const start = 'initSdk'; Adjust[start](c)`:                                                 five,
		`const start = 'init' + 'Sdk'; Adjust[start](c)`:                                            five,
		`const sdk = Adjust; function initSdk() { sdk.create(c) }; initSdk()`:                       four,
		`const { create } = Adjust; const never = () => Adjust.initSdk(c); create(c)`:               four,
		`const { initSdk } = Adjust; const never = () => Adjust.create(c); initSdk(c)`:              five,
		`const later = () => Adjust.addGlobalCallbackParameter('k', 'v'); Adjust['cre' + 'ate'](c)`: four,
	} {
		b := newBench(t, withDevice)
		i := b.run(`const c = new AdjustConfig(appToken, environment); ` + source + ask)
		b.settle(i)
		if got := messages(b.log.take(), "info"); !slices.Equal(got, want) {
			t.Errorf("%q: got\n  %q\nwant\n  %q", source, got, want)
		}
	}
}

// What version 5 asks before it starts is answered when it is known.
func TestQuestionsBeforeTheStart(t *testing.T) {
	b := newBench(t, withDevice)
	i := b.run(`Adjust.getAdid((id) => console.log('adid', id)); Adjust.getAttribution((a) => console.log('attribution', a.trackerToken));
		Adjust.initSdk(new AdjustConfig(appToken, environment))`)
	b.settle(i)
	b.printed("info")
	b.feed(i, sessionResponse(engine.Delivered, answer(attributed), func(r *engine.Response) { r.Package.Device = "external_device_id=kiosk-17" }))
	b.settle(i)
	b.printed("info", "adid adid-1", "attribution tok1")
}

// The cost of an install that is not known is "" in the Cordova SDK, and 0 in that of React Native.
func TestUnknownCost(t *testing.T) {
	for source, want := range map[string]string{
		``: "string  number 0",
		`import { Adjust, AdjustConfig } from 'react-native-adjust';`:             "number 0 number 0",
		`import { Adjust, AdjustConfig } from 'com.adjust.sdk';`:                  "string  number 0",
		`const { Adjust, AdjustConfig } = require('react-native-adjust');`:        "number 0 number 0",
		`const { Adjust, AdjustConfig } = require('com.adjust.sdk');`:             "string  number 0",
		`const lazy = () => require('react-native-adjust');`:                      "number 0 number 0",
		`const { AdjustEvent } = require('com.adjust.sdk'); const n = 'initSdk';`: "string  number 0",
	} {
		b := newBench(t)
		i := b.run(source + `
			const costs = []; const c = new AdjustConfig(appToken, environment);
			c.setAttributionCallbackListener((a) => { costs.push(typeof a.costAmount, a.costAmount); if (costs.length === 4) console.log(...costs) });
			Adjust.create(c)`)
		b.feed(i, toldBy(1, "gps_adid=1", `{"attribution":{"tracker_token":"x"}}`), toldBy(2, "gps_adid=1", `{"attribution":{"tracker_token":"y","cost_amount":0}}`))
		b.printed("info", want)
	}
}

func TestAppTokenPlaceholders(t *testing.T) {
	for _, token := range []string{"{YourAppToken}", "YourAppToken", "{Your App Token}", "yourAppToken"} {
		b := newBench(t)
		i := b.run(`const c = new AdjustConfig("` + token + `", AdjustConfig.EnvironmentSandbox);
			c.setEventTrackingSucceededCallback((r) => console.log(r.eventToken)); Adjust.initSdk(c)`)
		b.feed(i, eventResponse(engine.Delivered))
		b.printed("info", "abc123")
	}
}

// The text null is a text, where nothing is told apart by it.
func TestTheTextNull(t *testing.T) {
	b := newBench(t, withDevice)
	b.run(created + `for (const id of ['null', null, '']) {
		const e = new AdjustEvent('abc123'); e.setCallbackId(id); e.setProductId(id); e.setTransactionId(id); Adjust.trackEvent(e);
	}`)
	got := b.store.tracked()
	if len(got) != 4 {
		t.Fatalf("tracked %q", packageKinds(got))
	}
	for n, want := range []string{"null", "", ""} {
		p := got[n+1]
		if _, deduplicated := p.Params["deduplication_id"]; p.CallbackID != want || p.Params["product_id"] != want || deduplicated {
			t.Errorf("event %d has the callback id %q and %v, want %q", n, p.CallbackID, p.Params, want)
		}
	}
}

func TestOneLineForASetting(t *testing.T) {
	for source, want := range map[string]string{
		`c.disableSkanAttribution(); Adjust.initSdk(c)`:       "AdjustConfig.disableSkanAttribution does nothing on this host",
		`c.deactivateSKAdNetworkHandling(); Adjust.create(c)`: "AdjustConfig.deactivateSKAdNetworkHandling does nothing on this host",
		`c.enableSendingInBackground(); Adjust.create(c)`:     "AdjustConfig.enableSendingInBackground does nothing on this host",
		`c.sendInBackground = true; Adjust.create(c)`:         "AdjustConfig.setSendInBackground does nothing on this host",
	} {
		b := newBench(t)
		b.run(`const c = new AdjustConfig(appToken, environment);` + source)
		b.printed("debug", want)
	}
}

func TestThirdPartySharingSettingsAreNotKnown(t *testing.T) {
	b := newBench(t, withDevice)
	i := b.run(`Adjust.getThirdPartySharingSettingsWithTimeout(3000, (s) => console.log(s)); Adjust.getThirdPartySharingSettingsWithTimeout(1)`)
	b.settle(i)
	b.printed("info", "null")
}

// goja says undefined of null.
func TestMembersOfNull(t *testing.T) {
	const hint = " of null: jsonResponse is null when the answer was no JSON object; look first, as in jsonResponse?."
	for code, want := range map[string]string{
		`e.jsonResponse.message`:        "TypeError: Cannot read property 'message'" + hint + "message",
		`e.jsonResponse.message.length`: "TypeError: Cannot read property 'message'" + hint + "message",
		`e.JsonResponse['adid']`:        "TypeError: Cannot read property 'adid'" + hint + "adid",
		`e.nothing.message`:             "TypeError: Cannot read property 'message' of undefined or null",
	} {
		b := newBench(t)
		i := b.run(`const c = new AdjustConfig(appToken, environment);
			c.setEventTrackingFailedCallbackListener((e) => { ` + code + ` }); Adjust.create(c)`)
		b.feed(i, eventResponse(engine.Retry))
		if got := messages(b.log.take(), "error"); len(got) != 1 || !strings.HasSuffix(got[0], ": "+want) {
			t.Errorf("%s: %q, want %q", code, got, want)
		}
	}
}

// An attribution of version 4 has no jsonResponse, which is not to be called null.
func TestMembersOfAnAttribution(t *testing.T) {
	const hint = "TypeError: Cannot read property 'message' of undefined or null: jsonResponse is null when the answer was no JSON object, " +
		"and attributions of version 4 have none, only the second argument of their listener has; look first, as in jsonResponse?.message"
	for _, listener := range []string{
		`(a) => { a.jsonResponse.message }`, `async (a) => { await null; a.jsonResponse.message }`, `(a) => { queueMicrotask(() => a.jsonResponse.message) }`,
	} {
		b := newBench(t)
		i := b.run(`const c = new AdjustConfig(appToken, environment);
			c.setAttributionCallbackListener(` + listener + `); Adjust.create(c)`)
		b.feed(i, toldBy(1, "gps_adid=1", `{"attribution":{"tracker_token":"x"}}`))
		b.settle(i)
		if got := messages(b.log.take(), "error"); len(got) != 1 || !strings.HasSuffix(got[0], hint) {
			t.Errorf("%s: %q", listener, got)
		}
	}
}

// The wrappers of Ionic resolve as the SDK's own modules do; what is asked without a callback is answered by a promise.
func TestPromisingModules(t *testing.T) {
	for _, name := range []string{
		"@awesome-cordova-plugins/adjust", "@awesome-cordova-plugins/adjust/ngx", "@ionic-native/adjust", "@ionic-native/adjust/ngx",
	} {
		b := newBench(t, withDevice)
		i := b.run(`import { Adjust, AdjustConfig, AdjustEvent, AdjustEnvironment, AdjustLogLevel } from '` + name + `';
			const c = new AdjustConfig('YourAppToken', AdjustEnvironment.Sandbox);
			c.logLevel = AdjustLogLevel.Verbose;
			c.setEventTrackingSucceededCallback((e) => console.log(typeof e.jsonResponse));
			Adjust.initSdk(c); Adjust.trackEvent(new AdjustEvent('abc123'));
			Adjust.getSdkVersion().then((v) => console.log(v));
			Adjust.isEnabled((on) => console.log('called', on));
			console.log(await Adjust.isEnabled(), await Adjust.processAndResolveDeeplink({ deeplink: 'app://x' }), Object.keys(Adjust).includes('getAdid'));`)
		b.settle(i)
		b.feed(i, eventResponse(engine.Delivered))
		b.printed("info", "cordova5.4.1@trackhook", "called true", "true app://x true", "string")
		if got := packageKinds(b.store.tracked()); !slices.Equal(got, []string{"session", "event"}) {
			t.Errorf("tracked %q", got)
		}
	}
}

package instance

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"trackhook/engine"
)

// The checks of version 5: console lines, byte for byte, and what comes of the value.
func TestVersion5Checks(t *testing.T) {
	const text, integer = " is not of type string", " is not of type integer"
	for _, test := range []struct{ call, want string }{
		{`c.setSdkPrefix(5)`, "SDK prefix" + text},
		{`c.setLogLevel(5)`, "Log level" + text},
		{`c.setDefaultTracker({})`, "Default tracker" + text},
		{`c.setExternalDeviceId(17)`, "External device ID" + text},
		{`c.setPreinstallFilePath(true)`, "Preinstall file path" + text},
		{`c.setFbAppId(1)`, "FB app ID" + text},
		{`c.setAttConsentWaitingInterval(1.5)`, "ATT consent waiting interval" + integer},
		{`c.setEventDeduplicationIdsMaxSize('3')`, "Maximum number of event deduplication IDs" + integer},
		{`c.setUrlStrategy(['eu.adjust.com'], true)`, "URL strategy parameters are not of a proper data types"},
		{`c.setUrlStrategy('eu.adjust.com', true, true)`, "URL strategy parameters are not of a proper data types"},
		// Null is what version 4 takes a setting back with, so the line comes when the config turns out to be of version 5.
		{`c.setLogLevel(null)`, "Log level" + text},
		{`c.setExternalDeviceId()`, "External device ID" + text},
		{`start(); e.setRevenue('1', 'EUR')`, "Event revenue or currency is not of a proper data type"},
		{`start(); e.addCallbackParameter('k', 1)`, "Event callback parameter key or value" + text},
		{`start(); e.addPartnerParameter(1, 'v')`, "Event partner parameter key or value" + text},
		{`start(); e.setCallbackId(1)`, "Event callback ID" + text},
		{`start(); e.setDeduplicationId(1)`, "Event deduplication ID" + text},
		{`start(); e.setProductId(1)`, "Event product ID" + text},
		{`start(); e.setTransactionId(1)`, "Event transaction ID" + text},
		{`start(); e.setPurchaseToken(1)`, "Event purchase token" + text},
		{`start(); ad.setRevenue('1', 'EUR')`, "Ad revenue or currency is not of a proper data type"},
		{`start(); ad.setAdImpressionsCount(1.5)`, "Ad impressions count" + integer},
		{`start(); ad.setAdRevenueNetwork(1)`, "Ad revenue network" + text},
		{`start(); ad.setAdRevenueUnit(1)`, "Ad revenue unit" + text},
		{`start(); ad.setAdRevenuePlacement(1)`, "Ad revenue placement" + text},
		{`start(); ad.addCallbackParameter('k', 1)`, "Ad revenue callback parameter key or value" + text},
		{`start(); new AdjustThirdPartySharing(true).addGranularOption('p', 'k', 1)`, "Granular option parameterName, key or value is not of a type string"},
		{`start(); new AdjustThirdPartySharing(true).addPartnerSharingSetting('p', 'k', 'v')`, "Partner sharing setting parameters are not of a proper data type"},
		{`start(); new AdjustAppStoreSubscription('1', 'EUR', 't').setTransactionDate(1)`, "App Store subscription transaction date" + text},
		{`start(); new AdjustPlayStoreSubscription().setPurchaseTime('1')`, "Play Store subscription purchase time" + integer},
		{`start(); Adjust.setPushToken(1)`, "Push token" + text},
		{`start(); Adjust.trackMeasurementConsent('yes')`, "Measurement consent is not of type boolean"},
		{`Adjust.addGlobalCallbackParameter('k', 1)`, "Global callback parameter key or value" + text},
		{`Adjust.addGlobalPartnerParameter(1, 'v')`, "Global partner parameter key or value" + text},
		{`Adjust.removeGlobalCallbackParameter(1)`, "Global callback parameter key" + text},
		{`Adjust.removeGlobalPartnerParameter()`, "Global partner parameter key" + text},
		{`Adjust.setExternalDeviceIdInDelay(1)`, "External device ID" + text},
		{`Adjust.updateSkanConversionValue(1, 'low', 'no')`, "SKAN parameters are not of a proper data types"},
		{`Adjust.getAdidWithTimeout('1')`, "Timeout in milliseconds" + integer},
		{`Adjust.resolveLinkWithUrl(1)`, "URL" + text},
	} {
		b := newBench(t, withDevice)
		b.run(`const c = new AdjustConfig(appToken, environment), e = new AdjustEvent('abc123'), ad = new AdjustAdRevenue('s');
			let started = false;
			function start() { if (!started) Adjust.initSdk(c); started = true }
			` + test.call + `; start();`)
		if got := messages(b.log.take(), "info"); !slices.Equal(got, []string{"[Adjust] " + test.want}) {
			t.Errorf("%s printed %q, want %q", test.call, got, test.want)
		}
		if got := b.store.tracked(); len(got) != 1 || got[0].Device != "external_device_id=kiosk-17" {
			t.Errorf("%s: tracked %+v", test.call, got)
		}
	}
}

// In version 4 the same calls are silent, and the values go on as text.
func TestVersion4TakesAnything(t *testing.T) {
	b := newBench(t, withDevice)
	b.run(`const c = new AdjustConfig(appToken, environment); c.setLogLevel(null); c.setDefaultTracker(undefined); c.setUrlStrategy(AdjustConfig.UrlStrategyIndia);
		Adjust.create(c);
		const e = new AdjustEvent('abc123'); e.setRevenue('1.5', 'EUR'); e.addCallbackParameter('k', 1); e.setCallbackId(7); Adjust.trackEvent(e);
		const ad = new AdjustAdRevenue('s'); ad.addCallbackParameter('k', 1); ad.setRevenue('2', 'EUR'); ad.setAdImpressionsCount('10'); Adjust.trackAdRevenue(ad);
		console.log(JSON.stringify(new AdjustThirdPartySharing(false)), JSON.stringify(new AdjustAppStorePurchase('r', 'p', 't')), JSON.stringify(new AdjustAppStorePurchase('p', 't')));`)
	b.printed("info", `{"isEnabled":"false","granularOptions":[],"partnerSharingSettings":[]} {"receipt":"r","productId":"p","transactionId":"t"} {"receipt":"p","productId":"t"}`)
	got := b.store.tracked()
	if len(got) != 3 || got[1].Params["revenue"] != "1.50000" || got[1].CallbackParams["k"] != "1" || got[1].CallbackID != "7" ||
		got[2].Params["ad_impressions_count"] != "10" || len(got[2].CallbackParams) != 0 {
		t.Errorf("tracked %+v", got)
	}
}

// The documentation of version 5 mixes the names of the listeners.
func TestBothGenerationsOfListeners(t *testing.T) {
	const names = "SessionTrackingSucceeded SessionTrackingFailed EventTrackingSucceeded EventTrackingFailed"
	for _, start := range []string{"create", "initSdk"} {
		for _, suffix := range []string{"Callback", "CallbackListener"} {
			var source strings.Builder
			source.WriteString("const c = new AdjustConfig('{YourAppToken}', AdjustConfig.EnvironmentSandbox);\n")
			for name := range strings.FieldsSeq(names) {
				fmt.Fprintf(&source, "c.set%s%s((r) => console.log('%s'));\n", name, suffix, name)
			}
			got := scenario(t, "info", source.String()+"Adjust."+start+"(c)",
				sessionResponse(engine.Delivered), sessionResponse(engine.Retry), eventResponse(engine.Delivered), eventResponse(engine.Retry))
			expect(t, got, strings.Fields(names)...)
		}
	}
}

func TestVersion5Events(t *testing.T) {
	b := newBench(t, withDevice)
	b.run(`const c = new AdjustConfig(appToken, environment); c.enableCostDataInAttribution(); c.setEventDeduplicationIdsMaxSize(1);
		const store = new AdjustStoreInfo('own-store'); store.setStoreAppId('77'); c.setStoreInfo(store);
		Adjust.initSdk(c);
		const track = (dedup, transaction) => { const e = new AdjustEvent('abc123'); if (dedup) e.setDeduplicationId(dedup); if (transaction) e.setTransactionId(transaction); Adjust.trackEvent(e) };
		track('A', 'T'); track('A'); track(null, 'T'); track(null, 'T'); track('B'); track('A');
		Adjust.disable(); track('C'); Adjust.enable(); track('C');`)
	lines := b.log.take()
	expect(t, messages(lines, "info"), "Skipping duplicate event with deduplication ID 'A'")
	got := b.store.tracked()
	var events []string
	for _, p := range got {
		events = append(events, string(p.Kind)+" "+p.Params["deduplication_id"]+" "+p.Params["order_id"])
	}
	expect(t, events, "session  ", "event A T", "event  T", "event  T", "event B ", "event A ", "event C ")
	if got[0].Params["needs_cost"] != "1" || got[0].Params["store_name_from_client"] != "own-store" || got[0].Params["store_app_id_from_client"] != "77" {
		t.Errorf("the session has %v", got[0].Params)
	}
}

func TestGlobalAndSessionParametersAreOneStore(t *testing.T) {
	tracked, _ := events(t, `Adjust.addSessionCallbackParameter('a', '1'); Adjust.addGlobalCallbackParameter('b', '2'); Adjust.addGlobalPartnerParameter('p', 'q');
		Adjust.removeGlobalCallbackParameter('a'); Adjust.resetSessionPartnerParameters(); Adjust.trackEvent(new AdjustEvent('abc123'))`)
	if got := fmt.Sprint(tracked[0].CallbackParams, tracked[0].PartnerParams); got != "map[b:2] map[]" {
		t.Errorf("sent %s", got)
	}
}

func TestFirstSessionDelay(t *testing.T) {
	const delayed = `const c = new AdjustConfig(appToken, environment); c.enableFirstSessionDelay(); Adjust.initSdk(c);
		Adjust.trackEvent(new AdjustEvent('abc123'));`
	b := newBench(t)
	i := b.run(delayed + `Adjust.setExternalDeviceIdInDelay('seat-9');` + `c.setEventTrackingSucceededCallback(null);`)
	expect(t, packageKinds(b.store.tracked()))
	<-i.Retire()
	b.restart()
	b.log.take()

	b.run(delayed + `Adjust.setExternalDeviceIdInDelay('seat-9'); Adjust.addGlobalCallbackParameter('k', 'v'); setTimeout(() => { Adjust.endFirstSessionDelay(); console.log('ended') }, 1)`)
	waitFor(t, func() bool { return slices.Contains(messages(b.log.lines(), "info"), "ended") })
	got := b.store.tracked()
	expect(t, packageKinds(got), "session", "event")
	if got[0].Device != "external_device_id=seat-9" || got[1].Device != got[0].Device || got[1].Params["event_count"] != "1" {
		t.Errorf("tracked %+v", got)
	}
	expect(t, messages(b.log.take(), "debug"), `Enqueuing "trackEvent" action to be executed after first session delay ends`,
		`Enqueuing "addGlobalCallbackParameter" action to be executed after first session delay ends`)

	// A device that had its first session is not delayed again.
	b.restart()
	b.run(strings.Replace(delayed, "Adjust.initSdk", "c.setExternalDeviceId('seat-9'); Adjust.initSdk", 1))
	expect(t, packageKinds(b.store.tracked()), "event")
}

func TestDelayWithoutADevice(t *testing.T) {
	b := newBench(t)
	b.run(`const c = new AdjustConfig(appToken, environment); c.enableFirstSessionDelay(); Adjust.initSdk(c);
		Adjust.trackEvent(new AdjustEvent('abc123')); Adjust.endFirstSessionDelay();`)
	if got := messages(b.log.take(), "error"); len(got) != 1 || !strings.HasPrefix(got[0], "Adjust.trackEvent: this host has no device to track for") {
		t.Errorf("logged %q", got)
	}
}

func TestQuestionsWaitInVersion5(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, withDevice)
		i := b.run(`const say = (name) => (v) => console.log(name, v && v.trackerToken || v);
			Adjust.getAdid(say('adid before the start'));
			Adjust.initSdk(new AdjustConfig(appToken, environment));
			Adjust.getAdid(say('adid')); Adjust.getAttribution(say('attribution'));
			Adjust.getAdidWithTimeout(100, say('adid in time')); Adjust.getAttributionWithTimeout(100, say('attribution in time'));
			Adjust.getAttributionWithTimeout('x', say('wrong'));`)
		b.settle(i)
		b.printed("info", "[Adjust] Timeout in milliseconds is not of type integer", "wrong null")
		time.Sleep(time.Second)
		synctest.Wait()
		b.printed("info", "adid in time null", "attribution in time null")
		own := func(r *engine.Response) { r.Package.Device = "external_device_id=kiosk-17" }
		b.feed(i, sessionResponse(engine.Delivered, answer(attributed), own))
		b.settle(i)
		b.printed("info", "adid before the start adid-1", "adid adid-1", "attribution tok1")
		i = b.run(`Adjust.getAttribution((a) => console.log(a.trackerToken, a.device)); Adjust.getAttributionWithTimeout(5, (a) => console.log(a.trackerToken));`)
		b.settle(i)
		b.printed("info", "tok1 external_device_id=kiosk-17", "tok1")
	})
}

func TestModule(t *testing.T) {
	b := newBench(t)
	i := b.run(`const rn = require('react-native-adjust'), cordova = require('com.adjust.sdk');
		const own = Adjust; globalThis.Adjust = null;
		console.log([rn === cordova, rn.Adjust === own, rn.default === own, rn.__esModule, rn.AdjustConfig === AdjustConfig,
			require('com.adjust.sdk.AdjustEvent') === AdjustEvent, 'nope' in rn, rn.nope].join());
		console.log(Object.keys(rn).join());
		const { AdjustLogLevel: levels, ...rest } = rn; console.log(levels.Verbose, Object.keys(rest).length);
		const config = new rn.AdjustConfig(appToken, environment); config.setEventTrackingSucceededCallback(() => console.log('heard'));
		rn.default.initSdk(config);
		try { require('react-native') } catch (e) { console.log(e.code) }`)
	b.feed(i, eventResponse(engine.Delivered))
	b.printed("info", "true,true,true,true,true,true,false,", "Adjust,AdjustAdRevenue,AdjustAdRevenueSource,AdjustAppStorePurchase,AdjustAppStoreSubscription,"+
		"AdjustConfig,AdjustDeeplink,AdjustEnvironment,AdjustEvent,AdjustLogLevel,AdjustPlayStorePurchase,AdjustPlayStoreSubscription,AdjustStoreInfo,AdjustThirdPartySharing,default",
		"VERBOSE 14", "MODULE_NOT_FOUND", "heard")
}

// What is made late behaves as if it had been there.
func TestLateObjectsAreOrdinary(t *testing.T) {
	b := newBench(t)
	b.run(`'use strict';
		const out = [];
		out.push(Adjust.create === Adjust.create, 'create' in Adjust, Object.keys(Adjust).includes('initSdk'), typeof Adjust.nope);
		const before = Object.keys(Adjust).length; Adjust.extra = 1; delete Adjust.teardown; Adjust.create = 2;
		out.push(Object.keys(Adjust).length - before, Adjust.extra, Adjust.create, typeof Adjust.teardown); delete Adjust.extra; out.push('extra' in Adjust);
		out.push('AdjustEvent' in globalThis, Object.keys(globalThis).includes('AdjustEvent'), typeof AdjustEvent, Object.hasOwn(globalThis, 'AdjustEvent'));
		delete globalThis.AdjustEvent; out.push(typeof AdjustEvent);
		globalThis.AdjustDeeplink = 'mine'; out.push(AdjustDeeplink);
		class Own extends AdjustConfig { setLogLevel(level) { super.setLogLevel(level.toUpperCase()) } }
		const own = new Own(appToken, environment); own.setLogLevel('info'); out.push(own.logLevel, own instanceof AdjustConfig, own.constructor.name);
		AdjustConfig.prototype.setUserAgent = function () { return 'replaced' }; out.push(own.setUserAgent(), Object.keys(own).length);
		Object.freeze(AdjustConfig.prototype);
		try { AdjustConfig('t', 'e') } catch (e) { out.push(e.name) }
		console.log(out.join());`)
	b.printed("info", "true,true,true,undefined,0,1,2,undefined,false,true,false,function,true,undefined,mine,INFO,true,Own,replaced,44,TypeError")
}

const noElements = "a host has no page, so document and the ids of elements do not exist here; leave out what buttons and fields are for"

func TestUndeclaredNamesSayWhatToDo(t *testing.T) {
	for source, want := range map[string]string{
		"const s = new AdjustAppStoreSubscription(price)":   "ReferenceError: price is not defined: the documentation leaves it to the app; declare it in the script, such as const price = ...",
		"new AdjustConfig({ APP_ID }, environment)":         "ReferenceError: APP_ID is not defined: write the app token in its place, or appToken for the app of this host's configuration",
		"window.alert('x')":                                 "ReferenceError: window is not defined: a host has no web page; the global object is globalThis",
		"unknownName()":                                     "ReferenceError: unknownName is not defined",
		"btnTrackEvent.addEventListener('click', () => {})": "ReferenceError: btnTrackEvent is not defined: " + noElements,
		"document.addEventListener('deviceready', () => { lblStatus.innerHTML = 'ready' })": "ReferenceError: lblStatus is not defined: " + noElements,
		"total.valueOf()":                                            "ReferenceError: total is not defined",
		"document.querySelector('#a')":                               "TypeError: Object has no member 'querySelector': " + noElements,
		"document.body.appendChild(1)":                               "TypeError: Cannot read property 'appendChild' of undefined or null: " + noElements,
		"document.addEventListener('deviceready', () => { null.x })": "TypeError: Cannot read property 'x' of undefined or null",
		"globalThis.document.body.appendChild(1)":                    "TypeError: Cannot read property 'appendChild' of undefined or null: " + noElements,
		"const btn = {}; btn.onclick=lbl.value":                      "ReferenceError: lbl is not defined: " + noElements,
		"größe.value = 1":                                            "ReferenceError: größe is not defined: " + noElements,
		"const event = {}; event.document.title":                     "TypeError: Cannot read property 'title' of undefined or null",
		"const event = {}; event . document.title":                   "TypeError: Cannot read property 'title' of undefined or null",
		"const o = {}; ({ document: 1, title: o.x.title })":          "TypeError: Cannot read property 'title' of undefined or null",
		"const page = <p>text</p>":                                   "ReferenceError: React is not defined: a host has no user interface; leave out what is shown",
	} {
		if got := newBench(t).broken(source); got.Message != want || got.Line != 1 {
			t.Errorf("%s: %v, want %s", source, got, want)
		}
	}
}

// A value of the wrong type never comes in in version 5, and goes on as text in version 4, which says nothing of it. Where
// the script has the names of both, the start decides.
func TestWrongValuesInAConfig(t *testing.T) {
	said := []string{"[Adjust] External device ID is not of type string", "[Adjust] Default tracker is not of type string"}
	for _, test := range []struct {
		start, device, prefix string
		said                  []string
	}{
		{"create", "external_device_id=17", "cordova4.38.1", nil},
		{"initSdk", "external_device_id=right", "cordova5.4.1", said},
		{"initSdk ? Adjust.initSdk : Adjust.create)", "external_device_id=right", "cordova5.4.1", said},
		{"nothing ? Adjust.initSdk : Adjust.create)", "external_device_id=17", "cordova4.38.1", said},
	} {
		start, want := test.start, test.device
		b := newBench(t)
		b.run(`const c = new AdjustConfig(appToken, environment);
			c.setExternalDeviceId('first'); c.setExternalDeviceId('right'); c.setExternalDeviceId(17); c.setDefaultTracker(3); c.setDefaultTracker('tracker');
			` + strings.Repeat("(", strings.Count(start, ")")) + `Adjust.` + start + `(c); c.setLogLevel('INFO'); console.log(c.sdkPrefix, Adjust.getSdkPrefix())`)
		got := b.store.tracked()
		if len(got) != 1 || got[0].Device != want || got[0].Params["default_tracker"] != "tracker" {
			t.Errorf("%s: tracked %+v, want %s", start, got, want)
		}
		lines := b.log.take()
		expect(t, messages(lines, "info"), append(slices.Clone(test.said), test.prefix+" "+test.prefix)...)
		by := map[string]string{"cordova4.38.1": "create", "cordova5.4.1": "initSdk"}[test.prefix]
		expect(t, messages(lines, "warn"), "AdjustConfig.setLogLevel has no effect after Adjust."+by+": call it before")
	}
}

func TestSettingsThatAHostDoesNotFollow(t *testing.T) {
	for source, want := range map[string][]string{
		`c.setEventBufferingEnabled(true); c.setDelayStart(5); c.setAppSecret(1, 2, 3, 4, 5); Adjust.create(c)`: {
			"debug AdjustConfig.setEventBufferingEnabled does nothing on this host", "debug AdjustConfig.setDelayStart does nothing on this host",
			"debug AdjustConfig.setAppSecret does nothing on this host",
		},
		`c.setCoppaCompliantEnabled(true); c.setUrlStrategy(AdjustConfig.DataResidencyEU); Adjust.create(c)`: {
			"warn AdjustConfig.setCoppaCompliantEnabled is not supported by this host: Adjust is not told",
			"warn AdjustConfig.setUrlStrategy is not supported by this host: the endpoint in its configuration decides where data goes",
		},
		`c.setCoppaCompliantEnabled(false); c.setUrlStrategy(AdjustConfig.UrlStrategyIndia); Adjust.create(c)`: {
			"debug AdjustConfig.setUrlStrategy does nothing on this host",
		},
		`c.enableCoppaCompliance(); c.enableSendingInBackground(); c.setUrlStrategy(['eu.adjust.com'], true, true); Adjust.initSdk(c)`: {
			"debug AdjustConfig.enableSendingInBackground does nothing on this host",
			"warn AdjustConfig.enableCoppaCompliance is not supported by this host: Adjust is not told",
			"warn AdjustConfig.setUrlStrategy is not supported by this host: the endpoint in its configuration decides where data goes",
		},
		`c.setSkanUpdatedCallback(() => {}); Adjust.initSdk(c); Adjust.initSdk(c)`: {
			"debug AdjustConfig.setSkanUpdatedCallback does nothing on this host", "warn Adjust.initSdk was called before with this config; the second call has no effect",
		},
		`Adjust.create(c); Adjust.switchToOfflineMode(); Adjust.setOfflineMode(true); Adjust.switchBackToOnlineMode(); Adjust.setOfflineMode(false)`: {
			"warn Adjust.switchToOfflineMode is not supported by this host: packages go on being sent",
			"debug Adjust already in offline mode", "debug Adjust already in online mode",
		},
	} {
		b := newBench(t)
		b.run(`const c = new AdjustConfig(appToken, environment);` + source)
		var got []string
		for _, line := range b.log.take() {
			got = append(got, line.Level+" "+line.Message)
			if !strings.HasPrefix(line.At, "plugins/x.js:1:") {
				t.Errorf("%q has the place %q", line.Message, line.At)
			}
		}
		expect(t, got, want...)
	}
}

func TestAFrozenConfigStarts(t *testing.T) {
	got := scenario(t, "info", `const c = new AdjustConfig(appToken, environment); c.setEventTrackingSucceededCallback(() => console.log('heard'));
		Object.freeze(c); Adjust.initSdk(c); Adjust.initSdk(c)`, eventResponse(engine.Delivered))
	expect(t, got, "heard")
}

// BenchmarkPrelude is what the Adjust API alone adds to the start of a plugin that uses it as most do.
func BenchmarkPrelude(b *testing.B) {
	b.Run("floor", func(b *testing.B) { benchmarkStart(b, ``) })
	b.Run("api=config", func(b *testing.B) { benchmarkStart(b, direct+`function onSuccess() {}`) })
	b.Run("api=all", func(b *testing.B) {
		benchmarkStart(b, `for (const name of Object.keys(Adjust)) Adjust[name];
			for (const name in new AdjustConfig(appToken, environment)) AdjustConfig.prototype[name];
			[AdjustEvent, AdjustAdRevenue, AdjustThirdPartySharing, AdjustDeeplink, AdjustStoreInfo, AdjustAppStoreSubscription,
				AdjustPlayStoreSubscription, AdjustAppStorePurchase, AdjustPlayStorePurchase]`)
	})
}

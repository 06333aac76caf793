package instance

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"trackhook/engine"
)

// The rules of the SDKs about listeners, events and parameters, one test each. S2S bodies stand in for those of the SDK's
// server where they differ. Where Android and iOS, or Cordova and React Native, contradict each other, the host has the rule
// of Android and of Cordova: the order attribution, session, link; the last setter wins; numbers become texts. Not here is
// what a host has no counterpart for (clicks), and what the engine and its protocol test themselves: times, encoding, age,
// order and size.

// listening sets every listener; each prints its name and what the scenarios look at.
const listening = `const config = new AdjustConfig(appToken, environment);
const say = (name, ...keys) => (r) => console.log([name].concat(keys.map((key) => r[key])).join(' '));
config.setAttributionCallbackListener(say('attribution', 'trackerToken'));
config.setSessionTrackingSucceededCallbackListener(say('session ok', 'message', 'timestamp', 'adid'));
config.setSessionTrackingFailedCallbackListener(say('session failed', 'message', 'willRetry'));
config.setEventTrackingSucceededCallbackListener(say('event ok', 'eventToken', 'callbackId'));
config.setEventTrackingFailedCallbackListener(say('event failed', 'eventToken', 'willRetry'));
config.setDeferredDeeplinkCallbackListener((link) => console.log('deeplink ' + link));
Adjust.create(config);
`

// scenario loads a script, hands it responses, and returns what it and the host logged at a level.
func scenario(t *testing.T, level, source string, responses ...engine.Response) []string {
	t.Helper()
	b := newBench(t, withDevice)
	i := b.run(source)
	b.feed(i, responses...)
	b.settle(i)
	return messages(b.log.take(), level)
}

// expect compares lines.
func expect(t *testing.T, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("got\n  %q\nwant\n  %q", got, want)
	}
}

// events loads a script of a host with a device and returns the events that it has tracked.
func events(t *testing.T, source string) (tracked []engine.Package, log []logLine) {
	t.Helper()
	b := newBench(t, withDevice)
	b.run(created + source)
	return slices.DeleteFunc(b.store.tracked(), func(p engine.Package) bool { return p.Kind == engine.KindSession }), b.log.take()
}

func answer(body string) func(*engine.Response) {
	return func(r *engine.Response) { r.Body = []byte(body) }
}

func final(r *engine.Response) { r.WillRetry = false }

const attributed = `{"attribution":{"tracker_token":"tok1"}}`

func TestSessionSuccessCallsAttributionAndSession(t *testing.T) {
	expect(t, scenario(t, "info", listening, sessionResponse(engine.Delivered, answer(attributed))),
		"attribution tok1", "session ok Event tracked 2024-07-09T01:31:14.373Z+0000 adid-1")
}

func TestSessionFailureCallsItsListener(t *testing.T) {
	expect(t, scenario(t, "info", listening, sessionResponse(engine.Rejected, final)), "session failed connection refused false")
}

func TestEventSuccessCallsItsListenerOnly(t *testing.T) {
	expect(t, scenario(t, "info", listening, eventResponse(engine.Delivered, answer(attributed))), "event ok abc123 cb-1")
}

func TestEventFailureCallsItsListener(t *testing.T) {
	expect(t, scenario(t, "info", listening, eventResponse(engine.Rejected, final)), "event failed abc123 false")
}

func TestNothingRunsWithoutListeners(t *testing.T) {
	b := newBench(t, withDevice)
	i := b.run(created)
	b.feed(i, sessionResponse(engine.Delivered, answer(attributed)), sessionResponse(engine.Retry), eventResponse(engine.Delivered), eventResponse(engine.Retry))
	expect(t, messages(b.log.take(), ""))
	if runs, _ := i.Counters(); runs != 0 {
		t.Errorf("%d listeners ran", runs)
	}
}

func TestCallbackIDMayBeMissing(t *testing.T) {
	expect(t, scenario(t, "info", listening, eventResponse(engine.Delivered), eventResponse(engine.Delivered, func(r *engine.Response) { r.Package.CallbackID = "" })),
		"event ok abc123 cb-1", "event ok abc123 ")
}

func TestEachAttemptIsAFailureUntilSuccess(t *testing.T) {
	expect(t, scenario(t, "info", listening, eventResponse(engine.Retry), eventResponse(engine.Retry), eventResponse(engine.Retry), eventResponse(engine.Delivered)),
		"event failed abc123 true", "event failed abc123 true", "event failed abc123 true", "event ok abc123 cb-1")
}

func TestAttributionComesBeforeSessionAndLink(t *testing.T) {
	// Also when the listener of the attribution takes its time, or throws.
	for _, listener := range []string{
		`async () => { await null; await null; console.log('attribution') }`, `() => { console.log('attribution'); throw new Error('x') }`,
	} {
		got := scenario(t, "info", `const c = new AdjustConfig(appToken, environment);
			c.setSessionTrackingSucceededCallbackListener(() => console.log('session'));
			c.setDeferredDeeplinkCallbackListener((link) => console.log(link));
			c.setAttributionCallbackListener(`+listener+`); Adjust.create(c);`,
			sessionResponse(engine.Delivered, answer(`{"attribution":{"tracker_token":"x"},"deeplink":"app://x"}`)))
		expect(t, got, "attribution", "session", "app://x")
	}
}

func TestListenerThatThrowsIsCalledAgain(t *testing.T) {
	b := newBench(t, withDevice)
	i := b.run(direct + `let n = 0; function onSuccess() { if (n++ === 0) throw new Error('bug'); console.log('again') }`)
	b.feed(i, numbered(2, engine.Delivered)...)
	lines := b.log.take()
	expect(t, messages(lines, "info"), "again")
	if got := messages(lines, "error"); len(got) != 1 || !strings.Contains(got[0], "Error: bug") {
		t.Errorf("logged %q", got)
	}
}

func TestLastListenerThatWasSetWins(t *testing.T) {
	expect(t, scenario(t, "info", `const c = new AdjustConfig(appToken, environment);
		c.setEventTrackingSucceededCallbackListener(() => console.log('first'));
		c.setEventTrackingSucceededCallbackListener(() => console.log('second')); Adjust.create(c)`, eventResponse(engine.Delivered)), "second")
}

func TestUnmountedListenersAreReplaced(t *testing.T) {
	// A host takes listeners when a config is started, not when they are set.
	expect(t, scenario(t, "info", listening+`Adjust.componentWillUnmount();
		const next = new AdjustConfig(appToken, environment);
		next.setEventTrackingSucceededCallbackListener(() => console.log('next')); Adjust.create(next)`, eventResponse(engine.Delivered)), "next")
}

func TestListenerSetAfterCreateIsNotCalled(t *testing.T) {
	expect(t, scenario(t, "info", created+`c.setEventTrackingSucceededCallbackListener(() => console.log('late'))`, eventResponse(engine.Delivered)))
}

func TestOtherKindsCallNoListener(t *testing.T) {
	for _, kind := range []engine.Kind{engine.KindAdRevenue, engine.KindGDPRForgetDevice} {
		of := func(r *engine.Response) { r.Package.Kind = kind }
		expect(t, scenario(t, "info", listening, eventResponse(engine.Delivered, of), eventResponse(engine.Retry, of)))
	}
}

func TestOptedOutDeviceIsDisabled(t *testing.T) {
	b := newBench(t, withDevice)
	i := b.run(listening)
	b.feed(i, eventResponse(engine.Delivered, answer(`{"tracking_state":"opted_out"}`), func(r *engine.Response) { r.Package.Device = "external_device_id=kiosk-17" }))
	expect(t, messages(b.log.take(), "info"), "event ok abc123 cb-1")
	b.store.tracked()
	b.run(`Adjust.isEnabled((on) => console.log(String(on))); Adjust.trackEvent(new AdjustEvent('abc123'))`)
	expect(t, packageKinds(b.store.tracked()))
	waitFor(t, func() bool { return slices.Equal(messages(b.log.lines(), "info"), []string{"false"}) })
}

func TestDocumentedBlocksPrint(t *testing.T) {
	for n, block := range seedBlocks(t) {
		b := newBench(t, withDevice)
		i := b.run(strings.ReplaceAll(block, "{YourAppToken}", testApp.Token))
		b.feed(i, sessionResponse(engine.Delivered), sessionResponse(engine.Retry), eventResponse(engine.Delivered), eventResponse(engine.Retry))
		if got := messages(b.log.take(), "info"); len(got) == 0 {
			t.Errorf("block %d prints nothing", n+1) // what it prints is held by TestSeedBlocks
		}
	}
}

// A host does not buffer, and the server takes no revenue below 0.001; the rest is as in the SDK.
func TestTransactionIDsAreTrackedOnce(t *testing.T) {
	tracked, log := events(t, `const track = (token, revenue, currency, id) => {
			const e = new AdjustEvent(token); if (currency) e.setRevenue(revenue, currency); if (id) e.setTransactionId(id); Adjust.trackEvent(e);
		};
		track('event1', 0.001, 'EUR', 'X'); track('event2', null, null, 'X'); track('event3', 0, 'USD', 'Y'); track('event4');`)
	var got []string
	for _, p := range tracked {
		got = append(got, strings.Join([]string{p.Params["event_token"], p.Params["event_count"], p.Params["revenue"]}, " "))
	}
	expect(t, got, "event1 1 0.00100", "event3 2 ", "event4 3 ")
	expect(t, messages(log, "info"), "Skipping duplicated order ID 'X'")
}

func TestRepeatedParameterIsOverwritten(t *testing.T) {
	tracked, log := events(t, `const e = new AdjustEvent('abc123'); e.addCallbackParameter('keyCall', 'a'); e.addCallbackParameter('keyCall', 'b'); Adjust.trackEvent(e)`)
	expect(t, messages(log, "warn"), "Key keyCall was overwritten")
	if got := tracked[0].CallbackParams["keyCall"]; got != "b" {
		t.Errorf("sent %q", got)
	}
}

func TestListenersMayTrack(t *testing.T) {
	b := newBench(t, withDevice)
	i := b.run(direct + `function onSuccess() { Adjust.trackEvent(new AdjustEvent('abc123')) }`)
	b.store.tracked()
	b.feed(i, eventResponse(engine.Delivered))
	expect(t, packageKinds(b.store.tracked()), "event")
}

func TestSessionParametersBeforeCreate(t *testing.T) {
	b := newBench(t, withDevice)
	b.run(`Adjust.addSessionCallbackParameter('k', 'v'); Adjust.trackEvent(new AdjustEvent('abc123'));` + created)
	got := b.store.tracked()
	expect(t, packageKinds(got), "session", "event")
	if got[0].CallbackParams["k"] != "v" {
		t.Errorf("the session lacks the parameter: %+v", got[0])
	}
}

func TestAppTokenIsChecked(t *testing.T) {
	for token, want := range map[string]string{
		`null`: "Error: Missing App Token", `""`: "Error: Missing App Token", `"abc123def4567"`: "Error: Malformed App Token 'abc123def4567'",
	} {
		if got := newBench(t).broken(`Adjust.create(new AdjustConfig(` + token + `, environment))`).Message; !strings.HasPrefix(got, want) {
			t.Errorf("%s: got %s, want %s", token, got, want)
		}
	}
}

func TestEnvironmentIsChecked(t *testing.T) {
	for environment, want := range map[string]string{`null`: "Error: Missing environment", `"Other"`: "Error: Unknown environment 'Other'"} {
		if got := newBench(t).broken(`Adjust.initSdk(new AdjustConfig(appToken, ` + environment + `))`).Message; !strings.HasPrefix(got, want) {
			t.Errorf("%s: got %s, want %s", environment, got, want)
		}
	}
}

func TestEventTokenIsChecked(t *testing.T) {
	tracked, log := events(t, `for (const token of [null, '', 'eventXX']) Adjust.trackEvent(new AdjustEvent(token))`)
	expect(t, messages(log, "error"), "Missing Event Token", "Event not initialized correctly", "Event Token can't be empty", "Event not initialized correctly",
		`Adjust.trackEvent sends nothing: Invalid event token: event_token "eventXX" must be the token of an event in Adjust's dashboard: 6 letters and digits, such as abc123`)
	if len(tracked) != 0 {
		t.Errorf("tracked %+v", tracked)
	}
}

func TestRevenueIsChecked(t *testing.T) {
	tracked, log := events(t, `for (const [revenue, currency] of [[-0.001, 'EUR'], [0, null], [0, '']]) {
		const e = new AdjustEvent('abc123'); e.setRevenue(revenue, currency); Adjust.trackEvent(e) }`)
	expect(t, messages(log, "error"), "Invalid amount -0.00100", "Currency must be set with revenue", "Currency is empty")
	if len(tracked) != 3 || tracked[0].Revenue() || tracked[1].Revenue() || tracked[2].Revenue() {
		t.Errorf("tracked %+v", tracked)
	}
}

func TestEmptyParametersAreLeftOut(t *testing.T) {
	tracked, log := events(t, `const e = new AdjustEvent('abc123');
		for (const kind of ['addCallbackParameter', 'addPartnerParameter']) for (const [k, v] of [[null, 'v'], ['', 'v'], ['k', null], ['k', '']]) e[kind](k, v);
		Adjust.trackEvent(e)`)
	var want []string
	for _, kind := range []string{"Callback", "Partner"} {
		for _, what := range []string{"key is missing", "key is empty", "value is missing", "value is empty"} {
			want = append(want, kind+" parameter "+what)
		}
	}
	expect(t, messages(log, "error"), want...)
	if len(tracked) != 1 || len(tracked[0].CallbackParams)+len(tracked[0].PartnerParams) != 0 {
		t.Errorf("tracked %+v", tracked)
	}
}

func TestEventIsRequired(t *testing.T) {
	tracked, log := events(t, `Adjust.trackEvent(null); Adjust.trackEvent(); Adjust.trackEvent(new AdjustEvent())`)
	expect(t, messages(log, "error"), "Event missing", "Event missing", "Missing Event Token", "Event not initialized correctly")
	if len(tracked) != 0 {
		t.Errorf("tracked %+v", tracked)
	}
}

// Both generations' names are one store, and differ in the words.
func TestSessionParametersAreOneStore(t *testing.T) {
	for _, test := range []struct{ name, reset string }{{"Session", "resetSession%sParameters"}, {"Global", "removeGlobal%sParameters"}} {
		reset := fmt.Sprintf(test.reset, "Callback")
		_, log := events(t, strings.ReplaceAll(`Adjust.addNCallbackParameter('k', 'v'); Adjust.addNCallbackParameter('k', 'w');
			Adjust.removeNCallbackParameter('nope'); Adjust.removeNCallbackParameter('k'); Adjust.`+reset+`(); Adjust.addNCallbackParameter('', 'v')`, "N", test.name))
		expect(t, messages(log, "warn"), "Key k will be overwritten", "Key nope does not exist", test.name+" Callback parameters are not set")
		expect(t, messages(log, "error"), test.name+" Callback parameter key is empty")
	}
}

const sessionParameter = `Adjust.addSessionCallbackParameter('cFoo', 'cBar'); `

func TestSessionParametersJoinThoseOfEvents(t *testing.T) {
	tracked, _ := events(t, sessionParameter+`const e = new AdjustEvent('abc123'); e.addCallbackParameter('ceFoo', 'ceBar'); Adjust.trackEvent(e)`)
	if got := fmt.Sprint(tracked[0].CallbackParams); got != "map[cFoo:cBar ceFoo:ceBar]" {
		t.Errorf("sent %s", got)
	}
}

func TestEventParametersGoBeforeSessionParameters(t *testing.T) {
	tracked, log := events(t, sessionParameter+`const e = new AdjustEvent('abc123'); e.addCallbackParameter('cFoo', 'ceBar'); Adjust.trackEvent(e)`)
	if got := fmt.Sprint(tracked[0].CallbackParams); got != "map[cFoo:ceBar]" {
		t.Errorf("sent %s", got)
	}
	expect(t, messages(log, "warn"), "Key cFoo with value cBar from Callback parameter was replaced by value ceBar")
}

func TestSessionParametersSurviveARestart(t *testing.T) {
	b := newBench(t, withDevice)
	b.run(sessionParameter)
	b.restart()
	b.run(`Adjust.trackEvent(new AdjustEvent('abc123'))`)
	if got := b.store.tracked(); len(got) != 1 || got[0].CallbackParams["cFoo"] != "cBar" {
		t.Errorf("tracked %+v", got)
	}
}

// withIDs is a script that tracks one event for each id.
func withIDs(setter string, ids ...string) string {
	return fmt.Sprintf("for (const id of %q.split(' ')) { const e = new AdjustEvent('abc123'); e.%s(id); Adjust.trackEvent(e) }\n", strings.Join(ids, " "), setter)
}

func TestOnlyTenIDsAreRemembered(t *testing.T) {
	ids := strings.Fields("a b c d e f g h i j k a")
	if tracked, _ := events(t, withIDs("setTransactionId", ids...)); len(tracked) != 12 {
		t.Errorf("tracked %d events", len(tracked))
	}
}

func TestEventThatFailedKeepsItsID(t *testing.T) {
	b := newBench(t, withDevice)
	i := b.run(created + withIDs("setTransactionId", "X"))
	b.feed(i, eventResponse(engine.Rejected, final, func(r *engine.Response) { r.Package.Device = "external_device_id=kiosk-17" }))
	b.store.tracked()
	b.run(withIDs("setTransactionId", "X"))
	expect(t, packageKinds(b.store.tracked()))
}

func TestBothKindsOfIDsAreOneStore(t *testing.T) {
	b := newBench(t, withDevice)
	b.run(created + withIDs("setTransactionId", "X"))
	b.store.tracked()
	b.restart()
	b.run(withIDs("setDeduplicationId", "X"))
	expect(t, packageKinds(b.store.tracked()))
}

func TestNoIDsAreRememberedWithSizeZero(t *testing.T) {
	b := newBench(t, withDevice)
	b.run(`const c = new AdjustConfig(appToken, environment); c.setEventDeduplicationIdsMaxSize(0); Adjust.initSdk(c);` + withIDs("setDeduplicationId", "X", "X"))
	expect(t, packageKinds(b.store.tracked()), "session", "event", "event")
}

func TestNumbersBecomeTexts(t *testing.T) {
	tracked, _ := events(t, `const e = new AdjustEvent('abc123'); e.addCallbackParameter('n', 5); Adjust.trackEvent(e)`)
	if got := tracked[0].CallbackParams["n"]; got != "5" {
		t.Errorf("sent %q", got)
	}
}

func TestVersionFiveChecksRevenue(t *testing.T) {
	b := newBench(t, withDevice)
	b.run(`Adjust.initSdk(new AdjustConfig(appToken, environment));
		const e = new AdjustEvent('abc123'); e.setRevenue('1.5', 'EUR'); Adjust.trackEvent(e)`)
	b.printed("info", "[Adjust] Event revenue or currency is not of a proper data type")
	if got := b.store.tracked(); len(got) != 2 || got[1].Params["revenue"] != "1.50000" {
		t.Errorf("tracked %+v", got)
	}
}

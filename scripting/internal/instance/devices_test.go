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

func packageKinds(packages []engine.Package) []string {
	var all []string
	for _, p := range packages {
		all = append(all, string(p.Kind))
	}
	return all
}

const created = `const c = new AdjustConfig(appToken, environment); Adjust.create(c);` + "\n"

func TestWithoutADeviceNothingIsInvented(t *testing.T) {
	b := newBench(t)
	b.run(created + `Adjust.addSessionCallbackParameter('a', 'b'); Adjust.setEnabled(false); Adjust.isEnabled((e) => console.log(String(e)))`)
	if got := b.store.tracked(); len(got) != 0 {
		t.Errorf("tracked %v", packageKinds(got))
	}
	for _, call := range []string{`trackEvent(new AdjustEvent('abc123'))`, `trackAdRevenue(new AdjustAdRevenue('x'))`, `trackAdRevenue('x', '{}')`, `gdprForgetMe()`} {
		got := b.broken(created + "\n" + `Adjust.` + call)
		method, _, _ := strings.Cut(call, "(")
		if want := "Error: Adjust." + method + ": this host has no device to track for: set device in the configuration, or call " +
			"adjustConfig.setExternalDeviceId before Adjust.create"; got.Message != want || got.Line != 3 {
			t.Errorf("%s: got %v", call, got)
		}
	}
}

func TestSessions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, withDevice)
		load := func(want ...string) []engine.Package {
			t.Helper()
			i := b.run(created)
			got := b.store.tracked()
			if !slices.Equal(packageKinds(got), want) {
				t.Errorf("tracked %q, want %q", packageKinds(got), want)
			}
			<-i.Retire()
			return got
		}
		first := load("session")[0]
		if first.Device != "external_device_id=kiosk-17" || first.App != testApp || first.Params["session_count"] != "1" ||
			first.Params["os_name"] != "linux" || !first.Created.Equal(time.Now()) {
			t.Errorf("the first session is %+v", first)
		}
		time.Sleep(time.Hour)
		load() // a reload sends none, however late
		b.restart()
		time.Sleep(29 * time.Minute)
		second := load("session")[0] // S6: more than half an hour since the activity, which a reload is not
		if second.Params["session_count"] != "2" || second.ID == first.ID {
			t.Errorf("the second session is %+v", second)
		}
		b.restart()
		time.Sleep(30 * time.Minute)
		load() // not more than half an hour: no session, but activity
		b.restart()
		time.Sleep(30 * time.Minute)
		load()
		b.restart()
		time.Sleep(30*time.Minute + time.Millisecond)
		load("session")
	})
}

func TestSessionPackageCarriesTheConfig(t *testing.T) {
	b := newBench(t)
	b.run(`Adjust.addSessionCallbackParameter('cFoo', 'cBar'); Adjust.addSessionPartnerParameter('pFoo', 'pBar'); Adjust.setPushToken('push');
		const c = new AdjustConfig(appToken, environment);
		c.setExternalDeviceId('seat-3'); c.setDefaultTracker('abcdef'); c.setNeedsCost(true); c.setDeviceKnown(false);
		Adjust.create(c);`)
	got := b.store.tracked()
	if len(got) != 1 || got[0].Device != "external_device_id=seat-3" || got[0].Params["default_tracker"] != "abcdef" ||
		got[0].Params["needs_cost"] != "1" || got[0].Params["device_known"] != "" || got[0].Params["push_token"] != "push" ||
		got[0].CallbackParams["cFoo"] != "cBar" || got[0].PartnerParams["pFoo"] != "pBar" {
		t.Errorf("tracked %+v", got)
	}
}

func TestTrackEvent(t *testing.T) {
	b := newBench(t, withDevice)
	i := b.run(created + `
		Adjust.addSessionCallbackParameter('shared', 'session'); Adjust.addSessionCallbackParameter('own', 'session');
		const e = new AdjustEvent('abc123');
		e.setRevenue(0.0155, 'EUR'); e.setCallbackId('cb-9'); e.setTransactionId('order-1'); e.setProductId('sku');
		e.addCallbackParameter('shared', 'event'); e.addCallbackParameter('n', 5); e.addCallbackParameter('n', 6);
		e.addPartnerParameter('', 'x'); e.addPartnerParameter('x', null); e.addPartnerParameter('p', 'q');
		Adjust.trackEvent(e);`)
	b.settle(i)
	got := b.store.tracked()
	if !slices.Equal(packageKinds(got), []string{"session", "event"}) {
		t.Fatalf("tracked %q", packageKinds(got))
	}
	p := got[1]
	for param, want := range map[string]string{
		"event_token": "abc123", "revenue": "0.01550", "currency": "EUR", "deduplication_id": "order-1", "product_id": "sku",
		"event_count": "1", "external_device_id": "kiosk-17", "os_name": "linux",
	} {
		if p.Params[param] != want {
			t.Errorf("%s = %q, want %q", param, p.Params[param], want)
		}
	}
	if want := map[string]string{"shared": "event", "own": "session", "n": "6"}; fmt.Sprint(p.CallbackParams) != fmt.Sprint(want) {
		t.Errorf("callback parameters %v, want %v", p.CallbackParams, want)
	}
	if want := map[string]string{"p": "q"}; fmt.Sprint(p.PartnerParams) != fmt.Sprint(want) || p.CallbackID != "cb-9" {
		t.Errorf("partner parameters %v, callback id %q", p.PartnerParams, p.CallbackID)
	}
	lines := b.log.take()
	if got := messages(lines, "error"); !slices.Equal(got, []string{"Partner parameter key is empty", "Partner parameter value is missing"}) {
		t.Errorf("errors %q", got)
	}
	if got := messages(lines, "warn"); !slices.Equal(got, []string{
		"Key n was overwritten", "Key shared with value session from Callback parameter was replaced by value event",
	}) {
		t.Errorf("warnings %q", got)
	}
}

// The checks of the SDK: each logs its text and sends the event without revenue, or nothing.
func TestEventChecks(t *testing.T) {
	for name, test := range map[string]struct {
		source string
		sent   bool
		want   []string
	}{
		"null event":       {`Adjust.trackEvent(null)`, false, []string{"Event missing"}},
		"null token (E7)":  {`Adjust.trackEvent(new AdjustEvent(null))`, false, []string{"Missing Event Token", "Event not initialized correctly"}},
		"empty token (E7)": {`Adjust.trackEvent(new AdjustEvent(''))`, false, []string{"Event Token can't be empty", "Event not initialized correctly"}},
		"long token (E7)": {`Adjust.trackEvent(new AdjustEvent('eventXX'))`, false, []string{
			`Adjust.trackEvent sends nothing: Invalid event token: event_token "eventXX" must be the token of an event in Adjust's dashboard: 6 letters and digits, such as abc123`,
		}},
		"negative revenue (E8)": {`e.setRevenue(-0.001, 'EUR'); Adjust.trackEvent(e)`, true, []string{"Invalid amount -0.00100"}},
		"null currency (E8)":    {`e.setRevenue(1, null); Adjust.trackEvent(e)`, true, []string{"Currency must be set with revenue"}},
		"empty currency (E8)":   {`e.setRevenue(1, ''); Adjust.trackEvent(e)`, true, []string{"Currency is empty"}},
		"currency alone":        {`e.setRevenue(null, 'EUR'); Adjust.trackEvent(e)`, true, []string{"Revenue must be set with currency"}},
		"no number":             {`e.setRevenue('much', 'EUR'); Adjust.trackEvent(e)`, true, []string{"[AdjustCordova]: Unable to parse revenue."}},
		"zero":                  {`e.setRevenue(0, 'USD'); Adjust.trackEvent(e)`, true, []string{"Amount 0.00000 is not sent: the server takes no event revenue below 0.001"}},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, withDevice)
			b.run(created + `const e = new AdjustEvent('abc123');` + test.source)
			got := b.store.tracked()
			if sent := len(got) == 2; sent != test.sent || sent && got[1].Params["revenue"] != "" {
				t.Errorf("tracked %+v", got)
			}
			if lines := messages(b.log.take(), "error"); !slices.Equal(lines, test.want) {
				t.Errorf("logged %q, want %q", lines, test.want)
			}
		})
	}
}

func TestDeduplication(t *testing.T) {
	b := newBench(t, withDevice)
	track := func(ids ...string) int {
		t.Helper()
		var source strings.Builder
		source.WriteString(created)
		for _, id := range ids {
			fmt.Fprintf(&source, "{ const e = new AdjustEvent('abc123'); e.setTransactionId(%q); Adjust.trackEvent(e) }\n", id)
		}
		i := b.run(source.String())
		<-i.Retire()
		return len(slices.DeleteFunc(b.store.tracked(), func(p engine.Package) bool { return p.Kind != engine.KindEvent }))
	}
	if got := track("X", "X", "", ""); got != 3 { // E1, and an empty id is never checked
		t.Errorf("tracked %d events, want 3", got)
	}
	if got := messages(b.log.take(), "info"); !slices.Equal(got, []string{"Skipping duplicated order ID 'X'"}) {
		t.Errorf("logged %q", got)
	}
	b.restart()
	if got := track("X"); got != 0 {
		t.Errorf("tracked %d events after a restart, want none", got)
	}
	var ids []string
	for n := range 10 {
		ids = append(ids, fmt.Sprint("id", n))
	}
	if got := track(append(ids, "X")...); got != 11 { // ten others have pushed it out
		t.Errorf("tracked %d events, want 11", got)
	}
}

func TestTopLevelOfABrokenEditSendsNothing(t *testing.T) {
	b := newBench(t, withDevice)
	b.broken(created + `Adjust.trackEvent(new AdjustEvent('abc123')); Adjust.setEnabled(false); null.x`)
	if got := b.store.tracked(); len(got) != 0 {
		t.Errorf("tracked %v", packageKinds(got))
	}
	i := b.run(created + `Adjust.isEnabled((e) => console.log(String(e)))`)
	b.settle(i)
	b.printed("info", "true")
	if got := b.store.tracked(); !slices.Equal(packageKinds(got), []string{"session"}) {
		t.Errorf("tracked %v: the broken edit used up the session", packageKinds(got))
	}
}

func TestTrackInAListener(t *testing.T) {
	b := newBench(t, withDevice)
	i := b.run(preamble + `function onSuccess(e) { Adjust.trackEvent(new AdjustEvent('follow')) }`)
	b.store.tracked()
	b.feed(i, numbered(3, engine.Delivered)...)
	got := b.store.tracked()
	if !slices.Equal(packageKinds(got), []string{"event", "event", "event"}) || got[2].Params["event_count"] != "3" {
		t.Errorf("tracked %+v", got)
	}

	b.store.mu.Lock()
	b.store.fail = engine.ErrFull
	b.store.mu.Unlock()
	b.feed(i, eventResponse(engine.Delivered))
	if got := messages(b.log.take(), "error"); len(got) != 1 || !strings.HasPrefix(got[0], "plugins/x.js:2:") ||
		!strings.HasSuffix(got[0], "Error: Adjust.trackEvent: track: over the high-water mark") {
		t.Errorf("logged %q", got)
	}
	if _, err := b.cfg.Engine.Close(); err != nil {
		t.Fatal(err)
	}
	b.feed(i, eventResponse(engine.Delivered))
	if got := messages(b.log.take(), "error"); len(got) != 1 || !strings.HasSuffix(got[0], "the host is shutting down") {
		t.Errorf("logged %q", got)
	}
}

func TestAdRevenue(t *testing.T) {
	b := newBench(t, withDevice)
	b.run(created + `
		const ad = new AdjustAdRevenue(AdjustConfig.AdRevenueSourceAdMob);
		ad.setRevenue(0.00001, 'USD'); ad.setAdImpressionsCount(10); ad.setAdRevenueNetwork('n'); ad.setAdRevenueUnit('u');
		ad.setAdRevenuePlacement('p'); ad.addCallbackParameter('k', 'v'); Adjust.trackAdRevenue(ad);
		Adjust.trackAdRevenue('mopub', JSON.stringify({ publisher_revenue: 0.5, currency: 'EUR' }));
		Adjust.trackAdRevenue(null); Adjust.trackAdRevenue(new AdjustAdRevenue()); Adjust.trackAdRevenue(new AdjustAdRevenue(''));
		Adjust.trackAdRevenue('mopub', 'no json'); Adjust.trackAdRevenue('source', 'payload'); Adjust.trackAdRevenue('mopub', '{"revenue": 1}');`)
	got := b.store.tracked()
	if !slices.Equal(packageKinds(got), []string{"session", "ad_revenue", "ad_revenue"}) {
		t.Fatalf("tracked %q", packageKinds(got))
	}
	for param, want := range map[string]string{
		"source": "admob_sdk", "revenue": "0.00001", "currency": "USD", "ad_impressions_count": "10", "ad_revenue_network": "n",
		"ad_revenue_unit": "u", "ad_revenue_placement": "p",
	} {
		if got[1].Params[param] != want {
			t.Errorf("%s = %q, want %q", param, got[1].Params[param], want)
		}
	}
	if got[1].CallbackParams["k"] != "v" || got[2].Params["revenue"] != "0.5" || got[2].Params["currency"] != "EUR" {
		t.Errorf("tracked %+v", got[1:])
	}
	lines := b.log.take()
	want := []string{"Ad revenue object missing", "Missing source", "Ad revenue object not initialized correctly", "Source can't be empty", "Ad revenue object not initialized correctly"}
	const payload = "Adjust.trackAdRevenue sends nothing: the payload "
	want = append(want, payload+"must be the text of a JSON object", payload+"must be the text of a JSON object",
		payload+"needs revenue (or publisher_revenue) and currency; use an AdjustAdRevenue with setRevenue instead")
	if got := messages(lines, "error"); !slices.Equal(got, want) {
		t.Errorf("logged %q", got)
	}
}

func TestEnabledAndForgotten(t *testing.T) {
	b := newBench(t, withDevice)
	load := func(source string, want ...string) []logLine {
		t.Helper()
		i := b.run(source)
		b.settle(i)
		<-i.Retire()
		if got := packageKinds(b.store.tracked()); !slices.Equal(got, want) {
			t.Errorf("%s tracked %q, want %q", source, got, want)
		}
		return b.log.take()
	}
	const event = `Adjust.trackEvent(new AdjustEvent('abc123'));`
	load(`Adjust.setEnabled(false);` + created + event) // S8
	b.restart()
	load(created + event)
	load(created+`Adjust.setEnabled(true); Adjust.setEnabled(true);`+event, "session", "event")
	load(created+`Adjust.gdprForgetMe(); Adjust.gdprForgetMe();`+event, "gdpr_forget_device")
	b.restart()
	lines := load(created + event + `Adjust.setEnabled(true); Adjust.isEnabled((e) => console.log(String(e)))`)
	if got := messages(lines, "error"); !slices.Equal(got, []string{"Re-enabling SDK not possible for forgotten user"}) { // S23
		t.Errorf("logged %q", got)
	}
	if got := messages(lines, "info"); !slices.Equal(got, []string{"false"}) {
		t.Errorf("printed %q", got)
	}
}

func TestForgetBeforeStart(t *testing.T) { // S22
	b := newBench(t, withDevice)
	b.run(`Adjust.gdprForgetMe();` + created)
	if got := packageKinds(b.store.tracked()); !slices.Equal(got, []string{"gdpr_forget_device"}) {
		t.Errorf("tracked %q", got)
	}
}

// What may be shared is sent as the SDK sends it; nothing at all is said, and not sent.
func TestThirdPartySharingIsSent(t *testing.T) {
	for script, want := range map[string]map[string]string{
		`Adjust.trackThirdPartySharing(new AdjustThirdPartySharing(true))`:  {"sharing": "enable"},
		`Adjust.trackThirdPartySharing(new AdjustThirdPartySharing(false))`: {"sharing": "disable"},
		`Adjust.disableThirdPartySharing()`:                                 {"sharing": "disable"},
		`const s = new AdjustThirdPartySharing(null); s.addGranularOption('a', 'k', '1'); s.addGranularOption('a', 'l', '2');
			s.addGranularOption('b', 'k', '"'); s.addPartnerSharingSetting('all', 'install', false); Adjust.trackThirdPartySharing(s)`: {
			"granular_third_party_sharing_options": `{"a":{"k":"1","l":"2"},"b":{"k":"\""}}`, "partner_sharing_settings": `{"all":{"install":false}}`,
		},
		`Adjust.trackThirdPartySharing(new AdjustThirdPartySharing(null))`: nil,
		`Adjust.trackThirdPartySharing()`:                                  nil,
	} {
		b := newBench(t, withDevice)
		i := b.run(created + script)
		b.settle(i)
		tracked := b.store.tracked()
		if want == nil {
			if got := packageKinds(tracked); !slices.Equal(got, []string{"session"}) || len(messages(b.log.take(), "error")) != 1 {
				t.Errorf("%s: tracked %q", script, got)
			}
			continue
		}
		if got := packageKinds(tracked); !slices.Equal(got, []string{"session", "third_party_sharing"}) {
			t.Errorf("%s: tracked %q, logged %q", script, got, messages(b.log.take(), "error"))
			continue
		}
		for name, value := range want {
			if got := tracked[1].Params[name]; got != value {
				t.Errorf("%s: %s is %s, want %s", script, name, got, value)
			}
		}
	}
}

func TestSessionParameters(t *testing.T) {
	b := newBench(t, withDevice)
	i := b.run(created + `
		Adjust.addSessionCallbackParameter('a', '1'); Adjust.addSessionCallbackParameter('a', '2'); Adjust.addSessionCallbackParameter('b', '3');
		Adjust.addSessionCallbackParameter(null, 'x'); Adjust.addSessionPartnerParameter('x', '');
		Adjust.removeSessionCallbackParameter('b'); Adjust.removeSessionCallbackParameter('nope');
		Adjust.removeSessionPartnerParameter('x'); Adjust.resetSessionPartnerParameters();`)
	b.settle(i)
	lines := b.log.take()
	if got := messages(lines, "error"); !slices.Equal(got, []string{"Session Callback parameter key is missing", "Session Partner parameter value is empty"}) {
		t.Errorf("errors %q", got)
	}
	if got := messages(lines, "warn"); !slices.Equal(got, []string{
		"Key a will be overwritten", "Key nope does not exist", "Session Partner parameters are not set", "Session Partner parameters are not set",
	}) {
		t.Errorf("warnings %q", got)
	}
	b.store.tracked()
	b.restart()
	b.run(`Adjust.trackEvent(new AdjustEvent('abc123'))`)
	if got := b.store.tracked(); len(got) != 1 || fmt.Sprint(got[0].CallbackParams) != "map[a:2]" {
		t.Errorf("tracked %+v", got)
	}
}

func TestADIDIsLearned(t *testing.T) {
	b := newBench(t, withDevice)
	i := b.run(created + `Adjust.getAdid((a) => console.log(String(a)));`)
	b.settle(i)
	own := func(r *engine.Response) { r.Package.Device = "external_device_id=kiosk-17" }
	b.feed(i, sessionResponse(engine.Delivered), sessionResponse(engine.Delivered, own, func(r *engine.Response) { r.ADID = "mine" }))
	b.printed("info", "null")
	b.restart()
	i = b.run(created + `Adjust.getAdid((a) => console.log(String(a)));`)
	b.settle(i)
	b.printed("info", "mine")
}

func TestARuntimeThatTakesOverTracksNothingAgain(t *testing.T) {
	b := newBench(t, withDevice)
	i := b.run(preamble + `Adjust.trackEvent(new AdjustEvent('start1')); function onSuccess() { bug() }`)
	b.store.tracked()
	rt := inject(t, i, "bug", func() { panic("a bug of ours") })
	b.feed(i, eventResponse(engine.Delivered))
	<-rt.Machine.Ended()
	b.feed(i, eventResponse(engine.Retry))
	if got := packageKinds(b.store.tracked()); len(got) != 0 {
		t.Errorf("tracked %q", got)
	}
}

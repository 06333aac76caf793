package scripting

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"trackhook/engine"
)

// toldBy is an answer to a session of a gateway's device.
func toldBy(seq uint64, device, body string) engine.Response {
	return sessionResponse(engine.Delivered, answer(body), func(r *engine.Response) {
		r.Seq, r.Package.Device = seq, device
	})
}

const attributionListener = `const c = new AdjustConfig(appToken, environment);
	c.setAttributionCallback((a, r) => console.log(a.device, a.trackerToken, a.response === r, r.id));
	Adjust.initSdk(c);`

func TestAttributionOfAGateway(t *testing.T) {
	b := newBench(t)
	i := b.run(attributionListener)
	tracker := func(token string) string { return fmt.Sprintf(`{"attribution":{"tracker_token":%q}}`, token) }
	b.feed(i,
		toldBy(1, "gps_adid=1", tracker("a")), toldBy(2, "gps_adid=2", tracker("a")),
		toldBy(3, "gps_adid=1", tracker("a")), // nothing new
		toldBy(4, "gps_adid=1", `{"attribution":null}`), toldBy(5, "gps_adid=1", `{"message":"\"attribution\""}`), toldBy(6, "gps_adid=1", `no JSON "attribution"`),
		toldBy(7, "gps_adid=1", tracker("b")), toldBy(8, "gps_adid=1", tracker("a")),
	)
	want := []string{"gps_adid=1 a true p1", "gps_adid=2 a true p1", "gps_adid=1 b true p1", "gps_adid=1 a true p1"}
	b.printed("info", want...)

	// Another plugin hears the same, however late, and so does one that hears it again after a crash.
	for range 2 {
		b.restart()
		b.feed(b.run(attributionListener),
			toldBy(1, "gps_adid=1", tracker("a")), toldBy(2, "gps_adid=2", tracker("a")), toldBy(3, "gps_adid=1", tracker("a")),
			toldBy(7, "gps_adid=1", tracker("b")), toldBy(8, "gps_adid=1", tracker("a")))
		b.printed("info", want...)
	}

	// A device that is forgotten is new again.
	b.feed(i, toldBy(9, "gps_adid=1", tracker("a")), eventResponse(engine.Delivered, func(r *engine.Response) { r.Package.Kind = engine.KindGDPRForgetDevice }), toldBy(11, "gps_adid=1", tracker("a")))
	b.printed("info", "gps_adid=1 a true p1")
}

func TestAttributionObject(t *testing.T) {
	const body = `{"adid":"root","attribution":{"tracker_token":"tok", "tracker_name":"name","network":"net","campaign":7,"adgroup":null,
		"creative":"cre","click_label":"label","cost_type":"CPI","cost_amount":1.25,"cost_currency":"EUR","deeplink":"app://inner"}}`
	const listen = `c.setAttributionCallbackListener((a) => { console.log(JSON.stringify(a)); console.log(a.adid, typeof a.costAmount) }); c.setDeferredDeeplinkCallbackListener((l) => console.log(l));`
	const fields = `{"trackerToken":"tok","trackerName":"name","network":"net","campaign":"7","adgroup":"","creative":"cre","clickLabel":"label",`
	const cost = `"costType":"CPI","costAmount":1.25,"costCurrency":"EUR","fbInstallReferrer":""`
	for start, want := range map[string]string{
		"create":  fields + `"adid":"adid-1",` + cost + `}`,
		"initSdk": fields + cost + `,"jsonResponse":`,
	} {
		b := newBench(t)
		i := b.run(`const c = new AdjustConfig(appToken, environment);` + listen + `Adjust.` + start + `(c)`)
		b.feed(i, toldBy(1, "gps_adid=1", body))
		got := messages(b.log.take(), "info")
		if len(got) != 3 || !strings.HasPrefix(got[0], want) || !slices.Equal(got[1:], []string{"adid-1 number", "app://inner"}) {
			t.Errorf("%s: got\n  %q\nwant\n  %q", start, got, want)
		}
		if start == "initSdk" && !strings.Contains(got[0], `"jsonResponse":"{\"tracker_token\":\"tok\",\"tracker_name\"`) {
			t.Errorf("no text of the server in %s", got[0])
		}
	}
}

func TestListenersOfOneAnswerFailAlone(t *testing.T) {
	b := newBench(t)
	i := b.run(`const c = new AdjustConfig(appToken, environment);
		c.setAttributionCallback(async () => { await null; throw new Error('first') });
		c.setSessionTrackingSucceededCallback(() => { throw new Error('second') });
		c.setDeferredDeeplinkCallback(() => { throw new Error('third') });
		Adjust.initSdk(c);`)
	b.feed(i, toldBy(1, "gps_adid=1", `{"attribution":{},"deeplink":"app://x"}`), toldBy(2, "gps_adid=1", `{}`))
	var got []string
	for _, line := range b.log.take() {
		if line.Level == "error" {
			got = append(got, line.In)
		}
	}
	expect(t, got, "attribution listener", "session tracking succeeded listener", "deferred deep link listener") // what repeats is counted, not logged
	if runs, failed := i.counters(); runs != 4 || failed != 4 {
		t.Errorf("%d runs, %d failed", runs, failed)
	}
}

func TestAttributionsWithoutAStore(t *testing.T) {
	b := newBench(t)
	i := b.run(attributionListener)
	b.store.failValues(engine.ErrClosed)
	b.feed(i, toldBy(1, "gps_adid=1", attributed))
	lines := b.log.take()
	expect(t, messages(lines, "info"), "gps_adid=1 tok1 true p1")
	if got := messages(lines, "error"); len(got) != 1 || !strings.HasPrefix(got[0], "cannot keep the attribution of gps_adid=1; its listener is called all the same: ") {
		t.Errorf("logged %q", got)
	}
}

package scripts

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"trackhook/engine"
	"trackhook/scripting/scriptingtest"
)

func run(t *testing.T, file, prefix string, responses ...engine.Response) scriptingtest.Result {
	t.Helper()
	script, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	result, err := scriptingtest.Test{
		Script: prefix + string(script), Responses: responses,
		Device: map[string]string{"external_device_id": "kiosk-17"},
	}.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return result
}

func texts(result scriptingtest.Result) []string {
	var lines []string
	for _, line := range result.Lines {
		lines = append(lines, line.Level+" "+line.Text)
	}
	return lines
}

func event(token string, outcome engine.Outcome, change ...func(*engine.Response)) engine.Response {
	r := engine.Response{
		Outcome: outcome, Attempt: 1, At: time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC),
		WillRetry: outcome == engine.Retry, Message: "OK",
		Package: engine.Package{ID: "id-of-" + token, Kind: engine.KindEvent, Params: map[string]string{"event_token": token}},
	}
	if r.WillRetry {
		r.NextAttempt = r.At.Add(2 * time.Minute)
	}
	if !outcome.Success() {
		r.Message = "no"
	}
	for _, c := range change {
		c(&r)
	}
	return r
}

func callbackID(id string) func(*engine.Response) {
	return func(r *engine.Response) { r.Package.CallbackID = id }
}

func check(t *testing.T, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("got:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// dated makes the time of a script what the callbackId of the event in hand says.
const dated = `
const RealDate = Date;
let now = RealDate.UTC(2026, 4, 1, 23, 59);
Date = class extends RealDate {
  constructor(...args) { args.length ? super(...args) : super(now); }
};
for (const name of ["setEventTrackingSucceededCallbackListener", "setEventTrackingFailedCallbackListener"]) {
  const set = AdjustConfig.prototype[name];
  AdjustConfig.prototype[name] = function (listener) {
    set.call(this, function (event) {
      if (event.callbackId) { now = RealDate.parse(event.callbackId); }
      listener(event);
    });
  };
}
`

func TestDailySummary(t *testing.T) {
	result := run(t, "daily-summary.js", dated,
		event("xyz789", engine.Delivered), event("abc123", engine.Delivered), event("abc123", engine.Retry),
		event("abc123", engine.Delivered), event("abc123", engine.Duplicate), event("abc123", engine.Rejected),
		event("abc123", engine.Delivered, callbackID("2026-05-02T00:00:01Z")),
		event("abc123", engine.Delivered, callbackID("2026-05-03T08:00:00Z")),
	)
	check(t, texts(result), []string{
		"info 2026-05-01  abc123  delivered 2  duplicate 1  rejected 1",
		"info 2026-05-01  xyz789  delivered 1",
		"info 2026-05-02  abc123  delivered 1",
	})
}

func TestFailureAlarm(t *testing.T) {
	var responses []engine.Response
	add := func(n int, outcome engine.Outcome) {
		for range n {
			responses = append(responses, event("abc123", outcome))
		}
	}
	add(10, engine.Rejected) // too few to judge
	add(80, engine.Delivered)
	add(1, engine.Retry)
	add(400, engine.Delivered)
	add(30, engine.Retry)
	add(400, engine.Delivered)
	app := scriptingtest.App().Token
	check(t, texts(run(t, "failure-alarm.js", "", responses...)), []string{
		"error ALARM: 10 of the last 20 answers for " + app + " are failures, latest: no",
		"info over: 10 of the last 200 answers for " + app + " are failures",
		"error ALARM: 21 of the last 200 answers for " + app + " are failures, latest: no",
		"info over: 10 of the last 200 answers for " + app + " are failures",
	})
}

func TestFollowUp(t *testing.T) {
	result := run(t, "follow-up.js", "",
		event("abc123", engine.Delivered, callbackID("order-7")), event("abc123", engine.Duplicate), event("other1", engine.Delivered),
		event("abc123", engine.Rejected),
	)
	var tracked []string
	for _, p := range result.Tracked {
		if p.Kind == engine.KindEvent {
			tracked = append(tracked, fmt.Sprint(p.Params["event_token"], " ", p.Params["deduplication_id"], " ", p.CallbackID, " ", p.CallbackParams))
		}
	}
	check(t, tracked, []string{"cnf123 confirmed-id-of-abc123 order-7 map[purchase:id-of-abc123]"})
	check(t, texts(result), []string{"info purchase id-of-abc123 is delivered, follow-up tracked"})
}

func TestOutcomes(t *testing.T) {
	session := func(outcome engine.Outcome, message string) engine.Response {
		r := event("", outcome)
		r.Package.Kind, r.Message, r.ADID = engine.KindSession, message, "adid-1"
		return r
	}
	later := event("abc123", engine.Delivered)
	later.Attempt, later.ADID = 3, "adid-1"
	result := run(t, "../../plugins/outcomes.js", "",
		session(engine.Delivered, "Install tracked"), session(engine.Rejected, "Device is opted out"), session(engine.Retry, "no connection"),
		later, event("abc123", engine.Duplicate, callbackID("order-7")), event("abc123", engine.Rejected), event("abc123", engine.Retry),
	)
	check(t, texts(result), []string{
		"info session delivered: Install tracked, adid adid-1",
		"warn session failed: Device is opted out; it will not be sent again",
		"warn session failed: no connection; attempt 2 follows at 2026-05-01T12:02:00.000Z",
		"info event abc123 delivered at attempt 3: OK, adid adid-1",
		"info event abc123 (order-7) was counted before: OK, adid ",
		"warn event abc123 failed: no; it will not be sent again",
		"warn event abc123 failed: no; attempt 2 follows at 2026-05-01T12:02:00.000Z",
	})
}

package adjust_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"trackhook/engine"
	"trackhook/engine/adjust"
	"trackhook/engine/sandbox"
)

func startSandbox(tb testing.TB, cfg sandbox.Config) *sandbox.LocalServer {
	tb.Helper()
	s, err := sandbox.Start(context.Background(), "127.0.0.1:0", cfg)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := s.Close(); err != nil {
			tb.Error(err)
		}
	})
	return s
}

// The life of a device, against the stand-in for the server.
func TestAgainstTheSandbox(t *testing.T) {
	s := startSandbox(t, sandbox.Config{Tokens: []sandbox.Token{{Value: "topsecret", App: testApp().Token}}})
	d := newDeliverer(t, adjust.Config{Endpoint: s.URL, Apps: map[engine.App]adjust.Settings{testApp(): {Token: adjust.NewSecret("topsecret")}}})
	now := func(p engine.Package) engine.Package {
		p.Created = time.Now()
		return p
	}
	check := func(d *adjust.Deliverer, p engine.Package, outcome engine.Outcome, message string) engine.Response {
		t.Helper()
		r := deliver(t, d, p)
		if r.Outcome != outcome || r.Message != message || r.Timestamp == "" {
			t.Errorf("%s: %s by %q: %q at %q; want %s: %q", p.Kind, r.Outcome, r.Rule, r.Message, r.Timestamp, outcome, message)
		}
		return r
	}
	stranger := newDeliverer(t, adjust.Config{Endpoint: s.URL})
	check(stranger, now(session()), engine.Blocked, "Missing authentication token")
	check(d, now(purchase()), engine.WaitForDevice, "Event request failed (Device not found)")
	r := check(d, now(session()), engine.Delivered, "Install tracked")
	if known, _ := s.Device(testApp(), "gps_adid=d1"); r.ADID != known.ADID || r.AskIn != 2*time.Second {
		t.Errorf("adid %q, ask_in %s; want %q, 2s", r.ADID, r.AskIn, known.ADID)
	}
	check(d, now(session()), engine.Duplicate, "Session failed (Ignoring too frequent session)")
	paid := now(purchase())
	paid.Params["deduplication_id"] = "order-1"
	check(d, paid, engine.Delivered, "OK")
	check(d, paid, engine.Duplicate, "Event request failed (Ignoring event, earlier unique event tracked)")
	check(d, now(adRevenue()), engine.Delivered, "OK")
	old := now(event())
	old.Created = time.Now().Add(-59 * 24 * time.Hour)
	check(d, old, engine.Rejected, "Event request failed (Event is older than 58 days)")
	check(d, now(erasure()), engine.Delivered, "OK")
	check(d, now(event()), engine.Rejected, "Event request failed (Device is opted out)")
}

// Every fault of the sandbox, and what it must lead to for an event and for a purchase.
func TestSandboxFaults(t *testing.T) {
	for _, test := range []struct {
		fault       sandbox.Fault
		event, paid engine.Outcome
		ambiguous   bool
	}{
		{fault: sandbox.Fault{Kind: sandbox.FaultStatus, Status: 500}, event: engine.Retry, paid: engine.Retry},
		{fault: sandbox.Fault{Kind: sandbox.FaultStatus, Status: 500, Body: `{"error":"x"}`}, event: engine.Unclear, paid: engine.Unclear},
		{fault: sandbox.Fault{Kind: sandbox.FaultStatus, Status: 429, RetryAfter: "3"}, event: engine.Retry, paid: engine.Retry},
		{fault: sandbox.Fault{Kind: sandbox.FaultRetryIn}, event: engine.Retry, paid: engine.Retry},
		{fault: sandbox.Fault{Kind: sandbox.FaultResetAfter}, event: engine.Retry, paid: engine.Unclear, ambiguous: true},
		{fault: sandbox.Fault{Kind: sandbox.FaultSilent}, event: engine.Retry, paid: engine.Unclear, ambiguous: true},
		{fault: sandbox.Fault{Kind: sandbox.FaultGarbage}, event: engine.Retry, paid: engine.Unclear, ambiguous: true},
		{fault: sandbox.Fault{Kind: sandbox.FaultTruncated}, event: engine.Unclear, paid: engine.Unclear, ambiguous: true},
		{fault: sandbox.Fault{Kind: sandbox.FaultNotJSON}, event: engine.Retry, paid: engine.Retry},
		{fault: sandbox.Fault{Kind: sandbox.FaultHTML}, event: engine.Retry, paid: engine.Retry},
		{fault: sandbox.Fault{Kind: sandbox.FaultRedirect}, event: engine.Retry, paid: engine.Retry},
		{fault: sandbox.Fault{Kind: sandbox.FaultHuge, Bytes: 2 << 20}, event: engine.Retry, paid: engine.Retry},
		{fault: sandbox.Fault{Kind: sandbox.FaultSlow, DelayMS: 10, Path: "/event"}, event: engine.Delivered, paid: engine.Delivered},
	} {
		t.Run(string(test.fault.Kind), func(t *testing.T) {
			s := startSandbox(t, sandbox.Config{})
			d := newDeliverer(t, adjust.Config{Endpoint: s.URL})
			deliver(t, d, session())
			if err := s.SetFaults(test.fault); err != nil {
				t.Fatal(err)
			}
			ev, paid := event(), purchase()
			ev.Created, paid.Created = time.Now(), time.Now()
			for p, outcome := range map[*engine.Package]engine.Outcome{&ev: test.event, &paid: test.paid} {
				ctx, stop := t.Context(), func() {}
				if test.fault.Kind == sandbox.FaultSilent {
					ctx, stop = untilArrived(t, s)
				}
				r := d.Deliver(ctx, engine.Delivery{Package: *p, Attempt: 1})
				stop()
				if r.Outcome != outcome || r.Ambiguous != test.ambiguous {
					t.Errorf("revenue %v: %s by %q, ambiguous %v: %s; want %s", p.Revenue(), r.Outcome, r.Rule, r.Ambiguous, r.Message, outcome)
				}
			}
			if got := s.Totals().Requests; got != 3 {
				t.Errorf("%d requests arrived, want 3", got)
			}
		})
	}
}

// untilArrived returns a context that ends when the server has got its next request. stop must be called.
func untilArrived(t *testing.T, s *sandbox.LocalServer) (ctx context.Context, stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	before := s.Totals().Requests
	var looking sync.WaitGroup
	looking.Go(func() {
		tick := time.NewTicker(time.Millisecond)
		defer tick.Stop()
		for ctx.Err() == nil && s.Totals().Requests == before {
			<-tick.C
		}
		cancel()
	})
	return ctx, func() {
		cancel()
		looking.Wait()
	}
}

// A reset before the server reads may reach the client before, while or after it writes; whatever it was, it is a retry
// for what may be doubled.
func TestResetBeforeReading(t *testing.T) {
	s := startSandbox(t, sandbox.Config{Faults: []sandbox.Fault{{Kind: sandbox.FaultResetBefore}}})
	d := newDeliverer(t, adjust.Config{Endpoint: s.URL})
	for range 50 {
		if r := deliver(t, d, event()); r.Outcome != engine.Retry {
			t.Errorf("%s: %s", r.Outcome, r.Message)
		}
		if r := deliver(t, d, purchase()); r.Outcome != engine.Retry && !r.Ambiguous {
			t.Errorf("%s: %s", r.Outcome, r.Message)
		}
	}
	if got := s.Totals().Requests; got != 100 {
		t.Errorf("%d requests arrived of 100", got)
	}
}

// Every package of many devices ends, through mixed faults, and the server counts each once: with deduplication ids,
// because without them an answer that was lost after counting leads to a second count of what has no revenue.
func TestMixedFaultsEnd(t *testing.T) {
	const devices, events = 40, 5
	s := startSandbox(t, sandbox.Config{Seed: 7, Faults: sandbox.Mix(0.3)})
	d := newDeliverer(t, adjust.Config{Endpoint: s.URL, Timeout: time.Second})
	var (
		all     sync.WaitGroup
		unclear atomic.Int32
	)
	for i := range devices {
		all.Go(func() {
			id := fmt.Sprint("device-", i)
			for n := range events + 1 {
				p := session()
				if n > 0 {
					p = purchase()
					p.Params["deduplication_id"] = fmt.Sprint(id, "-", n)
				}
				p.Params["gps_adid"], p.Created = id, time.Now()
				last := engine.Response{}
				for attempt := 1; attempt <= 50 && !last.Outcome.Success() && (last.Outcome != engine.Unclear || n == 0); attempt++ {
					last = d.Deliver(t.Context(), engine.Delivery{Package: p, Attempt: attempt})
				}
				switch {
				case last.Outcome == engine.Unclear && n > 0:
					unclear.Add(1)
				case !last.Outcome.Success():
					t.Errorf("%s %d ended as %s: %s", id, n, last.Outcome, last.Message)
				}
			}
		})
	}
	all.Wait()
	if repeated := s.Repeated(); len(repeated) > 0 {
		t.Errorf("counted more than once: %q", repeated)
	}
	counted := 0
	for _, count := range s.Counts() {
		counted += int(count.Counted)
	}
	if counted+int(unclear.Load()) < devices*events {
		t.Errorf("%d counted and %d unclear of %d", counted, unclear.Load(), devices*events)
	}
	if len(s.Totals().Faults) < 10 {
		t.Errorf("only some faults hit: %v", s.Totals().Faults)
	}
}

package instance

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"trackhook/engine"
)

// preamble registers onSuccess and onFailure for events.
const preamble = `const config = new AdjustConfig(appToken, environment);` +
	`config.setEventTrackingSucceededCallbackListener(function (e) { return onSuccess(e); });` +
	`config.setEventTrackingFailedCallbackListener(function (e) { return onFailure(e); });` +
	`Adjust.create(config);` + "\n"

func numbered(n int, outcome engine.Outcome) []engine.Response {
	responses := make([]engine.Response, n)
	for i := range responses {
		responses[i] = eventResponse(outcome, func(r *engine.Response) {
			r.Seq = uint64(i + 1)
			r.Package.ID = fmt.Sprint("p", i)
			r.Message = fmt.Sprint("m", i)
		})
	}
	return responses
}

func TestHandleDispatches(t *testing.T) {
	b := newBench(t)
	i := b.run(`
		const config = new AdjustConfig(appToken, environment);
		config.setSessionTrackingSucceededCallbackListener((s) => console.log('session ok'));
		config.setSessionTrackingFailedCallbackListener((s) => console.log('session failed', String(s.willRetry)));
		config.setEventTrackingSucceededCallbackListener((e) => console.log('event ok', e.eventToken));
		config.setEventTrackingFailedCallbackListener((e) => console.log('event failed', String(e.willRetry)));
		Adjust.create(config);`)
	kind := func(k engine.Kind) func(*engine.Response) { return func(r *engine.Response) { r.Package.Kind = k } }
	b.feed(
		i,
		sessionResponse(engine.Delivered), sessionResponse(engine.Duplicate), sessionResponse(engine.Blocked),
		eventResponse(engine.Delivered), eventResponse(engine.Duplicate), eventResponse(engine.Retry),
		eventResponse(engine.Rejected, func(r *engine.Response) { r.WillRetry = false }),
		eventResponse(engine.WaitForDevice, func(r *engine.Response) { r.Repeat = true }),
		eventResponse(engine.Delivered, kind(engine.KindAdRevenue)),
		eventResponse(engine.Delivered, kind(engine.KindGDPRForgetDevice)),
		eventResponse(engine.Delivered, func(r *engine.Response) { r.Package.App = otherApp }),
		eventResponse(engine.Delivered, func(r *engine.Response) { r.Package.App.Environment = engine.Production }),
	)
	b.printed("", "session ok", "session ok", "session failed true", "event ok abc123", "event ok abc123",
		"event failed true", "event failed false")
	if runs, failed := i.Counters(); runs != 7 || failed != 0 {
		t.Errorf("counters: %d runs, %d failed; want 7, 0", runs, failed)
	}
	if got := i.Registered(); len(got) != 1 || got[0].App != testApp || !slices.Equal(got[0].Listeners, []string{
		"EventTrackingFailed", "EventTrackingSucceeded", "SessionTrackingFailed", "SessionTrackingSucceeded",
	}) {
		t.Errorf("registered: %q", got)
	}
}

func TestListenerThatThrowsStopsNothing(t *testing.T) {
	b := newBench(t)
	i := b.run(preamble + "function onSuccess(e) {\n  if (e.message === 'm1') null.x;\n  console.log(e.message);\n}")
	b.feed(i, numbered(3, engine.Delivered)...)
	lines := b.log.take()
	if got := messages(lines, "info"); !slices.Equal(got, []string{"m0", "m2"}) {
		t.Errorf("printed %q", got)
	}
	at := slices.IndexFunc(lines, func(l logLine) bool { return l.Level == "error" })
	if at < 0 {
		t.Fatal("the exception was not logged")
	}
	got := lines[at]
	if !strings.HasPrefix(got.Message, "plugins/x.js:3:32: TypeError: Cannot read property 'x' of") ||
		got.File != "plugins/x.js" || got.Line != 3 || got.Column != 32 || got.Source != "  if (e.message === 'm1') null.x;" ||
		got.ID != "p1" || got.Kind != "event" || got.Outcome != "delivered" || got.In != "event tracking succeeded listener" {
		t.Errorf("logged %+v", got)
	}
	if _, failed := i.Counters(); failed != 1 {
		t.Errorf("failures: %d, want 1", failed)
	}
}

func TestRepeatedFailuresAreCounted(t *testing.T) {
	b := newBench(t)
	i := b.run(preamble + `function onSuccess(e) { throw new Error('always') }`)
	b.feed(i, numbered(500, engine.Delivered)...)
	<-i.Retire()
	lines := b.log.take()
	if len(lines) != 2 || lines[0].Repeated != 0 || lines[1].Repeated != 499 ||
		lines[1].Message != lines[0].Message {
		t.Errorf("logged %d lines: %+v", len(lines), lines)
	}
}

func TestRetire(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		i := b.run(preamble + `setInterval(() => console.log('tick'), 1000); function onSuccess(e) {}`)
		time.Sleep(2500 * time.Millisecond)
		begin := time.Now()
		<-i.Retire()
		if since := time.Since(begin); since != 0 {
			t.Errorf("retiring took %s with nothing in flight", since)
		}
		time.Sleep(5 * time.Second)
		b.printed("info", "tick", "tick")
		if _, err := i.Handle(t.Context(), numbered(1, engine.Delivered)); !errors.Is(err, ErrRetired) {
			t.Errorf("handle after retire: %v", err)
		}

		// Work in flight elsewhere may go on for the grace period, and no longer.
		for _, late := range []time.Duration{time.Second, time.Hour} {
			i = b.run(preamble + `function onSuccess(e) {}`)
			rt := i.current
			rt.Machine.Post(func() {
				deliver := rt.Machine.Reserve()
				time.AfterFunc(late, func() { deliver(func() { rt.inst.say(1, "delivered", nil) }) })
			})
			synctest.Wait()
			begin = time.Now()
			<-i.Retire()
			if got, want := time.Since(begin), min(late, b.cfg.Grace); got != want {
				t.Errorf("retiring took %s, want %s", got, want)
			}
		}
		b.printed("info", "delivered")
	})
}

func TestHandleEndsWithItsContext(t *testing.T) {
	b := newBench(t)
	i := b.run(preamble + `function onSuccess(e) { if (e.message === 'm2') stop() }`)
	ctx, cancel := context.WithCancel(t.Context())
	inject(t, i, "stop", func() { cancel() })
	n, err := i.Handle(ctx, numbered(10, engine.Delivered))
	if n != 3 || err != nil {
		t.Errorf("handled %d, %v; want 3", n, err)
	}
	if n, err := i.Handle(ctx, numbered(10, engine.Delivered)); n != 0 || err != nil {
		t.Errorf("handled %d, %v after the end", n, err)
	}
}

package engine_test

import (
	"testing"
	"time"

	"trackhook/engine"
)

func TestBackoffIsTheSDKs(t *testing.T) {
	long := engine.Backoff{Base: 120 * time.Second, Max: 24 * time.Hour}
	for _, row := range []struct {
		failures  int
		low, high time.Duration
	}{
		{0, 0, 0},
		{1, time.Minute, 2 * time.Minute},
		{2, 2 * time.Minute, 4 * time.Minute},
		{3, 4 * time.Minute, 8 * time.Minute},
		{10, 512 * time.Minute, 1024 * time.Minute},
		{11, 12 * time.Hour, 24 * time.Hour},
		{47, 12 * time.Hour, 24 * time.Hour}, // where 2^n milliseconds overflow in the SDKs
		{64, 12 * time.Hour, 24 * time.Hour},
		{310, 12 * time.Hour, 24 * time.Hour},
		{1 << 40, 12 * time.Hour, 24 * time.Hour},
	} {
		if got := long.Wait(row.failures, 0); got != row.low {
			t.Errorf("wait(%d) is at least %v, want %v", row.failures, got, row.low)
		}
		if got := long.Wait(row.failures, 1); got != row.high {
			t.Errorf("wait(%d) is at most %v, want %v", row.failures, got, row.high)
		}
	}
	exact := engine.Backoff{Base: time.Second, Max: time.Minute, JitterMin: 1, JitterMax: 1}
	if got := exact.Wait(3, 0.3); got != 4*time.Second {
		t.Errorf("without jitter: %v, want 4s", got)
	}
}

func TestPlan(t *testing.T) {
	now := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	schedule := engine.Schedule{
		Default:     engine.Backoff{Base: 120 * time.Second, Max: 24 * time.Hour, JitterMin: 1, JitterMax: 1},
		Install:     engine.Backoff{Base: 200 * time.Millisecond, Max: time.Hour, JitterMin: 1, JitterMax: 1},
		Device:      engine.Backoff{Base: 2 * time.Minute, Max: 6 * time.Hour, JitterMin: 1, JitterMax: 1},
		DeviceLimit: 7 * 24 * time.Hour,
		Blocked:     engine.Backoff{Base: time.Minute, Max: 30 * time.Minute, JitterMin: 1, JitterMax: 1},
	}
	session := engine.Package{Kind: engine.KindSession, App: demoApp()}
	known := engine.Device{Session: now.Add(-time.Hour)}
	sale := event("revenue", "1.99", "currency", "EUR")
	for name, row := range map[string]struct {
		lease    engine.Lease
		response engine.Response
		want     engine.Plan
	}{
		"delivered": {engine.Lease{Package: event()}, engine.Response{Outcome: engine.Delivered}, engine.Plan{Verdict: engine.Remove}},
		"duplicate": {engine.Lease{Package: event()}, engine.Response{Outcome: engine.Duplicate}, engine.Plan{Verdict: engine.Remove}},
		"rejected":  {engine.Lease{Package: event()}, engine.Response{Outcome: engine.Rejected}, engine.Plan{Verdict: engine.Bury}},
		"expired":   {engine.Lease{Package: event()}, engine.Response{Outcome: engine.Expired}, engine.Plan{Verdict: engine.Bury}},
		"retry":     {engine.Lease{Package: event()}, engine.Response{Outcome: engine.Retry}, engine.Plan{engine.Requeue, 2 * time.Minute, 1}},
		"third retry": {
			engine.Lease{Package: event(), Failures: 2},
			engine.Response{Outcome: engine.Retry},
			engine.Plan{engine.Requeue, 8 * time.Minute, 3},
		},
		"install": {engine.Lease{Package: session}, engine.Response{Outcome: engine.Retry}, engine.Plan{engine.Requeue, 200 * time.Millisecond, 1}},
		"later session": {
			engine.Lease{Package: session, Device: known},
			engine.Response{Outcome: engine.Retry},
			engine.Plan{engine.Requeue, 2 * time.Minute, 1},
		},
		"the server's wait counts no failure": {
			engine.Lease{Package: event(), Failures: 4},
			engine.Response{Outcome: engine.Retry, RetryIn: 5 * time.Second},
			engine.Plan{engine.Requeue, 5 * time.Second, 4},
		},
		"the server's wait is bounded": {
			engine.Lease{Package: event()},
			engine.Response{Outcome: engine.Retry, RetryIn: 1000 * time.Hour},
			engine.Plan{engine.Requeue, 24 * time.Hour, 0},
		},
		"waits for its device": {
			engine.Lease{Package: event(), Failures: 9, Last: engine.Retry, Accepted: now},
			engine.Response{Outcome: engine.WaitForDevice, At: now},
			engine.Plan{engine.Requeue, 2 * time.Minute, 1},
		},
		"waits on": {
			engine.Lease{Package: event(), Failures: 1, Last: engine.WaitForDevice, Accepted: now},
			engine.Response{Outcome: engine.WaitForDevice, At: now.Add(time.Hour)},
			engine.Plan{engine.Requeue, 4 * time.Minute, 2},
		},
		"has waited enough": {
			engine.Lease{Package: event(), Failures: 30, Last: engine.WaitForDevice, Accepted: now},
			engine.Response{Outcome: engine.WaitForDevice, At: now.Add(8 * 24 * time.Hour)},
			engine.Plan{Verdict: engine.Bury},
		},
		"blocked, as its app":  {engine.Lease{Package: event(), Failures: 5}, engine.Response{Outcome: engine.Blocked}, engine.Plan{engine.Requeue, 0, 5}},
		"unclear":              {engine.Lease{Package: event()}, engine.Response{Outcome: engine.Unclear}, engine.Plan{engine.Requeue, 2 * time.Minute, 1}},
		"unclear with revenue": {engine.Lease{Package: sale}, engine.Response{Outcome: engine.Unclear}, engine.Plan{Verdict: engine.Bury}},
		"no outcome":           {engine.Lease{Package: event()}, engine.Response{}, engine.Plan{engine.Requeue, 2 * time.Minute, 1}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := schedule.Plan(&row.lease, &row.response, 0); got != row.want {
				t.Errorf("got %+v, want %+v", got, row.want)
			}
		})
	}
}

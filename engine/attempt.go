package engine

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"
)

// unsent settles what needs no attempt: a package that is too old, and one that waits for a session of its device.
// done is false for all others.
func (s *sender) unsent(lease *Lease, now time.Time) (settlement Settlement, done bool) {
	p := &lease.Package
	response := Response{Package: *p, Attempt: lease.Attempts, ADID: lease.Device.ADID, At: now}
	switch {
	case s.clocks().tooOld(p, now):
		response.Outcome, response.Rule = Expired, "expired"
		response.Message = "older than the server accepts: created " + p.Created.UTC().Format(time.RFC3339)
	case !s.awaitsSession(lease):
		return Settlement{}, false
	default:
		left := s.clocks().DeviceLimit - now.Sub(lease.Accepted)
		if left > 0 {
			// Only a session changes anything, and its acceptance makes the head due. The clock is for the end of the wait, and
			// for a configuration that has changed.
			wait := min(left, s.clocks().Device.Wait(1<<20, rand.Float64()))
			return Settlement{Lease: *lease, Verdict: Return, Due: time.Now().Add(wait), Wait: true}, true
		}
		response.Outcome, response.Rule = WaitForDevice, "no session"
		response.Message = fmt.Sprintf("no session of the device was accepted within %s; it was never sent. "+
			"Send a session of the device, then retry it", s.clocks().DeviceLimit)
	}
	return Settlement{Lease: *lease, Verdict: Bury, Response: response}, true
}

// awaitsSession tells whether a package is held until a session of its device was accepted.
func (s *sender) awaitsSession(lease *Lease) bool {
	kind := lease.Package.Kind
	return (kind == KindEvent || kind == KindAdRevenue) && lease.Device.Session.IsZero() &&
		s.cfg.HoldEvents != nil && s.cfg.HoldEvents(lease.Package.App)
}

// make makes one attempt and decides what follows: j.done. counts is false when the response says nothing about the
// server.
func (s *sender) make(ctx context.Context, j *job) (counts bool) {
	lease := &j.lease
	if settlement, done := s.unsent(lease, s.cfg.Store.Now()); done {
		j.done = settlement // it was parked meanwhile
		return false
	}
	if !s.cfg.Store.Holds(lease) {
		j.done = Settlement{Lease: *lease, Verdict: Return, Due: time.Now(), Wait: lease.Last == WaitForDevice}
		return false
	}
	settlement := &j.done
	settlement.Response = s.deliver(ctx, Delivery{Package: lease.Package, Attempt: lease.Attempts + 1, Device: lease.Device})
	response := &settlement.Response
	if s.cfg.Store.Shared() {
		response.At = s.cfg.Store.Now()
	}
	response.Attempt = lease.Attempts + 1
	response.Package = lease.Package
	response.Repeat = response.Outcome == WaitForDevice && lease.Last == WaitForDevice

	plan := s.clocks().Plan(lease, response, rand.Float64())
	cut := ctx.Err() != nil && unanswered(response)
	if cut {
		plan = cutShort(lease, response)
	}
	settlement.Lease, settlement.Verdict = *lease, plan.Verdict
	settlement.Lease.Failures = plan.Failures
	if plan.Verdict == Requeue {
		response.WillRetry = true
		response.NextAttempt = response.At.Add(plan.Wait)
		// Due keeps the monotonic reading of now, so that a store can tell the wait from a jump of the clock.
		settlement.Due = time.Now().Add(plan.Wait)
		settlement.Wait = response.Outcome == WaitForDevice
	}
	settlement.Device = learn(&lease.Device, response)
	if response.ADID == "" {
		response.ADID = lease.Device.ADID
	}
	return !cut
}

// deliver keeps a panic of a deliverer from taking the process down: the package is sent again later.
func (s *sender) deliver(ctx context.Context, d Delivery) (response Response) {
	defer func() {
		if p := recover(); p != nil {
			s.cfg.Log.Error().Interface("panic", p).Str("id", d.Package.ID).Msg("deliverer panicked; the package will be sent again")
			response = Response{Outcome: Retry, Rule: "panic", Message: fmt.Sprint("deliverer panicked: ", p), Ambiguous: true}
		}
		if response.At.IsZero() {
			response.At = time.Now()
		}
	}()
	return s.cfg.Deliverer.Deliver(ctx, d)
}

// learn takes from an accepted session what later packages of the device need; nil where there is nothing.
func learn(device *Device, response *Response) *Device {
	if response.Package.Kind != KindSession || !response.Outcome.Success() {
		return nil
	}
	learned := *device
	learned.Session = response.At
	if response.ADID != "" {
		learned.ADID = response.ADID
	}
	return &learned
}

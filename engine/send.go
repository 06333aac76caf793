package engine

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"
)

const (
	// One durable step settles at most this many attempts; the store's group commit makes more pointless.
	settleBatch = 256
	// Pauses after an error of the store.
	sendPause    = 100 * time.Millisecond
	sendPauseMax = 10 * time.Second
)

// Run sends what is queued until ctx ends or the engine closes, which is not an error. Then it leases nothing more,
// lets attempts in flight finish for at most Config.Drain, settles them, and returns. Only one Run at a time.
func (e *Engine) Run(ctx context.Context) error {
	ctx, end, err := e.begin(ctx, true)
	if err != nil {
		return err
	}
	defer end()

	// Attempts outlive ctx: they are what Drain is for. They end when it is over.
	attempts, cancelAttempts := context.WithCancel(context.WithoutCancel(ctx))
	defer cancelAttempts()

	var (
		work    = make(chan Lease)
		settled = make(chan Settlement, settleBatch)
		free    = make(chan struct{}, e.cfg.InFlight)
		workers sync.WaitGroup
		settler = make(chan struct{})
	)
	for range e.cfg.InFlight {
		workers.Go(func() {
			for lease := range work {
				settled <- e.attempt(attempts, lease)
				<-free
			}
		})
	}
	go func() {
		defer close(settler)
		e.settle(ctx, settled)
	}()

	err = e.lease(ctx, work, free)

	close(work)
	drain := time.AfterFunc(e.cfg.Drain, cancelAttempts)
	workers.Wait()
	drain.Stop()
	close(settled)
	<-settler
	return endOf(ctx, err)
}

// lease hands due lane heads to the workers until ctx ends. free holds one element for each busy worker.
func (e *Engine) lease(ctx context.Context, work chan<- Lease, free chan struct{}) error {
	pause := time.Duration(0)
	for {
		if pause > 0 {
			select {
			case <-ctx.Done():
			case <-time.After(pause):
			}
		}
		// Wait for one free worker, then take all that are free, so that one look into the store serves them all.
		select {
		case <-ctx.Done():
			return nil
		case free <- struct{}{}:
		}
		claimed := 1
		for claimed < cap(free) {
			select {
			case free <- struct{}{}:
				claimed++
				continue
			default:
			}
			break
		}
		leases, err := e.cfg.Store.Lease(ctx, claimed)
		for range claimed - len(leases) {
			<-free
		}
		for _, lease := range leases {
			work <- lease // a worker is free, because its place was claimed
		}
		if ctx.Err() != nil {
			return nil //nolint:nilerr // being asked to stop is no error
		}
		switch {
		case errors.Is(err, ErrClosed):
			return fmt.Errorf("run: %w", err)
		case err != nil:
			pause = min(max(2*pause, sendPause), sendPauseMax)
			e.cfg.Log.Error().Err(err).Dur("pause", pause).Msg("cannot lease from the store; sending pauses")
		default:
			pause = 0
		}
	}
}

// attempt makes one attempt and decides what follows.
func (e *Engine) attempt(ctx context.Context, lease Lease) Settlement {
	now := time.Now()
	var response Response
	if e.cfg.Schedule.tooOld(&lease.Package, now) {
		response = Response{
			Outcome: Expired, Rule: "expired", At: now, Attempt: lease.Attempts,
			Message: "older than the server accepts: created " + lease.Package.Created.UTC().Format(time.RFC3339),
		}
	} else {
		response = e.deliver(ctx, Delivery{Package: lease.Package, Attempt: lease.Attempts + 1, Device: lease.Device})
		response.Attempt = lease.Attempts + 1
	}
	response.Package = lease.Package
	response.Repeat = lease.Last == response.Outcome && (response.Outcome == WaitForDevice || response.Outcome == Blocked)

	plan := e.cfg.Schedule.Plan(&lease, &response, rand.Float64())
	settlement := Settlement{Lease: lease, Verdict: plan.Verdict}
	settlement.Lease.Failures = plan.Failures
	if plan.Verdict == Requeue {
		response.WillRetry = true
		response.NextAttempt = response.At.Add(plan.Wait)
		// Due keeps the monotonic reading of now, so that a store can tell the wait from a jump of the clock.
		settlement.Due = time.Now().Add(plan.Wait)
	}
	if device, changed := learn(lease.Device, &response); changed {
		settlement.Device = &device
	}
	if response.ADID == "" {
		response.ADID = lease.Device.ADID
	}
	settlement.Response = response
	return settlement
}

// deliver keeps a panic of a deliverer from taking the process down: the package is sent again later.
func (e *Engine) deliver(ctx context.Context, d Delivery) (response Response) {
	defer func() {
		if p := recover(); p != nil {
			e.cfg.Log.Error().Interface("panic", p).Str("id", d.Package.ID).Msg("deliverer panicked; the package will be sent again")
			response = Response{Outcome: Retry, Rule: "panic", Message: fmt.Sprint("deliverer panicked: ", p), Ambiguous: true}
		}
		if response.At.IsZero() {
			response.At = time.Now()
		}
	}()
	return e.cfg.Deliverer.Deliver(ctx, d)
}

// learn takes from an accepted session what later packages of the device need.
func learn(device Device, response *Response) (Device, bool) {
	if response.Package.Kind != KindSession || !response.Outcome.Success() {
		return device, false
	}
	device.Session = response.At
	if response.ADID != "" {
		device.ADID = response.ADID
	}
	return device, true
}

// settle makes attempts durable, as many at once as have come in meanwhile, until in is closed.
func (e *Engine) settle(ctx context.Context, in <-chan Settlement) {
	batch := make([]Settlement, 0, settleBatch)
	for first := range in {
		batch = append(batch[:0], first)
	fill:
		for len(batch) < settleBatch {
			select {
			case next, ok := <-in:
				if !ok {
					break fill
				}
				batch = append(batch, next)
			default:
				break fill
			}
		}
		e.settleBatch(ctx, batch)
	}
}

// settleBatch does not give up while the engine runs: leases that are not settled block their lanes. While it waits,
// nothing new is sent, because the settled channel fills up. After ctx has ended it tries once more and then leaves
// the packages to the next start, which sends them again.
func (e *Engine) settleBatch(ctx context.Context, batch []Settlement) {
	// What was attempted must be recorded even when the loop is asked to end.
	durable := context.WithoutCancel(ctx)
	for pause := sendPause; ; pause = min(2*pause, sendPauseMax) {
		err := e.cfg.Store.Settle(durable, batch...)
		if err == nil {
			return
		}
		if ctx.Err() != nil || errors.Is(err, ErrClosed) {
			e.cfg.Log.Error().Err(err).Int("attempts", len(batch)).
				Msg("cannot record attempts before the end; their packages will be sent again at the next start")
			return
		}
		e.cfg.Log.Error().Err(err).Int("attempts", len(batch)).Dur("pause", pause).
			Msg("cannot record attempts; sending pauses until the store can be written")
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
	}
}

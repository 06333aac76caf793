package adjust

import (
	"math/rand/v2"
	"time"

	"github.com/failsafe-go/failsafe-go/circuitbreaker"

	"trackhook/engine"
)

// breaker stops attempts at an endpoint that is down. failsafe-go counts and decides; what it has not is a clock that
// slows down while the endpoint stays down, and results that are told apart by when they began: while 64 attempts hang,
// those that began before the breaker opened would otherwise count as its probes.
type breaker struct {
	circuit circuitbreaker.CircuitBreaker[any]
	clock   engine.Backoff
	term    uint64
	down    string // why it is open. Empty: it is closed
	since   time.Time
	probes  int       // that failed
	again   time.Time // when to probe
}

func newBreaker(cfg *GateConfig) breaker {
	return breaker{
		clock: cfg.Probe,
		circuit: circuitbreaker.NewBuilder[any]().
			WithFailureThresholdRatio(uint(cfg.Faults), uint(cfg.Window)). //nolint:gosec // checked to be positive
			WithSuccessThreshold(1).
			Build(),
	}
}

// room is without bound while the breaker is closed, none while it is open, and one attempt while it probes.
func (b *breaker) room(now time.Time) engine.Room {
	if b.down == "" {
		return engine.Room{Attempts: -1, Term: b.term}
	}
	if b.circuit.IsOpen() && !b.again.After(now) {
		b.circuit.HalfOpen()
		b.term++
	}
	room := engine.Room{Term: b.term, Down: b.down, Since: b.since, Again: b.again}
	if b.circuit.IsHalfOpen() {
		room.Attempts = 1
	}
	return room
}

// probe makes the next probe due and begins a term, so that one that hangs does not stand in its way. It returns whether
// the endpoint is down.
func (b *breaker) probe(now time.Time) (down bool) {
	b.term++
	b.probes, b.again = 0, now
	return b.down != ""
}

// record takes a result of the present term. It returns whether the endpoint has just recovered.
func (b *breaker) record(fault string, wait time.Duration, now time.Time) (recovered bool) {
	if fault == "" {
		b.circuit.RecordSuccess()
	} else {
		b.circuit.RecordFailure()
	}
	switch {
	case b.circuit.IsOpen():
		if b.down == "" {
			b.since = now
		}
		b.probes++
		b.down = fault
		// A server that says when it will be back is not asked before, within reason.
		b.again = now.Add(max(b.clock.Wait(b.probes, rand.Float64()), min(wait, b.clock.Max)))
		b.term++
	case b.down != "" && b.circuit.IsClosed():
		b.down, b.probes = "", 0
		b.term++
		return true
	}
	return false
}

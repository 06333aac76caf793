package engine

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Backoff says how long to wait after the n-th failure: Base, doubled for each failure after the first, at most Max,
// times a random factor between JitterMin and JitterMax. It is the back-off of Adjust's SDKs.
type Backoff struct {
	// Base is the wait after the first failure, before jitter.
	Base time.Duration
	// Max bounds the wait, before jitter.
	Max time.Duration
	// JitterMin and JitterMax bound the random factor, and are at most [MaxJitter]. Both zero mean [DefaultJitterMin] and
	// [DefaultJitterMax].
	JitterMin, JitterMax float64
}

// The random factor of Adjust's SDKs.
const (
	DefaultJitterMin = 0.5
	DefaultJitterMax = 1.0
)

// MaxJitter bounds the random factor of a [Backoff].
const MaxJitter = 10

// Wait returns the wait after failure number failures, from 1; 0 for none. chance is in [0, 1) and picks the jitter.
func (b Backoff) Wait(failures int, chance float64) time.Duration {
	if failures < 1 {
		return 0
	}
	wait := b.Max
	// The SDKs compute 2^n and overflow at n = 47. Doubling only while below the bound cannot.
	if shift := failures - 1; shift < 62 && b.Base <= b.Max>>shift {
		wait = b.Base << shift
	}
	low, high := b.JitterMin, b.JitterMax
	if low == 0 && high == 0 {
		low, high = DefaultJitterMin, DefaultJitterMax
	}
	return time.Duration(float64(wait) * (low + (high-low)*chance))
}

// withDefaults fills in what was left out from d.
func (b Backoff) withDefaults(d Backoff) Backoff {
	if b.Base == 0 {
		b.Base = d.Base
		if b.Max > 0 {
			b.Base = min(d.Base, b.Max)
		}
	}
	if b.Max == 0 {
		b.Max = max(d.Max, b.Base)
	}
	return b
}

func (b Backoff) check(name string) error {
	switch {
	case b.Base <= 0 || b.Max < b.Base:
		return errors.New(name + ": base must be positive, and max at least base")
	case b.JitterMin < 0 || b.JitterMax < b.JitterMin || b.JitterMax > MaxJitter:
		return fmt.Errorf("%s: jitter must be two numbers between 0 and %d, the lower one first", name, MaxJitter)
	}
	return nil
}

// A server that asks for more than this is not obeyed: the SDKs never wait longer either.
const maxRetryIn = day

// Plan is what happens after an attempt.
type Plan struct {
	Verdict Verdict
	// Wait is how long until the next attempt, for Requeue.
	Wait time.Duration
	// Failures is the package's new count.
	Failures int
}

// Plan decides what happens to a package after response. It is pure: the same arguments give the same plan. chance is
// in [0, 1). s must have its defaults.
func (s Schedule) Plan(lease *Lease, response *Response, chance float64) Plan {
	failures := lease.Failures + 1
	requeue := func(clock Backoff) Plan {
		return Plan{Verdict: Requeue, Wait: clock.Wait(failures, chance), Failures: failures}
	}
	clock := s.Default
	if lease.Package.Kind == KindSession && lease.Device.Session.IsZero() {
		clock = s.Install
	}
	switch response.Outcome {
	case Delivered, Duplicate:
		return Plan{Verdict: Remove}
	case Retry:
		if response.RetryIn > 0 {
			// As the SDKs from version 5: the server's own wait is obeyed and does not count as a failure. A little chance
			// keeps lanes that were told the same from returning at the same instant.
			wait := min(response.RetryIn, maxRetryIn)
			return Plan{Verdict: Requeue, Wait: wait + time.Duration(float64(wait)*0.1*chance), Failures: lease.Failures}
		}
		return requeue(clock)
	case WaitForDevice:
		if lease.Last != WaitForDevice {
			failures = 1
		}
		if response.At.Sub(lease.Accepted) > s.DeviceLimit {
			return Plan{Verdict: Bury}
		}
		return requeue(s.Device)
	case Blocked:
		// It is the app that waits, and not each of its packages: see pause.go.
		return Plan{Verdict: Requeue, Failures: lease.Failures}
	case Unclear:
		if lease.Package.Revenue() {
			return Plan{Verdict: Bury}
		}
		return requeue(clock)
	case Rejected, Expired, Dropped:
		return Plan{Verdict: Bury}
	default:
		// A deliverer that sets no outcome has a bug; the package must not be lost by it.
		return requeue(clock)
	}
}

// tooOld tells whether the server would refuse a package for its age.
func (s Schedule) tooOld(p *Package, now time.Time) bool {
	most := s.mostAge(p.Kind)
	return most > 0 && now.Sub(p.Created) > most
}

// mostAge is how old a package may be: 0 for any age.
func (s Schedule) mostAge(kind Kind) time.Duration {
	switch kind {
	case KindEvent:
		return s.EventAge
	case KindAdRevenue:
		return s.AdRevenueAge
	case KindSession, KindGDPRForgetDevice, KindThirdPartySharing:
		return 0
	default:
		return 0
	}
}

// refuseOld refuses a package that would be a dead letter at once.
func (s Schedule) refuseOld(p *Package, now time.Time) error {
	if !s.tooOld(p, now) {
		return nil
	}
	return refuse(p.Kind, "Invalid created_at", "created_at_unix", "the time %s is more than %d days ago, and the server takes no %s that is older",
		p.Created.UTC().Format(time.RFC3339), int(s.mostAge(p.Kind)/day), strings.ReplaceAll(string(p.Kind), "_", " "))
}

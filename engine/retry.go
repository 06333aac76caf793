package engine

import (
	"errors"
	"fmt"
	"time"
)

// Backoff says how long to wait after the n-th failure: Base, doubled for each failure after the first, at most Max,
// times a random factor between JitterMin and JitterMax. It is the back-off of Adjust's SDKs (spec 3.4).
type Backoff struct {
	// Base is the wait after the first failure, before jitter.
	Base time.Duration
	// Max bounds the wait, before jitter.
	Max time.Duration
	// JitterMin and JitterMax bound the random factor, and are at most [MaxJitter]. Both zero mean the SDK's 0.5 and 1.0.
	JitterMin, JitterMax float64
}

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
		low, high = 0.5, 1.0
	}
	return time.Duration(float64(wait) * (low + (high-low)*chance))
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

// Schedule holds the clocks on which packages are sent again. Each zero field means its default.
type Schedule struct {
	// Default is for everything without a clock of its own. Default 120 s to 24 h.
	Default Backoff
	// Install is for sessions of a device that has none accepted yet, because everything waits for that one. Default
	// 200 ms to 1 h.
	Install Backoff
	// Device is for [WaitForDevice]. Default 2 min to 6 h.
	Device Backoff
	// DeviceLimit is how long a package may wait for its device before it becomes a dead letter. Default 7 days.
	DeviceLimit time.Duration
	// Blocked is for [Blocked]: how long an app is held back before one of its lanes probes. Default 1 min to 30 min.
	Blocked Backoff
	// EventAge and AdRevenueAge are how old a package may become before the server refuses it. Default 58 and 28 days.
	EventAge, AdRevenueAge time.Duration
}

const (
	day = 24 * time.Hour
	// A server that asks for more than this is not obeyed: the SDKs never wait longer either.
	maxRetryIn = day
)

// DefaultSchedule is what the zero [Schedule] means: the clocks of Adjust's SDKs, and the ages that its server takes.
func DefaultSchedule() Schedule { return Schedule{}.withDefaults() }

func (s Schedule) withDefaults() Schedule {
	def := func(b *Backoff, base, most time.Duration) {
		if b.Base == 0 {
			b.Base = base
			if b.Max > 0 {
				b.Base = min(base, b.Max)
			}
		}
		if b.Max == 0 {
			b.Max = max(most, b.Base)
		}
	}
	def(&s.Default, 120*time.Second, day)
	def(&s.Install, 200*time.Millisecond, time.Hour)
	def(&s.Device, 2*time.Minute, 6*time.Hour)
	def(&s.Blocked, time.Minute, 30*time.Minute)
	for field, value := range map[*time.Duration]time.Duration{
		&s.DeviceLimit: 7 * day, &s.EventAge: 58 * day, &s.AdRevenueAge: 28 * day,
	} {
		if *field == 0 {
			*field = value
		}
	}
	return s
}

func (s Schedule) check() error {
	var negative error
	if min(s.DeviceLimit, s.EventAge, s.AdRevenueAge) < 0 {
		negative = errors.New("retry: ages and limits must not be negative")
	}
	return errors.Join(s.Default.check("retry"), s.Install.check("retry install"), s.Device.check("retry device"),
		s.Blocked.check("retry blocked"), negative)
}

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

// Expired tells whether the server would refuse a package of this age.
func (s Schedule) tooOld(p *Package, now time.Time) bool {
	age := now.Sub(p.Created)
	switch p.Kind {
	case KindEvent:
		return age > s.EventAge
	case KindAdRevenue:
		return age > s.AdRevenueAge
	case KindSession, KindGDPRForgetDevice:
		return false
	default:
		return false
	}
}

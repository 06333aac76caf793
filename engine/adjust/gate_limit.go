package adjust

import (
	"time"

	"trackhook/engine"
)

// limiter bounds the attempts in flight as TCP bounds packets: it shrinks by a quarter when answers become slow, and
// otherwise grows, fast up to where it was good before and then by one for each round. An attempt that runs out of time
// is a very slow one. Faults that come fast, such as a refused connection, are the breaker's.
// It is for a number that somebody has chosen; see finder for one that is looked for.
type limiter struct {
	least, most float64
	slow        time.Duration // answers are never too slow below this
	bound       float64       // attempts in flight now
	settled     float64       // the bound that was good before: below it growing is fast, above it slow
	usual       time.Duration // the mean time of an attempt, slow to grow; 0 before the first round
	// The present round: it ends after as many attempts as may be in flight.
	count int
	sum   time.Duration
}

func newLimiter(cfg *GateConfig) *limiter {
	most := float64(cfg.MaxInFlight)
	return &limiter{least: float64(cfg.MinInFlight), most: most, slow: cfg.Slow, bound: most, settled: most}
}

// limit is how many attempts may be in flight.
func (l *limiter) limit() int { return int(l.bound) }

func (*limiter) why() (string, time.Time) { return "", time.Time{} }

// record takes an attempt. fault is true when it failed.
func (l *limiter) record(a engine.Attempt, fault bool, _ time.Time) {
	l.count++
	l.sum += a.Took
	switch {
	case fault && l.bound < l.settled:
		// Starting slowly, and perhaps too early. One step back for a fault and one ahead for an answer: a server that
		// fails now and then gets back to where it was, and one that fails more often than not stays at one attempt until
		// the breaker opens again. Halving was tried, and a fifth of faults held everything at three attempts for ever.
		l.bound = max(l.bound-1, 1)
	case !fault && l.bound < l.settled:
		l.bound = min(l.bound+1, l.settled)
	}
	if l.count < int(l.bound) {
		return
	}
	mean := l.sum / time.Duration(l.count)
	l.count, l.sum = 0, 0
	slow := l.usual > 0 && mean > max(l.slow, 3*l.usual)
	// A server that has become slower for good becomes the usual one, in time.
	if l.usual == 0 || mean < l.usual {
		l.usual = mean
	} else {
		l.usual += (mean - l.usual) / 16
	}
	if slow {
		l.bound = max(l.bound*3/4, l.least)
		l.settled = l.bound
		return
	}
	if l.bound >= l.settled {
		l.bound = min(l.bound+1, l.most)
		l.settled = max(l.settled, l.bound)
	}
}

// restart begins with one attempt, after an outage. What is taken well doubles the bound each round, up to what was
// good before.
func (l *limiter) restart(time.Time) {
	l.bound, l.count, l.sum = 1, 0, 0
}

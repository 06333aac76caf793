package adjust

import "time"

// tide bounds the attempts in flight as TCP bounds packets: it shrinks by a quarter when answers become slow, and
// otherwise grows, fast up to where it was good before and then by one for each round. An attempt that runs out of time
// is a very slow one. Faults that come fast, such as a refused connection, are the breaker's.
//
// failsafe-go's adaptivelimiter was looked at. It acts on differences of 16 % between short and long averages, in both
// directions, which on a healthy server is noise, and on a busy machine our own; and it keeps a digest of all times.
type tide struct {
	least, most float64
	slow        time.Duration // never too slow below
	now         float64       // the bound
	good        float64       // where growing becomes slow
	usual       time.Duration // the mean time of an attempt, slow to grow; 0 before the first round
	// The present round: it ends after as many attempts as may be in flight.
	count int
	sum   time.Duration
}

func newTide(cfg *GateConfig) tide {
	most := float64(cfg.MaxInFlight)
	return tide{least: float64(cfg.MinInFlight), most: most, slow: cfg.Slow, now: most, good: most}
}

func (t *tide) limit() int { return int(t.now) }

// record takes an attempt. fault: it failed.
func (t *tide) record(took time.Duration, fault bool) {
	t.count++
	t.sum += took
	switch {
	case fault && t.now < t.good:
		// Starting slowly, and perhaps too early. One step back for a fault and one ahead for an answer: a server that
		// fails now and then gets back to where it was, and one that fails more often than not stays at one attempt until
		// the breaker opens again. Halving was tried, and a fifth of faults held everything at three attempts for ever.
		t.now = max(t.now-1, 1)
	case !fault && t.now < t.good:
		t.now = min(t.now+1, t.good)
	}
	if t.count < int(t.now) {
		return
	}
	mean := t.sum / time.Duration(t.count)
	t.count, t.sum = 0, 0
	slow := t.usual > 0 && mean > max(t.slow, 3*t.usual)
	// A server that has become slower for good becomes the usual one, in time.
	if t.usual == 0 || mean < t.usual {
		t.usual = mean
	} else {
		t.usual += (mean - t.usual) / 16
	}
	if slow {
		t.now = max(t.now*3/4, t.least)
		t.good = t.now
		return
	}
	if t.now >= t.good {
		t.now = min(t.now+1, t.most)
		t.good = max(t.good, t.now)
	}
}

// restart begins with one attempt, after an outage. What is taken well doubles the bound each round, up to what was
// good before.
func (t *tide) restart() {
	t.now, t.count, t.sum = 1, 0, 0
}

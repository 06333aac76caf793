package limit

import (
	"slices"
	"time"
)

// Result is what an attempt says about how much the server takes.
type Result uint8

// The results.
const (
	// Taken: there was an answer, whatever it says about the package.
	Taken Result = iota
	// Refused: the server asks for less: too many requests.
	Refused
	// Failed: no answer in time, a connection that broke, or a server that is not available.
	Failed
)

// Cause says why a limit changed last.
type Cause string

// The causes.
const (
	// CauseStart: it has not changed since the start.
	CauseStart Cause = "as it was at the start"
	// CauseFast: answers come as fast as before.
	CauseFast Cause = "answers come as fast as before"
	// CauseRefused: the server asked for less.
	CauseRefused Cause = "the server asks for less"
	// CauseFailed: attempts had no answer.
	CauseFailed Cause = "attempts fail"
	// CauseSlow: answers take longer than before.
	CauseSlow Cause = "answers take longer than before"
	// CauseOutage: the server was down, and it starts anew.
	CauseOutage Cause = "it starts gently after an outage"
	// CauseSame: fewer attempts at once changed nothing, so it was taken back.
	CauseSame Cause = "fewer attempts at once made nothing better"
)

// Sample is one attempt that is over.
type Sample struct {
	// Began is when it began, and Ended when it was over.
	Began, Ended time.Time
	// InFlight is how many were in flight when it ended, with it.
	InFlight int
	Result   Result
}

const (
	// A round has at least so many attempts, so that its middle one says something.
	roundLeast = 16
	// Of a round so many times are kept.
	kept = 64
	// Refusals are trouble when there are so many more than this share of attempts.
	mayBeChance = 0.02
	alarm       = 3
	alarmPer    = 64
	// Answers are slow when they take more than so many times what they took before, and this much more besides: on a fast
	// network the machine's own variance is larger than the server's.
	slowTimes = 2
	slowBy    = 25 * time.Millisecond
	// Where nothing has ever spoken against more, it doubles with each round up to brisk, and then grows by this share: over a
	// distance, what is too much shows so late that twice as much has been sent by then.
	brisk  = 1024
	warily = 0.5
	// Up to there it doubles no more often than this: where answers come fast, it would double five times while a server lets
	// more through at first than it takes. Without it, a wall of 2,000/s 20 ms away refused 23 of the first 12,000 in 1,000, and
	// 17 with it; 100 ms makes that 15, and a server without a wall half a second slower at first. leastStep is for answers that
	// come at once.
	doubling  = 50 * time.Millisecond
	leastStep = 0.01
	// A limit that makes for fewer attempts a second than this grows by so many for an answer, which is to four times as many
	// with each round: what a wall sees is how many come in a second, and from far away few do at first. An endpoint that is
	// near never is below it.
	gentle = 1000
	boldly = 3
	// After a cut the limit is so much below what it was found to be.
	below = 0.93
	// A cut is at most to this share.
	deepest = 0.5
	// When the limit is below so large a share of what it was, and nothing has become better, it is not the cause.
	proof     = 0.6
	proofSlow = 0.25
	// Limits are about the same up to this many times the lower one.
	alike = 1.25
	// In so long a time it must become clear, and not before the other: servers let some more through at first.
	doubt    = 30 * time.Second
	settling = time.Second
	// Refusals are not held for chance above this share, whether or not they depend on the limit.
	mostChance = 0.2
	// So many attempts tell a share well enough to compare it.
	enough = 60
	// It grows slowly so often at most.
	pace = 100 * time.Millisecond
	// So many rounds the limit grows slowly, and then faster and faster.
	patience = 10
	// The least time of answers is looked for anew so often.
	forget = 2 * time.Minute
)

// Limiter finds out how many attempts at once a server takes. Use [New]. One goroutine uses it at a time.
type Limiter struct {
	least, most float64
	limit       float64
	// settled is what was good before: below it growing is fast, above it slow.
	settled float64
	cause   Cause
	changed time.Time
	// restarted: it grows from one attempt, after an outage.
	restarted bool

	round  round
	score  score
	tally  tally
	recent float64   // the share of refusals of the last second, or so
	rate   float64   // attempts a second
	seen   float64   // the share of refusals of the last thousand attempts, or so
	cutAt  time.Time // when the limit was cut last
	grown  time.Time
	calm   int     // rounds without trouble since the last cut
	chance float64 // the share of refusals that does not depend on the limit
	// least time of answers: of the present period, and of the one before.
	fast, fastBefore time.Duration
	period           time.Time
	// since the first cut of a row of cuts: what the limit was, and what it was cut for.
	from, fromSettled float64
	fromShare         float64
	fromAt            time.Time
	fromTook          time.Duration
}

// round is the attempts since the limit was changed or looked at.
type round struct {
	since time.Time
	size  int // it is over after so many
	count int
	peak  int
	took  [kept]time.Duration
}

// score tells a share of refusals that is too large from one that may be chance: it grows with each, and shrinks with
// each attempt. Count and those that were refused and failed are since it was nothing.
type score struct {
	value                  float64
	count, refused, failed float64
}

func (s *score) add(r Result, chance float64) {
	s.count++
	s.value -= mayBeChance + 2*chance
	switch r {
	case Refused:
		s.value++
		s.refused++
	case Failed:
		s.value++
		s.failed++
	default:
	}
	if s.value <= 0 {
		*s = score{}
	}
}

// tally counts attempts since the last cut, at about the same limit: those of a time in which it was much smaller say nothing
// about what it is now.
type tally struct{ count, bad, limit float64 }

func (s *score) share() float64 { return (s.refused + s.failed) / max(s.count, 1) }

// New makes a limiter that begins with start attempts.
func New(least, start, most int) *Limiter {
	return &Limiter{least: float64(least), most: float64(most), limit: float64(start), settled: float64(most), cause: CauseStart}
}

// Limit is how many attempts may be in flight.
func (l *Limiter) Limit() int { return int(l.limit) }

// Why says why the limit changed last, and when.
func (l *Limiter) Why() (text string, changed time.Time) { return string(l.cause), l.changed }

// Restart begins with one attempt, after an outage.
func (l *Limiter) Restart(now time.Time) {
	l.set(1, CauseOutage, now)
	l.restarted = true
	l.from, l.cutAt, l.score, l.tally = 0, now, score{}, tally{}
	l.next(now)
}

func (l *Limiter) set(limit float64, cause Cause, now time.Time) {
	l.limit = limit
	l.cause, l.changed = cause, now
}

func (l *Limiter) next(now time.Time) {
	if r := &l.round; r.count > 0 && now.After(r.since) {
		rate := float64(r.count) / now.Sub(r.since).Seconds()
		l.rate += (rate - l.rate) / 4
	}
	l.round = round{since: now, size: max(roundLeast, int(l.limit))}
}

// Record takes an attempt.
func (l *Limiter) Record(s Sample) {
	if l.round.since.IsZero() {
		l.next(s.Began)
		l.period = s.Began
	}
	bad := 0.0
	if s.Result != Taken {
		bad = 1
	}
	l.recent += (bad - l.recent) / max(l.rate, roundLeast)
	l.seen += (bad - l.seen) / 1000
	l.chance = min(l.chance, 1.3*l.seen)
	r := &l.round
	if s.Began.Before(l.cutAt) {
		return // it says nothing about the present limit
	}
	r.took[r.count%kept] = s.Ended.Sub(s.Began)
	r.count++
	r.peak = max(r.peak, s.InFlight)
	if l.restarted {
		l.recover(s)
		return
	}
	if float64(s.InFlight) >= 0.8*float64(int(l.limit)) {
		if l.limit > alike*l.tally.limit {
			l.tally = tally{limit: l.limit}
		}
		l.tally.count++
		l.tally.bad += bad
	}
	l.score.add(s.Result, l.chance)
	if l.score.value >= alarm+l.limit/alarmPer && l.score.count >= max(8, l.limit/8) {
		cause := CauseRefused
		if l.score.failed > l.score.refused {
			cause = CauseFailed
		}
		l.cut(1-max(l.score.share()-l.chance, 0), l.tally.bad/max(l.tally.count, 1), 0, cause, s.Ended)
		return
	}
	if s.Result == Taken && l.score.value < 1 && l.limit < l.settled && l.used() {
		step := 1.0
		if l.settled >= l.most {
			step = l.bold(s.Ended.Sub(s.Began))
		}
		l.set(min(l.limit+step, l.settled, l.most), CauseFast, s.Ended)
	}
	if r.count >= r.size {
		l.judge(s.Ended)
	}
}

// bold is the step for an answer where nothing has ever spoken against more.
func (l *Limiter) bold(took time.Duration) float64 {
	switch {
	case l.limit >= brisk:
		return min(max(float64(took)/float64(doubling), leastStep), warily)
	case l.limit < gentle*took.Seconds():
		return boldly
	default:
		return min(max(float64(took)/float64(doubling), leastStep), 1)
	}
}

func (l *Limiter) used() bool { return float64(l.round.peak) >= 0.9*float64(int(l.limit)) }

// recover takes one step ahead for an answer and one back for a fault.
func (l *Limiter) recover(s Sample) {
	if s.Result == Taken {
		l.set(min(l.limit+1, l.settled), CauseOutage, s.Ended)
	} else {
		l.set(max(l.limit-1, 1), CauseOutage, s.Ended)
	}
	if l.limit >= l.settled || l.limit >= l.most {
		l.restarted = false
		l.next(s.Ended)
	}
}

// judge looks at a round.
func (l *Limiter) judge(now time.Time) {
	took := l.round.middle()
	l.learn(took, now)
	if most := slowTimes*l.usual() + slowBy; took > most {
		l.cut(float64(most)/float64(took), 0, took, CauseSlow, now)
		return
	}
	if l.limit >= l.from {
		l.from = 0
	}
	if now.Sub(l.grown) < pace {
		l.next(now)
		return
	}
	l.grown = now
	l.calm++
	if l.score.value < 1 && l.used() && l.limit >= l.settled {
		step := min(l.limit/100, 1)
		if l.calm > patience {
			step = max(step, min(float64(int(1)<<min((l.calm-patience)/4, 10)), l.limit/8))
		}
		l.set(min(l.limit+step, l.most), CauseFast, now)
		l.settled = max(l.settled, l.limit)
	}
	l.next(now)
}

// middle returns the middle of the times that were kept.
func (r *round) middle() time.Duration {
	n := min(r.count, kept)
	slices.Sort(r.took[:n])
	return r.took[n/2]
}

// learn notes how fast answers come.
func (l *Limiter) learn(took time.Duration, now time.Time) {
	if now.Sub(l.period) >= forget {
		l.fastBefore, l.fast, l.period = l.fast, 0, now
	}
	if l.fast == 0 || took < l.fast {
		l.fast = took
	}
}

func (l *Limiter) usual() time.Duration {
	if l.fastBefore != 0 {
		return min(l.fast, l.fastBefore)
	}
	return l.fast
}

// cut shrinks the limit to a share of itself. When a row of cuts has changed nothing, the limit was not the cause.
func (l *Limiter) cut(to, share float64, took time.Duration, cause Cause, now time.Time) {
	before, known, proof := l.limit, took > 0 || l.tally.count >= enough, proof
	if took > 0 {
		proof = proofSlow
	}
	if l.from == 0 || now.Sub(l.fromAt) > doubt || (took > 0) != (l.fromTook > 0) {
		l.from, l.fromAt, l.fromSettled, l.fromShare, l.fromTook = before, now, l.settled, -1, took
	}
	if known && l.fromShare < 0 && before > proof*l.from {
		l.fromShare = share
	}
	if known && l.fromShare >= 0 && now.Sub(l.fromAt) >= settling && before <= proof*l.from && share <= mostChance && share >= 0.7*l.fromShare && took >= l.fromTook*7/10 {
		l.same(share, took, now)
		return
	}
	l.set(max(before*max(to*below, deepest), l.least), cause, now)
	l.settled = l.limit
	if took == 0 {
		l.settled = max(l.limit, before*(1-max(l.recent-l.chance, 0))*below)
	}
	l.score, l.tally = score{}, tally{}
	l.calm, l.cutAt = 0, now
	l.next(now)
}

// same takes a row of cuts back.
func (l *Limiter) same(share float64, took time.Duration, now time.Time) {
	if took > 0 {
		l.fast, l.fastBefore, l.period = took, 0, now
	} else {
		l.chance = share
	}
	l.set(l.from, CauseSame, now)
	l.settled = max(l.fromSettled, l.limit)
	l.from, l.calm, l.score, l.tally, l.cutAt = 0, 0, score{}, tally{}, now
	l.next(now)
}

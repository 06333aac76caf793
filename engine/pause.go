package engine

import (
	"net/http"
	"time"
)

// pause is what keeps an app from being sent: the server refuses the app as a whole, or has asked it to slow down. It
// is pure but for the clock that it is given; the governor's lock guards it.
//
// An app is open; or held until a time, with nothing sent; then probing, with one attempt at a time; and after a probe
// that the server has taken it ramps up, 1, 2, 4 ... attempts at a time, until it is open again. An app that the server
// asks to slow down ramps down first; see slowed.
type pause struct {
	step    step
	why     PauseCause
	message string    // the server's
	since   time.Time // when it began
	until   time.Time // held: when to probe; slowed, but not held: when it is over if nothing happens
	waits   int       // how often it was held without being open in between
	ramp    int       // ramping: how many attempts at a time, in parts
	full    int       // ramping: how many it had before, and has when that is over
	goal    int       // ramping: up to so many parts it doubles each round, and grows slowly above
	credit  int       // in parts: how many requests to slow down may still be chance; see slowed
	// term counts the changes of step to held and probing, and the tokens that were replaced; see renew. An attempt from
	// before says nothing about the time after.
	term uint64
	// told is true once people have been told of it.
	told bool
}

type step uint8

const (
	open step = iota
	held
	probing
	ramping
)

// PauseCause says why an app is not sent, or sent slowly.
type PauseCause string

// The causes.
const (
	// PauseBlocked: the server refuses the app as a whole: a token, or an app that is inactive or unknown.
	PauseBlocked PauseCause = "blocked"
	// PauseSlowed: the server has said that the app sends too much.
	PauseSlowed PauseCause = "slowed"
)

// bound is how many attempts may be in flight, at most most.
func (p *pause) bound(most int) int {
	switch p.step {
	case held:
		return 0
	case probing:
		return 1
	case ramping:
		return min(p.ramp/parts, most)
	default:
		return most
	}
}

// change is what a response did to a pause.
type change uint8

const (
	same change = iota
	began
	ended
)

// resume begins where the last run ended: the app was blocked then, so one attempt finds out whether it still is.
func (p *pause) resume(message string, now time.Time, shared bool) {
	p.step, p.why, p.message, p.since = probing, PauseBlocked, message, now
	if shared {
		p.hold(now) // one host at a time probes
	}
}

// blocked takes a response that refuses the app. current tells whether its attempt began in the present term; repeat is
// true when it tells nothing new.
func (p *pause) blocked(response *Response, current bool, clock Backoff, now time.Time, chance float64) (c change, repeat bool) {
	if !current || p.step == held {
		return same, true
	}
	p.waits++
	if repeat = p.step == probing && p.why == PauseBlocked; !repeat {
		p.since, p.told = now, false
	}
	p.why, p.message = PauseBlocked, response.Message
	p.hold(now.Add(clock.Wait(p.waits, chance)))
	if p.told {
		return same, repeat
	}
	p.told = true
	return began, repeat
}

// calm is how long after the last request to slow down an app counts as slowed when it has too little to send to find
// out.
const calm = time.Minute

const (
	// A request to slow down weighs as much as so many answers that take the app. An attempt, and a request to slow down,
	// is counted as so many parts, so that one answer is one part.
	parts = 8
	// Nobody has credit for more requests to slow down.
	maxCredit = 8 * parts
)

// tooMany is the status with which a server says that the app sends too much. Erasure requests have a limit of their
// own, ten a minute, and say nothing about the rest: they only wait on their own clocks.
func tooMany(response *Response) bool {
	return response.Status == http.StatusTooManyRequests && response.Outcome == Retry &&
		response.Package.Kind != KindGDPRForgetDevice
}

// slowed takes a response that asks the app to slow down. Its package waits in any case, for as long as the server says
// or on its own clock. For the app as a whole it counts how often that comes, because servers with many nodes, and
// limits that are not the app's, ask now and then although the app as a whole is taken well:
//
//   - Each takes one attempt off what the app may have in flight, and each answer that takes the app gives an eighth of
//     one back. So the app settles where one answer in nine asks it to slow down, or sends as usual where fewer do.
//     Halving instead, as TCP does, was tried: at one in twenty it kept the app at a tenth of its speed, and it is the
//     server's share and not the app's speed that causes such answers.
//   - One with a time holds the app that long, unless it may be chance: an app that was taken well before has credit for
//     at most eight. So the very first holds, a limit that is reached holds as soon as it shows, and one in twenty does
//     not: with a hold for each, an app got through some twenty packages for each second that the server named.
//
// Where the number of attempts at once finds itself, the server's limit is met again and again, by a few of them, and it
// is that number that follows from it: slack is for how many an app has credit then.
func (p *pause) slowed(response *Response, current bool, clock Backoff, most, usual, slack int, now time.Time) change {
	if p.why == PauseBlocked && p.step != open {
		return same // it is slow already; the probe proves nothing
	}
	if !current || p.step == held {
		return same
	}
	if p.step == open {
		p.full, p.credit = usual, max(p.credit, slack*parts)
		p.why, p.since, p.ramp, p.goal, p.told = PauseSlowed, now, usual*parts, usual*parts, false
	}
	p.message = response.Message
	if p.credit -= parts; p.credit < 0 && response.RetryIn > 0 {
		if p.step != probing {
			p.goal = max(p.ramp/2, parts)
		}
		p.hold(now.Add(min(response.RetryIn, clock.Max)))
	} else {
		if p.step == probing {
			p.ramp = parts // it was held, and is taken again, but no faster than this
		}
		p.step, p.until = ramping, now.Add(calm)
		p.ramp = max(p.ramp-parts, parts)
		p.goal = min(p.goal, p.ramp)
	}
	p.credit = max(p.credit, 0)
	// A step or two down is nothing that people should hear of.
	if p.told || p.step != held && p.ramp > p.full*parts/2 {
		return same
	}
	p.told = true
	return began
}

// taken takes a response that proves that the server takes the app.
func (p *pause) taken(current bool, most int) change {
	if !current || p.step == held {
		return same
	}
	if p.credit < maxCredit {
		p.credit++
	}
	switch {
	case p.step == open:
		return same
	case p.step == probing:
		p.step, p.ramp = ramping, parts
		if p.why == PauseBlocked {
			p.goal, p.full = most*parts, most
			return ended
		}
		return same
	case p.ramp < p.goal:
		p.ramp = min(p.ramp+parts, p.goal)
	default:
		p.ramp++
	}
	if p.ramp < min(p.full, most)*parts {
		return same
	}
	return p.end()
}

// end opens an app.
func (p *pause) end() change {
	c := same
	if p.why == PauseSlowed && p.told {
		c = ended
	}
	p.step, p.waits, p.told = open, 0, false
	return c
}

// failed takes a response that says nothing about the app, such as a refused connection.
func (p *pause) failed(current bool, clock Backoff, now time.Time, chance float64) {
	if current && p.step == probing && p.why == PauseBlocked {
		p.hold(now.Add(clock.Wait(p.waits, chance)))
	}
}

func (p *pause) hold(until time.Time) {
	p.step, p.until = held, until
	p.term++
}

// wakes returns when to call wake: zero for not at a time.
func (p *pause) wakes() time.Time {
	if p.step == held || p.step != open && p.why == PauseSlowed {
		return p.until
	}
	return time.Time{}
}

// wake ends what ends by time.
func (p *pause) wake(now time.Time) change {
	switch at := p.wakes(); {
	case at.IsZero() || at.After(now):
	case p.step == held:
		p.probeNow(now)
	default:
		return p.end()
	}
	return same
}

// probeNow begins a probe.
func (p *pause) probeNow(now time.Time) {
	p.step, p.until = probing, now.Add(calm)
	p.term++
}

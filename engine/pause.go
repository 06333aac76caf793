package engine

import (
	"net/http"
	"time"
)

// pause is what keeps an app from being sent: the server refuses the app as a whole, or has asked it to slow down. It
// is pure but for the clock that it is given; the governor's lock guards it.
//
// An app is open; or held until a time, with nothing sent; then probing, with one attempt at a time; and after a probe
// that the server has taken it ramps up, 1, 2, 4 ... attempts at a time, until it is open again.
type pause struct {
	step    step
	why     PauseCause
	message string    // the server's
	since   time.Time // when it began
	until   time.Time // held: when to probe
	waits   int       // how often it was held without being open in between
	ramp    int       // ramping: how many attempts at a time
	left    int       // ramping: successes until the next doubling
	// term counts the changes of step to held and probing: an attempt from before says nothing about the time after.
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
		return min(p.ramp, most)
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
func (p *pause) resume(now time.Time) {
	p.step, p.why, p.since = probing, PauseBlocked, now
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

// tooMany is the status with which a server says that the app sends too much.
func tooMany(response *Response) bool {
	return response.Status == http.StatusTooManyRequests && response.Outcome == Retry
}

// slowed takes a response that asks the app to slow down.
func (p *pause) slowed(response *Response, current bool, clock Backoff, most int, now time.Time) change {
	if p.why == PauseBlocked && p.step != open {
		return same // it is slow already; the probe proves nothing
	}
	if !current {
		return same
	}
	c := same
	if p.step == open {
		p.why, p.message, p.since, p.told = PauseSlowed, response.Message, now, true
		c = began
	}
	if response.RetryIn > 0 {
		p.hold(now.Add(min(response.RetryIn, clock.Max)))
		return c
	}
	// Without a time, half as much is sent.
	p.ramp = max(p.bound(most)/2, 1)
	p.step, p.left = ramping, 4*p.ramp
	return c
}

// taken takes a response that proves that the server takes the app.
func (p *pause) taken(current bool, most int) change {
	switch {
	case !current || p.step == open || p.step == held:
		return same
	case p.step == probing:
		p.step, p.ramp, p.left = ramping, 1, 1
		if p.why == PauseBlocked && p.told {
			return ended
		}
		return same
	}
	if p.left--; p.left > 0 {
		return same
	}
	p.ramp *= 2
	p.left = p.ramp
	if p.ramp < most {
		return same
	}
	c := same
	if p.why == PauseSlowed {
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

// wake ends a hold whose time has come.
func (p *pause) wake(now time.Time) {
	if p.step == held && !p.until.After(now) {
		p.step = probing
		p.term++
	}
}

// takesApp tells whether a response proves that the server takes the app.
func takesApp(response *Response) bool {
	switch response.Outcome {
	case Delivered, Duplicate, WaitForDevice, Rejected:
		return true
	case Unclear:
		return response.Status != 0
	case Retry, Blocked, Expired, Dropped:
		return false
	default:
		return false
	}
}

package engine

import (
	"fmt"
	"time"
)

// Outcome is the class of a response. It decides what happens to the package and which callback a script gets.
// The zero value is no outcome. The rules that lead to each are data: see engine/adjust.
type Outcome uint8

// The outcomes.
const (
	// Delivered: the server has counted the package. It leaves the queue; success callback.
	Delivered Outcome = iota + 1
	// Duplicate: the server had counted it before. It leaves the queue; success callback with duplicate: true.
	Duplicate
	// Retry: nothing was decided. It is sent again after a back-off; failure callback with willRetry: true each time.
	Retry
	// WaitForDevice: the server does not know the device yet. It is sent again on a slow clock.
	WaitForDevice
	// Blocked: the app itself is refused. Nothing of the app can be sent until a person has acted.
	Blocked
	// Unclear: the server failed in a way in which it may have counted the package.
	Unclear
	// Rejected: the server will never take it. It becomes a dead letter.
	Rejected
	// Expired: it became too old before it could be sent. It becomes a dead letter.
	Expired
	// Dropped: a person took it out of the queue or out of the dead letters. No attempt was made and no callback runs.
	Dropped
)

// Outcomes returns every outcome, in the order of their values.
func Outcomes() []Outcome {
	return []Outcome{Delivered, Duplicate, Retry, WaitForDevice, Blocked, Unclear, Rejected, Expired, Dropped}
}

// String returns the name that configuration, logs and scripts use.
func (o Outcome) String() string {
	switch o {
	case Delivered:
		return "delivered"
	case Duplicate:
		return "duplicate"
	case Retry:
		return "retry"
	case WaitForDevice:
		return "wait_for_device"
	case Blocked:
		return "blocked"
	case Unclear:
		return "unclear"
	case Rejected:
		return "rejected"
	case Expired:
		return "expired"
	case Dropped:
		return "dropped"
	default:
		return fmt.Sprintf("outcome(%d)", uint8(o))
	}
}

// Success tells whether the server has counted the package, now or before.
func (o Outcome) Success() bool { return o == Delivered || o == Duplicate }

// MarshalText writes the name.
func (o Outcome) MarshalText() ([]byte, error) { return []byte(o.String()), nil }

// UnmarshalText reads a name.
func (o *Outcome) UnmarshalText(text []byte) error {
	for _, known := range Outcomes() {
		if known.String() == string(text) {
			*o = known
			return nil
		}
	}
	return fmt.Errorf("unknown outcome %q", text)
}

// Response is what came of one attempt. A refused connection is a response too. It is written once, by the
// [Deliverer] and then by the sending loop and the store, and only read afterwards.
type Response struct {
	// Seq is the place in the log, from 1, without gaps that a reader could notice. The store assigns it.
	Seq uint64
	// Package is what was sent.
	Package Package
	// Attempt counts the attempts of this package from 1; 0 means that no request was made ([Expired]).
	Attempt int
	// Outcome is the class; Rule names the rule that chose it, for people.
	Outcome Outcome
	Rule    string
	// Status is the HTTP status, 0 when there was no answer.
	Status int
	// Body is the server's answer as it came, cut at the deliverer's limit. Nil when there was none.
	Body []byte
	// Message is for people: the server's message, else its error, else its status field; or why there is no answer.
	Message string
	// Timestamp is the server's time in the server's form; ADID is Adjust's id of the device. Each is "" when neither
	// the answer nor, for ADID, the device's last accepted session tells it.
	Timestamp, ADID string
	// Ambiguous is true when the request was sent completely and no answer came: the server may have counted it.
	Ambiguous bool
	// RetryIn is how long the server asks to wait (retry_in or Retry-After). Zero: it did not ask.
	RetryIn time.Duration
	// AskIn and ContinueIn are the other two hints that the server gives. Zero: it did not.
	AskIn, ContinueIn time.Duration
	// WillRetry and NextAttempt tell what the sending loop decided. NextAttempt is zero unless WillRetry.
	WillRetry   bool
	NextAttempt time.Time
	// Repeat marks an attempt that told nothing new: the package waits for its device, or its app is blocked, as before.
	// It is in the log like every attempt, and runs no callback.
	Repeat bool
	// At is when the attempt ended.
	At time.Time
}

// TakesApp tells whether the response proves that the server takes the app, whatever became of the package.
func (r *Response) TakesApp() bool {
	switch r.Outcome {
	case Delivered, Duplicate, WaitForDevice, Rejected:
		return true
	case Unclear:
		return r.Status != 0
	case Retry, Blocked, Expired, Dropped:
		return false
	default:
		return false
	}
}

package engine

import "context"

// Delivery is one attempt to make: a package, and what is known about it.
type Delivery struct {
	// Package is what to send.
	Package Package
	// Attempt is the number of this attempt, from 1.
	Attempt int
	// Device is what the server has told about the device so far.
	Device Device
}

// Deliverer makes one attempt. It has no error: a failure is a [Response], with an outcome.
//
// Deliver returns when the answer was read or the attempt failed, and soon after ctx ends. It fills Outcome, Rule,
// Status, Body, Message, Timestamp, ADID, Ambiguous, RetryIn, AskIn, ContinueIn and At; the sending loop fills the
// rest. It is called from many goroutines at once, never twice at once for the same device.
type Deliverer interface {
	Deliver(ctx context.Context, d Delivery) Response
}

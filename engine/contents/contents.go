package contents

import (
	"context"
	"time"

	"trackhook/engine"
)

// Source is a store that nobody changes, from which all is read.
//
// Its methods call visit for one thing after the other, always in the same order. at is the place of a thing: reading goes on behind
// it when it is given as after, also later and by another process; "" is before the first. A thing is visit's for the call
// only. An error of visit ends the reading, and is returned.
type Source interface {
	// Totals counts what there is.
	Totals() Totals
	// Responses reads the log, in its order.
	Responses(ctx context.Context, after string, visit func(at string, r *Response) error) error
	// Packages reads what is queued, in the order of its numbers, which is that of each lane.
	Packages(ctx context.Context, after string, visit func(at string, p *Package) error) error
	// DeadLetters reads the dead letters, in the order in which they were buried.
	DeadLetters(ctx context.Context, after string, visit func(at string, d *DeadLetter) error) error
	// Known reads the IDs that are known and lead to nothing that the other methods read.
	Known(ctx context.Context, after string, visit func(at, id string) error) error
	// Devices reads what the server has told about devices.
	Devices(ctx context.Context, after string, visit func(at string, d *Device) error) error
	// Values reads all values of all spaces.
	Values(ctx context.Context, after string, visit func(at string, v *Value) error) error
	// Counts reads the counts of the reconciliation.
	Counts(ctx context.Context, after string, visit func(at string, c *engine.Count) error) error
	// Listeners reads the cursors.
	Listeners(ctx context.Context, visit func(l *Listener) error) error
	// Runs reads how the responses were handled, as far as the cursors do not say it.
	Runs(ctx context.Context, visit func(r *Runs) error) error
}

// Totals counts what a store holds.
type Totals struct {
	// Queued, Dead, Responses, Devices, Values, Counts and Listeners are how many there are; Lanes are those with packages.
	Queued, Dead, Responses, Devices, Values, Counts, Listeners, Lanes uint64
	// Newest is the newest number of a package.
	Newest uint64
	// First and Last are the numbers of the oldest response that is kept, and of the newest. First is behind Last when none is.
	First, Last uint64
	// Now is the present as the times of the store are meant: where its clock was set back, it is ahead of the machine's.
	Now time.Time
}

// Response is a response in the log.
type Response struct {
	engine.Response
	// Accepted is when the package was accepted, and Failures what counted for its back-off.
	Accepted time.Time
	Failures int
	// Final says that the package has left the queue for ever with it. Its ID is known as long as the response is kept.
	Final bool
}

// Package is a queued package.
type Package struct {
	engine.Package
	// Number orders the packages of a lane.
	Number   uint64
	Accepted time.Time
	// Front says that it is the head of its lane, or a session that overtakes one that waits; the other fields are of such a
	// package. Waits says that it waits for a session of its device.
	Front, Waits       bool
	Due                time.Time
	Attempts, Failures int
	Last               engine.Outcome
	Message            string // of the last response
}

// DeadLetter is a dead letter.
type DeadLetter struct {
	engine.Package
	// Number orders the dead letters of a lane.
	Number             uint64
	Accepted, Buried   time.Time
	Attempts, Failures int
	Last               engine.Outcome
	Message            string
}

// Device is what is known about a device.
type Device struct {
	engine.Lane
	engine.Device
}

// Value is a value, and where it is kept.
type Value struct {
	Space, Key string
	Value      []byte
}

// Listener is the place of a listener in the log.
type Listener struct {
	Name string
	Seq  uint64
	// Seen is when it was enrolled or committed last.
	Seen time.Time
	// Version has handled what is behind Since, up to Seq, all of it without an error.
	Since   uint64
	Version string
}

// Runs says how a listener has handled the responses behind After, up to Until.
type Runs struct {
	Listener     string
	After, Until uint64
	Version      string
	// Failed has the errors of runs, by response.
	Failed map[uint64]string
}

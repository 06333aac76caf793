package engine

import (
	"context"
	"time"
)

// Store keeps everything that must survive: the queue, the log and small values. engine/storetest holds the suite
// that every store must pass; its tests are these contracts, one by one.
//
// All methods may be called from many goroutines at once. Those that wait return ctx.Err() when ctx ends. After Close
// they return an error that wraps [ErrClosed]; a call that waits inside the store at that time returns it too.
type Store interface {
	Queue
	Log
	Values
	Inspector
	Sharer

	// Stats returns counts, cheaply enough for a health check.
	Stats(ctx context.Context) (Stats, error)
	// Close waits for calls in hand, and releases what the store holds. The second call does nothing.
	Close() error
}

// Queue is the durable queue: one lane for each device.
type Queue interface {
	// Append stores all packages or none. Nil means that they are on disk, fsynced. A package whose ID the store knows
	// already is skipped: the same ID twice is one package, whether the first is queued, dead, or gone with its final
	// response still in the log. Packages of one lane keep the order of the call, behind those already there. Packages
	// must have been prepared. [ErrFull] means nothing was stored and trying later may work; it is returned over the
	// high-water mark of the queue, of the disk, and of the dead letters, which are never dropped to make room.
	Append(ctx context.Context, packages ...Package) error

	// Lease hands out heads of lanes that are due, at most limit (>= 1), earliest due first. It waits until there is at
	// least one. A lane whose head is leased hands out nothing more until that lease is settled, or until its host has lost
	// the lane; see [Sharer]. Leases live in memory: when ownership ends, as it does in a crash, the lane is free again. Apps that have something due take turns, so that a long queue of one does
	// not delay another.
	Lease(ctx context.Context, limit int) ([]Lease, error)

	// Limit bounds how many leases of an app may be held at once: 0 holds the app back, negative means no bound, which is
	// what an app has at first. It takes effect for the next lease and wakes a Lease that waits; leases that are held are
	// not taken away. It lives in memory.
	Limit(app App, leases int)

	// Hasten makes lanes of an app due now that wait for a later time, at most limit (>= 1), those first that would have been
	// due first, and returns how many, all of them on disk. Nothing else changes: the order in a lane, and what is on record
	// about its head. Lanes whose head is leased are left alone, and so are those whose head waits for a session of its device,
	// because no time helps it; a session that is next in its lane in place of such a head is hastened. After an error some
	// may be due.
	Hasten(ctx context.Context, app App, limit int) (hastened int, err error)

	// HastenLane makes one lane due now that waits for a later time, and tells whether it did; true means on disk. It does so
	// also where the head waits for a session of its device: somebody may know that the server has learned of the device by
	// other means. Nothing else changes, and such a head goes on waiting for a session while it is tried. A lane that holds
	// nothing, is due, or whose head is leased is left alone. After an error it may be due.
	HastenLane(ctx context.Context, lane Lane) (hastened bool, err error)

	// Settle ends leases: for each it logs the response and removes, re-queues or buries the package, in one durable
	// step for all. Nil means on disk. After an error the leases stand as before and Settle may be called again.
	// Sequence numbers follow the order of the call. A settlement of a lease that is not held is skipped. A lease that this
	// host held, and has lost to another host, is settled by that one: the error is a [*LostError] that names those of the
	// call, nothing of them is recorded, the rest is on disk, and calling again does not help.
	Settle(ctx context.Context, settlements ...Settlement) error
}

// Lease is a package handed out for one attempt.
type Lease struct {
	// Package is the head of its lane.
	Package Package
	// Attempts counts the attempts that were made before this one.
	Attempts int
	// Failures counts those that the back-off counts. A new package starts with 0.
	Failures int
	// Last is the outcome of the attempt before this one. Zero: there was none.
	Last Outcome
	// Accepted is when the package was stored.
	Accepted time.Time
	// Device is what the store knows about the device.
	Device Device
	// Handle is the store's own, to find the package again.
	Handle uint64
}

// Device is what the server has told about a device. The store keeps it after the lane has become empty.
type Device struct {
	// ADID is Adjust's id of the device, from its last accepted session. Empty: none yet.
	ADID string
	// Session is when the last session was accepted. Zero: none yet.
	Session time.Time
}

// Verdict is what happens to a package after an attempt.
type Verdict uint8

// The verdicts.
const (
	// Remove takes the package out of the queue: the server has it.
	Remove Verdict = iota + 1
	// Requeue keeps it at the head of its lane until Due.
	Requeue
	// Bury takes it out of the queue and keeps it as a dead letter.
	Bury
	// Return gives the lease back without an attempt: nothing is logged or counted, Response is ignored, and the head is
	// due again at Due.
	Return
)

// Settlement ends one lease.
type Settlement struct {
	// Lease is what [Queue.Lease] returned; Failures may have been raised by the caller and is kept on Requeue.
	Lease Lease
	// Response is logged. The store sets Seq.
	Response Response
	// Verdict says what happens to the package.
	Verdict Verdict
	// Due is when the head may be leased again, for Requeue and Return.
	Due time.Time
	// Wait, with Requeue or Return, says that the head waits for a session of its device: a session that stands behind
	// it in the lane, or comes later, is leased before it, in spite of Due. The sessions of a lane keep their order.
	Wait bool
	// Device replaces what the store knows about the device, in the same step. Nil leaves it. When it has a Session, a
	// head that waits for one is due at once.
	Device *Device
}

// Log is the record of all responses, in the order in which they were settled, and a cursor for each listener.
type Log interface {
	// Read returns responses with a Seq greater than after, in order, at most limit (>= 1). It waits until there is at
	// least one. Responses that retention has removed are skipped.
	Read(ctx context.Context, after uint64, limit int) ([]Response, error)

	// Enroll returns the cursor of a listener. A listener that has none gets one at the end of the log, on disk before
	// Enroll returns: it will see every response that is logged from now on.
	Enroll(ctx context.Context, listener string) (uint64, error)

	// Commit moves the cursor: everything up to seq was handled, as runs says. A cursor never moves back. Commit does not
	// wait for the disk: after a crash a cursor may be found a little behind, never ahead. What runs says is kept for
	// [Inspector.Runs] as long as the responses are. [ErrNotFound] when the listener has no cursor, [ErrLost] when another
	// host owns the listener.
	Commit(ctx context.Context, listener string, seq uint64, runs Runs) error

	// Cursors returns all cursors by listener, and Last the Seq of the newest response, 0 when there was none.
	Cursors(ctx context.Context) (map[string]uint64, error)
	Last(ctx context.Context) (uint64, error)

	// Forget removes the cursor of a listener, and what [Runs] have said of it, in one durable step: nothing is kept for it
	// any more, and should it be enrolled again, it is new. [ErrNotFound] when there is no such cursor. It must not be
	// called while the listener listens, whose next Commit would fail.
	Forget(ctx context.Context, listener string) error
}

// Runs says how a listener handled the responses since the cursor's last place.
type Runs struct {
	// Version is the version of the plugin that ran.
	Version string
	// Failed holds the error of each run that failed, by sequence number. Nil: none did.
	Failed map[uint64]string
}

// Values are small values that must survive, by space and key: the state of scripts and of the host's own device. A
// space is, for example, "plugin/NAME". Neither may be empty.
type Values interface {
	// Value returns what SetValues stored. [ErrNotFound] when there is nothing; [ErrDamaged] when there is and it cannot be
	// read, and no other error means that.
	Value(ctx context.Context, space, key string) ([]byte, error)
	// Values returns everything in a space, by key; [ErrDamaged] when some of it cannot be read.
	Values(ctx context.Context, space string) (map[string][]byte, error)
	// SetValues stores all pairs of a space in one durable step. A nil value removes its key. A space that has the name of a
	// listener belongs to the host that owns it, see [Sharer.Own]: [ErrLost] where that is another one.
	SetValues(ctx context.Context, space string, pairs map[string][]byte) error
}

// Stats are counts of a store.
type Stats struct {
	// Queued counts the packages in the queue, and Lanes the devices that have any.
	Queued, Lanes uint64
	// Leased counts the leases that are held.
	Leased uint64
	// Dead counts the dead letters, and DeadBytes their size.
	Dead, DeadBytes uint64
	// Ambiguous counts the attempts in the log whose requests were sent completely and got no answer:
	// possible duplicates.
	Ambiguous uint64
	// Full says why nothing is taken in. Empty: it is.
	Full string
	// Damaged says what is stored and cannot be read, what waits because of it, and what to do. Empty: nothing, as far
	// as is known.
	Damaged string
	// First and Last are the sequence numbers that the log holds; both 0 when it is empty and always was.
	First, Last uint64
	// Bytes is the size on disk.
	Bytes uint64
}

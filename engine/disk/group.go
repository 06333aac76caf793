package disk

import (
	"errors"
	"slices"
	"sync/atomic"
	"time"

	"trackhook/engine/disk/internal/live"

	"github.com/cockroachdb/pebble/v2"
)

// request is something to write, with what is known of the call that waits for it. Each verb has a type of its own, which
// embeds a ticket.
type request interface {
	// write writes into the batch of the group, and keeps its answer, if there is one, for the caller. An error that wraps
	// read.ErrDamaged refuses the request alone, or, when it is an againError, lets it write anew: the group is built again. Any
	// other is a failed disk: it ends the database.
	write(b *builder) error
	state() *ticket
}

// ticket is what the inbox knows of a request. The zero value is that of one that may be written anywhere in a group.
type ticket struct {
	// size is how many bytes the request is, about.
	size int
	// first says that it must be written before those of its group that are not.
	first bool
	// alone says that it is a group of its own, in which it reads what it has changed so far.
	alone bool

	status atomic.Int32
	done   chan error // cap 1; made when the request is submitted
}

// againError says that a request has met what is damaged, and knows how to write without it.
type againError struct{ error }

func (e againError) Unwrap() error { return e.error }

// refusedError says which request met what is damaged.
type refusedError struct {
	error
	request request
}

func (e refusedError) Unwrap() error { return e.error }

func (t *ticket) state() *ticket { return t }

// A request is taken by the writer or withdrawn by its caller, whichever comes first.
const (
	statusWaiting int32 = iota
	statusTaken
	statusWithdrawn
)

// barrier writes nothing: its caller waits for what was before.
type barrier struct{ ticket }

func (*barrier) write(*builder) error { return nil }

const (
	// groupsInFlight is how many groups may wait for the disk while the next one is built.
	groupsInFlight = 2
	// groupBytes is where a group is full. A single larger request is still one group.
	groupBytes = 2 << 20
	// aheadBytes is how much must wait to be built while the group before is on its way to the disk.
	aheadBytes = 64 << 10
	// A group waits for more requests for at most a part of the time that an fsync takes, and for maxWait.
	waitShare = 2
	maxWait   = time.Millisecond
	// cursorDelay is how long a cursor that moved may stay unsynced when nothing else is written.
	cursorDelay = 100 * time.Millisecond
)

// group is what is committed with one fsync.
type group struct {
	batch    *pebble.Batch // nil when the database had failed before
	requests []request
	durable  bool // somebody waits for the disk
	changes  live.Changes
	err      error
}

// leaveOut answers a request that met what is damaged and takes it out of the group, unless it knows how to go on.
func (g *group) leaveOut(refused refusedError) {
	if again := (againError{}); errors.As(refused.error, &again) {
		return
	}
	refused.request.state().done <- refused.error
	g.requests = slices.DeleteFunc(g.requests, func(r request) bool { return r == refused.request })
}

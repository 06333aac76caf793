package disk

import "sync/atomic"

// request is something to write. It writes into the batch of its group, and keeps its answer, if there is one, for the
// caller. An error is a failed disk: it ends the database.
type request interface {
	write(b *builder) error
}

// submission is a request that is on its way to the writer, with the caller that waits for it.
type submission struct {
	// request is what to write. Nil: the caller waits for what was before.
	request request
	// size is how many bytes it is, about.
	size int
	// first says that it must be written before those of its group that are not.
	first bool
	// alone says that it is a group of its own, in which it reads what it has changed so far.
	alone bool

	status atomic.Int32
	done   chan error // cap 1; made when it is submitted
}

// A submission is taken by the writer or withdrawn by its caller, whichever comes first.
const (
	statusWaiting int32 = iota
	statusTaken
	statusWithdrawn
)

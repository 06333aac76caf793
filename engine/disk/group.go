package disk

import (
	"errors"
	"slices"
	"time"

	"trackhook/engine/disk/internal/live"

	"github.com/cockroachdb/pebble/v2"
)

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

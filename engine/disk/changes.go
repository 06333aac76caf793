package disk

import "trackhook/engine/disk/internal/format"

// changes are what becomes true when a group is durable.
type changes struct {
	state     format.State
	released  []uint64 // handles of leases that were settled
	claims    []groupClaim
	offered   []dueLane // lanes that can be leased, each once; one without a name is none
	held      []damage  // lanes that nobody may lease any more
	undamaged []damage  // lanes that were held, and are claimed by this group
	enrolled  map[string]format.Cursor
	forgotten []string // listeners, before those that were enrolled
}

// groupClaim is a lane that was free when a group began to change it: nobody leases it until the group is durable.
type groupClaim struct {
	lane   string
	number uint64 // the package that was next
}

package live

import "trackhook/engine/disk/internal/format"

// Changes are what becomes true when a group is durable.
type Changes struct {
	State     format.State
	released  []uint64 // handles of leases that were settled
	claims    []groupClaim
	Offered   []DueLane // lanes that can be leased, each once; one without a name is none
	Held      []Damage  // lanes that nobody may lease any more
	undamaged []Damage  // lanes that were held, and are claimed by this group
	Absent    uint64    // packages that were queued and not there, and are dropped
	Enrolled  map[string]format.Cursor
	Forgotten []string // listeners, before those that were enrolled
}

// groupClaim is a lane that was free when a group began to change it: nobody leases it until the group is durable.
type groupClaim struct {
	lane   string
	number uint64 // the package that was next
}

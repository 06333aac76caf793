package disk

import "trackhook/engine/disk/internal/format"

// How many lanes and rows of counts are kept in memory: at most twice as many, at about 300 bytes each.
const (
	laneCacheSize  = 1 << 14
	countCacheSize = 1 << 12
	// Of so many days and apps the writer knows how many event tokens they have; of others it counts them again.
	eventCacheSize = 1 << 10
)

// lane is the record of a lane, and what is known about the packages behind its head.
type lane struct {
	format.LaneRecord
	name, app string // app is how name begins
	// behind counts the packages behind the front. -1: not known.
	behind int
	// offeredIn is the group that last offered the lane, and offeredAt where it is among those that the group offers.
	offeredIn uint64
	offeredAt int
	// sessionIn is the group that last put a session behind the front: until it is applied, a reader does not find it there.
	sessionIn uint64
}

// countRow is a row of counts. The writer keeps those that it needs in memory and writes those that a group has changed
// whole: a group changes few, whatever the number of packages.
type countRow struct {
	format.CountKey
	format.Counts
	changedIn uint64 // the group that last changed it
}

// cache keeps what was used last, in two generations: when the young one is full it becomes the old one, and what was
// in the old one and not used since is forgotten. That costs less than a list in the order of use.
type cache[K comparable, V any] struct {
	size       int
	young, old map[K]V
}

func newCache[K comparable, V any](size int) cache[K, V] {
	return cache[K, V]{size: size, young: make(map[K]V)}
}

func (c *cache[K, V]) get(key K) (V, bool) {
	if v, ok := c.young[key]; ok {
		return v, true
	}
	v, ok := c.old[key]
	if ok {
		c.young[key] = v
	}
	return v, ok
}

func (c *cache[K, V]) put(key K, v V) { c.young[key] = v }

// age forgets. It is called between groups only: what a group has changed is not in the database before its end.
func (c *cache[K, V]) age() {
	if len(c.young) >= c.size {
		c.young, c.old = make(map[K]V, c.size), c.young
	}
}

package disk

import (
	"hash/maphash"

	"trackhook/engine/disk/internal/format"
)

// How many lanes and rows of counts are kept in memory: at most twice as many, at about 300 bytes each, and
// lanes in which something waits 128 more.
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
	// ahead are the first of them, as far as they are known, at most aheadMost.
	ahead []behindPackage
	// offeredIn is the group that last offered the lane, and offeredAt where it is among those that the group offers.
	offeredIn uint64
	offeredAt int
	// sessionIn is the group that last put a session behind the front: until it is applied, a reader does not find it there.
	sessionIn uint64
}

// behindPackage is a package behind the front of a lane.
type behindPackage struct {
	number  uint64
	session bool
}

// aheadMost bounds how many packages behind the front of a lane are known from memory.
const aheadMost = 8

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

// recent tells which IDs and lanes were certainly not written of late. What it does not know is in no memtable, and then
// the tables know all of it: their filters answer in a fifth of the time that looking through the memtables takes, and
// nearly every ID that comes is new. It is two generations of a Bloom filter: 2 MB, nothing is read for it at an opening,
// because an opening leaves the memtables empty, and what it takes for known by mistake is looked up as everything was before.
//
// Tried and left: one filter for all IDs that are stored, which would have to be read or rebuilt at each opening and grow
// with the log; and sorting the keys of a group before they meet the memtable, which took a tenth more processor time in all.
type recent struct {
	seed       maphash.Seed
	young, old []uint64
	size       int // how many keys a generation is made for; more make it less sharp, and nothing else
	// memTables is how many bytes the memtables hold at most, written what was written to them since young began, and largest
	// the largest batch, which may stand beside them.
	memTables, written, largest uint64
	// unsure tells that the memtables may hold what was never added, until they are full of what was written since.
	unsure bool
}

const (
	// What a key takes in a memtable, with its value and what belongs to it there: an ID or a lane is never written alone.
	leastEntry = 64
	// Eight bits for each key, in blocks of 64 bytes, of which a key sets three bits in one: it is taken for known by mistake
	// once in thirty times.
	blockWords = 8
)

// newRecent makes one for memtables of so many bytes in all.
func newRecent(memTables uint64, unsure bool) recent {
	return recent{
		seed: maphash.MakeSeed(), memTables: memTables, size: int(memTables/leastEntry) + 8*blockWords, unsure: unsure, //nolint:gosec // some MB
	}
}

// place returns the block of a key, and its bits in there.
func (r *recent) place(key []byte) (block int, bits [3]uint16) {
	hash := maphash.Bytes(r.seed, key)
	block = int(hash>>32) % (r.size / (8 * blockWords)) * blockWords                               //nolint:gosec // 32 bits
	return block, [3]uint16{uint16(hash & 511), uint16(hash >> 9 & 511), uint16(hash >> 18 & 511)} //nolint:gosec // 9 bits each
}

// add notes that a key is about to be written. That it never is, because its batch fails, does no harm.
func (r *recent) add(key []byte) {
	if r.young == nil {
		r.young = make([]uint64, r.size/8)
	}
	block, bits := r.place(key)
	for _, bit := range bits {
		r.young[block+int(bit>>6)] |= 1 << (bit & 63)
	}
}

// wrote notes that a batch of so many bytes is in a memtable, with all that was added for it. A generation goes once more was
// written since it ended than the memtables hold, whatever was added meanwhile: then what it knows is flushed.
func (r *recent) wrote(bytes uint64) {
	r.written += bytes // a memtable takes more for them
	r.largest = max(r.largest, bytes)
	if r.written > r.memTables+r.largest {
		r.young, r.old, r.written, r.unsure = nil, r.young, 0, false
	}
}

// has is false when the key is in no memtable.
func (r *recent) has(key []byte) bool {
	if r.unsure {
		return true
	}
	block, bits := r.place(key)
	return in(r.young, block, bits) || in(r.old, block, bits)
}

func in(filter []uint64, block int, bits [3]uint16) bool {
	if filter == nil {
		return false
	}
	for _, bit := range bits {
		if filter[block+int(bit>>6)]&(1<<(bit&63)) == 0 {
			return false
		}
	}
	return true
}

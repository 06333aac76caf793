package disk

import (
	"errors"
	"fmt"

	"trackhook/engine/disk/internal/format"

	"github.com/cockroachdb/pebble/v2"
)

// laneCacheSize bounds the lanes whose records are kept in memory: at most twice as many, at about 300 bytes.
const laneCacheSize = 1 << 14

// lane is the record of a lane, and what is known about the packages behind its head.
type lane struct {
	format.LaneRecord
	name, app string // app is how name begins
	// behind counts the packages behind the front. -1: not known.
	behind int
	// round is the group that last offered the lane, and at where its entry is there.
	offeredIn uint64
	offeredAt int
	// hidden is the group that last put a session behind the front: until it is applied, a reader does not find it there.
	sessionIn uint64
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

// readLane reads a lane record. A lane that has none is empty.
func readLane(db pebble.Reader, name string) (format.LaneRecord, error) {
	value, closer, err := db.Get(format.LaneKey(nil, name))
	if errors.Is(err, pebble.ErrNotFound) {
		return format.LaneRecord{}, nil
	}
	if err != nil {
		return format.LaneRecord{}, fmt.Errorf("read lane record: %w", err)
	}
	record, err := format.DecodeLaneRecord(value)
	if err := errors.Join(err, closer.Close()); err != nil {
		return format.LaneRecord{}, err
	}
	return record, nil
}

package disk

import (
	"errors"
	"fmt"

	"github.com/cockroachdb/pebble/v2"
)

// laneCacheSize bounds the lanes whose records are kept in memory: at most twice as many, at about 300 bytes.
const laneCacheSize = 1 << 14

// lane is the record of a lane, and what is known about the packages behind its head.
type lane struct {
	laneRecord
	name string
	// behind counts the packages behind the head. -1: not known.
	behind int
}

// laneCache keeps the lanes that were used last, in two generations: when the young one is full it becomes the old
// one, and what was in the old one and not used since is forgotten. That costs less than a list in the order of use.
type laneCache struct {
	young, old map[string]*lane
}

func newLaneCache() laneCache { return laneCache{young: make(map[string]*lane)} }

func (c *laneCache) get(name string) *lane {
	if l, ok := c.young[name]; ok {
		return l
	}
	l, ok := c.old[name]
	if ok {
		c.put(l)
	}
	return l
}

func (c *laneCache) put(l *lane) {
	if len(c.young) >= laneCacheSize {
		c.young, c.old = make(map[string]*lane, laneCacheSize), c.young
	}
	c.young[l.name] = l
}

// readLane reads a lane record. A lane that has none is empty.
func readLane(db *pebble.DB, key []byte, name string) (laneRecord, error) {
	value, closer, err := db.Get(laneKey(key, name))
	if errors.Is(err, pebble.ErrNotFound) {
		return laneRecord{}, nil
	}
	if err != nil {
		return laneRecord{}, fmt.Errorf("read lane record: %w", err)
	}
	record, err := decodeLaneRecord(value)
	if err := errors.Join(err, closer.Close()); err != nil {
		return laneRecord{}, err
	}
	return record, nil
}

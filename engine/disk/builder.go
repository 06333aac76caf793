package disk

import (
	"errors"
	"fmt"
	"maps"

	"trackhook/engine/disk/internal/format"
	"trackhook/engine/disk/internal/live"
	"trackhook/engine/disk/internal/read"

	"github.com/cockroachdb/pebble/v2"
	"github.com/rs/zerolog"
)

// builder builds the batches, one group after the other. It belongs to the goroutine of the writer; what it shares with
// callers is in memory.
type builder struct {
	memory *live.Memory
	fresh  *live.Fresh
	clock  clock
	rot    *read.Rot
	log    zerolog.Logger

	// What follows is as it is after all groups so far, durable or not.
	state   format.State
	lanes   cache[string, *lane]
	counts  cache[format.CountKey, *countRow]
	cursors map[string]format.Cursor
	recent  recent
	// events is how many event tokens have a row of counts, by day, app and kind: the keys have no event token.
	events map[format.CountKey]int

	groupNumber uint64 // groups so far
	key, value  []byte // space to build keys and values in

	// What follows is of the group that is being built.
	batch   *pebble.Batch
	now     int64
	changes live.Changes
	// reader is the database as it was before this group, or, where a request is alone, with what it has changed so far.
	reader pebble.Reader
	// These read what is behind the front of lanes, the sessions among that, single keys, and single keys in the tables
	// alone. Nil until needed.
	packages, sessions, points, tables *pebble.Iterator
	// changedRows are the rows of counts that this group has changed.
	changedRows []*countRow
	// ids are the IDs that this group adds.
	ids map[string]struct{}
}

// idsKept is how many IDs a map may have had that is used again for the next group.
const idsKept = 1 << 10

// begin begins a group. Whoever began it must close it, which closes what was opened for reading.
func (b *builder) begin(batch *pebble.Batch, reader pebble.Reader) {
	b.now = b.clock.now()
	b.groupNumber++
	b.lanes.age()
	b.counts.age()
	if len(b.events) > eventCacheSize {
		clear(b.events) // what is in the database by now is counted there
	}
	b.batch, b.reader = batch, reader
	b.changes, b.changedRows = live.Changes{}, b.changedRows[:0]
	if len(b.ids) > idsKept {
		b.ids = nil // to clear a large map costs as much each time
	}
	clear(b.ids)
}

// begun is what a group changes in the builder before it is written.
type begun struct {
	state   format.State
	cursors map[string]format.Cursor
}

// remember returns what rollBack needs.
func (b *builder) remember() begun { return begun{state: b.state, cursors: maps.Clone(b.cursors)} }

// rollBack undoes what a group has changed that is not written: in the builder and in memory. What the builder keeps of the
// database is read again.
func (b *builder) rollBack(to begun) {
	b.memory.Unbuild(&b.changes)
	b.state, b.cursors = to.state, to.cursors
	b.lanes, b.counts = newCache[string, *lane](laneCacheSize), newCache[format.CountKey, *countRow](countCacheSize)
	clear(b.events)
	b.changes = live.Changes{}
}

// close closes the iterators. Those that are needed afterwards are made anew, and see what the reader sees then.
func (b *builder) close() error {
	var err error
	for _, it := range []**pebble.Iterator{&b.packages, &b.sessions, &b.points, &b.tables} {
		if *it != nil {
			// What could not be read was told when it was read, and the request that needed it was refused.
			if wrong := (*it).Close(); !read.Unreadable(wrong) {
				err = errors.Join(err, wrong)
			}
			*it = nil
		}
	}
	if err != nil {
		return fmt.Errorf("read store: %w", err)
	}
	return nil
}

// get reads one key as the reader sees it. The value is valid until the next call.
//
// One iterator for all keys of a group replaces DB.Get, which makes one each time and, worse, does not ask the filters
// of the last level. Nearly all IDs that are looked up are new, so each of them cost a block read there: with DB.Get,
// half of the CPU of an Append went into reading and unpacking blocks.
func (b *builder) get(key []byte) (value []byte, found bool, err error) {
	return b.find(&b.points, false, key)
}

// getSeldom is get for a key that is seldom there, of those that are added to recent when they are written: where nothing
// was written of late, it asks the tables alone.
//
// Four fifths of a look-up went into the skip lists of the memtables, and the look-ups were a third of what the writer does.
func (b *builder) getSeldom(key []byte) (value []byte, found bool, err error) {
	if _, whole := b.reader.(*pebble.DB); !whole || b.recent.has(key) {
		return b.get(key)
	}
	return b.find(&b.tables, true, key)
}

// find reads one key with an iterator that is made when it is first needed, of the tables alone where that is asked for.
func (b *builder) find(it **pebble.Iterator, tables bool, key []byte) (value []byte, found bool, err error) {
	if *it == nil {
		if *it, err = b.reader.NewIter(&pebble.IterOptions{UseL6Filters: true, OnlyReadGuaranteedDurable: tables}); err != nil {
			return nil, false, fmt.Errorf("read store: %w", err)
		}
	}
	if !(*it).SeekPrefixGE(key) {
		if err := (*it).Error(); err != nil {
			return nil, false, read.Error("read store", err)
		}
		return nil, false, nil
	}
	if value, err = (*it).ValueAndErr(); err != nil {
		return nil, false, read.Error("read store", err)
	}
	return value, true, nil
}

// setID writes the record of an ID.
func (b *builder) setID(id string, record format.IDRecord) error {
	b.key = format.IDKey(b.key, id)
	b.recent.add(b.key)
	b.value = format.AppendIDRecord(b.value[:0], record)
	return b.batch.Set(b.key, b.value, nil)
}

// writeState writes what the store counts, with the time.
func (b *builder) writeState() error {
	b.state.Clock = b.now
	b.changes.State = b.state
	b.value = format.AppendState(b.value[:0], &b.state)
	if err := b.batch.Set(format.StateKey(b.key), b.value, nil); err != nil {
		return fmt.Errorf("write state: %w", err)
	}
	return nil
}

package disk

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/cockroachdb/pebble/v2"
)

// builder builds the batch of one group.
type builder struct {
	*writer
	*group
	now int64
	// iter reads what is behind the heads of lanes, as it was before this group. Nil until it is needed.
	iter *pebble.Iterator
	// points reads single keys, as they were before this group. Nil until it is needed.
	points *pebble.Iterator
	// ids are the IDs that this group adds.
	ids map[string]struct{}
}

// request writes everything of a request save its settlements.
func (b *builder) request(r *request) error {
	for i := range r.packages {
		if err := b.append(&r.packages[i]); err != nil {
			return err
		}
	}
	switch {
	case r.values != nil:
		return b.setValues(r.values)
	case r.enroll != nil:
		return b.enroll(r.enroll)
	case r.trim != nil:
		return b.trim(r.trim)
	default:
		return nil
	}
}

func (b *builder) close() error {
	var err error
	for _, it := range []*pebble.Iterator{b.iter, b.points} {
		if it != nil {
			err = errors.Join(err, it.Close())
		}
	}
	if err != nil {
		return fmt.Errorf("read store: %w", err)
	}
	return nil
}

// get reads one key as it was before this group. The value is valid until the next call.
//
// One iterator for all keys of a group replaces DB.Get, which makes one each time and, worse, does not ask the filters
// of the last level. Nearly all IDs that are looked up are new, so each of them cost a block read there: with DB.Get,
// half of the CPU of an Append went into reading and unpacking blocks.
func (b *builder) get(key []byte) (value []byte, found bool, err error) {
	if b.points == nil {
		b.points, err = b.db.NewIter(&pebble.IterOptions{UseL6Filters: true})
		if err != nil {
			return nil, false, fmt.Errorf("read store: %w", err)
		}
	}
	if !b.points.SeekPrefixGE(key) {
		if err := b.points.Error(); err != nil {
			return nil, false, fmt.Errorf("read store: %w", err)
		}
		return nil, false, nil
	}
	value, err = b.points.ValueAndErr()
	if err != nil {
		return nil, false, fmt.Errorf("read store: %w", err)
	}
	return value, true, nil
}

// lane returns the record of a lane.
func (b *builder) lane(name string) (*lane, error) {
	if l := b.lanes.get(name); l != nil {
		return l, nil
	}
	b.key = laneKey(b.key, name)
	value, found, err := b.get(b.key)
	if err != nil {
		return nil, err
	}
	l := &lane{name: name, behind: -1}
	if found {
		if l.laneRecord, err = decodeLaneRecord(value); err != nil {
			return nil, err
		}
	}
	if l.empty() {
		l.behind = 0
	}
	b.lanes.put(l)
	return l, nil
}

// lead makes a package the head of its lane, due now.
func (b *builder) lead(l *lane, head uint64) error {
	l.begin(place{due: b.now, head: head})
	return b.offer(l)
}

// offer writes a lane that can be leased at its place: its record, and its entry in the index.
func (b *builder) offer(l *lane) error {
	record := l.laneRecord
	b.added = append(b.added, entry{place: l.place, lane: l.name, record: &record})
	b.key = dueKey(b.key, l.place)
	return errors.Join(b.batch.Set(b.key, []byte(l.name), nil), b.writeLane(l))
}

func (b *builder) writeLane(l *lane) error {
	b.key = laneKey(b.key, l.name)
	b.value = appendLaneRecord(b.value[:0], &l.laneRecord)
	return b.batch.Set(b.key, b.value, nil)
}

// advance makes the package behind the head the new head, or empties the lane.
func (b *builder) advance(l *lane) error {
	if err := b.unplace(l); err != nil {
		return err
	}
	next, err := b.behind(l)
	if err != nil {
		return err
	}
	if next != 0 {
		b.key = behindKey(b.key, l.name, next)
		return errors.Join(b.batch.SingleDelete(b.key, nil), b.lead(l, next))
	}
	l.begin(place{})
	b.writer.state.lanes--
	if l.known() {
		return b.writeLane(l)
	}
	b.key = laneKey(b.key, l.name)
	return b.batch.Delete(b.key, nil)
}

// unplace takes a lane out of the index. Every entry of the index, and every package, is set once and deleted once,
// because its key is never used again. A SingleDelete suffices for that, and vanishes together with what it deletes
// instead of sinking to the last level: the index stays short however much has passed through it.
func (b *builder) unplace(l *lane) error {
	b.key = dueKey(b.key, l.place)
	return b.batch.SingleDelete(b.key, nil)
}

// behind finds the package behind the head. 0: there is none.
func (b *builder) behind(l *lane) (uint64, error) {
	if l.behind == 0 {
		return 0, nil
	}
	if b.iter == nil {
		prefix := []byte{prefixBehind}
		it, err := b.db.NewIter(&pebble.IterOptions{LowerBound: prefix, UpperBound: after(prefix)})
		if err != nil {
			return 0, fmt.Errorf("read lane: %w", err)
		}
		b.iter = it
	}
	prefix := textKey(nil, prefixBehind, l.name)
	// Seeking behind the old head skips the tombstones of all heads before.
	b.key = behindKey(b.key, l.name, l.head+1)
	if !b.iter.SeekGE(b.key) || !bytes.HasPrefix(b.iter.Key(), prefix) {
		if err := b.iter.Error(); err != nil {
			return 0, fmt.Errorf("read lane: %w", err)
		}
		if l.behind > 0 {
			return 0, fmt.Errorf("lane %q should have %d packages behind its head and has none", l.name, l.behind)
		}
		l.behind = 0
		return 0, nil
	}
	n, err := number(b.iter.Key()[len(prefix)-1:])
	if err != nil {
		return 0, err
	}
	if l.behind > 0 {
		l.behind--
		return n, nil
	}
	if !b.iter.Next() || !bytes.HasPrefix(b.iter.Key(), prefix) {
		if err := b.iter.Error(); err != nil {
			return 0, fmt.Errorf("read lane: %w", err)
		}
		l.behind = 0
	}
	return n, nil
}

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
	if b.iter == nil {
		return nil
	}
	if err := b.iter.Close(); err != nil {
		return fmt.Errorf("read lane: %w", err)
	}
	return nil
}

// lane returns the record of a lane.
func (b *builder) lane(name string) (*lane, error) {
	if l := b.lanes.get(name); l != nil {
		return l, nil
	}
	record, err := readLane(b.db, b.key, name)
	if err != nil {
		return nil, err
	}
	l := &lane{laneRecord: record, name: name, behind: -1}
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

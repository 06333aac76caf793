package disk

import (
	"fmt"

	"trackhook/engine/disk/internal/format"
	"trackhook/engine/disk/internal/live"
	"trackhook/engine/disk/internal/read"
)

// lane returns the record of a lane.
func (b *builder) lane(name string) (*lane, error) {
	if l, ok := b.lanes.get(name); ok {
		return l, nil
	}
	b.key = format.LaneKey(b.key, name)
	value, found, err := b.getSeldom(b.key)
	if err != nil {
		return nil, err
	}
	l := &lane{name: name, app: format.AppOfLane(name), behind: -1}
	if found {
		if l.LaneRecord, err = format.DecodeLaneRecord(value); err != nil {
			return nil, fmt.Errorf("%w: %w", read.ErrDamaged, err)
		}
	}
	if l.Empty() {
		l.behind = 0
	}
	b.lanes.put(name, l)
	return l, nil
}

// claim keeps a lane from being leased until the group is durable, or reports that it is leased. A lane that was claimed
// must be saved, which offers it anew.
func (b *builder) claim(l *lane) bool {
	return b.memory.Claim(l.name, l.Next().Number, &b.changes)
}

// saveLane writes a lane after a change: its record, and its entry in the index, where its place was. A lane that has
// something is offered.
//
// Every entry of the index, and every package, is set once and deleted once, because its key is never used again. It is
// deleted with a Delete, although a SingleDelete would suffice and vanish earlier: a compaction of Pebble's that meets a
// damaged block while it leaves a SingleDelete out panics, and with it the process would end at every start. A drain of
// a million packages and the bytes written are the same within 2 %.
func (b *builder) saveLane(l *lane, was format.Place) error {
	if err := b.saveDue(l, was); err != nil {
		return err
	}
	if !l.Empty() {
		b.offer(l)
		return b.writeLane(l)
	}
	b.cancelOffer(l)
	b.state.Lanes--
	if l.Known() {
		return b.writeLane(l)
	}
	b.key = format.LaneKey(b.key, l.name)
	b.recent.add(b.key)
	return b.batch.Delete(b.key, nil)
}

// saveDue writes the entry of a lane in the index of what is due, and deletes the one where its place was.
func (b *builder) saveDue(l *lane, was format.Place) error {
	at := l.Next().Place
	if at == was {
		return nil
	}
	if s := l.Slot(was.Number); s != nil && was.Number != at.Number {
		s.Due++ // it comes back to the index later, and then with another key
	}
	if was.Number != 0 {
		b.key = format.DueKey(b.key, l.app, was)
		if err := b.batch.Delete(b.key, nil); err != nil {
			return err
		}
	}
	if at.Number == 0 {
		return nil
	}
	b.key = format.DueKey(b.key, l.app, at)
	b.value = append(b.value[:0], l.name[len(l.app):]...)
	return b.batch.Set(b.key, b.value, nil)
}

func (b *builder) writeLane(l *lane) error {
	b.key = format.LaneKey(b.key, l.name)
	b.recent.add(b.key)
	b.value = format.AppendLaneRecord(b.value[:0], &l.LaneRecord)
	return b.batch.Set(b.key, b.value, nil)
}

// offer makes a lane one that can be leased when the group is durable.
func (b *builder) offer(l *lane) {
	record := l.LaneRecord
	e := live.DueLane{Place: record.Next().Place, Lane: l.name, Record: &record}
	if l.offeredIn == b.groupNumber {
		b.changes.Offered[l.offeredAt] = e
		return
	}
	l.offeredIn, l.offeredAt = b.groupNumber, len(b.changes.Offered)
	b.changes.Offered = append(b.changes.Offered, e)
}

// cancelOffer takes back an offer of this group.
func (b *builder) cancelOffer(l *lane) {
	if l.offeredIn == b.groupNumber {
		b.changes.Offered[l.offeredAt] = live.DueLane{}
	}
}

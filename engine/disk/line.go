package disk

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/cockroachdb/pebble/v2"
)

// lane returns the record of a lane.
func (b *builder) lane(name string) (*lane, error) {
	if l, ok := b.lanes.get(name); ok {
		return l, nil
	}
	b.key = laneKey(b.key, name)
	value, found, err := b.get(b.key)
	if err != nil {
		return nil, err
	}
	l := &lane{name: name, app: appOf(name), behind: -1}
	if found {
		if l.laneRecord, err = decodeLaneRecord(value); err != nil {
			return nil, err
		}
	}
	if l.empty() {
		l.behind = 0
	}
	b.lanes.put(name, l)
	return l, nil
}

// pin keeps a lane from being leased until the group is durable, or reports that it is leased. A lane that was pinned
// must be seated, which offers it anew.
func (b *builder) pin(l *lane) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	why := b.busy[l.name]
	if why.leased {
		return false
	}
	why.pins++
	b.busy[l.name] = why
	b.pins = append(b.pins, pin{lane: l.name, number: l.next().number})
	return true
}

// join puts a package at the end of a lane.
func (b *builder) join(l *lane, number uint64, session bool) error {
	was := l.next().place
	switch {
	case l.empty():
		b.writer.state.lanes++
		l.head = newSlot(place{due: b.now, number: number})
		return b.seat(l, was)
	case session && l.waiting && l.session.number == 0 && l.hidden != b.rounds && b.pin(l):
		// One that came while the head was leased goes first; it is still behind when the lease ended without a verdict.
		if err := b.pull(l); err != nil {
			return err
		}
		first := l.session.number == 0
		if first {
			l.session = newSlot(place{due: b.now, number: number})
		}
		if err := b.seat(l, was); first || err != nil {
			return err
		}
	}
	if l.behind >= 0 {
		l.behind++
	}
	var mark []byte
	if session {
		l.hidden = b.rounds
		mark = []byte{1}
		b.key = inLaneKey(b.key, prefixSession, l.name, number)
		if err := b.batch.Set(b.key, nil, nil); err != nil {
			return err
		}
	}
	b.key = inLaneKey(b.key, prefixBehind, l.name, number)
	return b.batch.Set(b.key, mark, nil)
}

// leave takes a package out of a lane, wherever it stands. When it had a slot, the lane must be seated afterwards.
func (b *builder) leave(l *lane, number uint64, session bool) error {
	switch number {
	case l.head.number:
		return b.promote(l)
	case l.session.number:
		l.session = slot{}
		return b.pull(l)
	default:
		return b.unline(l, number, session)
	}
}

// promote makes what stands behind the head the new head, or empties the lane.
func (b *builder) promote(l *lane) error {
	number, session, err := b.behind(l)
	if err != nil {
		return err
	}
	l.waiting = false
	if l.session.number != 0 && (number == 0 || l.session.number < number) {
		l.head, l.session = l.session, slot{}
		return nil
	}
	if number == 0 {
		l.head = slot{}
		return nil
	}
	l.head = newSlot(place{due: b.now, number: number})
	return b.unline(l, number, session)
}

// pull moves the first session before a head that waits for one.
func (b *builder) pull(l *lane) error {
	if !l.waiting || l.session.number != 0 || l.behind == 0 {
		return nil
	}
	number, err := b.firstSession(l)
	if number == 0 || err != nil {
		return err
	}
	l.session = newSlot(place{due: b.now, number: number})
	return b.unline(l, number, true)
}

// unline takes a package out of those behind the front.
func (b *builder) unline(l *lane, number uint64, session bool) error {
	if l.behind > 0 {
		l.behind--
	}
	b.key = inLaneKey(b.key, prefixBehind, l.name, number)
	err := b.batch.SingleDelete(b.key, nil)
	if session {
		b.key = inLaneKey(b.key, prefixSession, l.name, number)
		err = errors.Join(err, b.batch.SingleDelete(b.key, nil))
	}
	return err
}

// seat writes a lane after a change: its record, and its entry in the index, where its place was. A lane that has
// something is offered.
//
// Every entry of the index, and every package, is set once and deleted once, because its key is never used again. A
// SingleDelete suffices for that, and vanishes together with what it deletes instead of sinking to the last level: the
// index stays short however much has passed through it.
func (b *builder) seat(l *lane, was place) error {
	at := l.next().place
	if at != was {
		if s := l.slot(was.number); s != nil && was.number != at.number {
			s.due++ // it comes back to the index later, and then with another key
		}
		if was.number != 0 {
			b.key = dueKey(b.key, l.app, was)
			if err := b.batch.SingleDelete(b.key, nil); err != nil {
				return err
			}
		}
		if at.number != 0 {
			b.key = dueKey(b.key, l.app, at)
			b.value = append(b.value[:0], l.name[len(l.app):]...)
			if err := b.batch.Set(b.key, b.value, nil); err != nil {
				return err
			}
		}
	}
	if !l.empty() {
		b.offer(l)
		return b.writeLane(l)
	}
	b.retract(l)
	b.writer.state.lanes--
	if l.known() {
		return b.writeLane(l)
	}
	b.key = laneKey(b.key, l.name)
	return b.batch.Delete(b.key, nil)
}

func (b *builder) writeLane(l *lane) error {
	b.key = laneKey(b.key, l.name)
	b.value = appendLaneRecord(b.value[:0], &l.laneRecord)
	return b.batch.Set(b.key, b.value, nil)
}

// offer makes a lane one that can be leased when the group is durable.
func (b *builder) offer(l *lane) {
	record := l.laneRecord
	e := entry{place: record.next().place, lane: l.name, record: &record}
	if l.round == b.rounds {
		b.added[l.at] = e
		return
	}
	l.round, l.at = b.rounds, len(b.added)
	b.added = append(b.added, e)
}

// retract takes back an offer of this group.
func (b *builder) retract(l *lane) {
	if l.round == b.rounds {
		b.added[l.at] = entry{}
	}
}

// offerAgain offers a lane whose entry turned out to be out of date.
func (b *builder) offerAgain(name string) error {
	l, err := b.lane(name)
	if err != nil || l.empty() || !b.pin(l) {
		return err // whoever has leased it offers it
	}
	was := l.next().place
	if err := b.pull(l); err != nil {
		return err
	}
	return b.seat(l, was)
}

// behind finds the first package behind the head that has no slot. 0: there is none.
func (b *builder) behind(l *lane) (number uint64, session bool, err error) {
	if l.behind == 0 {
		return 0, false, nil
	}
	it, number, err := b.first(&b.packages, prefixBehind, l)
	switch {
	case err != nil:
		return 0, false, err
	case number == 0 && l.behind > 0:
		return 0, false, fmt.Errorf("lane %q should have %d packages behind its front and has none", l.name, l.behind)
	case number == 0:
		l.behind = 0
		return 0, false, nil
	}
	session = len(it.Value()) > 0
	if l.behind < 0 {
		prefix := textKey(nil, prefixBehind, l.name)
		if !it.Next() || !bytes.HasPrefix(it.Key(), prefix) {
			if err := it.Error(); err != nil {
				return 0, false, fmt.Errorf("read lane: %w", err)
			}
			l.behind = 1
		}
	}
	return number, session, nil
}

// firstSession finds the first session behind the front. 0: there is none.
func (b *builder) firstSession(l *lane) (uint64, error) {
	_, number, err := b.first(&b.sessions, prefixSession, l)
	return number, err
}

// first finds the first package behind the head among the keys of a lane, with an iterator that is made when it is
// needed. Seeking behind the head skips the tombstones of all heads before.
func (b *builder) first(at **pebble.Iterator, prefix byte, l *lane) (it *pebble.Iterator, number uint64, err error) {
	if *at == nil {
		*at, err = b.reader.NewIter(&pebble.IterOptions{LowerBound: []byte{prefix}, UpperBound: []byte{prefix + 1}})
		if err != nil {
			return nil, 0, fmt.Errorf("read lane: %w", err)
		}
	}
	it = *at
	b.key = inLaneKey(b.key, prefix, l.name, l.head.number+1)
	if !it.SeekGE(b.key) {
		if err := it.Error(); err != nil {
			return nil, 0, fmt.Errorf("read lane: %w", err)
		}
		return it, 0, nil
	}
	name, number, err := cutInLane(it.Key())
	if err != nil {
		return nil, 0, err
	}
	if string(name) != l.name {
		return it, 0, nil
	}
	return it, number, nil
}

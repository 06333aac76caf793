package disk

import (
	"bytes"
	"errors"
	"fmt"

	"trackhook/engine/disk/internal/format"

	"github.com/cockroachdb/pebble/v2"
)

// lane returns the record of a lane.
func (b *builder) lane(name string) (*lane, error) {
	if l, ok := b.lanes.get(name); ok {
		return l, nil
	}
	b.key = format.LaneKey(b.key, name)
	value, found, err := b.get(b.key)
	if err != nil {
		return nil, err
	}
	l := &lane{name: name, app: format.AppOfLane(name), behind: -1}
	if found {
		if l.LaneRecord, err = format.DecodeLaneRecord(value); err != nil {
			return nil, err
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
	b.mu.Lock()
	defer b.mu.Unlock()
	why := b.claims[l.name]
	if why.leased {
		return false
	}
	why.groups++
	b.claims[l.name] = why
	b.claimed = append(b.claimed, groupClaim{lane: l.name, number: l.Next().Number})
	return true
}

// addToLane puts a package at the end of a lane.
func (b *builder) addToLane(l *lane, number uint64, session bool) error {
	was := l.Next().Place
	switch {
	case l.Empty():
		b.writer.state.Lanes++
		l.Head = format.NewSlot(format.Place{Due: b.now, Number: number})
		return b.saveLane(l, was)
	case session && l.Waiting && l.Session.Number == 0 && l.sessionIn != b.groupNumber && b.claim(l):
		// One that came while the head was leased goes first; it is still behind when the lease ended without a verdict.
		if err := b.bringSessionUp(l); err != nil {
			return err
		}
		first := l.Session.Number == 0
		if first {
			l.Session = format.NewSlot(format.Place{Due: b.now, Number: number})
		}
		if err := b.saveLane(l, was); first || err != nil {
			return err
		}
	}
	if l.behind >= 0 {
		l.behind++
	}
	var mark []byte
	if session {
		l.sessionIn = b.groupNumber
		mark = []byte{1}
		b.key = format.InLaneNumberKey(b.key, format.Sessions, l.name, number)
		if err := b.batch.Set(b.key, nil, nil); err != nil {
			return err
		}
	}
	b.key = format.InLaneNumberKey(b.key, format.Behind, l.name, number)
	return b.batch.Set(b.key, mark, nil)
}

// removeFromLane takes a package out of a lane, wherever it stands. When it had a slot, the lane must be saved afterwards.
func (b *builder) removeFromLane(l *lane, number uint64, session bool) error {
	switch number {
	case l.Head.Number:
		return b.promote(l)
	case l.Session.Number:
		l.Session = format.Slot{}
		return b.bringSessionUp(l)
	default:
		return b.removeBehind(l, number, session)
	}
}

// promote makes what stands behind the head the new head, or empties the lane.
func (b *builder) promote(l *lane) error {
	number, session, err := b.firstBehind(l)
	if err != nil {
		return err
	}
	l.Waiting = false
	if l.Session.Number != 0 && (number == 0 || l.Session.Number < number) {
		l.Head, l.Session = l.Session, format.Slot{}
		return nil
	}
	if number == 0 {
		l.Head = format.Slot{}
		return nil
	}
	l.Head = format.NewSlot(format.Place{Due: b.now, Number: number})
	return b.removeBehind(l, number, session)
}

// bringSessionUp moves the first session before a head that waits for one.
func (b *builder) bringSessionUp(l *lane) error {
	if !l.Waiting || l.Session.Number != 0 || l.behind == 0 {
		return nil
	}
	number, err := b.firstSession(l)
	if number == 0 || err != nil {
		return err
	}
	l.Session = format.NewSlot(format.Place{Due: b.now, Number: number})
	return b.removeBehind(l, number, true)
}

// removeBehind takes a package out of those behind the front.
func (b *builder) removeBehind(l *lane, number uint64, session bool) error {
	if l.behind > 0 {
		l.behind--
	}
	b.key = format.InLaneNumberKey(b.key, format.Behind, l.name, number)
	err := b.batch.SingleDelete(b.key, nil)
	if session {
		b.key = format.InLaneNumberKey(b.key, format.Sessions, l.name, number)
		err = errors.Join(err, b.batch.SingleDelete(b.key, nil))
	}
	return err
}

// saveLane writes a lane after a change: its record, and its entry in the index, where its place was. A lane that has
// something is offered.
//
// Every entry of the index, and every package, is set once and deleted once, because its key is never used again. A
// SingleDelete suffices for that, and vanishes together with what it deletes instead of sinking to the last level: the
// index stays short however much has passed through it.
func (b *builder) saveLane(l *lane, was format.Place) error {
	at := l.Next().Place
	if at != was {
		if s := l.Slot(was.Number); s != nil && was.Number != at.Number {
			s.Due++ // it comes back to the index later, and then with another key
		}
		if was.Number != 0 {
			b.key = format.DueKey(b.key, l.app, was)
			if err := b.batch.SingleDelete(b.key, nil); err != nil {
				return err
			}
		}
		if at.Number != 0 {
			b.key = format.DueKey(b.key, l.app, at)
			b.value = append(b.value[:0], l.name[len(l.app):]...)
			if err := b.batch.Set(b.key, b.value, nil); err != nil {
				return err
			}
		}
	}
	if !l.Empty() {
		b.offer(l)
		return b.writeLane(l)
	}
	b.cancelOffer(l)
	b.writer.state.Lanes--
	if l.Known() {
		return b.writeLane(l)
	}
	b.key = format.LaneKey(b.key, l.name)
	return b.batch.Delete(b.key, nil)
}

func (b *builder) writeLane(l *lane) error {
	b.key = format.LaneKey(b.key, l.name)
	b.value = format.AppendLaneRecord(b.value[:0], &l.LaneRecord)
	return b.batch.Set(b.key, b.value, nil)
}

// offer makes a lane one that can be leased when the group is durable.
func (b *builder) offer(l *lane) {
	record := l.LaneRecord
	e := dueLane{Place: record.Next().Place, lane: l.name, record: &record}
	if l.offeredIn == b.groupNumber {
		b.offered[l.offeredAt] = e
		return
	}
	l.offeredIn, l.offeredAt = b.groupNumber, len(b.offered)
	b.offered = append(b.offered, e)
}

// cancelOffer takes back an offer of this group.
func (b *builder) cancelOffer(l *lane) {
	if l.offeredIn == b.groupNumber {
		b.offered[l.offeredAt] = dueLane{}
	}
}

// offerAgain offers a lane whose entry turned out to be out of date.
func (b *builder) offerAgain(name string) error {
	l, err := b.lane(name)
	if err != nil || l.Empty() || !b.claim(l) {
		return err // whoever has leased it offers it
	}
	was := l.Next().Place
	if err := b.bringSessionUp(l); err != nil {
		return err
	}
	return b.saveLane(l, was)
}

// firstBehind finds the first package behind the head that has no slot. 0: there is none.
func (b *builder) firstBehind(l *lane) (number uint64, session bool, err error) {
	if l.behind == 0 {
		return 0, false, nil
	}
	it, number, err := b.firstInIndex(&b.packages, format.Behind, l)
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
		prefix := format.InLaneKey(nil, format.Behind, l.name)
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
	_, number, err := b.firstInIndex(&b.sessions, format.Sessions, l)
	return number, err
}

// firstInIndex finds the first package behind the head among the keys of a lane, with an iterator that is made when it is
// needed. Seeking behind the head skips the tombstones of all heads before.
func (b *builder) firstInIndex(at **pebble.Iterator, prefix format.Prefix, l *lane) (it *pebble.Iterator, number uint64, err error) {
	if *at == nil {
		*at, err = b.reader.NewIter(allOf(prefix))
		if err != nil {
			return nil, 0, fmt.Errorf("read lane: %w", err)
		}
	}
	it = *at
	b.key = format.InLaneNumberKey(b.key, prefix, l.name, l.Head.Number+1)
	if !it.SeekGE(b.key) {
		if err := it.Error(); err != nil {
			return nil, 0, fmt.Errorf("read lane: %w", err)
		}
		return it, 0, nil
	}
	name, number, err := format.CutNumber(it.Key())
	if err != nil {
		return nil, 0, err
	}
	if string(name) != l.name {
		return it, 0, nil
	}
	return it, number, nil
}

package disk

import (
	"bytes"
	"errors"
	"fmt"
	"slices"

	"trackhook/engine/disk/internal/format"
	"trackhook/engine/disk/internal/read"

	"github.com/cockroachdb/pebble/v2"
)

// addToLane puts a package at the end of a lane.
func (b *builder) addToLane(l *lane, number uint64, session bool) error {
	was := l.Next().Place
	switch {
	case l.Empty():
		b.state.Lanes++
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
	return b.addBehind(l, number, session)
}

// addBehind puts a package behind the front of a lane.
func (b *builder) addBehind(l *lane, number uint64, session bool) error {
	if l.behind >= 0 {
		if len(l.ahead) == l.behind && l.behind < aheadMost {
			l.ahead = append(l.ahead, behindPackage{number, session})
		}
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
	l.ahead = slices.DeleteFunc(l.ahead, func(p behindPackage) bool { return p.number == number })
	b.key = format.InLaneNumberKey(b.key, format.Behind, l.name, number)
	err := b.batch.Delete(b.key, nil)
	if session {
		b.key = format.InLaneNumberKey(b.key, format.Sessions, l.name, number)
		err = errors.Join(err, b.batch.Delete(b.key, nil))
	}
	return err
}

// firstBehind finds the first package behind the head that has no slot. 0: there is none. What was put there of late, or was
// seen when the one before was looked for, is known: to look for each was a sixth of what the writer did.
func (b *builder) firstBehind(l *lane) (number uint64, session bool, err error) {
	if l.behind == 0 {
		return 0, false, nil
	}
	if len(l.ahead) > 0 {
		return l.ahead[0].number, l.ahead[0].session, nil
	}
	it, number, err := b.firstInIndex(&b.packages, format.Behind, l)
	switch {
	case err != nil:
		return 0, false, err
	case number == 0 && l.behind > 0:
		return 0, false, fmt.Errorf("%w: lane %q should have %d packages behind its front and has none", read.ErrDamaged, l.name, l.behind)
	case number == 0:
		l.behind = 0
		return 0, false, nil
	}
	session = len(it.Value()) > 0
	l.ahead = append(l.ahead[:0], behindPackage{number, session})
	return number, session, b.lookAhead(l, it)
}

// lookAhead notes what stands behind the package of a lane that an iterator is at, and whether that is all. What cannot be read
// there is no error yet where it is known how many there are: it may never be needed.
func (b *builder) lookAhead(l *lane, it *pebble.Iterator) error {
	prefix := format.InLaneKey(nil, format.Behind, l.name)
	for len(l.ahead) < aheadMost && len(l.ahead) != l.behind {
		if !it.Next() || !bytes.HasPrefix(it.Key(), prefix) {
			err := it.Error()
			switch {
			case l.behind >= 0:
				return nil
			case err != nil:
				l.ahead = nil
				return read.Error("read lane", err)
			}
			l.behind = len(l.ahead)
			return nil
		}
		_, number, err := format.CutNumber(it.Key())
		if err != nil {
			l.ahead = nil
			return err
		}
		l.ahead = append(l.ahead, behindPackage{number, len(it.Value()) > 0})
	}
	return nil
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
		*at, err = b.reader.NewIter(read.AllOf(prefix))
		if err != nil {
			return nil, 0, fmt.Errorf("read lane: %w", err)
		}
	}
	it = *at
	b.key = format.InLaneNumberKey(b.key, prefix, l.name, l.Head.Number+1)
	if !it.SeekGE(b.key) {
		if err := it.Error(); err != nil {
			return nil, 0, read.Error("read lane", err)
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

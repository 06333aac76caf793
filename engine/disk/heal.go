package disk

import (
	"errors"
	"fmt"

	"github.com/cockroachdb/pebble/v2"
)

// withdraw removes packages that reached the disk although their Append returned an error, as a failed fsync can leave
// them: all whose number is above the newest that was durable. They are the last of their lanes.
func (l *life) withdraw(durable uint64) error {
	if l.state.packages <= durable {
		return nil
	}
	w := &writer{life: l, state: l.state, lanes: newLaneCache(), cursors: make(map[string]cursor)}
	g := &group{batch: l.db.NewBatch()}
	b := &builder{writer: w, group: g, now: l.clock.now()}
	for n := l.state.packages; n > durable; n-- {
		if err := b.withdraw(n); err != nil {
			return errors.Join(fmt.Errorf("withdraw package: %w", err), b.close(), g.batch.Close())
		}
	}
	if err := b.close(); err != nil {
		return errors.Join(err, g.batch.Close())
	}
	w.value = appendState(w.value[:0], &w.state)
	err := errors.Join(
		g.batch.Set(textKey(w.key, prefixMeta, metaState), w.value, nil),
		g.batch.Commit(pebble.Sync),
	)
	if err != nil {
		return fmt.Errorf("withdraw packages: %w", err)
	}
	l.state = w.state
	return nil
}

// withdraw removes one package, the last of its lane. Its number is not used again.
func (b *builder) withdraw(n uint64) error {
	key := numberKey(nil, prefixPackage, n)
	value, closer, err := b.db.Get(key)
	if errors.Is(err, pebble.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	_, p, err := decodePackage(value)
	if err := errors.Join(err, closer.Close()); err != nil {
		return err
	}
	lane, err := b.lane(string(appendLane(nil, p.Lane())))
	if err != nil {
		return err
	}
	b.writer.state.queued--
	err = errors.Join(
		b.batch.SingleDelete(key, nil),
		b.batch.Delete(textKey(nil, prefixID, p.ID), nil),
	)
	if lane.head != n {
		return errors.Join(err, b.batch.SingleDelete(behindKey(nil, lane.name, n), nil))
	}
	// Those behind it have been withdrawn before, in this batch.
	lane.behind = 0
	return errors.Join(err, b.advance(lane))
}

// inherit takes over the leases of the life before this one. A settlement that reached the disk although Settle
// returned an error has ended its lease; it is not made twice.
func (l *life) inherit(before *life) error {
	before.mu.Lock()
	defer before.mu.Unlock()
	l.handles = before.handles
	for handle, h := range before.leases {
		record, err := readLane(l.db, nil, h.lane)
		if err != nil {
			return err
		}
		if record.head != h.head || record.attempts != h.attempts {
			continue
		}
		l.leases[handle] = &held{lane: h.lane, id: h.id, head: h.head, attempts: h.attempts}
		l.leased[h.lane] = struct{}{}
	}
	return nil
}

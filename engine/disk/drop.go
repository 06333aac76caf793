package disk

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"trackhook/engine"
	"trackhook/engine/disk/internal/format"
	"trackhook/engine/disk/internal/read"

	"github.com/cockroachdb/pebble/v2"
)

// Drop implements [engine.Inspector].
func (s *Store) Drop(ctx context.Context, ids ...string) (dropped int, err error) {
	db, err := s.enter()
	if err != nil {
		return 0, fmt.Errorf("drop: %w", err)
	}
	defer db.calls.Done()
	if err = db.findDamagedIDs(ids); err == nil {
		dropped, err = db.drop(ctx, ids, dropReason{rule: "dropped", message: "dropped by a person"})
	}
	if err != nil {
		return 0, fmt.Errorf("drop: %w", err)
	}
	return dropped, nil
}

func (db *database) drop(ctx context.Context, ids []string, why dropReason) (dropped int, err error) {
	return db.edit(ctx, &editRequest{ids: ids, change: func(b *builder, id string, record format.IDRecord, known bool) (bool, error) {
		return b.dropOne(why, id, record, known)
	}})
}

// dropOne drops a package that is queued, and not being sent just now, or that is a dead letter.
func (b *builder) dropOne(why dropReason, id string, record format.IDRecord, known bool) (done bool, err error) {
	switch {
	case !known:
		if number, ok := read.ParseDamagedID(id); ok {
			return b.dropDamaged(why, number, "")
		}
		return false, nil
	case record.State == format.IDDead:
		err := b.dropDead(why, record)
		return err == nil, err
	case record.State == format.IDQueued:
		return b.dropQueued(why, id, record)
	default:
		return false, nil
	}
}

func (b *builder) dropDead(why dropReason, record format.IDRecord) error {
	d, err := b.removeDeadLetter(record)
	if err != nil {
		return err
	}
	h := format.ResponseHeader{Previous: record.Last, Accepted: d.Accepted, Failures: d.Failures}
	seq, err := b.writeDrop(why, &d.Package, d.Attempts, h)
	return errors.Join(err, b.setID(d.Package.ID, format.IDRecord{State: format.IDFinal, Number: record.Number, Last: seq}))
}

func (b *builder) dropQueued(why dropReason, id string, record format.IDRecord) (done bool, err error) {
	q, err := read.Package(b.reader, record.Number)
	if errors.Is(err, read.ErrDamaged) || errors.Is(err, pebble.ErrNotFound) {
		if done, wrong := b.dropDamaged(why, record.Number, id); done || wrong != nil {
			return done, wrong
		}
	}
	if err != nil {
		return false, err
	}
	l, err := b.lane(format.LaneName(q.Package.Lane()))
	if err != nil {
		return false, err
	}
	if b.memory.IsLeased(l.name, record.Number) {
		return false, nil
	}
	var front format.Slot
	if at := l.Slot(record.Number); at != nil {
		front = *at
	}
	seq, err := b.writeDrop(why, &q.Package, front.Attempts, format.ResponseHeader{
		Previous: cmp.Or(front.Previous, q.Previous), Accepted: q.Accepted, Failures: front.Failures,
	})
	err = errors.Join(
		err,
		b.dequeue(record.Number, q.Package.ID, format.IDRecord{State: format.IDFinal, Number: record.Number, Last: seq}),
		b.removeUnleased(&q.Package, record.Number),
	)
	return err == nil, err
}

// removeUnleased takes a package that is not leased out of its lane.
func (b *builder) removeUnleased(p *engine.Package, number uint64) error {
	session := p.Kind == engine.KindSession
	l, err := b.lane(format.LaneName(p.Lane()))
	if err != nil {
		return err
	}
	if l.Slot(number) == nil {
		return b.removeBehind(l, number, session)
	}
	claimed, was := b.claim(l), l.Next().Place
	if err := b.removeFromLane(l, number, session); err != nil {
		return err
	}
	if err := b.saveLane(l, was); err != nil {
		return err
	}
	if !claimed {
		b.cancelOffer(l) // whoever has leased it offers it
	}
	return nil
}

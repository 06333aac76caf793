package disk

import (
	"errors"
	"fmt"

	"trackhook/engine/disk/internal/format"

	"github.com/cockroachdb/pebble/v2"
)

// withdraw removes packages that reached the disk although their Append returned an error, as a failed fsync can leave
// them: all whose number is above the newest that was durable. Dead letters that were put back are not withdrawn: they
// would be lost, and that a Retry was made although it returned an error harms nobody.
func (db *database) withdraw(durable uint64) error {
	if db.durable.Packages <= durable {
		return nil
	}
	w := newWriter(db)
	g := &group{batch: db.pebble.NewIndexedBatch()}
	b := &builder{writer: w, group: g, now: db.clock.now(), reader: g.batch}
	w.groupNumber++
	err := error(nil)
	for n := db.durable.Packages; n > durable && err == nil; n-- {
		err = errors.Join(b.withdraw(n), b.close())
	}
	if err = errors.Join(err, b.writeCounts(), b.close()); err != nil {
		return errors.Join(fmt.Errorf("withdraw package: %w", err), g.batch.Close())
	}
	w.value = format.AppendState(w.value[:0], &w.state)
	err = errors.Join(
		g.batch.Set(format.StateKey(w.key), w.value, nil),
		g.batch.Commit(pebble.Sync),
	)
	if err != nil {
		return fmt.Errorf("withdraw packages: %w", err)
	}
	db.durable = w.state
	clear(db.claims) // nothing was leased yet
	return nil
}

// withdraw removes one package. Its number is not used again.
func (b *builder) withdraw(n uint64) error {
	s, err := readPackage(b.reader, n)
	if errors.Is(err, pebble.ErrNotFound) {
		return nil
	}
	if err != nil || s.Previous != 0 {
		return err
	}
	row, err := b.count(format.CountKeyOf(&s.Package))
	if err != nil {
		return err
	}
	row.Accepted -= min(row.Accepted, 1)
	b.writer.state.Queued--
	err = errors.Join(
		b.batch.SingleDelete(format.PackageKey(nil, n), nil),
		b.batch.Delete(format.IDKey(nil, s.Package.ID), nil),
	)
	return errors.Join(err, b.removeUnleased(&s.Package, n))
}

// inherit takes over the leases of the database before this one. A settlement that reached the disk although Settle
// returned an error has ended its lease; it is not made twice.
func (db *database) inherit(before *database) error {
	before.mu.Lock()
	defer before.mu.Unlock()
	db.mu.Lock()
	defer db.mu.Unlock()
	db.handles = before.handles
	for handle, h := range before.leases {
		record, err := readLane(db.pebble, h.lane)
		if err != nil {
			return err
		}
		if front := record.Slot(h.number); front == nil || front.Previous != h.last {
			continue
		}
		again := *h
		again.settling = false
		db.leases[handle] = &again
		db.claims[h.lane] = laneClaim{leased: true, number: h.number}
		db.appLocked(format.AppOfLane(h.lane)).held++
	}
	return nil
}

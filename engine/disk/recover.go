package disk

import (
	"errors"
	"fmt"

	"trackhook/engine/disk/internal/format"
	"trackhook/engine/disk/internal/read"

	"github.com/cockroachdb/pebble/v2"
)

// withdraw removes packages that reached the disk although their Append returned an error, as a failed fsync can leave
// them: all whose number is above the newest that was durable. Dead letters that were put back are not withdrawn: they
// would be lost, and that a Retry was made although it returned an error harms nobody.
func (db *database) withdraw(durable uint64) error {
	newest := db.counts().Packages
	if newest <= durable {
		return nil
	}
	b := newBuilder(db)
	batch := db.pebble.NewIndexedBatch()
	b.begin(batch, batch)
	err := error(nil)
	for n := newest; n > durable && err == nil; n-- {
		err = errors.Join(b.withdraw(n), b.close())
	}
	if err = errors.Join(err, b.writeCounts(), b.close()); err != nil {
		return errors.Join(fmt.Errorf("withdraw package: %w", err), batch.Close())
	}
	b.value = format.AppendState(b.value[:0], &b.state)
	if err := errors.Join(batch.Set(format.StateKey(b.key), b.value, nil), batch.Commit(pebble.Sync)); err != nil {
		return fmt.Errorf("withdraw packages: %w", err)
	}
	db.memory.Withdrawn(b.state)
	db.withdrew = true
	return nil
}

// withdraw removes one package. Its number is not used again.
func (b *builder) withdraw(n uint64) error {
	q, err := read.Package(b.reader, n)
	if errors.Is(err, pebble.ErrNotFound) {
		return nil
	}
	if errors.Is(err, read.ErrDamaged) {
		b.log.Error().Err(err).Uint64("package", n).Msg("a package that was refused cannot be read; it stays queued")
		return nil
	}
	if err != nil || q.Previous != 0 {
		return err
	}
	row, err := b.count(format.CountKeyOf(&q.Package))
	if err != nil {
		return err
	}
	row.Accepted -= min(row.Accepted, 1)
	b.state.Queued--
	err = errors.Join(
		b.batch.Delete(format.PackageKey(nil, n), nil),
		b.batch.Delete(format.IDKey(nil, q.Package.ID), nil),
	)
	return errors.Join(err, b.removeUnleased(&q.Package, n))
}

// inherit takes over the leases of the database before this one. A settlement that reached the disk although Settle
// returned an error has ended its lease; it is not made twice.
func (db *database) inherit(before *database) error {
	held, handles := before.memory.Bequeath()
	for handle, one := range held {
		record, err := read.Lane(db.pebble, one.Lane)
		if err != nil && !errors.Is(err, read.ErrDamaged) {
			return err
		}
		// Of a lane that cannot be read, nothing says that the lease has ended.
		if front := record.Slot(one.Number); err == nil && (front == nil || front.Previous != one.Last) {
			delete(held, handle)
		}
	}
	db.memory.Inherit(held, handles)
	return nil
}

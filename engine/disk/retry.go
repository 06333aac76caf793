package disk

import (
	"context"
	"fmt"

	"trackhook/engine"
	"trackhook/engine/disk/internal/format"
)

// Retry implements [engine.Inspector]. A dead-letter area that is full does not stop it.
func (s *Store) Retry(ctx context.Context, ids ...string) (retried int, err error) {
	db, err := s.enter()
	if err != nil {
		return 0, fmt.Errorf("retry: %w", err)
	}
	defer db.calls.Done()
	if err := db.admit(len(ids), true); err != nil {
		return 0, fmt.Errorf("retry: %w", err)
	}
	defer db.endAdmission(len(ids))
	retried, err = db.edit(ctx, &editRequest{ids: ids, change: retryOne})
	if err != nil {
		return 0, fmt.Errorf("retry: %w", err)
	}
	return retried, nil
}

// retryOne puts a dead letter back at the end of its lane.
func retryOne(b *builder, _ string, record format.IDRecord, known bool) (done bool, err error) {
	if !known || record.State != format.IDDead {
		return false, nil
	}
	d, err := b.removeDeadLetter(record)
	if err != nil {
		return false, err
	}
	l, err := b.lane(format.LaneName(d.Package.Lane()))
	if err != nil {
		return false, err
	}
	value := format.AppendPackage(nil, d.Accepted, record.Last, &d.Package)
	err = b.enqueue(l, d.Package.ID, d.Package.Kind == engine.KindSession, value, record.Last)
	return err == nil, err
}

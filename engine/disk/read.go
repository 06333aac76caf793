package disk

import (
	"errors"
	"fmt"

	"trackhook/engine/disk/internal/format"

	"github.com/cockroachdb/pebble/v2"
)

// allOf bounds an iterator to the keys of a prefix.
func allOf(prefix format.Prefix) *pebble.IterOptions {
	lower, upper := prefix.Bounds()
	return &pebble.IterOptions{LowerBound: lower, UpperBound: upper}
}

// startingWith bounds an iterator to the keys that begin with start.
func startingWith(start []byte) *pebble.IterOptions {
	return &pebble.IterOptions{LowerBound: start, UpperBound: format.After(start)}
}

// scan calls visit for each key within bounds that can be read, and returns how often it met what cannot be.
func scan(db pebble.Reader, r *rot, bounds *pebble.IterOptions, visit func(key, value []byte) error) (holes int, err error) {
	w, err := newWalker(db, r, bounds)
	if err != nil {
		return 0, err
	}
	for valid := w.First(); valid; valid = w.Next() {
		value, err := w.Value()
		if err == nil {
			err = visit(w.Key(), value)
		}
		if err != nil {
			return len(w.holes), errors.Join(err, w.Close())
		}
	}
	return len(w.holes), w.Close()
}

// readLane reads a lane record. A lane that has none is empty. The error wraps errDamaged where it applies.
func readLane(db pebble.Reader, name string) (format.LaneRecord, error) {
	value, closer, err := db.Get(format.LaneKey(nil, name))
	if errors.Is(err, pebble.ErrNotFound) {
		return format.LaneRecord{}, nil
	}
	if err != nil {
		return format.LaneRecord{}, readError("read lane record", err)
	}
	record, err := format.DecodeLaneRecord(value)
	if err != nil {
		err = fmt.Errorf("%w: %w", errDamaged, err)
	}
	if err := errors.Join(err, closer.Close()); err != nil {
		return format.LaneRecord{}, err
	}
	return record, nil
}

// hasSession tells whether a session stands behind the front of a lane.
func hasSession(db pebble.Reader, lane string) (bool, error) {
	it, err := db.NewIter(startingWith(format.InLaneKey(nil, format.Sessions, lane)))
	if err != nil {
		return false, fmt.Errorf("read lane: %w", err)
	}
	some := it.First()
	if err := errors.Join(it.Error(), it.Close()); err != nil {
		return false, readError("read lane", err)
	}
	return some, nil
}

// readPackage reads a queued package. The error wraps errDamaged or pebble.ErrNotFound where it applies.
func readPackage(db pebble.Reader, number uint64) (format.QueuedPackage, error) {
	value, closer, err := db.Get(format.PackageKey(make([]byte, 0, 9), number))
	if err != nil {
		return format.QueuedPackage{}, readError("read package", err)
	}
	q, err := format.DecodePackage(value)
	if err != nil {
		err = fmt.Errorf("%w: %w", errDamaged, err)
	}
	return q, errors.Join(err, closer.Close())
}

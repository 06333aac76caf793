package disk

import (
	"errors"
	"fmt"

	"trackhook/engine/disk/internal/format"

	"github.com/cockroachdb/pebble/v2"
)

// errDamaged means that what is stored cannot be understood.
var errDamaged = errors.New("stored data is damaged")

// allOf bounds an iterator to the keys of a prefix.
func allOf(prefix format.Prefix) *pebble.IterOptions {
	lower, upper := prefix.Bounds()
	return &pebble.IterOptions{LowerBound: lower, UpperBound: upper}
}

// startingWith bounds an iterator to the keys that begin with start.
func startingWith(start []byte) *pebble.IterOptions {
	return &pebble.IterOptions{LowerBound: start, UpperBound: format.After(start)}
}

// scan calls visit for each key within bounds.
func scan(db pebble.Reader, bounds *pebble.IterOptions, visit func(key, value []byte) error) error {
	it, err := db.NewIter(bounds)
	if err != nil {
		return fmt.Errorf("read store: %w", err)
	}
	for valid := it.First(); valid; valid = it.Next() {
		value, err := it.ValueAndErr()
		if err == nil {
			err = visit(it.Key(), value)
		}
		if err != nil {
			return errors.Join(err, it.Close())
		}
	}
	if err := errors.Join(it.Error(), it.Close()); err != nil {
		return fmt.Errorf("read store: %w", err)
	}
	return nil
}

// readLane reads a lane record. A lane that has none is empty.
func readLane(db pebble.Reader, name string) (format.LaneRecord, error) {
	value, closer, err := db.Get(format.LaneKey(nil, name))
	if errors.Is(err, pebble.ErrNotFound) {
		return format.LaneRecord{}, nil
	}
	if err != nil {
		return format.LaneRecord{}, fmt.Errorf("read lane record: %w", err)
	}
	record, err := format.DecodeLaneRecord(value)
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
		return false, fmt.Errorf("read lane: %w", err)
	}
	return some, nil
}

// readPackage reads a queued package. The error wraps errDamaged or pebble.ErrNotFound where it applies.
func readPackage(db pebble.Reader, number uint64) (format.QueuedPackage, error) {
	value, closer, err := db.Get(format.PackageKey(make([]byte, 0, 9), number))
	if err != nil {
		return format.QueuedPackage{}, fmt.Errorf("read package: %w", err)
	}
	q, err := format.DecodePackage(value)
	if err != nil {
		err = fmt.Errorf("%w: %w", errDamaged, err)
	}
	return q, errors.Join(err, closer.Close())
}

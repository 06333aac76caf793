package read

import (
	"bytes"
	"errors"
	"fmt"

	"trackhook/engine/disk/internal/format"

	"github.com/cockroachdb/pebble/v2"
)

// AllOf bounds an iterator to the keys of a prefix.
func AllOf(prefix format.Prefix) *pebble.IterOptions {
	lower, upper := prefix.Bounds()
	return &pebble.IterOptions{LowerBound: lower, UpperBound: upper}
}

// StartingWith bounds an iterator to the keys that begin with start.
func StartingWith(start []byte) *pebble.IterOptions {
	return &pebble.IterOptions{LowerBound: start, UpperBound: format.After(start)}
}

// Scan calls visit for each key within bounds that can be read, and returns how often it met what cannot be.
func Scan(db pebble.Reader, r *Rot, bounds *pebble.IterOptions, visit func(key, value []byte) error) (holes int, err error) {
	w, err := NewWalker(db, r, bounds)
	if err != nil {
		return 0, err
	}
	for valid := w.First(); valid; valid = w.Next() {
		value, err := w.Value()
		if err == nil {
			err = visit(w.Key(), value)
		}
		if err != nil {
			return len(w.Holes()), errors.Join(err, w.Close())
		}
	}
	return len(w.Holes()), w.Close()
}

// Lane reads a lane record. A lane that has none is empty. The error wraps [ErrDamaged] where it applies.
func Lane(db pebble.Reader, name string) (format.LaneRecord, error) {
	value, closer, err := db.Get(format.LaneKey(nil, name))
	if errors.Is(err, pebble.ErrNotFound) {
		return format.LaneRecord{}, nil
	}
	if err != nil {
		return format.LaneRecord{}, Error("read lane record", err)
	}
	record, err := format.DecodeLaneRecord(value)
	if err != nil {
		err = fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	if err := errors.Join(err, closer.Close()); err != nil {
		return format.LaneRecord{}, err
	}
	return record, nil
}

// HasSession tells whether a session stands behind the front of a lane.
func HasSession(db pebble.Reader, lane string) (bool, error) {
	it, err := db.NewIter(StartingWith(format.InLaneKey(nil, format.Sessions, lane)))
	if err != nil {
		return false, fmt.Errorf("read lane: %w", err)
	}
	some := it.First()
	if err := errors.Join(it.Error(), it.Close()); err != nil {
		return false, Error("read lane", err)
	}
	return some, nil
}

// Package reads a queued package. The error wraps [ErrDamaged] or pebble.ErrNotFound where it applies.
func Package(db pebble.Reader, number uint64) (format.QueuedPackage, error) {
	value, closer, err := db.Get(format.PackageKey(make([]byte, 0, 9), number))
	if err != nil {
		return format.QueuedPackage{}, Error("read package", err)
	}
	q, err := format.DecodePackage(value)
	if err != nil {
		err = fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return q, errors.Join(err, closer.Close())
}

// Packages reads many queued packages that lie close together, block after block: in a long queue, what is sent next was accepted
// one after the other. A read alone looks through the memtables and all tables anew, which takes three times as long.
//
// The zero value is not usable. It is for one goroutine, and sees what was there when the first was read.
type Packages struct {
	db  *pebble.DB
	it  *pebble.Iterator // nil until needed
	key []byte
}

// NewPackages returns one that reads from a database. Whoever has it must close it.
func NewPackages(db *pebble.DB) *Packages { return &Packages{db: db} }

// Read reads a package, as [Package] does. What it cannot read at once is left to that, which tells why.
func (p *Packages) Read(number uint64) (format.QueuedPackage, error) {
	p.key = format.PackageKey(p.key, number)
	if !p.seek() {
		return Package(p.db, number)
	}
	value, err := p.it.ValueAndErr()
	if err != nil {
		return Package(p.db, number)
	}
	q, err := format.DecodePackage(value)
	if err != nil {
		return Package(p.db, number)
	}
	return q, nil
}

// seek moves to the key, and tells whether it is there.
func (p *Packages) seek() bool {
	if p.it == nil {
		it, err := p.db.NewIter(AllOf(format.Packages))
		if err != nil {
			return false
		}
		p.it = it
		return it.SeekGE(p.key) && bytes.Equal(it.Key(), p.key)
	}
	// The next one is often just that.
	if p.it.Valid() && bytes.Compare(p.it.Key(), p.key) < 0 && p.it.Next() && bytes.Equal(p.it.Key(), p.key) {
		return true
	}
	return p.it.SeekGE(p.key) && bytes.Equal(p.it.Key(), p.key)
}

// Close ends the reading. What could not be read was told by Read.
func (p *Packages) Close() {
	if p.it != nil {
		_ = p.it.Close()
	}
}

// LostCursor stands for the cursor of a listener that cannot be read. A listener must miss nothing, so that it is handed
// again all that nothing else says it has handled.
func LostCursor(db pebble.Reader, listener string, now int64) format.Cursor {
	c := format.Cursor{Touched: now}
	it, err := db.NewIter(StartingWith(format.StretchesKey(nil, listener)))
	if err == nil {
		if it.Last() {
			_, since, keyErr := format.CutNumber(it.Key())
			value, valueErr := it.ValueAndErr()
			if s, err := format.DecodeStretch(since, value); errors.Join(keyErr, valueErr, err) == nil {
				c.Seq = s.Until
			}
		}
		_ = it.Close() // what cannot be read says nothing
	}
	c.Since = c.Seq + 1
	return c
}

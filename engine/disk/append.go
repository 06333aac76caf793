package disk

import (
	"context"
	"errors"
	"fmt"
	"time"

	"trackhook/engine"
	"trackhook/engine/disk/internal/format"
)

// appendRequest puts packages at the ends of their lanes.
type appendRequest struct {
	ticket
	packages []encodedPackage
}

// encodedPackage is a package ready to be written.
type encodedPackage struct {
	id, lane string
	session  bool
	count    format.CountKey
	value    string // memory keeps it until the package is leased
}

// Append implements [engine.Queue].
func (s *Store) Append(ctx context.Context, packages ...engine.Package) error {
	db, err := s.enter()
	if err != nil {
		return fmt.Errorf("append: %w", err)
	}
	defer db.calls.Done()
	if err := db.append(ctx, packages); err != nil {
		return fmt.Errorf("append: %w", err)
	}
	return nil
}

func (db *database) append(ctx context.Context, packages []engine.Package) error {
	if len(packages) == 0 {
		return ctx.Err()
	}
	if err := db.admit(len(packages), false); err != nil {
		return err
	}
	defer db.endAdmission(len(packages))
	r, err := newAppendRequest(packages)
	if err != nil {
		return err
	}
	return db.submit(ctx, r)
}

// newAppendRequest encodes packages before they wait for the writer, so that many are encoded at once.
func newAppendRequest(packages []engine.Package) (*appendRequest, error) {
	now := time.Now()
	r := &appendRequest{packages: make([]encodedPackage, len(packages))}
	var space [1024]byte // most packages fit
	b := space[:0]
	for i := range packages {
		p := &packages[i]
		if p.ID == "" || p.Device == "" {
			return nil, fmt.Errorf("package %d has no ID or no device: it was not prepared", i)
		}
		if len(p.ID) > engine.MaxIDBytes {
			return nil, fmt.Errorf("package %d has an ID of %d bytes; at most %d are allowed", i, len(p.ID), engine.MaxIDBytes)
		}
		b = format.AppendLane(b[:0], p.Lane())
		lane := string(b)
		b = format.AppendPackage(b[:0], now, 0, p)
		r.packages[i] = encodedPackage{
			id: p.ID, lane: lane, session: p.Kind == engine.KindSession, count: format.CountKeyOf(p), value: string(b),
		}
		r.size += len(r.packages[i].value) + 128
	}
	return r, nil
}

func (r *appendRequest) write(b *builder) error {
	for i := range r.packages {
		if err := b.appendPackage(&r.packages[i]); err != nil {
			return err
		}
	}
	return nil
}

// appendPackage writes a package, unless its ID is known.
func (b *builder) appendPackage(p *encodedPackage) error {
	if known, err := b.knows(p.id); known || err != nil {
		return err
	}
	l, err := b.lane(p.lane)
	if err != nil {
		return err
	}
	row, err := b.count(p.count)
	if err != nil {
		return err
	}
	row.Accepted++
	if err := b.enqueue(l, p.id, p.session, p.value, 0); err != nil {
		return fmt.Errorf("write package: %w", err)
	}
	return nil
}

// enqueue writes a package and puts it at the end of its lane. last is its last response before.
func (b *builder) enqueue(l *lane, id string, session bool, value string, last uint64) error {
	b.state.Packages++
	b.state.Queued++
	n := b.state.Packages
	op := b.batch.SetDeferred(9, len(value))
	format.PackageKey(op.Key, n)
	copy(op.Value, value)
	err := op.Finish()
	b.fresh.Put(n, value)
	return errors.Join(err, b.setID(id, format.IDRecord{State: format.IDQueued, Number: n, Last: last}), b.addToLane(l, n, session))
}

// knows tells whether an ID is known, and remembers that it is now.
func (b *builder) knows(id string) (bool, error) {
	if _, ok := b.ids[id]; ok {
		return true, nil
	}
	b.key = format.IDKey(b.key, id)
	_, known, err := b.getSeldom(b.key)
	if known {
		_, known, err = b.get(b.key) // it may have been forgotten since
	}
	if known || err != nil {
		return known, err
	}
	if b.ids == nil {
		b.ids = make(map[string]struct{})
	}
	b.ids[id] = struct{}{}
	return false, nil
}

package disk

import (
	"context"
	"errors"
	"fmt"

	"trackhook/engine"
	"trackhook/engine/disk/internal/read"

	"github.com/cockroachdb/pebble/v2"
)

// errStale means that an entry of a window is not what is next in its lane any more.
var errStale = errors.New("entry is out of date")

func laneError(err error) error {
	if errors.Is(err, read.ErrDamaged) {
		return fmt.Errorf("%w: %w", errLane, err)
	}
	return err
}

// Lease implements [engine.Queue].
func (s *Store) Lease(ctx context.Context, limit int) ([]engine.Lease, error) {
	if limit < 1 {
		return nil, fmt.Errorf("lease: limit %d must be at least 1", limit)
	}
	db, err := s.enter()
	if err != nil {
		return nil, fmt.Errorf("lease: %w", err)
	}
	defer db.calls.Done()
	leases, err := db.lease(ctx, limit)
	if err != nil {
		return nil, fmt.Errorf("lease: %w", err)
	}
	return leases, nil
}

// lease looks into the windows until something is due. Only one caller does so at a time, so that a window is filled
// by one, and an entry that turns out to be out of date cannot hide its lane from another.
func (db *database) lease(ctx context.Context, limit int) ([]engine.Lease, error) {
	select {
	case db.leaseSlot <- struct{}{}:
		defer func() { <-db.leaseSlot }()
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-db.ended:
		return nil, db.cause()
	}
	for {
		if err := errors.Join(ctx.Err(), db.cause()); err != nil {
			return nil, err
		}
		due, next, news, fill := db.takeDue(limit)
		if len(due) > 0 {
			leases, err := db.handOut(due)
			if len(leases) > 0 || err != nil {
				return leases, err
			}
			continue
		}
		if fill != nil {
			if err := db.fillWindow(fill); err != nil {
				return nil, err
			}
			continue
		}
		if err := db.wait(ctx, news, next); err != nil {
			return nil, err
		}
	}
}

// takeDue takes what is due, as leaseTable.take does.
func (db *database) takeDue(limit int) (due []dueLane, next int64, news <-chan struct{}, fill *app) {
	db.memory.mu.Lock()
	defer db.memory.mu.Unlock()
	return db.memory.leases.take(db.clock.now(), limit)
}

// fillWindow reads the next part of an app's index. While it does, the window has no end, so that whatever is published
// meanwhile gets in; what was read twice is dropped by the window.
func (db *database) fillWindow(a *app) error {
	m := &db.memory
	m.mu.Lock()
	from := a.window.end
	a.window.end = everything()
	a.window.size = m.leases.windowSize()
	most := a.window.size
	m.mu.Unlock()

	found, end, err := db.readDue(a.name, from, most)

	m.mu.Lock()
	defer m.mu.Unlock()
	if err != nil {
		// What was published meanwhile stays, which is right: it is behind from, and a second entry does no harm.
		a.window.end = from
		return err
	}
	for _, e := range found {
		// A package that is not durable yet, and a lane that is claimed: both are added when it is their time.
		_, claimed := m.leases.claims[e.lane]
		if claimed || e.Number > m.durable.Packages || a.window.has(e.Number) {
			continue
		}
		a.window.add(e)
	}
	if end.Before(a.window.end) {
		a.window.cut(end)
	}
	return nil
}

// handOut reads the packages of lanes that were taken, and makes leases of them.
func (db *database) handOut(due []dueLane) ([]engine.Lease, error) {
	leases := make([]engine.Lease, 0, len(due))
	taken := make([]*lease, 0, len(due))
	for i := range due {
		e := &due[i]
		handed, held, err := db.readLease(e)
		switch {
		case errors.Is(err, errStale):
			db.putBack(due[i:i+1], false)
			// The writer knows what is next in the lane, and offers it.
			db.inbox.add(&offerRequest{lane: e.lane})
			continue
		case errors.Is(err, read.ErrDamaged):
			// One damaged package must not stop the others.
			db.recordDamage(e, err)
			continue
		case err != nil:
			// Nothing was handed out, so everything goes back.
			db.putBack(due, true)
			return nil, err
		}
		leases = append(leases, handed)
		taken = append(taken, held)
	}
	db.memory.mu.Lock()
	defer db.memory.mu.Unlock()
	table := &db.memory.leases
	for i := range leases {
		table.handles++
		leases[i].Handle = table.handles
		table.held[table.handles] = taken[i]
	}
	return leases, nil
}

// putBack frees lanes that were taken, as leaseTable.putBack does.
func (db *database) putBack(taken []dueLane, again bool) {
	db.memory.mu.Lock()
	defer db.memory.mu.Unlock()
	db.memory.leases.putBack(taken, again)
}

// readLease reads the next package of a lane.
func (db *database) readLease(e *dueLane) (engine.Lease, *lease, error) {
	if e.record == nil {
		record, err := read.Lane(db.pebble, e.lane)
		if err != nil {
			return engine.Lease{}, nil, laneError(err)
		}
		e.record = &record
	}
	front := e.record.Next()
	if front.Place != e.Place {
		return engine.Lease{}, nil, errStale
	}
	if e.record.Waiting && e.record.Session.Number == 0 {
		// A session that came while the head was leased is moved before it when the lease is settled. It never was when
		// there was a crash meanwhile.
		some, err := read.HasSession(db.pebble, e.lane)
		if err != nil {
			return engine.Lease{}, nil, laneError(err)
		}
		if some {
			return engine.Lease{}, nil, errStale
		}
	}
	q, err := read.Package(db.pebble, e.Number)
	if errors.Is(err, pebble.ErrNotFound) {
		return engine.Lease{}, nil, fmt.Errorf("%w: package %d is missing", read.ErrDamaged, e.Number)
	}
	if err != nil {
		return engine.Lease{}, nil, err
	}
	held := &lease{
		lane: e.lane, id: q.Package.ID, number: e.Number, accepted: q.Accepted, last: front.Previous, previous: q.Previous,
		session: q.Package.Kind == engine.KindSession,
	}
	return engine.Lease{
		Package: q.Package, Accepted: q.Accepted, Attempts: front.Attempts, Failures: front.Failures,
		Last: front.Last, Device: e.record.Device,
	}, held, nil
}

// offerRequest offers a lane whose entry turned out to be out of date.
type offerRequest struct {
	ticket
	lane  string
	aside bool // the lane cannot be read, and is held instead
}

func (r *offerRequest) write(b *builder) error {
	if r.aside {
		b.changes.held = append(b.changes.held, damage{lane: r.lane, whole: true})
		return nil
	}
	err := b.offerLane(r.lane)
	if errors.Is(err, read.ErrDamaged) {
		b.log.Error().Err(err).Msg("what is stored about a lane cannot be read; what is queued in it waits until the store is repaired, as with `trackhook store repair`")
		r.aside = true
		return againError{err}
	}
	return err
}

func (b *builder) offerLane(name string) error {
	l, err := b.lane(name)
	if err != nil || l.Empty() || !b.claim(l) {
		return err // whoever has leased it offers it
	}
	was := l.Next().Place
	if err := b.bringSessionUp(l); err != nil {
		return err
	}
	return b.saveLane(l, was)
}

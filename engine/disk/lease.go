package disk

import (
	"context"
	"errors"
	"fmt"

	"trackhook/engine"
	"trackhook/engine/disk/internal/format"
	"trackhook/engine/disk/internal/live"
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
		due, next, news, fill := db.memory.Take(db.clock.now(), limit)
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

// fillWindow reads the next part of an app's index.
func (db *database) fillWindow(f *live.Fill) error {
	found, end, err := db.readDue(f.Name, f.From, f.Most)
	if err != nil {
		db.memory.DropFill(f)
		return err
	}
	db.memory.EndFill(f, found, end)
	return nil
}

// handOut reads the packages of lanes that were taken, and makes leases of them.
func (db *database) handOut(due []live.DueLane) ([]engine.Lease, error) {
	leases := make([]engine.Lease, 0, len(due))
	taken := make([]*live.Lease, 0, len(due))
	packages := read.NewPackages(db.pebble)
	defer packages.Close()
	for i := range due {
		e := &due[i]
		handed, held, err := db.readLease(packages, e)
		switch {
		case errors.Is(err, errStale):
			db.memory.PutBack(due[i:i+1], false)
			// The writer knows what is next in the lane, and offers it.
			db.inbox.add(&offerRequest{lane: e.Lane})
			continue
		case errors.Is(err, read.ErrDamaged):
			// One damaged package must not stop the others.
			db.recordDamage(e, err)
			continue
		case err != nil:
			// Nothing was handed out, so everything goes back.
			db.memory.PutBack(due, true)
			return nil, err
		}
		leases = append(leases, handed)
		taken = append(taken, held)
	}
	first := db.memory.Hold(taken)
	for i := range leases {
		leases[i].Handle = first + uint64(i) //nolint:gosec // an index
	}
	return leases, nil
}

// readLease reads the next package of a lane.
func (db *database) readLease(packages *read.Packages, e *live.DueLane) (engine.Lease, *live.Lease, error) {
	if e.Record == nil {
		record, err := read.Lane(db.pebble, e.Lane)
		if err != nil {
			return engine.Lease{}, nil, laneError(err)
		}
		e.Record = &record
	}
	front := e.Record.Next()
	if front.Place != e.Place {
		return engine.Lease{}, nil, errStale
	}
	if e.Record.Waiting && e.Record.Session.Number == 0 {
		// A session that came while the head was leased is moved before it when the lease is settled. It never was when
		// there was a crash meanwhile.
		some, err := read.HasSession(db.pebble, e.Lane)
		if err != nil {
			return engine.Lease{}, nil, laneError(err)
		}
		if some {
			return engine.Lease{}, nil, errStale
		}
	}
	q, err := db.readPackage(packages, e.Number)
	if errors.Is(err, pebble.ErrNotFound) {
		return engine.Lease{}, nil, fmt.Errorf("%w: package %d is missing", read.ErrDamaged, e.Number)
	}
	if err != nil {
		return engine.Lease{}, nil, err
	}
	held := &live.Lease{
		Lane: e.Lane, ID: q.Package.ID, Number: e.Number, Accepted: q.Accepted, Last: front.Previous, Previous: q.Previous,
		Session: q.Package.Kind == engine.KindSession,
	}
	return engine.Lease{
		Package: q.Package, Accepted: q.Accepted, Attempts: front.Attempts, Failures: front.Failures,
		Last: front.Last, Device: e.Record.Device,
	}, held, nil
}

// readPackage reads a package, from memory where it came in of late.
//
// In a profile of a host that sends what it is given, looking up packages took a twentieth of all time.
func (db *database) readPackage(packages *read.Packages, number uint64) (format.QueuedPackage, error) {
	if value := db.fresh.Take(number); value != "" {
		return format.DecodePackageText(value)
	}
	return packages.Read(number)
}

// offerRequest offers a lane whose entry turned out to be out of date.
type offerRequest struct {
	ticket
	lane  string
	aside bool // the lane cannot be read, and is held instead
}

func (r *offerRequest) write(b *builder) error {
	if r.aside {
		b.changes.Held = append(b.changes.Held, live.Damage{Lane: r.lane, Whole: true})
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

// Limit implements [engine.Queue].
func (s *Store) Limit(bounded engine.App, leases int) {
	name := format.AppName(bounded)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return
	}
	if leases < 0 {
		delete(s.limits, name)
	} else {
		s.limits[name] = leases
	}
	if s.database != nil {
		s.database.memory.Limit(name, leases)
	}
}

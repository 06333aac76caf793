package disk

import (
	"context"
	"errors"
	"fmt"
	"time"

	"trackhook/engine"
	"trackhook/engine/disk/internal/format"

	"github.com/cockroachdb/pebble/v2"
)

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
		entries, next, news, fill := db.takeDue(limit)
		if len(entries) > 0 {
			leases, err := db.handOut(entries)
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

// wait waits for news, for the reading next of the clock (0: never), or for the end.
func (db *database) wait(ctx context.Context, news <-chan struct{}, next int64) error {
	var due <-chan time.Time
	if next > 0 {
		timer := time.NewTimer(time.Duration(next - db.clock.now()))
		defer timer.Stop()
		due = timer.C
	}
	select {
	case <-news:
		return nil
	case <-due:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-db.ended:
		return db.cause()
	}
}

// fillWindow reads the next part of an app's index. While it does, the window has no end, so that whatever is published
// meanwhile gets in; what was read twice is dropped by the window.
func (db *database) fillWindow(a *app) error {
	db.mu.Lock()
	from := a.window.end
	a.window.end = everything()
	a.window.size = db.windowSizeLocked()
	most := a.window.size
	db.mu.Unlock()

	found, end, err := db.readDue(a.name, from, most)

	db.mu.Lock()
	defer db.mu.Unlock()
	if err != nil {
		// What was published meanwhile stays, which is right: it is behind from, and a second entry does no harm.
		a.window.end = from
		return err
	}
	for _, e := range found {
		// A package that is not durable yet, and a lane that is busy: publish adds both when it is their time.
		_, isBusy := db.claims[e.lane]
		if isBusy || e.Number > db.durable.Packages || a.window.has(e.Number) {
			continue
		}
		a.window.add(e)
	}
	if end.Before(a.window.end) {
		a.window.cut(end)
	}
	return nil
}

// readDue reads entries of an app's index that lie behind a place, at most so many. end is the place up to which it has
// read.
func (db *database) readDue(name string, from format.Place, most int) (found []dueLane, end format.Place, err error) {
	it, err := db.pebble.NewIter(&pebble.IterOptions{
		LowerBound: format.DueKey(nil, name, from), UpperBound: format.After(format.DueAppKey(nil, name)),
	})
	if err != nil {
		return nil, format.Place{}, fmt.Errorf("read what is due: %w", err)
	}
	end = everything()
	for valid := it.First(); valid; valid = it.Next() {
		_, at, err := format.CutDueKey(it.Key())
		if err != nil {
			return nil, format.Place{}, errors.Join(err, it.Close())
		}
		if at == from {
			continue
		}
		found = append(found, dueLane{Place: at, lane: name + string(it.Value())})
		if len(found) == most {
			end = at
			break
		}
	}
	if err := errors.Join(it.Error(), it.Close()); err != nil {
		return nil, format.Place{}, fmt.Errorf("read what is due: %w", err)
	}
	return found, end, nil
}

// handOut reads the packages of lanes that were taken, and makes leases of them.
func (db *database) handOut(entries []dueLane) ([]engine.Lease, error) {
	leases := make([]engine.Lease, 0, len(entries))
	taken := make([]*lease, 0, len(entries))
	for i := range entries {
		e := &entries[i]
		lease, h, err := db.readLease(e)
		switch {
		case errors.Is(err, errStale):
			db.putBack(entries[i:i+1], false)
			// The writer knows what is next in the lane, and offers it.
			db.submitLater(&request{offer: e.lane})
			continue
		case errors.Is(err, errDamaged):
			// One damaged package must not stop the others.
			db.recordDamage(e, err)
			continue
		case err != nil:
			// Nothing was handed out, so everything goes back.
			db.putBack(entries, true)
			return nil, err
		}
		leases = append(leases, lease)
		taken = append(taken, h)
	}
	db.mu.Lock()
	defer db.mu.Unlock()
	for i := range leases {
		db.handles++
		leases[i].Handle = db.handles
		db.leases[db.handles] = taken[i]
	}
	return leases, nil
}

// putBack frees lanes that were taken and not handed out, save those that are held because of damage. again offers them
// anew.
func (db *database) putBack(entries []dueLane, again bool) {
	db.mu.Lock()
	defer db.mu.Unlock()
	for _, e := range entries {
		if !db.claims[e.lane].leased {
			continue // it was put back as stale
		}
		if d, held := db.damaged[e.Number]; held && d.lane == e.lane {
			continue // its place under the limit is free already
		}
		delete(db.claims, e.lane)
		db.releaseLocked(e.lane)
		if again {
			db.addLocked(e)
		}
	}
}

var (
	// errStale means that an entry of a window is not what is next in its lane any more.
	errStale = errors.New("entry is out of date")
	// errDamaged means that what is stored cannot be understood.
	errDamaged = errors.New("stored data is damaged")
)

// readLease reads the next package of a lane.
func (db *database) readLease(e *dueLane) (engine.Lease, *lease, error) {
	if e.record == nil {
		record, err := readLane(db.pebble, e.lane)
		if err != nil {
			return engine.Lease{}, nil, err
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
		if some, err := hasSession(db.pebble, e.lane); some || err != nil {
			return engine.Lease{}, nil, errors.Join(err, errStale)
		}
	}
	s, err := readPackage(db.pebble, e.Number)
	if errors.Is(err, pebble.ErrNotFound) {
		return engine.Lease{}, nil, fmt.Errorf("%w: package %d is missing", errDamaged, e.Number)
	}
	if err != nil {
		return engine.Lease{}, nil, err
	}
	h := &lease{
		lane: e.lane, id: s.Package.ID, number: e.Number, accepted: s.Accepted, last: front.Previous, previous: s.Previous,
		session: s.Package.Kind == engine.KindSession,
	}
	return engine.Lease{
		Package: s.Package, Accepted: s.Accepted, Attempts: front.Attempts, Failures: front.Failures,
		Last: front.Last, Device: e.record.Device,
	}, h, nil
}

// readPackage reads a queued package. The error wraps errDamaged or pebble.ErrNotFound where it applies.
func readPackage(db pebble.Reader, number uint64) (format.QueuedPackage, error) {
	value, closer, err := db.Get(format.PackageKey(make([]byte, 0, 9), number))
	if err != nil {
		return format.QueuedPackage{}, fmt.Errorf("read package: %w", err)
	}
	s, err := format.DecodePackage(value)
	if err != nil {
		err = fmt.Errorf("%w: %w", errDamaged, err)
	}
	return s, errors.Join(err, closer.Close())
}

// hasSession tells whether a session stands behind the front of a lane.
func hasSession(db pebble.Reader, lane string) (bool, error) {
	prefix := format.InLaneKey(nil, format.Sessions, lane)
	it, err := db.NewIter(startingWith(prefix))
	if err != nil {
		return false, fmt.Errorf("read lane: %w", err)
	}
	some := it.First()
	if err := errors.Join(it.Error(), it.Close()); err != nil {
		return false, fmt.Errorf("read lane: %w", err)
	}
	return some, nil
}

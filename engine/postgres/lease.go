package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"trackhook/engine"
)

// heldLease is what the store remembers of a lease.
type heldLease struct {
	*lane
	stream, number     int64
	id                 string
	kind               engine.Kind
	event              string // its token
	created, accepted  int64
	session            bool
	attempts, failures int
	last               engine.Outcome
	body               []byte
}

// Lease implements [engine.Queue].
func (s *Store) Lease(ctx context.Context, limit int) ([]engine.Lease, error) {
	ctx, done, err := s.enter(ctx)
	if err != nil {
		return nil, fmt.Errorf("lease: %w", err)
	}
	defer done()
	if limit < 1 {
		return nil, fmt.Errorf("lease: limit %d must be at least 1", limit)
	}
	ctx, end := s.waits(ctx)
	defer end()
	leases, err := patiently(ctx, s, func() ([]engine.Lease, error) {
		if err := s.send(ctx); err != nil {
			return nil, err
		}
		return s.lease(ctx, limit)
	})
	if err != nil {
		return nil, fmt.Errorf("lease: %w", failed(ctx, err))
	}
	return leases, nil
}

// send makes this host one that takes its share of the lanes. One that only accepts and looks owns none, so that nothing
// waits there for somebody who sends.
func (s *Store) send(ctx context.Context) error {
	s.mu.Lock()
	sends := s.sends
	s.sends = true
	s.mu.Unlock()
	if sends {
		return nil
	}
	if _, err := s.roundNow(ctx); err != nil {
		s.mu.Lock()
		s.sends = false
		s.mu.Unlock()
		return err
	}
	s.notices.tell(noticeHosts)
	return nil
}

// lease looks for lanes until some are due.
func (s *Store) lease(ctx context.Context, limit int) ([]engine.Lease, error) {
	for {
		leases, changed, wait, err := s.tryLease(ctx, limit)
		if len(leases) > 0 || err != nil {
			return leases, err
		}
		if err := pause(ctx, changed, wait); err != nil {
			return nil, err
		}
	}
}

// tryLease looks once. One caller does so at a time. When nothing is due it returns what to wait for, and for how long.
func (s *Store) tryLease(ctx context.Context, limit int) (leases []engine.Lease, changed <-chan struct{}, wait time.Duration, err error) {
	select {
	case s.leaseSlot <- struct{}{}:
		defer func() { <-s.leaseSlot }()
	case <-ctx.Done():
		return nil, nil, 0, ctx.Err()
	}
	s.mu.Lock()
	book, inc := s.book, s.host
	if time.Now().After(inc.until) {
		// It may own nothing any more. The next round tells.
		book.waiting = true
		defer s.mu.Unlock()
		s.askRound()
		return nil, book.changed, pollEvery / 4, nil
	}
	strange := book.strange
	book.strange = false
	s.mu.Unlock()
	if strange {
		if err := s.loadApps(ctx); err != nil {
			return nil, nil, 0, err
		}
	}
	s.mu.Lock()
	refill, scan := book.stale(s.clock.now())
	s.mu.Unlock()
	if err := s.readOn(ctx, book, refill, scan); err != nil {
		return nil, nil, 0, err
	}
	s.mu.Lock()
	now := s.clock.now()
	due := book.take(now, limit)
	if len(due) > 0 {
		s.mu.Unlock()
		leases, err := s.handOut(ctx, book, inc, due)
		return leases, nil, 0, err
	}
	defer s.mu.Unlock()
	if refill, scan := book.stale(now); len(refill)+len(scan) > 0 || book.strange {
		return nil, nil, 0, nil
	}
	book.waiting = true
	if next := book.next(); next != noTime {
		return nil, book.changed, time.Duration(next - now), nil
	}
	return nil, book.changed, 1 << 50, nil
}

// pause waits for a change, or for some time.
func pause(ctx context.Context, changed <-chan struct{}, wait time.Duration) error {
	again := time.NewTimer(max(wait, 0))
	defer again.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-changed:
	case <-again.C:
	}
	return nil
}

// handOut reads what is next in lanes, and makes leases of what is due.
func (s *Store) handOut(ctx context.Context, book *book, inc *incarnation, due []*lane) ([]engine.Lease, error) {
	found, err := s.fronts(ctx, inc, due)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.book != book {
		return nil, nil // all of that is another host's now
	}
	now := s.clock.now()
	leases := make([]engine.Lease, 0, len(due))
	for i, l := range due {
		a := book.app(l.app)
		f := found[i]
		_, owned := book.owned[l.partition]
		switch {
		case err != nil:
			a.held--
			book.queue(l, l.due)
		case f == nil && l.more, !owned && f != nil:
			a.held--
			book.queue(l, now) // something came meanwhile
		case f == nil:
			a.held--
			book.forget(l)
		case f.due > now:
			a.held--
			l.more = l.more || f.more
			book.wait(l, f.due)
		default:
			l.more = l.more || f.more
			leases = append(leases, s.hold(f, l))
		}
	}
	return leases, err
}

// hold makes a lease. The lock is held.
func (s *Store) hold(f *front, l *lane) engine.Lease {
	s.handle++
	f.lane, l.order = l, f.number
	held := f.heldLease
	s.held[s.handle] = &held
	s.apps.mu.RLock()
	app := s.apps.byID[l.app]
	s.apps.mu.RUnlock()
	lease := engine.Lease{
		Package:  engine.Package{ID: f.id, App: app, Device: l.device, Created: moment(f.created)},
		Attempts: f.attempts, Failures: f.failures, Last: f.last, Accepted: moment(f.accepted), Device: f.device, Handle: s.handle,
	}
	if err := readPackage(f.body, &lease.Package); err != nil {
		s.cfg.Log.Error().Err(err).Msg("what is stored of a package cannot be read")
	}
	held.kind, held.event = lease.Package.Kind, lease.Package.EventToken()
	*s.held[s.handle] = held
	return lease
}

// Limit implements [engine.Queue].
func (s *Store) Limit(app engine.App, leases int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.limits[app] = leases
	if leases < 0 {
		delete(s.limits, app)
	}
	s.apps.mu.RLock()
	id, known := s.apps.byApp[app]
	s.apps.mu.RUnlock()
	if known {
		s.book.app(id).limit = leases
		s.book.news()
	}
}

// errLostLease means that all leases of a call were lost.
var errLostLease = errors.New("the host was declared lost")

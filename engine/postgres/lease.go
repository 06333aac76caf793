package postgres

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"trackhook/engine"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
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

// front is what is next in a lane.
type front struct {
	heldLease
	due    int64
	waits  bool // the head of the lane waits for a session
	more   bool
	device engine.Device
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
	if err := s.send(ctx); err != nil {
		return nil, fmt.Errorf("lease: %w", failed(ctx, err))
	}
	leases, err := s.lease(ctx, limit)
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
	if err := s.roundNow(ctx); err != nil {
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

// readOn reads on in the index of what is due of some apps, and in the streams of some.
func (s *Store) readOn(ctx context.Context, book *book, refill, scan []*appLanes) error {
	for _, a := range refill {
		if err := s.refill(ctx, book, a); err != nil {
			return err
		}
	}
	for _, a := range scan {
		if err := s.scan(ctx, book, a); err != nil {
			return err
		}
	}
	return nil
}

// refill reads the next lanes that were attempted or given back.
func (s *Store) refill(ctx context.Context, book *book, a *appLanes) error {
	s.mu.Lock()
	from, partitions, most := a.horizon, book.partitions(), max(book.window/8, 1)
	s.mu.Unlock()
	type row struct {
		key    laneKey
		due    int64
		number int64
	}
	found, err := rows(ctx, s.work, s.sql["due"], func(r pgx.Rows) (one row, err error) {
		var device []byte
		err = r.Scan(&one.key.partition, &device, &one.due, &one.number)
		one.key.app, one.key.device = a.id, string(device)
		return one, err
	}, a.id, from.due, from.number, partitions, most)
	if err != nil {
		return fmt.Errorf("read what is due: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if a.horizon != from || s.book != book {
		return nil // it was changed meanwhile, and is read anew
	}
	if a.complete = len(found) < most; a.complete {
		a.horizon = duePlace{}
	} else {
		a.horizon = duePlace{found[len(found)-1].due, found[len(found)-1].number}
	}
	now := s.clock.now()
	for _, one := range found {
		if book.lanes[one.key] != nil {
			continue
		}
		if leaving, owned := book.owned[one.key.partition]; leaving || !owned {
			continue
		}
		l := book.add(one.key, one.number)
		if one.due <= now {
			book.queue(l, one.due)
		} else {
			book.wait(l, one.due)
		}
	}
	return nil
}

// partitions returns those that lease.
func (b *book) partitions() []int16 {
	all := make([]int16, 0, len(b.owned))
	for partition, leaving := range b.owned {
		if !leaving {
			all = append(all, partition)
		}
	}
	return all
}

// scan reads on in the streams of an app that may have more.
func (s *Store) scan(ctx context.Context, book *book, a *appLanes) error {
	var partitions []int16
	var apps []int32
	var streams, positions []int64
	var at []*position
	s.mu.Lock()
	for _, partition := range book.partitions() {
		for _, stream := range book.streams {
			p := book.at(streamKey{partition, a.id, stream})
			if !p.behind {
				continue
			}
			p.missed = false
			partitions, apps = append(partitions, partition), append(apps, a.id)
			streams, positions, at = append(streams, stream), append(positions, p.number), append(at, p)
		}
	}
	a.scan = false
	most := max(book.window/2/max(len(at), 1), 1)
	s.mu.Unlock()
	if len(at) == 0 {
		return nil
	}
	type row struct {
		place, number, due int64
		device             string
	}
	found, err := rows(ctx, s.work, s.sql["scan"], func(r pgx.Rows) (one row, err error) {
		var device []byte
		err = r.Scan(&one.place, &one.number, &device, &one.due)
		one.device = string(device)
		return one, err
	}, partitions, apps, streams, positions, most)
	s.mu.Lock()
	defer s.mu.Unlock()
	if err != nil {
		a.scan = true
		return fmt.Errorf("read what was accepted: %w", err)
	}
	counts := make([]int, len(at))
	stuck := make([]bool, len(at))
	for _, one := range found {
		i := one.place - 1
		counts[i]++
		if stuck[i] {
			continue
		}
		if !book.hint(laneKey{partitions[i], a.id, one.device}, one.due, one.number, true) {
			stuck[i] = true
			continue
		}
		at[i].number = max(at[i].number, one.number)
	}
	for i, p := range at {
		p.behind = stuck[i] || p.missed || counts[i] >= most
		a.scan = a.scan || p.behind
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

// fronts reads what is next in lanes: nil where there is nothing. Before, it notes for a successor that they may be in flight.
func (s *Store) fronts(ctx context.Context, inc *incarnation, lanes []*lane) ([]*front, error) {
	for _, l := range lanes {
		if _, err := s.named(ctx, l.app); err != nil {
			return make([]*front, len(lanes)), err
		}
	}
	all := make([]*front, len(lanes))
	if err := s.noteFlight(ctx, inc, lanes); err != nil {
		return all, err
	}
	return s.readFronts(ctx, s.work, lanes)
}

// readFronts reads what is next in lanes: nil where there is nothing.
func (s *Store) readFronts(ctx context.Context, pool *pgxpool.Pool, lanes []*lane) ([]*front, error) {
	all := make([]*front, len(lanes))
	partitions, apps, devices := make([]int16, len(lanes)), make([]int32, len(lanes)), make([][]byte, len(lanes))
	for i, l := range lanes {
		partitions[i], apps[i], devices[i] = l.partition, l.app, []byte(l.device)
	}
	_, err := rows(ctx, pool, s.sql["fronts"], func(r pgx.Rows) (none struct{}, err error) {
		f := &front{}
		var place int64
		var id, adid []byte
		var session, due *int64
		var attempts, failures int32
		var last int16
		err = r.Scan(&place, &f.stream, &f.number, &id, &f.created, &f.accepted, &f.session, &due, &attempts, &failures, &last, &f.body,
			&f.waits, &adid, &session, &f.more)
		if err != nil {
			return none, err
		}
		f.id, f.attempts, f.failures, f.last = string(id), int(attempts), int(failures), engine.Outcome(last) //nolint:gosec // it was one
		if f.due = f.accepted; due != nil {
			f.due = *due
		}
		f.device.ADID = string(adid)
		if session != nil {
			f.device.Session = moment(*session)
		}
		all[place-1] = f
		return none, nil
	}, partitions, apps, devices)
	if err != nil {
		return make([]*front, len(lanes)), fmt.Errorf("read what is next: %w", err)
	}
	return all, nil
}

// noteFlight notes which lanes may be in flight, where there is another host that would let them rest.
func (s *Store) noteFlight(ctx context.Context, inc *incarnation, lanes []*lane) error {
	s.mu.Lock()
	if inc.others == 0 {
		s.mu.Unlock()
		return nil
	}
	marks := make([]byte, 0, 8*(len(s.held)+len(lanes)))
	for _, held := range s.held {
		marks = binary.BigEndian.AppendUint64(marks, held.mark())
	}
	s.mu.Unlock()
	for _, l := range lanes {
		marks = binary.BigEndian.AppendUint64(marks, l.mark())
	}
	if _, err := s.soft.Exec(ctx, s.sql["flight"], inc.number, marks); err != nil {
		return fmt.Errorf("note what is in flight: %w", err)
	}
	return nil
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

// hastenMost is how many lanes one step makes due.
const hastenMost = 1024

// Hasten implements [engine.Queue].
func (s *Store) Hasten(ctx context.Context, app engine.App, limit int) (hastened int, err error) {
	ctx, done, err := s.enter(ctx)
	if err != nil {
		return 0, fmt.Errorf("hasten: %w", err)
	}
	defer done()
	if limit < 1 {
		return 0, fmt.Errorf("hasten: limit %d must be at least 1", limit)
	}
	id, err := s.number(ctx, app)
	if err != nil {
		return 0, fmt.Errorf("hasten: %w", failed(ctx, err))
	}
	ctx, end := s.waits(ctx)
	defer end()
	hastened, err = s.hasten(ctx, id, limit)
	if err == nil && hastened < limit {
		var more int
		more, err = s.hastenElsewhere(ctx, id, limit-hastened)
		hastened += more
	}
	if err != nil {
		return hastened, fmt.Errorf("hasten: %w", failed(ctx, err))
	}
	return hastened, nil
}

// hasten makes lanes of partitions due that this host owns. Nothing is handed out meanwhile.
func (s *Store) hasten(ctx context.Context, app int32, limit int) (hastened int, err error) {
	select {
	case s.leaseSlot <- struct{}{}:
		defer func() { <-s.leaseSlot }()
	case <-ctx.Done():
		return 0, ctx.Err()
	}
	from := duePlace{s.clock.now(), 0}
	for hastened < limit {
		later, end, err := s.findLater(ctx, app, &from)
		if err != nil {
			return hastened, err
		}
		later = later[:min(len(later), limit-hastened)]
		n, err := s.hastenLanes(ctx, later)
		hastened += n
		if err != nil || end {
			return hastened, err
		}
	}
	return hastened, nil
}

// findLater reads the next lanes that wait for a time and not for a session.
func (s *Store) findLater(ctx context.Context, app int32, from *duePlace) (later []*front, end bool, err error) {
	s.mu.Lock()
	inc, partitions := s.host, s.book.partitions()
	s.mu.Unlock()
	found, err := rows(ctx, s.work, s.sql["due"], func(r pgx.Rows) (*lane, error) {
		var device []byte
		l := &lane{}
		err := r.Scan(&l.partition, &device, &l.due, &l.at)
		l.app, l.device = app, string(device)
		return l, err
	}, app, from.due, from.number, partitions, hastenMost)
	if err != nil || len(found) == 0 {
		return nil, true, err
	}
	*from = duePlace{found[len(found)-1].due, int64(found[len(found)-1].at)}
	end = len(found) < hastenMost
	idle := found[:0]
	s.mu.Lock()
	for _, l := range found {
		if known := s.book.lanes[l.laneKey]; known == nil || known.state != laneBusy {
			idle = append(idle, l)
		}
	}
	s.mu.Unlock()
	fronts, err := s.fronts(ctx, inc, idle)
	if err != nil {
		return nil, true, err
	}
	for i, f := range fronts {
		// It must be the row that is next, and not a head that waits for a session, unless that is what is next.
		if f != nil && f.number == int64(idle[i].at) && (!f.waits || f.session) {
			f.lane = idle[i]
			later = append(later, f)
		}
	}
	return later, end, nil
}

// hastenLanes makes lanes due, on disk and in memory.
func (s *Store) hastenLanes(ctx context.Context, later []*front) (hastened int, err error) {
	if len(later) == 0 {
		return 0, nil
	}
	partitions, apps := make([]int16, len(later)), make([]int32, len(later))
	streams, numbers := make([]int64, len(later)), make([]int64, len(later))
	for i, f := range later {
		partitions[i], apps[i], streams[i], numbers[i] = f.partition, f.app, f.stream, f.number
	}
	now := s.clock.now()
	if _, err := s.work.Exec(ctx, s.sql["hasten"], partitions, apps, streams, numbers, now); err != nil {
		return 0, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, f := range later {
		l := s.book.lanes[f.laneKey]
		if l == nil {
			if _, owned := s.book.owned[f.partition]; !owned {
				continue
			}
			l = s.book.add(f.laneKey, f.number)
		}
		s.book.queue(l, now+int64(i)-int64(len(later))) // in their order
	}
	return len(later), nil
}

// errLostLease means that all leases of a call were lost.
var errLostLease = errors.New("the host was declared lost")

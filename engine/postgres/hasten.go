package postgres

import (
	"context"
	"fmt"

	"trackhook/engine"

	"github.com/jackc/pgx/v5"
)

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

// HastenLane implements [engine.Queue].
func (s *Store) HastenLane(ctx context.Context, lane engine.Lane) (hastened bool, err error) {
	ctx, done, err := s.enter(ctx)
	if err != nil {
		return false, fmt.Errorf("hasten lane: %w", err)
	}
	defer done()
	id, err := s.number(ctx, lane.App)
	if err != nil {
		return false, fmt.Errorf("hasten lane: %w", failed(ctx, err))
	}
	ctx, end := s.waits(ctx)
	defer end()
	key := laneKey{s.partition(&lane), id, lane.Device}
	count, owned, err := s.hastenLane(ctx, key)
	if err == nil && !owned {
		count, err = s.hastenLaneElsewhere(ctx, key)
	}
	if err != nil {
		return false, fmt.Errorf("hasten lane: %w", failed(ctx, err))
	}
	return count > 0, nil
}

// hastenLane makes a lane due, if this host owns it. It is not handed out meanwhile.
func (s *Store) hastenLane(ctx context.Context, key laneKey) (hastened int, owned bool, err error) {
	select {
	case s.leaseSlot <- struct{}{}:
		defer func() { <-s.leaseSlot }()
	case <-ctx.Done():
		return 0, false, ctx.Err()
	}
	s.mu.Lock()
	inc, known := s.host, s.book.lanes[key]
	_, owned = s.book.owned[key.partition]
	busy := known != nil && known.state == laneBusy
	s.mu.Unlock()
	if !owned || busy {
		return 0, owned, nil
	}
	l := &lane{laneKey: key}
	fronts, err := s.fronts(ctx, inc, []*lane{l})
	if err != nil || fronts[0] == nil || fronts[0].due <= s.clock.now() {
		return 0, true, err
	}
	fronts[0].lane = l
	hastened, err = s.hastenLanes(ctx, fronts)
	return hastened, true, err
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

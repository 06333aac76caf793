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

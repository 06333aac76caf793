package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

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

package postgres

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
)

// leaver is a partition that is handed over: to whom, and since when it leases nothing more.
type leaver struct {
	heir  int64
	since time.Time
}

// share brings the partitions of this host up to its share, or down to it.
func (s *Store) share(ctx context.Context, inc *incarnation, senders []int64) error {
	type row struct {
		partition int16
		host      *int64
	}
	all, err := rows(ctx, s.soft, s.sql["partitions"], func(r pgx.Rows) (one row, err error) {
		var epoch int64
		err = r.Scan(&one.partition, &one.host, &epoch)
		return one, err
	})
	if err != nil {
		return fmt.Errorf("read partitions: %w", err)
	}
	if len(senders) == 0 {
		return nil
	}
	counts := map[int64]int{}
	for _, host := range senders {
		counts[host] = 0
	}
	counts[inc.number] = 0 // also when it sends nothing any more, and has a share of none
	var free []int16
	for _, one := range all {
		if one.host == nil {
			free = append(free, one.partition)
		} else if _, lives := counts[*one.host]; lives {
			counts[*one.host]++
		} else {
			free = append(free, one.partition)
		}
	}
	fair := map[int64]int{}
	for i, host := range senders {
		fair[host] = len(all) / len(senders)
		if i < len(all)%len(senders) {
			fair[host]++
		}
	}
	if more := fair[inc.number] - counts[inc.number]; more > 0 && len(free) > 0 {
		// Each host begins at another place, so that two seldom want the same.
		at := int(inc.number) % len(free)
		free = append(free[at:], free[:at]...)
		if err := s.claim(ctx, inc, free[:min(more, len(free))]); err != nil {
			return err
		}
	}
	s.plan(inc, counts, fair)
	return s.handOver(ctx, inc)
}

// claim takes partitions that nobody owns.
func (s *Store) claim(ctx context.Context, inc *incarnation, free []int16) error {
	taken, err := rows(ctx, s.work, s.sql["claim"], func(r pgx.Rows) (partition int16, err error) {
		var epoch int64
		err = r.Scan(&partition, &epoch)
		return partition, err
	}, inc.number, free)
	if err != nil {
		return fmt.Errorf("take partitions: %w", err)
	}
	return s.took(ctx, inc, taken)
}

// took begins to work on partitions.
func (s *Store) took(ctx context.Context, inc *incarnation, taken []int16) error {
	if len(taken) == 0 {
		return nil
	}
	if err := s.rest(ctx); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.host == inc {
		for _, partition := range taken {
			s.book.own(partition)
		}
	}
	s.cfg.Log.Debug().Int("partitions", len(taken)).Msg("took over devices")
	return nil
}

// plan chooses partitions to hand over to hosts that have fewer than their share: those first of which nothing is leased. One
// of which something stays leased for long goes on working here, and another is chosen.
func (s *Store) plan(inc *incarnation, counts, fair map[int64]int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	tired := map[int16]bool{}
	for partition, l := range inc.leaving {
		_, lives := counts[l.heir]
		if lives && (time.Since(l.since) < pollEvery || !s.sends) {
			counts[inc.number]--
			counts[l.heir]++
			continue
		}
		delete(inc.leaving, partition)
		tired[partition] = true
		if _, owned := s.book.owned[partition]; owned {
			s.book.owned[partition] = false
			s.book.reread()
		}
	}
	busy := map[int16]int{}
	for key, l := range s.book.lanes {
		if l.state == laneBusy {
			busy[key.partition]++
		}
	}
	mine := slices.SortedFunc(keys(s.book.owned), func(a, b int16) int { return busy[a] - busy[b] })
	for _, heir := range slices.Sorted(keys(counts)) {
		for _, partition := range mine {
			if counts[inc.number] <= fair[inc.number] || counts[heir] >= fair[heir] {
				break
			}
			if s.book.owned[partition] || tired[partition] {
				continue
			}
			s.book.owned[partition] = true
			s.book.idle(partition)
			inc.leaving[partition] = leaver{heir, time.Now()}
			counts[inc.number]--
			counts[heir]++
		}
	}
}

func keys[K comparable, V any](m map[K]V) func(func(K) bool) {
	return func(yield func(K) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// handOver gives partitions away of which nothing is leased.
func (s *Store) handOver(ctx context.Context, inc *incarnation) error {
	s.mu.Lock()
	var ready []int16
	var heirs []int64
	for partition, l := range inc.leaving {
		if s.book.idle(partition) == 0 {
			ready, heirs = append(ready, partition), append(heirs, l.heir)
		}
	}
	s.mu.Unlock()
	if len(ready) > 0 {
		if _, err := s.work.Exec(ctx, s.sql["hand over"], inc.number, ready, heirs); err != nil {
			return fmt.Errorf("hand partitions over: %w", err)
		}
		s.mu.Lock()
		for _, partition := range ready {
			delete(inc.leaving, partition)
			s.book.disown(partition)
		}
		s.mu.Unlock()
		s.notices.tell(noticeHosts)
	}
	return s.adopt(ctx, inc)
}

// adopt begins to work on partitions that others have given to this host, and forgets those that it has not.
func (s *Store) adopt(ctx context.Context, inc *incarnation) error {
	mine := map[int16]bool{}
	all, err := rows(ctx, s.soft, s.sql["partitions"], func(r pgx.Rows) (partition int16, err error) {
		var epoch int64
		var host *int64
		err = r.Scan(&partition, &host, &epoch)
		if err == nil && host != nil && *host == inc.number {
			mine[partition] = true
		}
		return partition, err
	})
	if err != nil {
		return fmt.Errorf("read partitions: %w", err)
	}
	s.mu.Lock()
	var taken []int16
	for _, partition := range all {
		_, known := s.book.owned[partition]
		if mine[partition] && !known {
			taken = append(taken, partition)
		}
	}
	s.mu.Unlock()
	return s.took(ctx, inc, taken)
}

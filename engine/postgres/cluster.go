package postgres

import (
	"context"
	"fmt"
	"time"

	"trackhook/engine"

	"github.com/jackc/pgx/v5"
)

// Holds implements [engine.Sharer].
func (s *Store) Holds(lease *engine.Lease) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, held := s.held[lease.Handle]
	return held && time.Now().Before(s.host.until)
}

// Yield implements [engine.Sharer].
func (s *Store) Yield() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.sends {
		s.sends = false
		s.askRound()
	}
}

// Now implements [engine.Sharer].
func (s *Store) Now() time.Time {
	now := time.Now()
	return now.Add(time.Unix(0, s.clock.now()).Sub(now.Round(0)))
}

// Shared implements [engine.Sharer].
func (s *Store) Shared() bool { return true }

// Hosts implements [engine.Sharer].
func (s *Store) Hosts(ctx context.Context) ([]engine.HostState, error) {
	ctx, done, err := s.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	s.mu.Lock()
	self, leased := s.host.number, len(s.held)
	s.mu.Unlock()
	hosts, err := s.readHosts(ctx)
	if err != nil {
		return nil, fmt.Errorf("list hosts: %w", failed(ctx, err))
	}
	lanes, owns := map[int64]int{}, map[int64][]string{}
	if _, err := rows(ctx, s.look, s.sql["partitions"], func(r pgx.Rows) (none struct{}, err error) {
		var partition int16
		var epoch int64
		var host *int64
		if err = r.Scan(&partition, &host, &epoch); err == nil && host != nil {
			lanes[*host]++
		}
		return none, err
	}); err != nil {
		return nil, fmt.Errorf("list hosts: %w", failed(ctx, err))
	}
	if _, err := rows(ctx, s.look, s.sql["claims"], func(r pgx.Rows) (none struct{}, err error) {
		var name []byte
		var host int64
		if err = r.Scan(&name, &host); err == nil {
			owns[host] = append(owns[host], string(name))
		}
		return none, err
	}); err != nil {
		return nil, fmt.Errorf("list hosts: %w", failed(ctx, err))
	}
	var all []engine.HostState
	for i := range hosts {
		h := &hosts[i]
		state := engine.HostState{
			ID: h.id, Name: h.name, Version: h.version, Started: moment(h.started), Seen: moment(h.seen),
			Lanes: lanes[h.number], Of: int(s.parts), Owns: owns[h.number], Leased: int(h.leased), Lost: h.ended || h.late,
		}
		if h.number == self {
			state.Leased = leased
			all = append([]engine.HostState{state}, all...)
			continue
		}
		if h.ended && h.seen < s.clock.now()-int64(day) {
			continue // only its stream matters
		}
		all = append(all, state)
	}
	return all, nil
}

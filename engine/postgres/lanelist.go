package postgres

import (
	"context"
	"fmt"
	"slices"

	"trackhook/engine"

	"github.com/jackc/pgx/v5"
)

// Lanes implements [engine.Inspector].
func (s *Store) Lanes(ctx context.Context, filter engine.Filter, page string, limit int) (lanes []engine.LaneState, next string, err error) {
	ctx, done, err := s.enter(ctx)
	if err != nil {
		return nil, "", fmt.Errorf("lanes: %w", err)
	}
	defer done()
	from, err := parsePlace(page)
	if err != nil {
		return nil, "", err
	}
	apps, err := s.listed(ctx, &filter, from.App)
	if err != nil {
		return nil, "", fmt.Errorf("lanes: %w", failed(ctx, err))
	}
	for _, app := range apps {
		device := []byte{}
		if from.App == app.app && from.Device != nil {
			device = from.Device
		}
		found, err := s.lanesOf(ctx, &filter, app, device, limit+1-len(lanes))
		if err != nil {
			return nil, "", fmt.Errorf("lanes: %w", failed(ctx, err))
		}
		if lanes = append(lanes, found...); len(lanes) > limit {
			last := lanes[limit-1].Lane
			return lanes[:limit], place{App: last.App, Device: []byte(last.Device)}.token(), nil
		}
	}
	return lanes, "", nil
}

// lanesOf reads the next lanes of an app.
func (s *Store) lanesOf(ctx context.Context, filter *engine.Filter, app listedApp, after []byte, limit int) ([]engine.LaneState, error) {
	partitions := s.allPartitions()
	if filter.Device != "" {
		lane := engine.Lane{App: app.app, Device: filter.Device}
		if string(after) >= filter.Device {
			return nil, nil
		}
		partitions = []int16{s.partition(&lane)}
		after, limit = []byte(filter.Device[:len(filter.Device)-1]), 1<<20
	}
	leased := s.leasedLanes()
	found, err := rows(ctx, s.look, s.sql["lanes of app"], func(r pgx.Rows) (l engine.LaneState, err error) {
		var partition int16
		var device, id, adid []byte
		var queued, accepted int64
		var due, session *int64
		if err := r.Scan(&partition, &device, &queued, &id, &accepted, &due, &l.Waiting, &adid, &session); err != nil {
			return l, err
		}
		l.Lane, l.Queued, l.Head = engine.Lane{App: app.app, Device: string(device)}, uint64(queued), string(id) //nolint:gosec // not negative
		if l.Due = moment(accepted); due != nil {
			l.Due = moment(*due)
		}
		l.Device.ADID = string(adid)
		if session != nil {
			l.Device.Session = moment(*session)
		}
		l.Leased = leased[laneKey{partition, app.id, l.Lane.Device}]
		return l, nil
	}, partitions, app.id, after, limit)
	if filter.Device != "" {
		found = slices.DeleteFunc(found, func(l engine.LaneState) bool { return l.Lane.Device != filter.Device })
	}
	return found, err
}

// leasedLanes returns the lanes of which this host holds leases.
func (s *Store) leasedLanes() map[laneKey]bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make(map[laneKey]bool, len(s.held))
	for _, held := range s.held {
		all[held.laneKey] = true
	}
	return all
}

package postgres

import (
	"context"
	"encoding/binary"
	"fmt"

	"trackhook/engine"

	"github.com/jackc/pgx/v5"
)

// front is what is next in a lane.
type front struct {
	heldLease
	due    int64
	waits  bool // the head of the lane waits for a session
	more   bool
	device engine.Device
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
func (s *Store) readFronts(ctx context.Context, pool *door, lanes []*lane) ([]*front, error) {
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

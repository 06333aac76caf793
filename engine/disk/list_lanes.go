package disk

import (
	"context"
	"errors"
	"fmt"

	"trackhook/engine"
	"trackhook/engine/disk/internal/format"
	"trackhook/engine/disk/internal/read"

	"github.com/cockroachdb/pebble/v2"
)

// Lanes implements [engine.Inspector]. Of the filter the app, the environment and the device count.
func (s *Store) Lanes(ctx context.Context, filter engine.Filter, page string, limit int) (rows []engine.LaneState, next string, err error) {
	filter.State = engine.Queued
	next, err = s.list(ctx, filter, page, limit, func(l *lister) error {
		rows, err = l.listLanes()
		return err
	})
	if err != nil {
		return nil, "", fmt.Errorf("list lanes: %w", err)
	}
	return rows, next, nil
}

// Device implements [engine.Inspector].
func (s *Store) Device(ctx context.Context, lane engine.Lane) (device engine.Device, err error) {
	err = s.view(ctx, func(v *view) error {
		record, err := read.Lane(v.snap, format.LaneName(lane))
		device = record.Device
		return err
	})
	if err != nil {
		return engine.Device{}, fmt.Errorf("read device: %w", err)
	}
	return device, nil
}

func (l *lister) listLanes() (rows []engine.LaneState, err error) {
	resumed := l.at.lane
	for !l.more {
		name, record, err := l.nextLane()
		if name == "" || err != nil {
			return rows, err
		}
		lane, takes, err := l.filterTakes(name)
		if err != nil {
			return nil, err
		}
		if takes && name != resumed {
			if len(rows) == l.limit {
				l.more = true
				break
			}
			row, err := l.laneState(lane, name, &record)
			if err != nil {
				return nil, err
			}
			rows = append(rows, row)
		}
		l.at = pagePosition{lane: name, dead: true}
		l.step()
	}
	return rows, nil
}

// laneState tells about a lane. Its packages are counted, however many there are, so that a page holds one lane at
// least.
func (l *lister) laneState(lane engine.Lane, name string, record *format.LaneRecord) (engine.LaneState, error) {
	front := record.Next()
	row := engine.LaneState{
		Lane: lane, Queued: 1, Due: l.view.database.clock.wall(front.Due), Waiting: front == &record.Head && record.Waiting,
		Device: record.Device,
	}
	if record.Session.Number != 0 {
		row.Queued++
	}
	err := l.behind(name, 0, func(uint64) bool {
		l.steps++
		row.Queued++
		return true
	})
	if err != nil {
		return row, err
	}
	q, err := read.Package(l.view.snap, front.Number)
	switch {
	case errors.Is(err, read.ErrDamaged) || errors.Is(err, pebble.ErrNotFound):
		l.view.database.cfg.Log.Error().Err(err).Uint64("package", front.Number).Msg("the next package of a lane cannot be read")
	case err != nil:
		return row, err
	}
	row.Head = q.Package.ID
	row.Leased = l.view.database.memory.IsLeased(name, 0)
	return row, nil
}

package disk

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"trackhook/engine"
	"trackhook/engine/disk/internal/format"
	"trackhook/engine/disk/internal/live"
	"trackhook/engine/disk/internal/read"

	"github.com/cockroachdb/pebble/v2"
)

// readDue reads entries of an app's index that lie behind a place, at most so many. end is the place up to which it has
// read. Of lanes whose entries cannot be read, the records say where those are.
func (db *database) readDue(name string, from format.Place, most int) (found []live.DueLane, end format.Place, err error) {
	w, err := read.NewWalker(db.pebble, db.rot, &pebble.IterOptions{
		LowerBound: format.DueKey(nil, name, from), UpperBound: format.After(format.DueAppKey(nil, name)),
	})
	if err != nil {
		return nil, format.Place{}, err
	}
	for valid := w.First(); valid && len(found) < most; valid = w.Next() {
		_, at, keyErr := format.CutDueKey(w.Key())
		device, valueErr := w.Value()
		if err := errors.Join(keyErr, valueErr); err != nil {
			return nil, format.Place{}, errors.Join(err, w.Close())
		}
		if at != from {
			found = append(found, live.DueLane{Place: at, Lane: name + string(device)})
		}
	}
	holes := w.Holes()
	if err := w.Close(); err != nil {
		return nil, format.Place{}, err
	}
	if len(holes) > 0 {
		hidden, err := db.findDue(name, from, holes)
		if err != nil {
			return nil, format.Place{}, err
		}
		found = append(found, hidden...)
		slices.SortFunc(found, live.DueLane.Compare)
		found = found[:min(len(found), most)]
	}
	end = live.Everything()
	if len(found) == most {
		end = found[most-1].Place
	}
	return found, end, nil
}

// findDue finds the lanes of an app that are due behind a place and whose entries in the index lie in holes. It reads the
// records of all lanes of the app.
func (db *database) findDue(name string, from format.Place, holes []read.Hole) (found []live.DueLane, err error) {
	var key []byte
	_, err = read.Scan(db.pebble, db.rot, read.StartingWith(format.LaneKey(nil, name)), func(laneKey, value []byte) error {
		record, err := format.DecodeLaneRecord(value)
		if err != nil || record.Empty() || !from.Before(record.Next().Place) {
			return nil //nolint:nilerr // a record that cannot be understood says nothing about where its entry is
		}
		key = format.DueKey(key, name, record.Next().Place)
		if slices.ContainsFunc(holes, func(h read.Hole) bool { return h.Has(key) }) {
			found = append(found, live.DueLane{Place: record.Next().Place, Lane: string(laneKey[1:])})
		}
		return nil
	})
	return found, err
}

// loadApps finds the apps that have something in the index of what is due, with a step for each. Where that cannot be
// read, all that have lanes may have something.
func (db *database) loadApps() error {
	apps, holes, err := db.appsOf(format.Due, func(key []byte) (string, error) {
		name, _, err := format.CutDueKey(key)
		return string(name), err
	})
	if err == nil && holes {
		var more []string
		more, _, err = db.appsOf(format.Lanes, func(key []byte) (string, error) {
			return format.AppOfLane(string(key[1:])), nil
		})
		apps = append(apps, more...)
	}
	if err != nil {
		return err
	}
	for _, name := range apps {
		db.memory.KnowApp(name)
	}
	return nil
}

// appsOf finds the apps in an index whose keys begin with them.
func (db *database) appsOf(index format.Prefix, cut func(key []byte) (string, error)) (apps []string, holes bool, err error) {
	w, err := read.NewWalker(db.pebble, db.rot, read.AllOf(index))
	if err != nil {
		return nil, false, err
	}
	for valid := w.First(); valid; {
		name, err := cut(w.Key())
		if err != nil {
			return nil, false, errors.Join(err, w.Close())
		}
		apps = append(apps, name)
		valid = w.SeekGE(format.After(append([]byte{byte(index)}, name...)))
	}
	return apps, len(w.Holes()) > 0, w.Close()
}

// hastenMost is how many lanes one durable step hastens.
const hastenMost = 1024

// Hasten implements [engine.Queue].
func (s *Store) Hasten(ctx context.Context, app engine.App, limit int) (hastened int, err error) {
	if limit < 1 {
		return 0, fmt.Errorf("hasten: limit %d must be at least 1", limit)
	}
	db, err := s.enter()
	if err != nil {
		return 0, fmt.Errorf("hasten: %w", err)
	}
	defer db.calls.Done()
	later, err := db.findLater(ctx, format.AppName(app), limit)
	if err != nil {
		return 0, fmt.Errorf("hasten: %w", err)
	}
	for lanes := range slices.Chunk(later, hastenMost) {
		r := &hastenRequest{ticket: ticket{size: 256 * len(lanes)}, lanes: lanes}
		if err := db.submit(ctx, r); err != nil {
			return hastened, fmt.Errorf("hasten: %w", err)
		}
		hastened += r.done
	}
	return hastened, nil
}

// HastenLane implements [engine.Queue].
func (s *Store) HastenLane(ctx context.Context, lane engine.Lane) (hastened bool, err error) {
	db, err := s.enter()
	if err != nil {
		return false, fmt.Errorf("hasten lane: %w", err)
	}
	defer db.calls.Done()
	name := format.LaneName(lane)
	record, err := read.Lane(db.pebble, name)
	switch {
	case err != nil:
		return false, fmt.Errorf("hasten lane: %w", err)
	case record.Empty() || record.Next().Due <= db.clock.now():
		return false, nil
	}
	r := &hastenRequest{ticket: ticket{size: 256}, lanes: []live.DueLane{{Place: record.Next().Place, Lane: name}}}
	if err := db.submit(ctx, r); err != nil {
		return false, fmt.Errorf("hasten lane: %w", err)
	}
	return r.done == 1, nil
}

// findLater finds lanes of an app that are due later and may be hastened, those first that are due first.
func (db *database) findLater(ctx context.Context, name string, limit int) (later []live.DueLane, err error) {
	for from := (format.Place{Due: db.clock.now(), Number: math.MaxUint64}); from != live.Everything() && len(later) < limit; {
		if err := errors.Join(ctx.Err(), db.cause()); err != nil {
			return nil, err
		}
		var found []live.DueLane
		if found, from, err = db.readDue(name, from, min(limit, hastenMost)); err != nil {
			return nil, err
		}
		for _, e := range found {
			if may, err := db.mayHasten(&e); err != nil {
				return nil, err
			} else if may && len(later) < limit {
				later = append(later, e)
			}
		}
	}
	return later, nil
}

// mayHasten tells whether a lane waits for a time, and not for a session. What is damaged of one is told when it is due.
func (db *database) mayHasten(e *live.DueLane) (bool, error) {
	record, err := read.Lane(db.pebble, e.Lane)
	if errors.Is(err, read.ErrDamaged) {
		return false, nil
	}
	return !record.Waiting || record.Next() == &record.Session, err
}

// hastenRequest makes lanes due now that are still where they were found.
type hastenRequest struct {
	ticket
	lanes []live.DueLane
	done  int // the answer
}

func (r *hastenRequest) write(b *builder) error {
	r.done = 0
	for i := range r.lanes {
		done, err := b.hastenLane(&r.lanes[i])
		if errors.Is(err, read.ErrDamaged) {
			// It must not stop the others, which are written again without it.
			b.log.Error().Err(err).Msg("what is stored about a lane cannot be read; it is left to its time")
			r.lanes = slices.Delete(r.lanes, i, i+1)
			return againError{err}
		}
		if err != nil {
			return fmt.Errorf("hasten lane: %w", err)
		}
		if done {
			r.done++
		}
	}
	return nil
}

func (b *builder) hastenLane(e *live.DueLane) (done bool, err error) {
	l, err := b.lane(e.Lane)
	if err != nil || l.Empty() || l.Next().Place != e.Place || !b.claim(l) {
		return false, err
	}
	l.Next().Due = b.now
	return true, b.saveLane(l, e.Place)
}

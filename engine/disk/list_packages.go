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

// Packages implements [engine.Inspector]. Packages of a lane come in the order in which they were accepted, and then its
// dead letters in the order of their burials. A page may hold less than limit before the end, or nothing, when the
// filter takes few.
func (s *Store) Packages(ctx context.Context, filter engine.Filter, page string, limit int) (rows []engine.PackageState, next string, err error) {
	next, err = s.list(ctx, filter, page, limit, func(l *lister) error {
		rows, err = l.listPackages()
		return err
	})
	if err != nil {
		return nil, "", fmt.Errorf("list packages: %w", err)
	}
	return rows, next, nil
}

func (l *lister) listPackages() (rows []engine.PackageState, err error) {
	resumed := l.at
	add := func(at pagePosition, state *engine.PackageState) {
		if l.matches(state) {
			if len(rows) == l.limit {
				l.more = true // and this is the first of the next page
				return
			}
			rows = append(rows, *state)
		}
		l.at = at
	}
	for !l.more {
		name, record, err := l.nextLane()
		if name == "" || err != nil {
			return rows, err
		}
		from := pagePosition{lane: name}
		if name == resumed.lane {
			from = resumed
		}
		_, takes, err := l.filterTakes(name)
		if err != nil {
			return nil, err
		}
		if takes && !record.Empty() && !from.dead {
			if err := l.queuedOf(name, &record, from.number, add); err != nil {
				return nil, err
			}
			from.number = 0
		}
		if err := l.deadOf(name, takes, from.number, add); err != nil {
			return nil, err
		}
		if !l.more && l.at.lane != name {
			l.at = pagePosition{lane: name, dead: true}
		}
		l.step()
	}
	return rows, nil
}

// queuedOf lists the queued packages of a lane whose number is greater than after.
func (l *lister) queuedOf(name string, record *format.LaneRecord, after uint64, add func(pagePosition, *engine.PackageState)) error {
	var failed error
	visit := func(number uint64) bool {
		if number <= after {
			return true
		}
		if !l.step() {
			return false
		}
		// Only packages in front have an outcome.
		if l.filter.Reason != 0 && record.Slot(number) == nil {
			l.at = pagePosition{lane: name, number: number}
			return true
		}
		q, err := read.Package(l.view.snap, number)
		switch {
		case errors.Is(err, read.ErrDamaged) || errors.Is(err, pebble.ErrNotFound):
			l.view.database.cfg.Log.Error().Err(err).Uint64("package", number).Msg("a queued package cannot be read; it is not listed")
		case err != nil:
			failed = err
			return false
		default:
			state, err := l.view.queued(record, number, &q)
			if errors.Is(err, read.ErrDamaged) || errors.Is(err, pebble.ErrNotFound) {
				l.view.database.cfg.Log.Error().Err(err).Uint64("package", number).Msg("the last response to a queued package cannot be read; it is listed without its message")
			} else if err != nil {
				failed = err
				return false
			}
			add(pagePosition{lane: name, number: number}, &state)
		}
		return !l.more
	}
	// The head is the first. The session stands somewhere behind it.
	if !visit(record.Head.Number) {
		return failed
	}
	session := record.Session.Number
	err := l.behind(name, after, func(number uint64) bool {
		if session != 0 && session < number {
			at := session
			if session = 0; !visit(at) {
				return false
			}
		}
		return visit(number)
	})
	if err == nil && failed == nil && !l.more && session != 0 {
		visit(session)
	}
	return errors.Join(err, failed)
}

// deadOf lists the dead letters of a lane that were buried after a response, and goes on to the next lane.
func (l *lister) deadOf(name string, takes bool, after uint64, add func(pagePosition, *engine.PackageState)) error {
	if l.deadLetters == nil || l.more {
		return nil
	}
	if takes && after > 0 {
		l.deadLetters.SeekGE(format.InLaneNumberKey(nil, format.DeadInLane, name, after+1))
	}
	for ; l.deadLetters.Valid() && !l.more; l.deadLetters.Next() {
		lane, seq, err := format.CutNumber(l.deadLetters.Key())
		if err != nil {
			return err
		}
		if string(lane) != name {
			break
		}
		if !l.step() {
			break
		}
		if !takes {
			l.at = pagePosition{lane: name, dead: true, number: seq}
			continue
		}
		state, err := l.view.dead(seq)
		if errors.Is(err, read.ErrDamaged) || errors.Is(err, pebble.ErrNotFound) {
			l.view.database.cfg.Log.Error().Err(err).Uint64("dead_letter", seq).Msg("a dead letter cannot be read; it is not listed")
			continue
		}
		if err != nil {
			return err
		}
		add(pagePosition{lane: name, dead: true, number: seq}, &state)
	}
	return l.deadLetters.Err()
}

// matches tells whether the filter takes a package of a lane that it takes.
func (l *lister) matches(p *engine.PackageState) bool {
	f := &l.filter
	switch {
	case f.Kind != "" && f.Kind != p.Package.Kind,
		f.EventToken != "" && f.EventToken != p.Package.Params["event_token"],
		f.Reason != 0 && f.Reason != p.Last,
		!f.After.IsZero() && p.Accepted.Before(f.After),
		!f.Before.IsZero() && !p.Accepted.Before(f.Before):
		return false
	default:
		return true
	}
}

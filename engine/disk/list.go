package disk

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"

	"trackhook/engine"
	"trackhook/engine/disk/internal/format"

	"github.com/cockroachdb/pebble/v2"
)

// listSteps bounds the lanes and packages that one call looks at. A page may be short, or empty, because of that; its
// token leads on.
const listSteps = 1 << 12

// pagePosition is a place in a list: of a package in the order of lanes, or of a lane.
type pagePosition struct {
	lane   string
	dead   bool   // behind the queued packages of the lane
	number uint64 // the last package that was listed, or seq of the last dead letter
}

// token writes a position as a token.
func (s pagePosition) token() string {
	b := []byte{0}
	if s.dead {
		b[0] = 1
	}
	return base64.RawURLEncoding.EncodeToString(append(format.AppendNumber(b, s.number), s.lane...))
}

func parsePage(page string) (pagePosition, error) {
	if page == "" {
		return pagePosition{}, nil
	}
	b, err := base64.RawURLEncoding.DecodeString(page)
	if err != nil || len(b) < 9 || b[0] > 1 {
		return pagePosition{}, fmt.Errorf("page %q: %w; take the token that the page before returned", page, engine.ErrNotFound)
	}
	return pagePosition{dead: b[0] == 1, number: binary.BigEndian.Uint64(b[1:]), lane: string(b[9:])}, nil
}

// lister lists what is in lanes, in their order.
type lister struct {
	*view
	filter engine.Filter
	limit  int
	steps  int
	at     pagePosition // all up to here was looked at
	more   bool         // there is more, or may be

	// The lanes that have a record, what is behind their fronts, and the dead letters. Iterators of what the filter
	// leaves out are nil.
	lanes, packages, deadLetters *pebble.Iterator
}

// list makes a lister, lets it work and closes it. It returns the token for the next page.
func (s *Store) list(ctx context.Context, filter engine.Filter, page string, limit int, work func(*lister) error) (string, error) {
	if limit < 1 {
		return "", fmt.Errorf("limit %d must be at least 1", limit)
	}
	from, err := parsePage(page)
	if err != nil {
		return "", err
	}
	next := ""
	err = s.view(ctx, func(v *view) error {
		l := &lister{view: v, filter: filter, limit: limit, at: from}
		err := l.open()
		if err == nil {
			if err = work(l); l.more {
				next = l.at.token()
			}
		}
		return errors.Join(err, l.close())
	})
	return next, err
}

// open opens the iterators where the list begins.
func (l *lister) open() (err error) {
	low := format.LanesOf(l.filter.AppToken, l.filter.Environment, l.filter.Device)
	from := max(l.at.lane, string(low))
	iterator := func(prefix format.Prefix) *pebble.Iterator {
		opts := &pebble.IterOptions{LowerBound: format.InLaneKey(nil, prefix, from), UpperBound: format.After(format.InLaneKey(nil, prefix, string(low)))}
		it, openErr := l.snap.NewIter(opts)
		err = errors.Join(err, openErr)
		return it
	}
	if l.filter.State != engine.Dead {
		l.lanes, l.packages = iterator(format.Lanes), iterator(format.Behind)
	}
	if l.filter.State != engine.Queued {
		l.deadLetters = iterator(format.DeadInLane)
	}
	if err != nil {
		return err
	}
	for _, it := range []*pebble.Iterator{l.lanes, l.packages, l.deadLetters} {
		if it != nil {
			it.First()
		}
	}
	return nil
}

func (l *lister) close() error {
	var err error
	for _, it := range []*pebble.Iterator{l.lanes, l.packages, l.deadLetters} {
		if it != nil {
			err = errors.Join(err, it.Error(), it.Close())
		}
	}
	return err
}

// step counts a step, and reports whether it may be made.
func (l *lister) step() bool {
	if l.steps++; l.steps > listSteps {
		l.more = true
	}
	return !l.more
}

// nextLane returns the next lane that has queued packages or dead letters, "" at the end. record is empty when it has
// dead letters only.
func (l *lister) nextLane() (name string, record format.LaneRecord, err error) {
	for l.lanes != nil && l.lanes.Valid() {
		lane := l.lanes.Key()[1:]
		if l.deadLetters != nil && l.deadLetters.Valid() && bytes.Compare(laneOfDeadLetter(l.deadLetters), lane) < 0 {
			break
		}
		value, err := l.lanes.ValueAndErr()
		if err != nil {
			return "", record, err
		}
		if record, err = format.DecodeLaneRecord(value); err != nil {
			return "", record, err
		}
		name = string(lane)
		if l.lanes.Next(); !record.Empty() {
			return name, record, nil
		}
		if !l.step() {
			l.at = pagePosition{lane: name, dead: true}
			return "", format.LaneRecord{}, nil
		}
	}
	if l.deadLetters == nil || !l.deadLetters.Valid() {
		return "", format.LaneRecord{}, nil
	}
	return string(laneOfDeadLetter(l.deadLetters)), format.LaneRecord{}, nil
}

func laneOfDeadLetter(it *pebble.Iterator) []byte {
	key := it.Key()
	return key[1:max(len(key)-8, 1)]
}

// filterTakes tells whether the filter takes a lane.
func (l *lister) filterTakes(name string) (engine.Lane, bool, error) {
	lane, err := format.CutLane([]byte(name))
	f := &l.filter
	return lane, (f.AppToken == "" || f.AppToken == lane.App.Token) &&
		(f.Environment == "" || f.Environment == lane.App.Environment) &&
		(f.Device == "" || f.Device == lane.Device), err
}

// behind calls visit with the numbers of the packages behind the front of a lane. It ends early when visit says so.
func (l *lister) behind(name string, from uint64, visit func(number uint64) bool) error {
	prefix := format.InLaneKey(nil, format.Behind, name)
	if !l.packages.Valid() || bytes.Compare(l.packages.Key(), prefix) < 0 || from > 0 {
		l.packages.SeekGE(format.AppendNumber(prefix, from))
	}
	for ; l.packages.Valid(); l.packages.Next() {
		lane, number, err := format.CutNumber(l.packages.Key())
		if err != nil {
			return err
		}
		if string(lane) != name || !visit(number) {
			break
		}
	}
	return l.packages.Error()
}

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
		s, err := readPackage(l.snap, number)
		switch {
		case errors.Is(err, errDamaged) || errors.Is(err, pebble.ErrNotFound):
			l.cfg.Log.Error().Err(err).Uint64("package", number).Msg("a queued package cannot be read; it is not listed")
		case err != nil:
			failed = err
			return false
		default:
			state := l.queued(record, number, &s)
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
		state, err := l.dead(seq)
		if err != nil {
			return err
		}
		add(pagePosition{lane: name, dead: true, number: seq}, &state)
	}
	return l.deadLetters.Error()
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
		Lane: lane, Queued: 1, Due: l.clock.wall(front.Due), Waiting: front == &record.Head && record.Waiting,
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
	s, err := readPackage(l.snap, front.Number)
	switch {
	case errors.Is(err, errDamaged) || errors.Is(err, pebble.ErrNotFound):
		l.cfg.Log.Error().Err(err).Uint64("package", front.Number).Msg("the next package of a lane cannot be read")
	case err != nil:
		return row, err
	}
	row.Head = s.Package.ID
	l.mu.Lock()
	defer l.mu.Unlock()
	row.Leased = l.claims[name].leased
	return row, nil
}

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
	"trackhook/engine/disk/internal/read"

	"github.com/cockroachdb/pebble/v2"
)

// listSteps bounds the lanes and packages that one call looks at. A page may be short, or empty, because of that; its
// token leads on.
const listSteps = 1 << 12

// lister lists what is in lanes, in their order.
type lister struct {
	view   *view
	filter engine.Filter
	limit  int
	steps  int
	at     pagePosition // all up to here was looked at
	more   bool         // there is more, or may be

	// The lanes that have a record, what is behind their fronts, and the dead letters. Iterators of what the filter
	// leaves out are nil.
	lanes, packages, deadLetters *read.Walker
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
	iterator := func(prefix format.Prefix) *read.Walker {
		opts := &pebble.IterOptions{LowerBound: format.InLaneKey(nil, prefix, from), UpperBound: format.After(format.InLaneKey(nil, prefix, string(low)))}
		it, openErr := read.NewWalker(l.view.snap, l.view.database.rot, opts)
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
	for _, it := range []*read.Walker{l.lanes, l.packages, l.deadLetters} {
		if it != nil {
			it.First()
		}
	}
	return nil
}

func (l *lister) close() error {
	var err error
	for _, it := range []*read.Walker{l.lanes, l.packages, l.deadLetters} {
		if it != nil {
			err = errors.Join(err, it.Close())
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
		value, err := l.lanes.Value()
		if err != nil {
			return "", record, err
		}
		name = string(lane)
		if record, err = format.DecodeLaneRecord(value); err != nil {
			l.view.database.cfg.Log.Error().Err(err).Msg("the record of a lane cannot be read; it is not listed")
			record = format.LaneRecord{}
		}
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

func laneOfDeadLetter(it *read.Walker) []byte {
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
	return l.packages.Err()
}

// pagePosition is a place in a list: of a package in the order of lanes, or of a lane.
type pagePosition struct {
	lane   string
	dead   bool   // behind the queued packages of the lane
	number uint64 // the last package that was listed, or seq of the last dead letter
}

// token writes a position as the token of the page that begins behind it.
func (p pagePosition) token() string {
	b := []byte{0}
	if p.dead {
		b[0] = 1
	}
	return base64.RawURLEncoding.EncodeToString(append(format.AppendNumber(b, p.number), p.lane...))
}

// parsePage is the inverse of token. The first page has no token.
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

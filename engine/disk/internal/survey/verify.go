package survey

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"trackhook/engine/disk/internal/folder"
	"trackhook/engine/disk/internal/format"
	"trackhook/engine/disk/internal/read"

	"github.com/cockroachdb/pebble/v2"
)

// Verify reads everything that is stored in cfg.Dir and says what is damaged and what does not fit together. It changes
// nothing there but the name of the owner. Nobody may have the store open.
func Verify(ctx context.Context, cfg Config) (*Report, error) {
	s, err := openSurvey(ctx, cfg, "")
	if read.Unreadable(err) || len(folder.WrongTables(err)) > 0 || errors.Is(err, pebble.ErrDBNotPristine) {
		err = fmt.Errorf("%w; `trackhook store repair --to DIR` makes a new store of what can be read", err)
	}
	if err != nil {
		return nil, fmt.Errorf("verify store: %w", err)
	}
	for _, check := range []func() error{
		s.checkFiles, s.checkPackages, s.checkIDs, s.checkLanes, s.checkBehind, s.checkDead, s.checkResponses, s.checkRest,
	} {
		if err == nil {
			err = check()
		}
	}
	s.lost()
	if closed := s.close(); err == nil {
		err = closed
	}
	if err != nil {
		return nil, fmt.Errorf("verify store: %w", err)
	}
	slices.Sort(s.report.Files)
	return s.report, nil
}

// leadsTo tells whether the record of an ID says that its package is there. One that cannot be read was noted.
func (s *survey) leadsTo(id string, state format.IDState, number uint64) (bool, error) {
	value, found, err := s.get(format.IDKey(nil, id))
	if err != nil || !found {
		return false, err
	}
	record, err := format.DecodeIDRecord(value)
	return err == nil && record.State == state && record.Number == number, nil
}

func (s *survey) checkPackages() error {
	return s.each(format.Packages, func(key, value []byte) error {
		_, number, err := format.CutNumber(key)
		if err != nil {
			s.report.wrong("the number of a package: %v", err)
			return nil
		}
		q, err := format.DecodePackage(value)
		if err != nil {
			s.report.wrong("package %d: %v", number, err)
			return nil
		}
		s.report.Packages++
		leads, err := s.leadsTo(q.Package.ID, format.IDQueued, number)
		if err == nil && !leads {
			s.report.wrong("package %d: its ID %q does not lead to it", number, q.Package.ID)
		}
		return err
	})
}

func (s *survey) checkIDs() error {
	return s.each(format.IDs, func(key, value []byte) error {
		record, err := format.DecodeIDRecord(value)
		if err != nil {
			s.report.wrong("ID %q: %v", key[1:], err)
			return nil
		}
		var at []byte
		switch record.State {
		case format.IDQueued:
			at = format.PackageKey(nil, record.Number)
		case format.IDDead:
			at = format.DeadLetterKey(nil, record.Number)
		case format.IDFinal:
			return nil
		}
		_, found, err := s.get(at)
		if err == nil && !found {
			s.report.wrong("ID %q: what it leads to is missing", key[1:])
		}
		return err
	})
}

func (s *survey) checkLanes() error {
	lanes := uint64(0)
	err := s.each(format.Lanes, func(key, value []byte) error {
		name := string(key[1:])
		record, err := format.DecodeLaneRecord(value)
		if err != nil {
			s.report.wrong("lane %q: %v", name, err)
			return nil
		}
		if record.Empty() {
			return nil
		}
		lanes++
		place := format.DueKey(nil, format.AppOfLane(name), record.Next().Place)
		for what, at := range map[string][]byte{"its place": place, "its head": format.PackageKey(nil, record.Head.Number)} {
			_, found, err := s.get(at)
			if err != nil {
				return err
			}
			if !found {
				s.report.wrong("lane %q: %s is missing", name, what)
			}
		}
		return nil
	})
	if s.counts && err == nil && lanes != s.state.Lanes {
		s.report.wrong("%d lanes have packages, and %d are counted", lanes, s.state.Lanes)
	}
	return err
}

func (s *survey) checkBehind() error {
	for _, index := range []format.Prefix{format.Behind, format.Sessions} {
		err := s.each(index, func(key, _ []byte) error {
			lane, number, err := format.CutNumber(key)
			if err != nil {
				s.report.wrong("%s: %v", index.Holds(), err)
				return nil
			}
			_, found, err := s.get(format.PackageKey(nil, number))
			if err == nil && !found {
				s.report.wrong("lane %q: package %d is missing", lane, number)
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *survey) checkDead() error {
	return s.each(format.DeadLetters, func(key, value []byte) error {
		_, seq, keyErr := format.CutNumber(key)
		d, err := format.DecodeDeadLetter(value)
		if keyErr != nil || err != nil {
			s.report.wrong("dead letter %q: it cannot be understood", key[1:])
			return nil //nolint:nilerr // it is told, and the others go on
		}
		s.report.DeadLetters++
		if leads, err := s.leadsTo(d.Package.ID, format.IDDead, seq); err != nil || !leads {
			s.report.wrong("dead letter %d: its ID %q does not lead to it", seq, d.Package.ID)
			return err
		}
		at := format.InLaneNumberKey(nil, format.DeadInLane, format.LaneName(d.Package.Lane()), seq)
		_, found, err := s.get(at)
		if err == nil && !found {
			s.report.wrong("dead letter %d: its place is missing", seq)
		}
		return err
	})
}

func (s *survey) checkResponses() error {
	return s.each(format.Responses, func(key, value []byte) error {
		seq, err := format.CutResponseKey(key)
		if err == nil {
			_, _, err = format.DecodeResponse(seq, value)
		}
		if err != nil {
			s.report.wrong("response %d: %v", seq, err)
			return nil
		}
		s.report.Responses++
		return nil
	})
}

// checkRest reads what stands alone.
func (s *survey) checkRest() error {
	check := map[format.Prefix]func(value []byte) error{
		format.Cursors:     func(value []byte) error { _, err := format.DecodeCursor(value); return err },
		format.CountsOfDay: func(value []byte) error { _, err := format.DecodeCounts(value); return err },
		format.Failures:    func(value []byte) error { _, err := format.DecodeFailure(value); return err },
		format.Values:      func([]byte) error { s.report.Values++; return nil },
		format.Due:         func([]byte) error { return nil },
		format.DeadInLane:  func([]byte) error { return nil },
		format.Stretches:   func([]byte) error { return nil },
	}
	for kind, decode := range check {
		err := s.each(kind, func(key, value []byte) error {
			if err := decode(value); err != nil {
				s.report.wrong("%s, %q: %v", kind.Holds(), key[1:], err)
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

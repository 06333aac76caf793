package postgres

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"trackhook/engine"

	"github.com/jackc/pgx/v5"
)

// Device implements [engine.Inspector].
func (s *Store) Device(ctx context.Context, lane engine.Lane) (engine.Device, error) {
	ctx, done, err := s.enter(ctx)
	if err != nil {
		return engine.Device{}, fmt.Errorf("device: %w", err)
	}
	defer done()
	id, err := s.number(ctx, lane.App)
	if err != nil {
		return engine.Device{}, fmt.Errorf("device: %w", failed(ctx, err))
	}
	var adid []byte
	var session *int64
	err = s.look.QueryRow(ctx, s.sql["device"], s.partition(&lane), id, []byte(lane.Device)).Scan(&adid, &session)
	if errors.Is(err, pgx.ErrNoRows) {
		return engine.Device{}, nil
	}
	if err != nil {
		return engine.Device{}, fmt.Errorf("device: %w", failed(ctx, err))
	}
	device := engine.Device{ADID: string(adid)}
	if session != nil {
		device.Session = moment(*session)
	}
	return device, nil
}

// Counts implements [engine.Inspector].
func (s *Store) Counts(ctx context.Context, from, to time.Time) ([]engine.Count, error) {
	ctx, done, err := s.enter(ctx)
	if err != nil {
		return nil, fmt.Errorf("counts: %w", err)
	}
	defer done()
	all := map[countKey]*engine.Count{}
	_, err = rows(ctx, s.look, s.sql["counts"], func(r pgx.Rows) (none struct{}, err error) {
		var k countKey
		var kind, event []byte
		var n int64
		if err := r.Scan(&k.day, &k.app, &kind, &event, &k.outcome, &n); err != nil {
			return none, err
		}
		outcome, number := k.outcome, uint64(n) //nolint:gosec // not negative
		k.kind, k.event, k.outcome = engine.Kind(kind), string(event), 0
		row := all[k]
		if row == nil {
			row = &engine.Count{
				Day: moment(int64(k.day) * int64(day)).UTC(), Kind: k.kind, EventToken: k.event, Outcomes: map[engine.Outcome]uint64{},
			}
			if row.App, err = s.named(ctx, k.app); err != nil {
				return none, err
			}
			all[k] = row
		}
		switch outcome {
		case 0:
			row.Accepted = number
		case ambiguous:
			row.Ambiguous = number
		default:
			row.Outcomes[engine.Outcome(outcome)] = number //nolint:gosec // it was one
		}
		return none, nil
	}, dayOf(from.UnixNano()), dayOf(to.UnixNano()))
	if err != nil {
		return nil, fmt.Errorf("counts: %w", failed(ctx, err))
	}
	counts := make([]engine.Count, 0, len(all))
	for _, row := range all {
		counts = append(counts, *row)
	}
	slices.SortFunc(counts, func(a, b engine.Count) int {
		return cmp.Or(strings.Compare(a.App.Token, b.App.Token), strings.Compare(string(a.App.Environment), string(b.App.Environment)),
			cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.EventToken, b.EventToken), a.Day.Compare(b.Day))
	})
	return counts, nil
}

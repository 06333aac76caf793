package storetest

import (
	"context"
	"fmt"
	"time"

	"trackhook/engine"
)

// Contents reads everything out of a store that the model knows. It empties the queue: the store is used up.
func Contents(ctx context.Context, store engine.Store) (*Model, error) {
	m := newModel()
	stats, err := store.Stats(ctx)
	if err != nil {
		return nil, err
	}
	m.Ambiguous = stats.Ambiguous
	if m.Log, err = readAll(ctx, store); err != nil {
		return nil, err
	}
	if err := m.list(ctx, store, stats); err != nil {
		return nil, err
	}
	if err := m.count(ctx, store); err != nil {
		return nil, err
	}
	for seq := uint64(max(len(m.Log)-runsChecked+1, 1)); seq <= uint64(len(m.Log)); seq++ { //nolint:gosec // small numbers
		runs, err := store.Runs(ctx, seq)
		if err != nil {
			return nil, err
		}
		if len(runs) > 0 {
			m.Runs[seq] = runs
		}
	}
	cursors, err := store.Cursors(ctx)
	if err != nil {
		return nil, err
	}
	m.Cursors = cursors
	for _, space := range spaces() {
		values, err := store.Values(ctx, space)
		if err != nil {
			return nil, err
		}
		for key, value := range values {
			m.setValue(space, key, value)
		}
	}
	if err := m.drain(ctx, store, stats); err != nil {
		return nil, err
	}
	return m, nil
}

// runsChecked is how many of the newest responses a store is asked about.
const runsChecked = 8

// list reads the queue and the dead letters, page by page.
func (m *Model) list(ctx context.Context, store engine.Store, stats engine.Stats) error {
	for page := ""; ; {
		rows, next, err := store.Packages(ctx, engine.Filter{}, page, 7)
		if err != nil {
			return err
		}
		for i := range rows {
			p := &rows[i]
			item := Item{ID: p.Package.ID, Attempts: p.Attempts, Failures: p.Failures, Last: p.Last}
			if p.Status == engine.Dead {
				m.Dead[item.ID] = item
			} else {
				m.Queue[p.Package.Device] = append(m.Queue[p.Package.Device], item)
			}
		}
		if page = next; page == "" {
			break
		}
	}
	if dead := uint64(len(m.Dead)); dead != stats.Dead {
		return fmt.Errorf("%d dead letters are listed, and Stats counted %d", dead, stats.Dead)
	}
	return nil
}

func (m *Model) count(ctx context.Context, store engine.Store) error {
	counts, err := store.Counts(ctx, time.Unix(1_600_000_000, 0), time.Unix(1_800_000_000, 0))
	if err != nil {
		return err
	}
	for i := range counts {
		c := &counts[i]
		note := func(what string, n uint64) {
			if n > 0 {
				m.Counts[countName(c.App, c.Kind, c.EventToken, c.Day, what)] = n
			}
		}
		note("accepted", c.Accepted)
		note("ambiguous", c.Ambiguous)
		for outcome, n := range c.Outcomes {
			note(outcome.String(), n)
		}
	}
	return nil
}

func readAll(ctx context.Context, store engine.Store) (log []string, err error) {
	last, err := store.Last(ctx)
	for err == nil && uint64(len(log)) < last {
		var responses []engine.Response
		responses, err = store.Read(ctx, uint64(len(log)), 100)
		for i := range responses {
			if responses[i].Seq != uint64(len(log))+1 {
				return nil, fmt.Errorf("response %d follows response %d", responses[i].Seq, len(log))
			}
			log = append(log, logLine(&responses[i]))
		}
	}
	return log, err
}

// drain empties the queue and records what it held.
func (m *Model) drain(ctx context.Context, store engine.Store, stats engine.Stats) error {
	lanes := uint64(0)
	for left := stats.Queued; left > 0; {
		dropped, err := m.rouse(ctx, store, &lanes)
		if err != nil {
			return err
		}
		if left -= min(left, dropped); left == 0 {
			break
		}
		leases, err := store.Lease(ctx, 50)
		if err != nil {
			return fmt.Errorf("%d packages should be queued and cannot be leased: %w", left, err)
		}
		settlements := make([]engine.Settlement, 0, len(leases))
		for i := range leases {
			l := &leases[i]
			m.note(l.Package.Device, l.Package.ID, l.Device, &lanes)
			settlements = append(settlements, remove(*l))
		}
		if err := store.Settle(ctx, settlements...); err != nil {
			return err
		}
		left -= min(left, uint64(len(leases)))
	}
	if lanes != stats.Lanes {
		return fmt.Errorf("%d lanes had packages, and Stats counted %d", lanes, stats.Lanes)
	}
	after, err := store.Stats(ctx)
	if err != nil {
		return err
	}
	if after.Queued != 0 || after.Lanes != 0 {
		return fmt.Errorf("the queue is drained, and Stats counts %+v", after)
	}
	return nil
}

// rouse makes all lanes due, so that they can be leased. A head that waits for a session cannot be; it leaves by being
// dropped.
func (m *Model) rouse(ctx context.Context, store engine.Store, lanes *uint64) (dropped uint64, err error) {
	for page := ""; ; {
		rows, next, err := store.Lanes(ctx, engine.Filter{}, page, 7)
		if err != nil {
			return dropped, err
		}
		for i := range rows {
			row := &rows[i]
			if time.Until(row.Due) < far/2 {
				continue
			}
			if !row.Waiting {
				if _, err := store.Hasten(ctx, row.Lane.App, 50); err != nil {
					return dropped, err
				}
				continue
			}
			m.note(row.Lane.Device, row.Head, row.Device, lanes)
			if _, err := store.Drop(ctx, row.Head); err != nil {
				return dropped, err
			}
			dropped++
		}
		if page = next; page == "" {
			return dropped, nil
		}
	}
}

// note records what leaves a lane, and counts the lanes.
func (m *Model) note(lane, id string, device engine.Device, lanes *uint64) {
	if len(m.Order[lane]) == 0 {
		*lanes++
	}
	m.Order[lane] = append(m.Order[lane], id)
	if device.ADID != "" {
		m.Devices[lane] = device.ADID
	}
}

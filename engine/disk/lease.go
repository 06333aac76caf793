package disk

import (
	"context"
	"errors"
	"fmt"
	"time"

	"trackhook/engine"

	"github.com/cockroachdb/pebble/v2"
)

// Lease implements [engine.Queue].
func (s *Store) Lease(ctx context.Context, limit int) ([]engine.Lease, error) {
	if limit < 1 {
		return nil, fmt.Errorf("lease: limit %d must be at least 1", limit)
	}
	l, err := s.enter()
	if err != nil {
		return nil, fmt.Errorf("lease: %w", err)
	}
	defer l.calls.Done()
	leases, err := l.lease(ctx, limit)
	if err != nil {
		return nil, fmt.Errorf("lease: %w", err)
	}
	return leases, nil
}

// lease looks into the window until something is due. Only one caller does so at a time, so that the window is filled
// by one, and an entry that turns out to be out of date cannot hide its lane from another.
func (l *life) lease(ctx context.Context, limit int) ([]engine.Lease, error) {
	select {
	case l.leaseSlot <- struct{}{}:
		defer func() { <-l.leaseSlot }()
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-l.ended:
		return nil, l.cause()
	}
	for {
		if err := errors.Join(ctx.Err(), l.cause()); err != nil {
			return nil, err
		}
		entries, next, news, fill := l.take(limit)
		if len(entries) > 0 {
			leases, err := l.hand(entries)
			if len(leases) > 0 || err != nil {
				return leases, err
			}
			continue
		}
		if fill {
			if err := l.fillWindow(); err != nil {
				return nil, err
			}
			continue
		}
		if err := l.wait(ctx, news, next); err != nil {
			return nil, err
		}
	}
}

// wait waits for news, for the reading next of the clock (0: never), or for the end.
func (l *life) wait(ctx context.Context, news <-chan struct{}, next int64) error {
	var due <-chan time.Time
	if next > 0 {
		timer := time.NewTimer(time.Duration(next - l.clock.now()))
		defer timer.Stop()
		due = timer.C
	}
	select {
	case <-news:
		return nil
	case <-due:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-l.ended:
		return l.cause()
	}
}

// take takes what is due out of the window and marks its lanes as leased. When nothing is, it returns what to do:
// to fill the window, or to wait for news or the next due time.
func (l *life) take(limit int) (entries []entry, next int64, news <-chan struct{}, fill bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.clock.now()
	for len(entries) < limit {
		e, ok := l.window.take(now)
		if !ok {
			break
		}
		if _, leased := l.leased[e.lane]; leased {
			continue // an entry from before the lease
		}
		l.leased[e.lane] = struct{}{}
		entries = append(entries, e)
	}
	if len(entries) > 0 {
		return entries, 0, nil, false
	}
	at, some := l.window.next()
	if !some && !l.window.complete() {
		return nil, 0, nil, true
	}
	if some {
		next = at.due
	}
	if l.dueNews == nil {
		l.dueNews = make(chan struct{})
	}
	return nil, next, l.dueNews, false
}

// fillWindow reads the next part of the index. While it does, the window has no end, so that whatever is published
// meanwhile gets in; what was read twice is dropped by the window.
func (l *life) fillWindow() error {
	l.mu.Lock()
	from := l.window.end
	l.window.end = everything()
	l.mu.Unlock()

	found, end, err := l.readDue(from)

	l.mu.Lock()
	defer l.mu.Unlock()
	if err != nil {
		// What was published meanwhile stays, which is right: it is behind from, and a second entry does no harm.
		l.window.end = from
		return err
	}
	for _, e := range found {
		// A package that is not durable yet, and a lane that is leased: publish adds both when it is their time.
		_, leased := l.leased[e.lane]
		if leased || e.head > l.state.packages || l.window.has(e.head) {
			continue
		}
		l.window.add(e)
	}
	if end.before(l.window.end) {
		l.window.cut(end)
	}
	return nil
}

// readDue reads entries of the index that lie behind a place. end is the place up to which it has read.
func (l *life) readDue(from place) (found []entry, end place, err error) {
	it, err := l.db.NewIter(&pebble.IterOptions{LowerBound: dueKey(nil, from), UpperBound: []byte{prefixDue + 1}})
	if err != nil {
		return nil, place{}, fmt.Errorf("read what is due: %w", err)
	}
	end = everything()
	for valid := it.First(); valid; valid = it.Next() {
		at, err := duePlace(it.Key())
		if err != nil {
			return nil, place{}, errors.Join(err, it.Close())
		}
		if at == from {
			continue
		}
		found = append(found, entry{place: at, lane: string(it.Value())})
		if len(found) == windowSize {
			end = at
			break
		}
	}
	if err := errors.Join(it.Error(), it.Close()); err != nil {
		return nil, place{}, fmt.Errorf("read what is due: %w", err)
	}
	return found, end, nil
}

// hand reads the packages of lanes that were taken, and makes leases of them.
func (l *life) hand(entries []entry) ([]engine.Lease, error) {
	leases := make([]engine.Lease, 0, len(entries))
	taken := make([]*held, 0, len(entries))
	for i, e := range entries {
		lease, err := l.read(&e)
		switch {
		case errors.Is(err, errStale):
			l.putBack(entries[i:i+1], false)
			continue
		case errors.Is(err, errDamaged):
			// One damaged package must not stop the others. Its lane stays leased, so that order is kept.
			l.cfg.Log.Error().Err(err).Uint64("package", e.head).
				Msg("the head of a lane cannot be read; the packages behind it wait until it is repaired")
			continue
		case err != nil:
			// Nothing was handed out, so everything goes back.
			l.putBack(entries, true)
			return nil, err
		}
		leases = append(leases, lease)
		taken = append(taken, &held{lane: e.lane, head: e.head, id: lease.Package.ID, attempts: lease.Attempts})
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for i := range leases {
		l.handles++
		leases[i].Handle = l.handles
		l.leases[l.handles] = taken[i]
	}
	return leases, nil
}

// putBack frees lanes that were taken and not handed out. again offers them anew.
func (l *life) putBack(entries []entry, again bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, e := range entries {
		delete(l.leased, e.lane)
		if again {
			l.window.add(e)
		}
	}
}

var (
	// errStale means that an entry of the window is not what the lane's record says any more.
	errStale = errors.New("entry is out of date")
	// errDamaged means that what is stored cannot be understood.
	errDamaged = errors.New("stored data is damaged")
)

// read reads the head of a lane.
func (l *life) read(e *entry) (engine.Lease, error) {
	if e.record == nil {
		record, err := readLane(l.db, nil, e.lane)
		if err != nil {
			return engine.Lease{}, err
		}
		e.record = &record
	}
	if e.record.place != e.place {
		return engine.Lease{}, errStale
	}
	value, closer, err := l.db.Get(numberKey(make([]byte, 0, 9), prefixPackage, e.head))
	if errors.Is(err, pebble.ErrNotFound) {
		return engine.Lease{}, fmt.Errorf("%w: package %d is missing", errDamaged, e.head)
	}
	if err != nil {
		return engine.Lease{}, fmt.Errorf("read package: %w", err)
	}
	accepted, p, err := decodePackage(value)
	if err != nil {
		err = fmt.Errorf("%w: %w", errDamaged, err)
	}
	if err := errors.Join(err, closer.Close()); err != nil {
		return engine.Lease{}, err
	}
	return engine.Lease{
		Package: p, Accepted: accepted, Attempts: e.record.attempts, Failures: e.record.failures,
		Last: e.record.last, Device: e.record.device,
	}, nil
}

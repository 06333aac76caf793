package engine

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"time"
)

// stamps keeps the times that this host gives to packages in order although somebody sets its clock back. The server
// takes the events of a device in the order of their times only, and refuses one that is older than the last ("events
// must be submitted chronologically", S2S events page): without this, a clock that is set back an hour would turn an
// hour of events into dead letters.
//
// A time that this process took from the clock carries the reading of the monotonic clock, which tells what was really
// before what; one that came from a client does not, and is the client's to keep in order. What happened later and has
// an earlier time gets the newest time that was given before, until the clock has passed it. A clock that goes back by
// more than maxAhead was that wrong before, and is followed.
type stamps struct {
	learning sync.Mutex
	learned  bool // guarded by learning

	mu    sync.Mutex
	seen  time.Time // the last that was given, with its reading; guarded by mu
	floor time.Time // what none is before that was really later, without a reading; guarded by mu
	noted time.Time // the floor that the next start will know; guarded by mu
}

// clockSpace holds how far the clock was before it was set back, by floorKey in nanoseconds since 1970.
const (
	clockSpace = "engine/clock"
	floorKey   = "floor"
)

// overtaken is how much older than the newest a time may be because its caller was overtaken on the way here.
const overtaken = time.Second

// storeTimeout bounds what Track waits for a store that has to tell how far the clock was.
const storeTimeout = time.Second

// keep makes times that are to be stored: in order, and without the monotonic reading.
func (s *stamps) keep(ctx context.Context, store Store, packages []Package) {
	// What is learned and noted is for all callers, so it does not depend on whether this one stays.
	s.learn(ctx, store)
	if floor := s.order(packages); !floor.IsZero() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), storeTimeout)
		defer cancel()
		err := store.SetValues(ctx, clockSpace, map[string][]byte{floorKey: strconv.AppendInt(nil, floor.UnixNano(), 10)})
		if err != nil {
			// Where it cannot be noted, packages cannot be stored, either, and their senders are told that. The next one
			// notes it.
			s.forget(floor)
		}
	}
}

// forget takes back that a floor was noted.
func (s *stamps) forget(floor time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.noted.Equal(floor) {
		s.noted = time.Time{}
	}
}

// order does the work of keep. It returns a floor that has become one because the clock was set back: zero for none.
func (s *stamps) order(packages []Package) (floor time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range packages {
		created := &packages[i].Created
		at := *created
		*created = at.Round(0)
		//nolint:staticcheck // not Equal: the reading alone makes the difference
		if *created == at {
			continue
		}
		// Who was overtaken on the way here is a moment older than the newest, and keeps its time, unless the clock was set back
		// meanwhile: then its time is as wrong as that of all others.
		if late := s.seen.Sub(at); late > 0 && (late > overtaken || s.floor.Sub(*created) <= late+overtaken) {
			continue
		}
		if at.After(s.seen) {
			s.seen = at
		}
		if back := s.floor.Sub(*created); back > 0 && back <= maxAhead {
			*created = s.floor
			if !s.noted.Equal(s.floor) {
				s.noted, floor = s.floor, s.floor
			}
		} else {
			s.floor = *created
		}
	}
	return floor
}

// learn finds out once how far the clock was before: where it was set back, and else when this host last heard from the
// server, so that a clock that was set back while nothing ran is noticed, too. What was stamped after that and not answered
// yet is not known. A store that fails is one that will not take packages, either; the next caller asks again.
func (s *stamps) learn(ctx context.Context, store Store) {
	s.learning.Lock()
	defer s.learning.Unlock()
	if s.learned {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), storeTimeout)
	defer cancel()
	noted, err := notedFloor(ctx, store)
	if err != nil {
		return
	}
	heard, err := lastHeard(ctx, store)
	if err != nil {
		return
	}
	s.learned = true
	s.mu.Lock()
	defer s.mu.Unlock()
	s.noted = noted
	for _, at := range []time.Time{noted, heard} {
		if at.After(s.floor) {
			s.floor = at
		}
	}
}

// notedFloor reads where the clock was set back: zero for never.
func notedFloor(ctx context.Context, store Store) (time.Time, error) {
	text, err := store.Value(ctx, clockSpace, floorKey)
	if errors.Is(err, ErrNotFound) {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, err
	}
	floor, err := strconv.ParseInt(string(text), 10, 64)
	if err != nil {
		return time.Time{}, nil //nolint:nilerr // no floor of ours
	}
	return time.Unix(0, floor), nil
}

// lastHeard reads when the newest response came: zero for none.
func lastHeard(ctx context.Context, store Store) (time.Time, error) {
	stats, err := store.Stats(ctx)
	if err != nil || stats.Last == 0 || stats.First > stats.Last {
		return time.Time{}, err
	}
	last, err := store.Read(ctx, stats.Last-1, 1)
	if errors.Is(err, context.DeadlineExceeded) {
		return time.Time{}, nil // retention has removed it meanwhile, and the log waits for the next
	}
	if err != nil || len(last) == 0 {
		return time.Time{}, err
	}
	return last[0].At.Round(0), nil
}

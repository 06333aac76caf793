package engine

import (
	"context"
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
	start sync.Once

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

// keep makes times that are to be stored: in order, and without the monotonic reading.
func (s *stamps) keep(ctx context.Context, store Store, packages []Package) {
	s.start.Do(func() { s.begin(ctx, store) })
	if floor := s.order(packages); !floor.IsZero() {
		// Where it cannot be noted, packages cannot be stored, either, and their senders are told that.
		_ = store.SetValues(ctx, clockSpace, map[string][]byte{floorKey: strconv.AppendInt(nil, floor.UnixNano(), 10)})
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
		if *created == at || at.Before(s.seen) {
			continue
		}
		s.seen = at
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

// begin learns how far the clock was before: where it was set back, and else when this host last heard from the server,
// so that a clock that was set back while nothing ran is noticed, too. What was stamped after that and not answered yet
// is not known.
func (s *stamps) begin(ctx context.Context, store Store) {
	// Errors are those of a store that will not take packages, either.
	var noted, heard time.Time
	if text, err := store.Value(ctx, clockSpace, floorKey); err == nil {
		if floor, err := strconv.ParseInt(string(text), 10, 64); err == nil {
			noted = time.Unix(0, floor)
		}
	}
	if stats, err := store.Stats(ctx); err == nil && stats.Last > 0 && stats.First <= stats.Last {
		if last, err := store.Read(ctx, stats.Last-1, 1); err == nil && len(last) > 0 {
			heard = last[0].At.Round(0)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.noted, s.floor = noted, noted
	if heard.After(noted) {
		s.floor = heard
	}
}

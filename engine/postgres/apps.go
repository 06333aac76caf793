package postgres

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"maps"
	"sync"
	"time"

	"trackhook/engine"

	"github.com/jackc/pgx/v5"
)

// appNames are the numbers that stand for apps in the tables.
type appNames struct {
	mu    sync.RWMutex
	byApp map[engine.App]int32 // guarded by mu
	byID  map[int32]engine.App // guarded by mu
}

// number returns the number of an app: made when it is new.
func (s *Store) number(ctx context.Context, app engine.App) (int32, error) {
	s.apps.mu.RLock()
	id, known := s.apps.byApp[app]
	s.apps.mu.RUnlock()
	if known {
		return id, nil
	}
	if _, err := s.work.Exec(ctx, s.sql["new app"], []byte(app.Token), []byte(app.Environment)); err != nil {
		return 0, fmt.Errorf("number app: %w", err)
	}
	if err := s.loadApps(ctx); err != nil {
		return 0, err
	}
	s.apps.mu.RLock()
	defer s.apps.mu.RUnlock()
	return s.apps.byApp[app], nil
}

// named returns the app of a number.
func (s *Store) named(ctx context.Context, id int32) (engine.App, error) {
	s.apps.mu.RLock()
	app, known := s.apps.byID[id]
	s.apps.mu.RUnlock()
	if known {
		return app, nil
	}
	if err := s.loadApps(ctx); err != nil {
		return engine.App{}, err
	}
	s.apps.mu.RLock()
	defer s.apps.mu.RUnlock()
	if app, known = s.apps.byID[id]; !known {
		return app, fmt.Errorf("app %d has no name", id)
	}
	return app, nil
}

// loadApps reads all numbers, and tells the book of apps that are new.
func (s *Store) loadApps(ctx context.Context) error {
	type row struct {
		id  int32
		app engine.App
	}
	all, err := rows(ctx, s.look, s.sql["apps"], func(r pgx.Rows) (one row, err error) {
		var token, environment []byte
		err = r.Scan(&one.id, &token, &environment)
		one.app = engine.App{Token: string(token), Environment: engine.Environment(environment)}
		return one, err
	})
	if err != nil {
		return fmt.Errorf("read apps: %w", err)
	}
	s.apps.mu.Lock()
	for _, one := range all {
		s.apps.byApp[one.app], s.apps.byID[one.id] = one.id, one.app
	}
	s.apps.mu.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, one := range all {
		a := s.book.app(one.id)
		if limit, bounded := s.limits[one.app]; bounded {
			a.limit = limit
		}
	}
	return nil
}

// known returns all apps by number.
func (s *Store) known() map[int32]engine.App {
	s.apps.mu.RLock()
	defer s.apps.mu.RUnlock()
	return maps.Clone(s.apps.byID)
}

// partition returns where a lane belongs.
func (s *Store) partition(lane *engine.Lane) int16 { return s.parts.ofLane(lane) }

// part returns where an ID belongs.
func (s *Store) part(id string) int16 { return s.parts.of(id) }

// division is how many partitions there are.
type division int

// ofLane returns where a lane belongs.
func (n division) ofLane(lane *engine.Lane) int16 {
	return n.of(lane.App.Token, string(lane.App.Environment), lane.Device)
}

// of returns where something belongs.
func (n division) of(texts ...string) int16 {
	b := make([]byte, 0, 128)
	for _, text := range texts {
		b = appendString(b, text)
	}
	sum := sha256.Sum256(b)
	return int16(binary.BigEndian.Uint64(sum[:]) % uint64(n)) //nolint:gosec // there are few
}

// eventDay is what event tokens are counted by.
type eventDay struct {
	day  int32
	app  int32
	kind engine.Kind
}

// eventNames are the event tokens that have rows of their own in the counts.
type eventNames struct {
	mu    sync.Mutex
	known map[eventDay]map[string]bool // guarded by mu
}

// event returns the row that an event is counted in: its token's, or that of the others. New tokens get rows while there is
// room, when isNew; they are on disk before event returns.
func (s *Store) event(ctx context.Context, at eventDay, token string, isNew bool) (string, error) {
	if token == "" {
		return "", nil
	}
	s.events.mu.Lock()
	defer s.events.mu.Unlock()
	known := s.events.known[at]
	if known == nil || !known[token] && !isNew {
		all, err := rows(ctx, s.look, s.sql["known events"], func(r pgx.Rows) (one string, err error) {
			var name []byte
			err = r.Scan(&name)
			return string(name), err
		}, at.day, at.app, []byte(at.kind))
		if err != nil {
			return "", fmt.Errorf("read counted events: %w", err)
		}
		if len(s.events.known) > 256 {
			clear(s.events.known) // of days that are over
		}
		known = map[string]bool{}
		for _, name := range all {
			known[name] = true
		}
		s.events.known[at] = known
	}
	switch {
	case known[token]:
		return token, nil
	case !isNew || len(known) >= engine.MaxCountedEvents:
		return engine.OtherEvents, nil
	}
	_, err := s.work.Exec(ctx, s.sql["events"], []int32{at.day}, []int32{at.app}, [][]byte{[]byte(at.kind)}, [][]byte{[]byte(token)})
	if err != nil {
		return "", fmt.Errorf("count event: %w", err)
	}
	known[token] = true
	return token, nil
}

const day = 24 * time.Hour

func dayOf(n int64) int32 { return int32(floorDiv(n, int64(day))) } //nolint:gosec // days are few

func floorDiv(a, b int64) int64 {
	if a < 0 {
		return -((-a + b - 1) / b)
	}
	return a / b
}

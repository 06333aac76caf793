package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// ownedName is something that this host owns by name.
type ownedName struct {
	users int
}

// Own implements [engine.Sharer].
func (s *Store) Own(ctx context.Context, name string) (owned context.Context, release func(), err error) {
	ctx, done, err := s.enter(ctx)
	if err != nil {
		return nil, nil, err
	}
	defer done()
	waits, end := s.waits(ctx)
	defer end()
	for {
		s.mu.Lock()
		inc, changed := s.host, s.claims
		s.mu.Unlock()
		var epoch int64
		_, err := patiently(waits, s, func() (none struct{}, err error) {
			return none, s.work.QueryRow(waits, s.sql["own"], []byte(name), inc.number).Scan(&epoch)
		})
		if err == nil {
			s.mu.Lock()
			if s.host == inc && time.Now().Before(inc.until) {
				defer s.mu.Unlock()
				return s.possess(ctx, inc, name)
			}
			s.mu.Unlock()
		} else if !errors.Is(err, pgx.ErrNoRows) {
			return nil, nil, fmt.Errorf("own %s: %w", name, failed(waits, err))
		}
		again := time.NewTimer(pollEvery)
		select {
		case <-waits.Done():
		case <-changed:
		case <-again.C:
		}
		again.Stop()
		if waits.Err() != nil {
			return nil, nil, context.Cause(waits)
		}
	}
}

// possess counts who uses what is owned. The lock is held.
func (s *Store) possess(ctx context.Context, inc *incarnation, name string) (owned context.Context, release func(), err error) {
	o := inc.owned[name]
	if o == nil {
		o = &ownedName{}
		inc.owned[name] = o
	}
	o.users++
	owned, cancel := context.WithCancel(ctx)
	unhook := context.AfterFunc(inc.ctx, cancel)
	released := false
	return owned, func() {
		unhook()
		cancel()
		s.mu.Lock()
		last := false
		if !released {
			released = true
			o.users--
			last = o.users == 0 && inc.owned[name] == o
		}
		if last {
			delete(inc.owned, name)
		}
		closed := s.closed
		s.mu.Unlock()
		if last && !closed {
			s.disown(inc.number, name)
		}
	}, nil
}

// disown lets another host own something.
func (s *Store) disown(host int64, name string) {
	_, done, err := s.enter(context.Background())
	if err != nil {
		return // leave does it
	}
	defer done()
	ctx, cancel := context.WithTimeout(context.Background(), s.cfg.Lease)
	defer cancel()
	if _, err := s.work.Exec(ctx, s.sql["disown"], []byte(name), host); err != nil {
		s.cfg.Log.Warn().Err(err).Str("name", name).Msg("cannot give up what this host owns; another one can own it when this host has ended")
		return
	}
	s.notices.tell(noticeClaims)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.wakeClaims()
}

// wakeClaims wakes who waits to own something. The lock is held.
func (s *Store) wakeClaims() {
	close(s.claims)
	s.claims = make(chan struct{})
}

package postgres

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"time"

	"github.com/jackc/pgx/v5"
)

// ownedName is something that this host owns by name.
type ownedName struct {
	users int
	epoch int64 // as of its newest user: what was owned before is not given up any more
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
				return s.possess(ctx, inc, name, epoch)
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
func (s *Store) possess(ctx context.Context, inc *incarnation, name string, epoch int64) (owned context.Context, release func(), err error) {
	o := inc.owned[name]
	if o == nil {
		o = &ownedName{}
		inc.owned[name] = o
	}
	o.users++
	o.epoch = max(o.epoch, epoch)
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
		closed, epoch := s.closed, o.epoch
		s.mu.Unlock()
		if last && !closed {
			s.disown(inc, name, epoch)
		}
	}, nil
}

// disown lets another host own something. Where the database does not hear of it, the next rounds tell it again: this host goes on
// renewing, and nobody else would ever own it.
func (s *Store) disown(inc *incarnation, name string, epoch int64) {
	_, done, err := s.enter(context.Background())
	if err != nil {
		return // leave does it
	}
	defer done()
	ctx, cancel := context.WithTimeout(context.Background(), s.cfg.Lease)
	defer cancel()
	if err := s.giveUp(ctx, inc, name, epoch); err != nil {
		s.mu.Lock()
		inc.unwanted[name] = epoch
		s.mu.Unlock()
		s.cfg.Log.Debug().Err(err).Str("name", name).Msg("cannot give up what this host owns; it is tried again")
	}
}

// giveUp lets another host own something. What was owned again since stays.
func (s *Store) giveUp(ctx context.Context, inc *incarnation, name string, epoch int64) error {
	if _, err := s.work.Exec(ctx, s.sql["disown"], []byte(name), inc.number, epoch); err != nil {
		return fmt.Errorf("give up %s: %w", name, err)
	}
	s.notices.tell(noticeClaims)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.wakeClaims()
	return nil
}

// giveUpAgain gives up what could not be given up before.
func (s *Store) giveUpAgain(ctx context.Context, inc *incarnation) error {
	s.mu.Lock()
	unwanted := maps.Clone(inc.unwanted)
	s.mu.Unlock()
	for name, epoch := range unwanted {
		if err := s.giveUp(ctx, inc, name, epoch); err != nil {
			return err
		}
		s.mu.Lock()
		if inc.unwanted[name] == epoch {
			delete(inc.unwanted, name)
		}
		s.mu.Unlock()
	}
	return nil
}

// wakeClaims wakes who waits to own something. The lock is held.
func (s *Store) wakeClaims() {
	close(s.claims)
	s.claims = make(chan struct{})
}

package postgres

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"trackhook/engine"

	"github.com/jackc/pgx/v5"
)

// Hosts tell each other what is new by NOTIFY, and look for themselves every pollEvery, because notices get lost with a
// connection. A notice is sent after the commit that it is about, in a transaction of its own, several as one: a commit that
// notifies takes a lock that all others wait for.
const (
	pollEvery = time.Second

	noticeHosts  = "h"
	noticeClaims = "c"
	noticeLog    = "l"
	noticeOrders = "o"
	noticeAnswer = "a"
	noticeQueue  = "q" // followed by a partition
)

// notices are what the other hosts are to be told.
type notices struct {
	wake chan struct{}

	mu   sync.Mutex
	what map[string]bool // guarded by mu
}

// tell has the others told something soon.
func (n *notices) tell(what ...string) {
	n.mu.Lock()
	if n.what == nil {
		n.what = map[string]bool{}
	}
	for _, one := range what {
		n.what[one] = true
	}
	n.mu.Unlock()
	select {
	case n.wake <- struct{}{}:
	default:
	}
}

func (n *notices) take() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	text := strings.Join(slices.Sorted(keys(n.what)), " ")
	clear(n.what)
	return text
}

// channel is where the hosts of a schema hear each other.
func (s *Store) channel() string { return "trackhook_" + s.cfg.Schema }

// notifyLoop tells the others what is new until the store closes. What cannot be told is seen at their next look.
func (s *Store) notifyLoop() {
	for {
		select {
		case <-s.ctx.Done():
			return
		case <-s.notices.wake:
		}
		text := s.notices.take()
		s.mu.Lock()
		alone := s.host.others == 0
		s.mu.Unlock()
		if text == "" || alone || len(text) > 7000 {
			continue
		}
		ctx, cancel := context.WithTimeout(s.ctx, s.cfg.Lease)
		_, err := s.soft.Exec(ctx, "SELECT pg_notify($1, $2)", s.channel(), text)
		cancel()
		if err != nil && s.ctx.Err() == nil {
			s.cfg.Log.Debug().Err(err).Msg("cannot notify the other hosts; they look for themselves")
		}
	}
}

// listenLoop hears what the others tell until the store closes.
func (s *Store) listenLoop() {
	for s.ctx.Err() == nil {
		err := s.hear()
		if s.ctx.Err() != nil {
			return
		}
		s.cfg.Log.Debug().Err(err).Msg("cannot hear the other hosts; looking for what is new instead")
		s.lookAround()
		if !errors.Is(err, errGone) {
			engine.Wait(s.ctx, pollEvery)
		}
	}
}

// hear listens on a connection of its own, and looks for itself every pollEvery.
func (s *Store) hear() error {
	if err := s.away.waitLong(s.ctx); err != nil {
		return err
	}
	here := s.away.presence()
	config := s.base.ConnConfig.Copy()
	s.cfg.login(config)
	ctx, cancel := context.WithTimeout(s.ctx, s.cfg.Lease)
	defer cancel()
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx)) //nolint:errcheck // nothing was written
	if _, err := conn.Exec(ctx, "LISTEN "+pgx.Identifier{s.channel()}.Sanitize()); err != nil {
		return err
	}
	s.lookAround()
	s.askRound() // who came or went before is known then
	last, answered := time.Now(), time.Now()
	for {
		ctx, cancel := context.WithDeadline(s.ctx, last.Add(pollEvery))
		unhook := context.AfterFunc(here, cancel)
		notice, err := conn.WaitForNotification(ctx)
		late := ctx.Err() != nil
		unhook()
		cancel()
		if late && here.Err() == nil && time.Since(answered) > s.cfg.Lease/3 {
			if err := s.askAlive(conn); err != nil {
				return err
			}
			answered = time.Now()
		}
		switch {
		case s.ctx.Err() != nil:
			return nil
		case here.Err() != nil:
			return errGone
		case err == nil:
			s.heard(notice.Payload)
		case !late:
			return err
		}
		if time.Since(last) >= pollEvery {
			last = time.Now()
			s.lookAround()
		}
		if late && conn.IsClosed() {
			return err
		}
	}
}

// askAlive finds out whether a connection still leads anywhere on which nothing was heard for a while.
func (s *Store) askAlive(conn *pgx.Conn) error {
	ctx, cancel := context.WithTimeout(s.ctx, s.cfg.Lease/3)
	defer cancel()
	_, err := conn.Exec(ctx, "SELECT 1")
	return err
}

// errGone means that the database went away.
var errGone = errors.New("the database is away")

// heard takes what another host tells.
func (s *Store) heard(text string) {
	var partitions []int16
	s.mu.Lock()
	defer s.mu.Unlock()
	for what := range strings.FieldsSeq(text) {
		switch {
		case what == noticeHosts:
			s.askRound()
		case what == noticeClaims:
			s.wakeClaims()
		case what == noticeOrders:
			s.askOrders()
		case what == noticeAnswer:
			close(s.answers)
			s.answers = make(chan struct{})
		case what == noticeLog:
			s.wakeReaders()
		case strings.HasPrefix(what, noticeQueue):
			if n, err := strconv.ParseInt(what[1:], 10, 16); err == nil {
				if _, owned := s.book.owned[int16(n)]; owned {
					partitions = append(partitions, int16(n))
				}
			}
		}
	}
	if len(partitions) > 0 {
		s.book.behind(partitions)
	}
}

// lookAround looks for what others may have done without a notice.
func (s *Store) lookAround() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.book.streams) > 1 {
		s.book.behind(nil)
		s.askOrders()
	}
	if s.book.unsure {
		s.book.behindMine()
	}
	if len(s.host.leaving) > 0 {
		s.askRound()
	}
	s.wakeReaders()
}

// wakeReaders wakes who waits for the log. The lock is held.
func (s *Store) wakeReaders() {
	close(s.logged)
	s.logged = make(chan struct{})
}

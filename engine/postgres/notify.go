package postgres

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

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
		again := time.NewTimer(pollEvery)
		select {
		case <-s.ctx.Done():
		case <-again.C:
		}
		again.Stop()
	}
}

// hear listens on a connection of its own, and looks for itself every pollEvery.
func (s *Store) hear() error {
	config := s.soft.Config().ConnConfig
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
	last := time.Now()
	for {
		ctx, cancel := context.WithDeadline(s.ctx, last.Add(pollEvery))
		notice, err := conn.WaitForNotification(ctx)
		late := ctx.Err() != nil
		cancel()
		switch {
		case s.ctx.Err() != nil:
			return nil
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

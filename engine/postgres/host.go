package postgres

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
)

// incarnation is this host from its registration until it leaves or is declared lost. What it owns it owns together: all is
// lost at once. Its number is that of the stream of packages that it accepts, too. Guarded by the store's lock.
type incarnation struct {
	number  int64
	started int64
	until   time.Time             // when it must believe that others take over, by the monotonic clock
	settles int64                 // how many changes were committed; only the one that settles touches it, and unsure
	unsure  func()                // what is to be done when a change turns out to be committed whose end was not heard of; nil: there is none
	owned   map[string]*ownedName // what Own has given
	cancel  context.CancelFunc    // ends ctx
	ctx     context.Context       //nolint:containedctx // ends when it is lost
	others  int                   // hosts that live, beside this one
	leaving map[int16]leaver      // partitions that are handed over as soon as nothing of them is leased
}

// margin is how much earlier than the database this host ends its lease, in parts of it.
const margin = 10

// register becomes a host.
func (s *Store) register(ctx context.Context) error {
	before := time.Now()
	inc := &incarnation{owned: map[string]*ownedName{}, leaving: map[int16]leaver{}}
	err := s.work.QueryRow(ctx, s.sql["register"], rand.Text(), s.cfg.Name, s.cfg.Version, int64(s.cfg.Lease)).Scan(&inc.number, &inc.started)
	if err != nil {
		return fmt.Errorf("register as a host: %w", err)
	}
	s.clock.set(inc.started, before, time.Now())
	inc.until = before.Add(s.cfg.Lease - s.cfg.Lease/margin)
	inc.ctx, inc.cancel = context.WithCancel(s.ctx)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.host = inc
	s.book.mine = inc.number
	return nil
}

// ownLoop renews what this host owns, and takes and gives partitions, until the store closes.
func (s *Store) ownLoop() {
	every := time.NewTicker(s.cfg.Lease / 3)
	defer every.Stop()
	failing := false
	for {
		select {
		case <-s.ctx.Done():
			return
		case <-every.C:
		case <-s.rounds:
		}
		ctx, cancel := context.WithTimeout(s.ctx, s.cfg.Lease/3)
		err := s.roundNow(ctx)
		cancel()
		switch {
		case s.ctx.Err() != nil:
			return
		case err != nil && !failing:
			failing = true
			s.cfg.Log.Error().Err(err).Msg("cannot renew what this host owns; nothing is sent when that lasts, and nothing is lost")
		case err == nil && failing:
			failing = false
			s.cfg.Log.Info().Msg("the database answers again")
		}
		s.expire()
	}
}

// expire ends what is owned by name when this host must believe that it owns nothing any more. It may own it again.
func (s *Store) expire() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if inc := s.host; time.Now().After(inc.until) && len(inc.owned) > 0 {
		inc.cancel()
		inc.ctx, inc.cancel = context.WithCancel(s.ctx)
		clear(inc.owned)
	}
}

// askRound asks for a round soon.
func (s *Store) askRound() {
	select {
	case s.rounds <- struct{}{}:
	default:
	}
}

// hostRow is a host as the database knows it.
type hostRow struct {
	number                 int64
	id, name, version      string
	started, seen, expires int64
	leased                 int32
	ended, sends, late     bool
}

func (s *Store) readHosts(ctx context.Context) ([]hostRow, error) {
	return rows(ctx, s.soft, s.sql["hosts"], func(r pgx.Rows) (h hostRow, err error) {
		err = r.Scan(&h.number, &h.id, &h.name, &h.version, &h.started, &h.seen, &h.expires, &h.leased, &h.ended, &h.sends, &h.late)
		return h, err
	})
}

// roundNow makes a round of its own. Rounds are made one after the other.
func (s *Store) roundNow(ctx context.Context) error {
	select {
	case s.rounding <- struct{}{}:
		defer func() { <-s.rounding }()
	case <-ctx.Done():
		return ctx.Err()
	}
	return s.round(ctx)
}

// round renews this host, declares others lost that are silent, and takes and gives partitions.
func (s *Store) round(ctx context.Context) error {
	s.mu.Lock()
	inc, leased, sends := s.host, len(s.held), s.sends
	s.mu.Unlock()
	before := time.Now()
	var now int64
	err := s.soft.QueryRow(ctx, s.sql["renew"], inc.number, int64(s.cfg.Lease), leased, sends).Scan(&now)
	if errors.Is(err, pgx.ErrNoRows) {
		return s.reborn(ctx, inc)
	}
	if err != nil {
		return fmt.Errorf("renew: %w", err)
	}
	s.clock.set(now, before, time.Now())
	s.mu.Lock()
	inc.until = before.Add(s.cfg.Lease - s.cfg.Lease/margin)
	s.mu.Unlock()
	hosts, err := s.readHosts(ctx)
	if err != nil {
		return err
	}
	living, senders := 0, []int64{}
	for i := range hosts {
		h := &hosts[i]
		if h.late && !h.ended && h.number != inc.number {
			if err := s.declareLost(ctx, h); err != nil {
				return err
			}
		}
		if !h.ended {
			living++
		}
		if !h.ended && h.sends {
			senders = append(senders, h.number)
		}
	}
	s.knowStreams(inc, hosts, living-1)
	if !sends {
		return nil
	}
	return s.share(ctx, inc, senders)
}

// knowStreams notes which hosts have accepted anything, and how many live.
func (s *Store) knowStreams(inc *incarnation, hosts []hostRow, others int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	inc.others = others
	streams := make([]int64, 0, len(hosts))
	for i := range hosts {
		streams = append(streams, hosts[i].number)
	}
	if !slices.Equal(streams, s.book.streams) {
		s.book.streams = streams
		s.book.behind(nil)
	}
}

// declareLost ends a host that was silent for too long. Lanes that were in flight there rest until what was sent has arrived or
// never will.
func (s *Store) declareLost(ctx context.Context, h *hostRow) error {
	var expired int64
	var flight []byte
	err := s.work.QueryRow(ctx, s.sql["lose"], h.number).Scan(&expired, &flight)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil // it lives, or another host was faster
	}
	if err != nil {
		return fmt.Errorf("declare a host lost: %w", err)
	}
	h.ended = true
	s.cfg.Log.Warn().Str("host", h.name).Time("seen", moment(h.seen)).Msg("a host was silent for too long; the others take over what it owned")
	s.notices.tell(noticeHosts)
	return nil
}

// rest lets lanes rest that were in flight at hosts that were lost. It is asked by the host that takes their partitions over.
func (s *Store) rest(ctx context.Context) error {
	type row struct {
		until int64
		lanes []byte
	}
	all, err := rows(ctx, s.soft, s.sql["flights"], func(r pgx.Rows) (one row, err error) {
		err = r.Scan(&one.until, &one.lanes)
		return one, err
	}, s.clock.now()-int64(s.cfg.Attempt))
	if err != nil {
		return fmt.Errorf("read what was in flight: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.clock.now()
	for mark, until := range s.book.resting {
		if until < now {
			delete(s.book.resting, mark)
		}
	}
	for _, one := range all {
		until := one.until + int64(s.cfg.Attempt)
		for lanes := one.lanes; len(lanes) >= 8; lanes = lanes[8:] {
			mark := binary.BigEndian.Uint64(lanes)
			s.book.resting[mark] = max(s.book.resting[mark], until)
		}
	}
	return nil
}

// reborn begins anew after this host was declared lost: what it owned and leased is another's now.
func (s *Store) reborn(ctx context.Context, inc *incarnation) error {
	s.mu.Lock()
	if s.host != inc {
		s.mu.Unlock()
		return nil // somebody else was faster
	}
	leases := len(s.held)
	inc.cancel()
	for handle := range s.held {
		s.lost[handle] = true
	}
	clear(s.held)
	book := newBook(s.cfg.window)
	for id, a := range s.book.apps {
		book.app(id).limit = a.limit
	}
	s.book.waiting = true
	s.book.news()
	s.book = book
	s.mu.Unlock()
	s.cfg.Log.Warn().Int("leases", leases).Msg("this host was silent for so long that the others have taken over what it owned; it begins anew")
	if err := s.register(ctx); err != nil {
		return err
	}
	s.askRound()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.wakeClaims()
	return nil
}

// leave tells the others that this host has ended.
func (s *Store) leave(ctx context.Context) error {
	s.mu.Lock()
	inc := s.host
	s.mu.Unlock()
	if inc == nil {
		return nil
	}
	batch := &pgx.Batch{}
	for _, name := range []string{"leave", "leave flights", "leave partitions", "leave claims"} {
		batch.Queue(s.sql[name], inc.number)
	}
	if inc.others > 0 {
		batch.Queue("SELECT pg_notify($1, $2)", s.channel(), noticeHosts+" "+noticeClaims)
	}
	return s.work.SendBatch(ctx, batch).Close()
}

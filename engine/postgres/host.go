package postgres

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"time"

	"trackhook/engine"

	"github.com/jackc/pgx/v5"
)

// incarnation is this host from its registration until it leaves or is declared lost. What it owns it owns together: all is
// lost at once. Its number is that of the stream of packages that it accepts, too. Guarded by the store's lock.
type incarnation struct {
	number   int64
	started  int64
	contact  int64                 // since when, by the database, it has been answering: what another host was silent about before says nothing
	renewed  time.Time             // when it was last renewed; only rounds touch it and contact
	until    time.Time             // when it must believe that others take over, by the monotonic clock
	appends  int64                 // how often it has added to the queue, as far as it has heard; only appendLoop touches it
	settles  int64                 // how many changes were committed; only the one that settles touches it, and unsure
	unsure   map[int64]func()      // by its mark: what is to be done when a change turns out to be committed whose end was not heard of
	owned    map[string]*ownedName // what Own has given
	unwanted map[string]int64      // what was released and the database has not heard of, with its epoch
	cancel   context.CancelFunc    // ends ctx
	ctx      context.Context       //nolint:containedctx // ends when it is lost
	others   int                   // hosts that live, beside this one
	leaving  map[int16]leaver      // partitions that are handed over as soon as nothing of them is leased
}

// margin is how much earlier than the database this host ends its lease, in parts of it.
const margin = 10

// register becomes a host.
func (s *Store) register(ctx context.Context) error {
	before := time.Now()
	inc := &incarnation{unsure: map[int64]func(){}, owned: map[string]*ownedName{}, unwanted: map[string]int64{}, leaving: map[int16]leaver{}}
	err := s.work.QueryRow(ctx, s.sql["register"], rand.Text(), s.cfg.Name, s.cfg.Version, int64(s.cfg.Lease)).Scan(&inc.number, &inc.started, &inc.contact)
	if errors.Is(err, pgx.ErrNoRows) {
		err = s.look.connected(ctx, func(ctx context.Context, conn *pgx.Conn) error { return refuseImported(ctx, conn, s.cfg.Schema) })
		if err == nil {
			err = errors.New("what another store held was being brought in just now")
		}
	}
	if err != nil {
		return fmt.Errorf("register as a host: %w", err)
	}
	s.clock.set(inc.started, time.Now())
	inc.renewed = before
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
	next := time.NewTimer(s.cfg.Lease / 3)
	defer next.Stop()
	failing := false
	for {
		select {
		case <-s.ctx.Done():
			return
		case <-next.C:
		case <-s.rounds:
		}
		ctx, cancel := context.WithTimeout(s.ctx, s.cfg.Lease/3)
		wait, err := s.roundNow(ctx)
		cancel()
		switch {
		case s.ctx.Err() != nil:
			return
		case errors.Is(err, context.DeadlineExceeded):
			s.away.lookSoon() // it may be silent
		case errors.Is(err, engine.ErrUnavailable):
		case err != nil && !failing:
			failing = true
			s.cfg.Log.Error().Err(err).Msg("cannot renew what this host owns; nothing is sent when that lasts, and nothing is lost")
		case err == nil && failing:
			failing = false
			s.cfg.Log.Info().Msg("this host can renew what it owns again")
		}
		s.expire()
		next.Reset(wait)
	}
}

func earliest(a, b int64) int64 {
	if a == noTime {
		return b
	}
	return min(a, b)
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

// roundNow makes a round of its own, and returns when the next is due. Rounds are made one after the other.
func (s *Store) roundNow(ctx context.Context) (next time.Duration, err error) {
	select {
	case s.rounding <- struct{}{}:
		defer func() { <-s.rounding }()
	case <-ctx.Done():
		return s.cfg.Lease / 3, ctx.Err()
	}
	if err := s.adoptSoon(ctx); err != nil {
		return s.cfg.Lease / 3, err
	}
	expires, err := s.round(ctx)
	next = s.cfg.Lease / 3
	if expires != noTime {
		// Right after a host is late: its lanes wait.
		next = min(next, max(time.Duration(expires-s.clock.now())+s.cfg.Lease/1000, s.cfg.Lease/30))
	}
	return next, err
}

// adoptSoon begins to work on what a host that ends has given to this one, before all that a round does.
func (s *Store) adoptSoon(ctx context.Context) error {
	s.mu.Lock()
	inc, sends, valid := s.host, s.sends, time.Now().Before(s.host.until)
	s.mu.Unlock()
	if !sends || !valid {
		return nil // a round finds out first whether this host owns anything
	}
	return s.adopt(ctx, inc)
}

// round renews this host, declares others lost that are silent, and takes and gives partitions. It returns when another host
// may be late first.
func (s *Store) round(ctx context.Context) (expires int64, err error) {
	expires = noTime
	s.mu.Lock()
	inc, sends := s.host, s.sends
	s.mu.Unlock()
	now, err := s.renew(ctx, inc)
	if errors.Is(err, pgx.ErrNoRows) {
		return expires, s.reborn(ctx, inc)
	}
	if err != nil {
		return expires, fmt.Errorf("renew: %w", err)
	}
	if err := s.giveUpAgain(ctx, inc); err != nil {
		return expires, err
	}
	hosts, err := s.readHosts(ctx)
	if err != nil {
		return expires, err
	}
	living, senders := 0, []int64{}
	for i := range hosts {
		h := &hosts[i]
		other := h.number != inc.number
		if h.late && !h.ended && other && now-inc.contact >= int64(s.cfg.Lease) {
			if err := s.declareLost(ctx, h); err != nil {
				return expires, err
			}
		}
		if h.ended {
			continue
		}
		living++
		if other {
			expires = earliest(expires, max(h.expires, inc.contact+int64(s.cfg.Lease)))
		}
		if h.sends {
			senders = append(senders, h.number)
		}
	}
	s.knowStreams(inc, hosts, living-1)
	if !sends {
		// What it took or was given when it had just ceased to send is given away like what it worked on.
		if err := s.adopt(ctx, inc); err != nil || s.ownsNothing() {
			return expires, err
		}
	}
	return expires, s.share(ctx, inc, senders)
}

func (s *Store) ownsNothing() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.book.owned) == 0
}

// renew says that this host lives, and returns the time. No row: it was declared lost.
func (s *Store) renew(ctx context.Context, inc *incarnation) (now int64, err error) {
	s.mu.Lock()
	leased, sends := len(s.held), s.sends
	s.mu.Unlock()
	before := time.Now()
	if err := s.soft.QueryRow(ctx, s.sql["renew"], inc.number, int64(s.cfg.Lease), leased, sends).Scan(&now); err != nil {
		return 0, err
	}
	if jump := now - s.clock.now(); before.Sub(inc.renewed) > s.cfg.Lease*2/3 || jump > int64(s.cfg.Lease)/3 {
		inc.contact = now // the database was away, or its clock was set, so the others could not renew in time either
	}
	inc.renewed = before
	s.clock.set(now, time.Now())
	s.mu.Lock()
	defer s.mu.Unlock()
	inc.until = before.Add(s.cfg.Lease - s.cfg.Lease/margin)
	return now, nil
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
	select {
	case s.bearing <- struct{}{}:
		defer func() { <-s.bearing }()
	case <-ctx.Done():
		return ctx.Err()
	}
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
	// Where it was not, and begins anew for another reason, the others need not wait for its lease to end.
	if _, err := s.work.Exec(ctx, s.sql["leave"], inc.number); err != nil {
		return err
	}
	if err := s.register(ctx); err != nil {
		return err
	}
	s.cfg.Log.Warn().Int("leases", leases).Msg("this host was silent for so long that the others have taken over what it owned; it has begun anew")
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
	return s.work.send(ctx, batch)
}

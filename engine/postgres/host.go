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

// leaver is a partition that is handed over: to whom, and since when it leases nothing more.
type leaver struct {
	heir  int64
	since time.Time
}

// ownedName is something that this host owns by name.
type ownedName struct {
	users int
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

// share brings the partitions of this host up to its share, or down to it.
func (s *Store) share(ctx context.Context, inc *incarnation, senders []int64) error {
	type row struct {
		partition int16
		host      *int64
	}
	all, err := rows(ctx, s.soft, s.sql["partitions"], func(r pgx.Rows) (one row, err error) {
		var epoch int64
		err = r.Scan(&one.partition, &one.host, &epoch)
		return one, err
	})
	if err != nil {
		return fmt.Errorf("read partitions: %w", err)
	}
	if len(senders) == 0 {
		return nil
	}
	counts := map[int64]int{}
	for _, host := range senders {
		counts[host] = 0
	}
	var free []int16
	for _, one := range all {
		if one.host == nil {
			free = append(free, one.partition)
		} else if _, lives := counts[*one.host]; lives {
			counts[*one.host]++
		} else {
			free = append(free, one.partition)
		}
	}
	fair := map[int64]int{}
	for i, host := range senders {
		fair[host] = len(all) / len(senders)
		if i < len(all)%len(senders) {
			fair[host]++
		}
	}
	if more := fair[inc.number] - counts[inc.number]; more > 0 && len(free) > 0 {
		// Each host begins at another place, so that two seldom want the same.
		at := int(inc.number) % len(free)
		free = append(free[at:], free[:at]...)
		if err := s.claim(ctx, inc, free[:min(more, len(free))]); err != nil {
			return err
		}
	}
	s.plan(inc, counts, fair)
	return s.handOver(ctx, inc)
}

// claim takes partitions that nobody owns.
func (s *Store) claim(ctx context.Context, inc *incarnation, free []int16) error {
	taken, err := rows(ctx, s.work, s.sql["claim"], func(r pgx.Rows) (partition int16, err error) {
		var epoch int64
		err = r.Scan(&partition, &epoch)
		return partition, err
	}, inc.number, free)
	if err != nil {
		return fmt.Errorf("take partitions: %w", err)
	}
	return s.took(ctx, inc, taken)
}

// took begins to work on partitions.
func (s *Store) took(ctx context.Context, inc *incarnation, taken []int16) error {
	if len(taken) == 0 {
		return nil
	}
	if err := s.rest(ctx); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.host == inc {
		for _, partition := range taken {
			s.book.own(partition)
		}
	}
	s.cfg.Log.Debug().Int("partitions", len(taken)).Msg("took over devices")
	return nil
}

// plan chooses partitions to hand over to hosts that have fewer than their share: those first of which nothing is leased. One
// of which something stays leased for long goes on working here, and another is chosen.
func (s *Store) plan(inc *incarnation, counts, fair map[int64]int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	tired := map[int16]bool{}
	for partition, l := range inc.leaving {
		_, lives := counts[l.heir]
		if lives && time.Since(l.since) < pollEvery {
			counts[inc.number]--
			counts[l.heir]++
			continue
		}
		delete(inc.leaving, partition)
		tired[partition] = true
		if _, owned := s.book.owned[partition]; owned {
			s.book.owned[partition] = false
			s.book.reread()
		}
	}
	busy := map[int16]int{}
	for key, l := range s.book.lanes {
		if l.state == laneBusy {
			busy[key.partition]++
		}
	}
	mine := slices.SortedFunc(keys(s.book.owned), func(a, b int16) int { return busy[a] - busy[b] })
	for _, heir := range slices.Sorted(keys(counts)) {
		for _, partition := range mine {
			if counts[inc.number] <= fair[inc.number] || counts[heir] >= fair[heir] {
				break
			}
			if s.book.owned[partition] || tired[partition] {
				continue
			}
			s.book.owned[partition] = true
			s.book.idle(partition)
			inc.leaving[partition] = leaver{heir, time.Now()}
			counts[inc.number]--
			counts[heir]++
		}
	}
}

func keys[K comparable, V any](m map[K]V) func(func(K) bool) {
	return func(yield func(K) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// handOver gives partitions away of which nothing is leased.
func (s *Store) handOver(ctx context.Context, inc *incarnation) error {
	s.mu.Lock()
	ready := map[int16]int64{}
	for partition, l := range inc.leaving {
		if s.book.idle(partition) == 0 {
			ready[partition] = l.heir
		}
	}
	s.mu.Unlock()
	for partition, heir := range ready {
		if _, err := s.work.Exec(ctx, s.sql["hand over"], inc.number, heir, partition); err != nil {
			return fmt.Errorf("hand a partition over: %w", err)
		}
		s.mu.Lock()
		delete(inc.leaving, partition)
		s.book.disown(partition)
		s.mu.Unlock()
		s.notices.tell(noticeHosts)
	}
	return s.adopt(ctx, inc)
}

// adopt begins to work on partitions that others have given to this host, and forgets those that it has not.
func (s *Store) adopt(ctx context.Context, inc *incarnation) error {
	mine := map[int16]bool{}
	all, err := rows(ctx, s.soft, s.sql["partitions"], func(r pgx.Rows) (partition int16, err error) {
		var epoch int64
		var host *int64
		err = r.Scan(&partition, &host, &epoch)
		if err == nil && host != nil && *host == inc.number {
			mine[partition] = true
		}
		return partition, err
	})
	if err != nil {
		return fmt.Errorf("read partitions: %w", err)
	}
	s.mu.Lock()
	var taken []int16
	for _, partition := range all {
		_, known := s.book.owned[partition]
		if mine[partition] && !known {
			taken = append(taken, partition)
		}
	}
	s.mu.Unlock()
	return s.took(ctx, inc, taken)
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

// Holds implements [engine.Sharer].
func (s *Store) Holds(lease *engine.Lease) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, held := s.held[lease.Handle]
	return held && time.Now().Before(s.host.until)
}

// Now implements [engine.Sharer].
func (s *Store) Now() time.Time {
	now := time.Now()
	return now.Add(time.Unix(0, s.clock.now()).Sub(now.Round(0)))
}

// Shared implements [engine.Sharer].
func (s *Store) Shared() bool { return true }

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
		err := s.work.QueryRow(waits, s.sql["own"], []byte(name), inc.number).Scan(&epoch)
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

// Hosts implements [engine.Sharer].
func (s *Store) Hosts(ctx context.Context) ([]engine.HostState, error) {
	ctx, done, err := s.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	s.mu.Lock()
	self, leased := s.host.number, len(s.held)
	s.mu.Unlock()
	hosts, err := s.readHosts(ctx)
	if err != nil {
		return nil, fmt.Errorf("list hosts: %w", failed(ctx, err))
	}
	lanes, owns := map[int64]int{}, map[int64][]string{}
	if _, err := rows(ctx, s.look, s.sql["partitions"], func(r pgx.Rows) (none struct{}, err error) {
		var partition int16
		var epoch int64
		var host *int64
		if err = r.Scan(&partition, &host, &epoch); err == nil && host != nil {
			lanes[*host]++
		}
		return none, err
	}); err != nil {
		return nil, fmt.Errorf("list hosts: %w", failed(ctx, err))
	}
	if _, err := rows(ctx, s.look, s.sql["claims"], func(r pgx.Rows) (none struct{}, err error) {
		var name []byte
		var host int64
		if err = r.Scan(&name, &host); err == nil {
			owns[host] = append(owns[host], string(name))
		}
		return none, err
	}); err != nil {
		return nil, fmt.Errorf("list hosts: %w", failed(ctx, err))
	}
	var all []engine.HostState
	for i := range hosts {
		h := &hosts[i]
		state := engine.HostState{
			ID: h.id, Name: h.name, Version: h.version, Started: moment(h.started), Seen: moment(h.seen),
			Lanes: lanes[h.number], Of: s.parts, Owns: owns[h.number], Leased: int(h.leased), Lost: h.ended || h.late,
		}
		if h.number == self {
			state.Leased = leased
			all = append([]engine.HostState{state}, all...)
			continue
		}
		if h.ended && h.seen < s.clock.now()-int64(day) {
			continue // only its stream matters
		}
		all = append(all, state)
	}
	return all, nil
}

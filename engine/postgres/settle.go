package postgres

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"trackhook/engine"

	"github.com/jackc/pgx/v5"
)

// settlePatience is how long a settlement waits for a database that is away, before its caller is told.
const settlePatience = 5 * time.Second

// Settle implements [engine.Queue].
func (s *Store) Settle(ctx context.Context, settlements ...engine.Settlement) error {
	ctx, done, err := s.enter(ctx)
	if err != nil {
		return fmt.Errorf("settle: %w", err)
	}
	defer done()
	for i := range settlements {
		if v := settlements[i].Verdict; v < engine.Remove || v > engine.Return {
			return fmt.Errorf("settle: settlement %d has the unknown verdict %d", i, v)
		}
	}
	select {
	case s.settling <- struct{}{}:
		defer func() { <-s.settling }()
	case <-ctx.Done():
		return fmt.Errorf("settle: %w", ctx.Err())
	}
	// What was attempted is to be recorded as soon as the database is back, so it is waited for here.
	wait, end := s.waits(ctx)
	defer end()
	wait, cancel := context.WithTimeout(wait, settlePatience)
	defer cancel()
	lost, err := patiently(wait, s, func() ([]int, error) { return s.settle(ctx, settlements) })
	if err != nil {
		return fmt.Errorf("settle: %w", failed(ctx, err))
	}
	if len(lost) > 0 {
		return &engine.LostError{Lost: lost}
	}
	return nil
}

// ending is one settlement of a lease that is held.
type ending struct {
	*engine.Settlement
	held  *heldLease
	place int // in the call
}

// settle settles what is held, and returns the places of what was lost.
func (s *Store) settle(ctx context.Context, settlements []engine.Settlement) (lost []int, err error) {
	for {
		endings, inc, lost := s.endings(settlements)
		if len(endings) == 0 {
			return lost, nil
		}
		change, err := s.newChange(ctx, endings)
		if err != nil {
			return nil, err
		}
		switch err = s.commit(ctx, inc, change, func() { s.settled(endings) }); {
		case errors.Is(err, errCommitted):
			continue
		case errors.Is(err, errLostLease):
			if err := s.reborn(ctx, inc); err != nil {
				return nil, err
			}
			continue // now they are all lost
		case err != nil:
			return nil, err
		}
		return lost, nil
	}
}

// endings returns what can be settled, and what was lost.
func (s *Store) endings(settlements []engine.Settlement) (endings []ending, inc *incarnation, lost []int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	seen := make(map[uint64]bool, len(settlements))
	for i := range settlements {
		handle := settlements[i].Lease.Handle
		switch held := s.held[handle]; {
		case seen[handle]:
		case held != nil:
			endings = append(endings, ending{&settlements[i], held, i})
		case s.lost[handle]:
			lost = append(lost, i)
		}
		seen[handle] = true
	}
	if len(endings) == 0 {
		for _, i := range lost {
			delete(s.lost, settlements[i].Lease.Handle)
		}
	}
	return endings, s.host, lost
}

// settled brings the memory up to what is on disk.
func (s *Store) settled(endings []ending) {
	s.mu.Lock()
	defer s.mu.Unlock()
	logged := false
	now := s.clock.now()
	for i := range endings {
		e := &endings[i]
		if s.held[e.Lease.Handle] != e.held {
			continue // lost since
		}
		delete(s.held, e.Lease.Handle)
		logged = logged || e.Verdict != engine.Return
		l := e.held.lane
		s.book.app(l.app).held--
		stays := e.Verdict == engine.Requeue || e.Verdict == engine.Return
		overtaken := e.Wait && !e.held.session && l.more
		switch leaving, owned := s.book.owned[l.partition]; {
		case leaving || !owned:
			s.book.forget(l)
			s.askRound()
		case stays && !overtaken && e.Device == nil:
			if due := s.clock.then(e.Due); due > now {
				s.book.wait(l, due)
			} else {
				s.book.queue(l, due)
			}
		case stays || l.more:
			s.book.queue(l, now)
		default:
			s.book.forget(l)
		}
		s.book.news()
	}
	if logged {
		s.wakeReaders()
		s.notices.tell(noticeLog)
	}
}

// newChange makes the statements of settlements.
func (s *Store) newChange(ctx context.Context, endings []ending) (*pgx.Batch, error) {
	var gone goneColumns
	var stay stayColumns
	var devices deviceColumns
	var log logColumns
	counts := countRows{}
	now := s.clock.now()
	for i := range endings {
		e := &endings[i]
		h := e.held
		attempts, last := h.attempts, h.last
		if e.Verdict != engine.Return {
			attempts, last = max(attempts, e.Response.Attempt), e.Response.Outcome
		}
		switch e.Verdict {
		case engine.Remove, engine.Bury:
			gone.add(h, e.Verdict == engine.Bury, attempts, h.failures, last, e.Response.Message)
		case engine.Requeue:
			stay.add(h, s.clock.then(e.Due), e.Wait, attempts, e.Lease.Failures, last, []byte(e.Response.Message))
		case engine.Return:
			stay.add(h, s.clock.then(e.Due), e.Wait, attempts, h.failures, last, nil)
		}
		if e.Device != nil {
			devices.add(h, e.Device)
		}
		if e.Verdict == engine.Return {
			continue
		}
		log.add(h, &e.Response, e.Verdict == engine.Remove)
		event, err := s.event(ctx, eventDay{dayOf(h.created), h.app, h.kind}, h.event, false)
		if err != nil {
			return nil, err
		}
		counts.note(h, event, &e.Response)
	}
	batch := &pgx.Batch{}
	gone.queue(s, batch, now)
	stay.queue(s, batch)
	devices.queue(s, batch, now)
	s.queueCounts(batch, counts)
	log.queue(s, batch)
	return batch, nil
}

// commit makes a change, behind the fence, and then calls done. Only the one that settles may call it. errLostLease: this host
// was declared lost, and nothing was changed. errCommitted: nothing was changed, because it was found out that a change before
// this one was committed whose end was not heard of; its done was called.
func (s *Store) commit(ctx context.Context, inc *incarnation, change *pgx.Batch, done func()) error {
	mark := rand.Int64()
	for extended := false; ; extended = true {
		batch := &pgx.Batch{}
		batch.Queue(s.sql["fence"], inc.number, inc.settles, mark)
		for _, q := range change.QueuedQueries {
			batch.Queue(q.SQL, q.Arguments...) // not q itself, which remembers what the connection before has prepared
		}
		err := s.work.send(ctx, batch)
		switch {
		case err == nil:
			inc.settles++
			clear(inc.unsure)
			done()
			return nil
		case isCode(err, codeCheckViolation) && !extended:
			if err := s.extendLog(ctx); err != nil {
				return err
			}
		case isCode(err, codeDivisionByZero):
			return s.judge(ctx, inc)
		default:
			inc.unsure[mark] = done // the connection may have died during the commit
			return err
		}
	}
}

// judge finds out why the fence has failed.
func (s *Store) judge(ctx context.Context, inc *incarnation) error {
	var settles, last int64
	var ended bool
	err := s.work.QueryRow(ctx, s.sql["fenced"], inc.number).Scan(&settles, &last, &ended)
	done, unsure := inc.unsure[last]
	switch {
	case err != nil && !errors.Is(err, pgx.ErrNoRows):
		return err
	case err == nil && settles == inc.settles+1 && unsure:
		inc.settles = settles
		clear(inc.unsure)
		done()
		return errCommitted
	case err != nil || ended:
		return errLostLease
	default:
		// A server that has taken over has not all that was acknowledged. What this host remembers is worth nothing there.
		s.cfg.Log.Error().Int64("database", settles).Int64("host", inc.settles).
			Msg("the database has gone back behind what it had acknowledged, as a standby does that was behind when it took over: " +
				"packages may be lost, or sent again; this host begins anew")
		return errLostLease
	}
}

// errCommitted means that a change whose end was not heard of was committed.
var errCommitted = errors.New("the change before was committed")

package postgres

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"trackhook/engine"

	"github.com/jackc/pgx/v5"
)

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
	lost, err := s.settle(ctx, settlements)
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
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for extended := false; ; extended = true {
		batch := &pgx.Batch{}
		batch.Queue(s.sql["fence"], inc.number, inc.settles)
		for _, q := range change.QueuedQueries {
			batch.Queue(q.SQL, q.Arguments...) // not q itself, which remembers what the connection before has prepared
		}
		err := s.work.SendBatch(ctx, batch).Close()
		switch {
		case err == nil:
			inc.settles, inc.unsure = inc.settles+1, nil
			done()
			return nil
		case isCode(err, codeCheckViolation) && !extended:
			if err := s.extendLog(ctx); err != nil {
				return err
			}
		case isCode(err, codeDivisionByZero):
			return s.judge(ctx, inc)
		default:
			if inc.unsure == nil {
				inc.unsure = done // the connection may have died during the commit
			}
			return err
		}
	}
}

// judge finds out why the fence has failed.
func (s *Store) judge(ctx context.Context, inc *incarnation) error {
	var settles int64
	var ended bool
	err := s.work.QueryRow(ctx, s.sql["fenced"], inc.number).Scan(&settles, &ended)
	switch {
	case err != nil && !errors.Is(err, pgx.ErrNoRows):
		return err
	case err == nil && settles == inc.settles+1 && inc.unsure != nil:
		done := inc.unsure
		inc.settles, inc.unsure = settles, nil
		done()
		return errCommitted
	case err != nil || ended:
		return errLostLease
	default:
		return fmt.Errorf("the database counts %d settlements of this host, which counts %d", settles, inc.settles)
	}
}

// errCommitted means that a change whose end was not heard of was committed.
var errCommitted = errors.New("the change before was committed")

// countKey is a row of the counts.
type countKey struct {
	day     int32
	app     int32
	kind    engine.Kind
	event   string
	outcome int16
}

// ambiguous stands for an outcome in the counts.
const ambiguous = -1

type countRows map[countKey]int64

func (c countRows) note(h *heldLease, event string, r *engine.Response) {
	k := countKey{dayOf(h.created), h.app, h.kind, event, int16(r.Outcome)}
	c[k]++
	if r.Ambiguous {
		k.outcome = ambiguous
		c[k]++
	}
}

func (s *Store) queueCounts(batch *pgx.Batch, counts countRows) {
	if len(counts) == 0 {
		return
	}
	s.mu.Lock()
	host := s.host.number
	s.mu.Unlock()
	var days, apps []int32
	var kinds, events [][]byte
	var outcomes []int16
	var ns []int64
	for k, n := range counts {
		days, apps = append(days, k.day), append(apps, k.app)
		kinds, events = append(kinds, []byte(k.kind)), append(events, []byte(k.event))
		outcomes, ns = append(outcomes, k.outcome), append(ns, n)
	}
	batch.Queue(s.sql["count"], host, days, apps, kinds, events, outcomes, ns)
}

// goneColumns are packages that leave the queue.
type goneColumns struct {
	partitions         []int16
	apps               []int32
	streams, numbers   []int64
	bury               []bool
	attempts, failures []int32
	last               []int16
	messages           [][]byte
}

func (c *goneColumns) add(h *heldLease, bury bool, attempts, failures int, last engine.Outcome, message string) {
	c.partitions, c.apps = append(c.partitions, h.partition), append(c.apps, h.app)
	c.streams, c.numbers, c.bury = append(c.streams, h.stream), append(c.numbers, h.number), append(c.bury, bury)
	c.attempts, c.failures = append(c.attempts, small(attempts)), append(c.failures, small(failures))
	c.last, c.messages = append(c.last, int16(last)), append(c.messages, []byte(message))
}

func (c *goneColumns) queue(s *Store, batch *pgx.Batch, now int64) {
	if len(c.numbers) > 0 {
		batch.Queue(s.sql["gone"], c.partitions, c.apps, c.streams, c.numbers, c.bury, c.attempts, c.failures, c.last, c.messages, now)
	}
}

func small(n int) int32 { return int32(min(max(n, 0), math.MaxInt32)) } //nolint:gosec // it fits

// stayColumns are packages that stay at the front of their lanes.
type stayColumns struct {
	partitions         []int16
	apps               []int32
	streams, numbers   []int64
	dues               []int64
	waits              []bool
	attempts, failures []int32
	last               []int16
	messages           [][]byte
}

func (c *stayColumns) add(h *heldLease, due int64, waits bool, attempts, failures int, last engine.Outcome, message []byte) {
	c.partitions, c.apps = append(c.partitions, h.partition), append(c.apps, h.app)
	c.streams, c.numbers = append(c.streams, h.stream), append(c.numbers, h.number)
	c.dues, c.waits = append(c.dues, due), append(c.waits, waits && !h.session)
	c.attempts, c.failures = append(c.attempts, small(attempts)), append(c.failures, small(failures))
	c.last, c.messages = append(c.last, int16(last)), append(c.messages, message)
}

func (c *stayColumns) queue(s *Store, batch *pgx.Batch) {
	if len(c.numbers) > 0 {
		batch.Queue(s.sql["stay"], c.partitions, c.apps, c.streams, c.numbers, c.dues, c.waits, c.attempts, c.failures, c.last, c.messages)
	}
}

// deviceColumns are devices of which something is known.
type deviceColumns struct {
	partitions, freed []int16
	apps, freedApps   []int32
	devices, freedOf  [][]byte
	adids             [][]byte
	sessions          []*int64
}

func (c *deviceColumns) add(h *heldLease, d *engine.Device) {
	c.partitions, c.apps, c.devices = append(c.partitions, h.partition), append(c.apps, h.app), append(c.devices, []byte(h.device))
	c.adids = append(c.adids, []byte(d.ADID))
	if d.Session.IsZero() {
		c.sessions = append(c.sessions, nil)
		return
	}
	c.sessions = append(c.sessions, new(d.Session.UnixNano()))
	c.freed, c.freedApps, c.freedOf = append(c.freed, h.partition), append(c.freedApps, h.app), append(c.freedOf, []byte(h.device))
}

func (c *deviceColumns) queue(s *Store, batch *pgx.Batch, now int64) {
	if len(c.devices) > 0 {
		batch.Queue(s.sql["devices"], c.partitions, c.apps, c.devices, c.adids, c.sessions)
	}
	if len(c.freed) > 0 {
		batch.Queue(s.sql["release"], c.freed, c.freedApps, c.freedOf, now)
	}
}

// logColumns are responses.
type logColumns struct {
	partitions               []int16
	apps                     []int32
	devices, ids             [][]byte
	created, accepted, times []int64
	final, ambiguous         []bool
	outcomes                 []int16
	failures                 []int32
	responses, bodies        [][]byte
}

func (c *logColumns) add(h *heldLease, r *engine.Response, final bool) {
	c.partitions, c.apps = append(c.partitions, h.partition), append(c.apps, h.app)
	c.devices, c.ids = append(c.devices, []byte(h.device)), append(c.ids, []byte(h.id))
	c.created, c.accepted, c.times = append(c.created, h.created), append(c.accepted, h.accepted), append(c.times, nanos(r.At))
	c.final, c.ambiguous, c.outcomes = append(c.final, final), append(c.ambiguous, r.Ambiguous), append(c.outcomes, int16(r.Outcome))
	c.failures = append(c.failures, small(h.failures))
	c.responses, c.bodies = append(c.responses, appendResponse(make([]byte, 0, 64+len(r.Body)), r)), append(c.bodies, h.body)
}

func (c *logColumns) queue(s *Store, batch *pgx.Batch) {
	if len(c.ids) > 0 {
		batch.Queue(s.sql["log"], int64(len(c.ids)), c.partitions, c.apps, c.devices, c.ids, c.created, c.accepted, c.times, c.final,
			c.ambiguous, c.outcomes, c.failures, c.responses, c.bodies)
	}
}

// patience bounds what a step in the background waits for the database.
const patience = 30 * time.Second

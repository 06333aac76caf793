package postgres

import (
	"math"

	"trackhook/engine"

	"github.com/jackc/pgx/v5"
)

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
	s.mu.Lock()
	host := s.host.number
	s.mu.Unlock()
	counts.queue(batch, s.sql["count"], host)
}

// queue adds a statement that counts what a host has seen.
func (c countRows) queue(batch *pgx.Batch, statement string, host int64) {
	if len(c) == 0 {
		return
	}
	var days, apps []int32
	var kinds, events [][]byte
	var outcomes []int16
	var ns []int64
	for k, n := range c {
		days, apps = append(days, k.day), append(apps, k.app)
		kinds, events = append(kinds, []byte(k.kind)), append(events, []byte(k.event))
		outcomes, ns = append(outcomes, k.outcome), append(ns, n)
	}
	batch.Queue(statement, host, days, apps, kinds, events, outcomes, ns)
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

package disk

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"trackhook/engine"
	"trackhook/engine/disk/internal/format"
)

// settled is a settlement ready to be written.
type encodedSettlement struct {
	*engine.Settlement
	due      int64  // steady clock
	response []byte // without its header
	count    format.CountKey
}

// Settle implements [engine.Queue].
func (s *Store) Settle(ctx context.Context, settlements ...engine.Settlement) error {
	db, err := s.enter()
	if err != nil {
		return fmt.Errorf("settle: %w", err)
	}
	defer db.calls.Done()
	if err := db.settle(ctx, settlements); err != nil {
		return fmt.Errorf("settle: %w", err)
	}
	return nil
}

func (db *database) settle(ctx context.Context, settlements []engine.Settlement) error {
	if len(settlements) == 0 {
		return ctx.Err()
	}
	r := &request{settlements: make([]encodedSettlement, len(settlements))}
	var space []byte
	for i := range settlements {
		s := &settlements[i]
		packed := encodedSettlement{Settlement: s}
		switch s.Verdict {
		case engine.Remove, engine.Bury:
		case engine.Requeue, engine.Return:
			packed.due = db.clock.at(s.Due)
		default:
			return fmt.Errorf("settlement %d has the unknown verdict %d", i, s.Verdict)
		}
		if s.Verdict != engine.Return {
			from := len(space)
			space = format.AppendResponse(space, &s.Response)
			packed.count = format.CountKeyOf(&s.Response.Package)
			packed.response = space[from:len(space):len(space)]
			r.size += len(packed.response)
		}
		r.settlements[i] = packed
		r.size += 256
	}
	return db.submit(ctx, r)
}

// settle writes what settlements change. Those of leases that are not held, or that are being settled already, change
// nothing.
func (b *builder) settle(settlements []encodedSettlement) error {
	if len(settlements) == 0 {
		return nil
	}
	leases := make([]lease, len(settlements))
	b.mu.Lock()
	for i := range settlements {
		handle := settlements[i].Lease.Handle
		if h := b.leases[handle]; h != nil && !h.settling {
			h.settling = true
			leases[i] = *h
			b.released = append(b.released, handle)
			why := b.claims[h.lane]
			b.claims[h.lane] = laneClaim{groups: why.groups + 1}
		}
	}
	b.mu.Unlock()
	for i := range settlements {
		if leases[i].number == 0 {
			continue
		}
		l, err := b.lane(leases[i].lane)
		if err == nil {
			err = b.settleOne(l, &leases[i], &settlements[i])
		}
		if err != nil {
			return fmt.Errorf("write settlement: %w", err)
		}
	}
	return nil
}

func (b *builder) settleOne(l *lane, h *lease, s *encodedSettlement) error {
	front, was := l.Slot(h.number), l.Next().Place
	if front == nil {
		return fmt.Errorf("lane %q has %d in front, and %d is leased", l.name, l.Head.Number, h.number)
	}
	if s.Device != nil {
		l.Device = *s.Device
	}
	var seq uint64
	if s.Verdict != engine.Return {
		var err error
		if seq, err = b.logAttempt(front, h, s); err != nil {
			return err
		}
	}
	if s.Verdict == engine.Requeue || s.Verdict == engine.Return {
		front.Due = s.due
		if front == &l.Head {
			// Sessions keep their order, so one never waits for another.
			l.Waiting = s.Wait && !h.session
		}
	}
	if l.Waiting && !l.Device.Session.IsZero() && s.Device != nil {
		l.Waiting, l.Head.Due = false, b.now
	}
	var err error
	switch s.Verdict {
	case engine.Remove:
		err = b.finish(l, h, format.IDRecord{State: format.IDFinal, Number: h.number, Last: seq})
	case engine.Bury:
		err = errors.Join(b.bury(l, front, h, s, seq), b.finish(l, h, format.IDRecord{State: format.IDDead, Number: seq, Last: seq}))
	default:
		err = b.bringSessionUp(l)
	}
	return errors.Join(err, b.saveLane(l, was))
}

// logAttempt writes the response of an attempt, and notes it in the slot of its package.
func (b *builder) logAttempt(front *format.Slot, h *lease, s *encodedSettlement) (seq uint64, err error) {
	if s.Verdict == engine.Requeue {
		front.Failures = s.Lease.Failures
	}
	front.Attempts = max(front.Attempts, s.Response.Attempt)
	front.Last = s.Response.Outcome
	seq, err = b.log(s.response, s.count, s.Response.Outcome, format.ResponseHeader{
		Verdict: s.Verdict, Logged: b.now, Previous: cmp.Or(front.Previous, h.previous), Accepted: h.accepted,
		Failures: front.Failures, Ambiguous: s.Response.Ambiguous,
	})
	front.Previous = seq
	return seq, err
}

// log writes a response, and counts it.
func (b *builder) log(response []byte, key format.CountKey, outcome engine.Outcome, s format.ResponseHeader) (seq uint64, err error) {
	row, err := b.count(key)
	if err != nil {
		return 0, err
	}
	row.Add(outcome, s.Ambiguous)
	return b.put(response, s)
}

// put writes a response at the end of the log.
func (b *builder) put(response []byte, s format.ResponseHeader) (seq uint64, err error) {
	state := &b.writer.state
	state.Last++
	if s.Ambiguous {
		state.Ambiguous++
	}
	b.value = format.AppendResponseHeader(b.value[:0], s)
	size := len(b.value) + len(response)
	op := b.batch.SetDeferred(9, size)
	format.ResponseKey(op.Key, state.Last)
	copy(op.Value[copy(op.Value, b.value):], response)
	state.LogBytes += uint64(size)
	return state.Last, op.Finish()
}

// bury writes a dead letter.
func (b *builder) bury(l *lane, front *format.Slot, h *lease, s *encodedSettlement, seq uint64) error {
	b.value = format.AppendDeadLetter(b.value[:0], &format.DeadLetter{
		Buried: b.now, Attempts: front.Attempts, Failures: front.Failures, Outcome: s.Response.Outcome,
		Message: s.Response.Message, Accepted: h.accepted, Package: s.Lease.Package,
	})
	b.writer.state.Dead++
	b.writer.state.DeadBytes += uint64(len(b.value))
	b.key = format.DeadLetterKey(b.key, seq)
	err := b.batch.Set(b.key, b.value, nil)
	b.key = format.InLaneNumberKey(b.key, format.DeadInLane, l.name, seq)
	return errors.Join(err, b.batch.Set(b.key, nil, nil))
}

// finish takes the package of a lease out of the queue.
func (b *builder) finish(l *lane, h *lease, record format.IDRecord) error {
	return errors.Join(b.dequeue(h.number, h.id, record), b.removeFromLane(l, h.number, h.session))
}

// dequeue removes a queued package, and notes what became of it.
func (b *builder) dequeue(number uint64, id string, record format.IDRecord) error {
	b.writer.state.Queued--
	b.key = format.PackageKey(b.key, number)
	err := b.batch.SingleDelete(b.key, nil)
	b.key = format.IDKey(b.key, id)
	b.value = format.AppendIDRecord(b.value[:0], record)
	return errors.Join(err, b.batch.Set(b.key, b.value, nil))
}

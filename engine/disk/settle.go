package disk

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"trackhook/engine"
)

// settled is a settlement ready to be written.
type settled struct {
	*engine.Settlement
	due      int64  // steady clock
	response []byte // without its stamp
	count    countKey
}

// Settle implements [engine.Queue].
func (s *Store) Settle(ctx context.Context, settlements ...engine.Settlement) error {
	l, err := s.enter()
	if err != nil {
		return fmt.Errorf("settle: %w", err)
	}
	defer l.calls.Done()
	if err := l.settle(ctx, settlements); err != nil {
		return fmt.Errorf("settle: %w", err)
	}
	return nil
}

func (l *life) settle(ctx context.Context, settlements []engine.Settlement) error {
	if len(settlements) == 0 {
		return ctx.Err()
	}
	r := &request{settled: make([]settled, len(settlements))}
	var space []byte
	for i := range settlements {
		s := &settlements[i]
		packed := settled{Settlement: s}
		switch s.Verdict {
		case engine.Remove, engine.Bury:
		case engine.Requeue, engine.Return:
			packed.due = l.clock.at(s.Due)
		default:
			return fmt.Errorf("settlement %d has the unknown verdict %d", i, s.Verdict)
		}
		if s.Verdict != engine.Return {
			from := len(space)
			space = appendResponse(space, &s.Response)
			packed.count = countOf(&s.Response.Package)
			packed.response = space[from:len(space):len(space)]
			r.size += len(packed.response)
		}
		r.settled[i] = packed
		r.size += 256
	}
	return l.submit(ctx, r)
}

// settle writes what settlements change. Those of leases that are not held, or that are being settled already, change
// nothing.
func (b *builder) settle(settlements []settled) error {
	if len(settlements) == 0 {
		return nil
	}
	leases := make([]held, len(settlements))
	b.mu.Lock()
	for i := range settlements {
		handle := settlements[i].Lease.Handle
		if h := b.leases[handle]; h != nil && !h.settling {
			h.settling = true
			leases[i] = *h
			b.released = append(b.released, handle)
			why := b.busy[h.lane]
			b.busy[h.lane] = busy{pins: why.pins + 1}
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

func (b *builder) settleOne(l *lane, h *held, s *settled) error {
	front, was := l.slot(h.number), l.next().place
	if front == nil {
		return fmt.Errorf("lane %q has %d in front, and %d is leased", l.name, l.head.number, h.number)
	}
	if s.Device != nil {
		l.device = *s.Device
	}
	var seq uint64
	if s.Verdict != engine.Return {
		var err error
		if seq, err = b.logAttempt(front, h, s); err != nil {
			return err
		}
	}
	if s.Verdict == engine.Requeue || s.Verdict == engine.Return {
		front.due = s.due
		if front == &l.head {
			// Sessions keep their order, so one never waits for another.
			l.waiting = s.Wait && !h.session
		}
	}
	if l.waiting && !l.device.Session.IsZero() && s.Device != nil {
		l.waiting, l.head.due = false, b.now
	}
	var err error
	switch s.Verdict {
	case engine.Remove:
		err = b.finish(l, h, idRecord{state: idFinal, number: h.number, last: seq})
	case engine.Bury:
		err = errors.Join(b.bury(l, front, h, s, seq), b.finish(l, h, idRecord{state: idDead, number: seq, last: seq}))
	default:
		err = b.pull(l)
	}
	return errors.Join(err, b.seat(l, was))
}

// logAttempt writes the response of an attempt, and notes it in the slot of its package.
func (b *builder) logAttempt(front *slot, h *held, s *settled) (seq uint64, err error) {
	if s.Verdict == engine.Requeue {
		front.failures = s.Lease.Failures
	}
	front.attempts = max(front.attempts, s.Response.Attempt)
	front.last = s.Response.Outcome
	seq, err = b.log(s.response, s.count, s.Response.Outcome, stamp{
		verdict: s.Verdict, logged: b.now, previous: cmp.Or(front.previous, h.previous), accepted: h.accepted,
		failures: front.failures, ambiguous: s.Response.Ambiguous,
	})
	front.previous = seq
	return seq, err
}

// log writes a response, and counts it.
func (b *builder) log(response []byte, key countKey, outcome engine.Outcome, s stamp) (seq uint64, err error) {
	row, err := b.count(key)
	if err != nil {
		return 0, err
	}
	row.add(outcome, s.ambiguous)
	return b.put(response, s)
}

// put writes a response at the end of the log.
func (b *builder) put(response []byte, s stamp) (seq uint64, err error) {
	state := &b.writer.state
	state.last++
	if s.ambiguous {
		state.ambiguous++
	}
	b.value = appendStamp(b.value[:0], s)
	size := len(b.value) + len(response)
	op := b.batch.SetDeferred(9, size)
	numberKey(op.Key, prefixResponse, state.last)
	copy(op.Value[copy(op.Value, b.value):], response)
	state.logBytes += uint64(size)
	return state.last, op.Finish()
}

// bury writes a dead letter.
func (b *builder) bury(l *lane, front *slot, h *held, s *settled, seq uint64) error {
	b.value = appendDead(b.value[:0], &dead{
		buried: b.now, attempts: front.attempts, failures: front.failures, outcome: s.Response.Outcome,
		message: s.Response.Message, accepted: h.accepted, pkg: s.Lease.Package,
	})
	b.writer.state.dead++
	b.writer.state.deadBytes += uint64(len(b.value))
	b.key = numberKey(b.key, prefixDead, seq)
	err := b.batch.Set(b.key, b.value, nil)
	b.key = inLaneKey(b.key, prefixGrave, l.name, seq)
	return errors.Join(err, b.batch.Set(b.key, nil, nil))
}

// finish takes the package of a lease out of the queue.
func (b *builder) finish(l *lane, h *held, record idRecord) error {
	return errors.Join(b.dequeue(h.number, h.id, record), b.leave(l, h.number, h.session))
}

// dequeue removes a queued package, and notes what became of it.
func (b *builder) dequeue(number uint64, id string, record idRecord) error {
	b.writer.state.queued--
	b.key = numberKey(b.key, prefixPackage, number)
	err := b.batch.SingleDelete(b.key, nil)
	b.key = textKey(b.key, prefixID, id)
	b.value = appendIDRecord(b.value[:0], record)
	return errors.Join(err, b.batch.Set(b.key, b.value, nil))
}

package disk

import (
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
		}
	}
	b.mu.Unlock()
	for i := range settlements {
		if leases[i].head == 0 {
			continue
		}
		l, err := b.lane(leases[i].lane)
		if err == nil && l.head != leases[i].head {
			err = fmt.Errorf("lane %q has head %d, and %d is leased", l.name, l.head, leases[i].head)
		}
		if err == nil {
			err = b.settleOne(l, leases[i].id, &settlements[i])
		}
		if err != nil {
			return fmt.Errorf("write settlement: %w", err)
		}
	}
	return nil
}

func (b *builder) settleOne(l *lane, id string, s *settled) error {
	if s.Device != nil {
		l.device = *s.Device
	}
	if s.Verdict == engine.Return {
		return b.replace(l, s.due)
	}
	seq, err := b.log(l, s)
	if err != nil {
		return err
	}
	l.attempts++
	l.previous = seq
	l.last = s.Response.Outcome
	switch s.Verdict {
	case engine.Requeue:
		l.failures = s.Lease.Failures
		return b.replace(l, s.due)
	case engine.Bury:
		b.writer.state.dead++
		if err := b.bury(l, s, seq); err != nil {
			return err
		}
		return b.finish(l, id, idRecord{state: idDead, number: l.head, last: seq})
	default:
		return b.finish(l, id, idRecord{state: idFinal, number: l.head, last: seq})
	}
}

// log writes a response at the end of the log.
func (b *builder) log(l *lane, s *settled) (seq uint64, err error) {
	state := &b.writer.state
	state.last++
	b.value = appendStamp(b.value[:0], stamp{verdict: s.Verdict, logged: b.now, previous: l.previous})
	size := len(b.value) + len(s.response)
	op := b.batch.SetDeferred(9, size)
	numberKey(op.Key, prefixResponse, state.last)
	copy(op.Value[copy(op.Value, b.value):], s.response)
	state.logBytes += uint64(size)
	return state.last, op.Finish()
}

// replace puts the same head at another place in the order.
func (b *builder) replace(l *lane, due int64) error {
	if due == l.due {
		// A key of the index must not be set twice; see unplace.
		record := l.laneRecord
		b.added = append(b.added, entry{place: l.place, lane: l.name, record: &record})
		return b.writeLane(l)
	}
	if err := b.unplace(l); err != nil {
		return err
	}
	l.due = due
	return b.offer(l)
}

func (b *builder) bury(l *lane, s *settled, seq uint64) error {
	b.value = appendDead(b.value[:0], &dead{
		buried: b.now, reason: seq, attempts: l.attempts, outcome: s.Response.Outcome,
		accepted: s.Lease.Accepted, pkg: s.Lease.Package,
	})
	b.key = numberKey(b.key, prefixDead, l.head)
	return b.batch.Set(b.key, b.value, nil)
}

// finish takes the head out of the queue.
func (b *builder) finish(l *lane, id string, record idRecord) error {
	b.writer.state.queued--
	b.key = numberKey(b.key, prefixPackage, l.head)
	err := b.batch.SingleDelete(b.key, nil)
	b.key = textKey(b.key, prefixID, id)
	b.value = appendIDRecord(b.value[:0], record)
	return errors.Join(err, b.batch.Set(b.key, b.value, nil), b.advance(l))
}

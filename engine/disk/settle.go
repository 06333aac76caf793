package disk

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"trackhook/engine"
	"trackhook/engine/disk/internal/format"
	"trackhook/engine/disk/internal/live"
	"trackhook/engine/disk/internal/read"
)

// settleRequest writes what settlements change. Those of leases that are not held, or that are being settled already,
// change nothing.
type settleRequest struct {
	ticket
	settlements []encodedSettlement
	aside       map[int]bool // those whose lanes cannot be read
}

// spaceKept bounds what is kept of the space that settlements are encoded in.
const spaceKept = 1 << 20

// encodedSettlement is a settlement ready to be written.
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
	space, _ := db.spaces.Get().(*[]byte)
	if space == nil {
		space = new([]byte)
	}
	r, used, err := newSettleRequest(db.clock, settlements, (*space)[:0])
	if *space = used; cap(used) <= spaceKept {
		defer db.spaces.Put(space) // once there is an answer nobody reads it any more: what is written was copied
	}
	if err != nil {
		return err
	}
	// They come first: they look at what is behind the heads of lanes in the database, and so must not miss what the group
	// adds.
	r.first = true
	return db.submit(ctx, r)
}

// newSettleRequest encodes settlements before they wait for the writer, so that many are encoded at once. It writes behind space,
// and returns that.
func newSettleRequest(clock clock, settlements []engine.Settlement, space []byte) (*settleRequest, []byte, error) {
	r := &settleRequest{settlements: make([]encodedSettlement, len(settlements))}
	for i := range settlements {
		s := &settlements[i]
		e := encodedSettlement{Settlement: s}
		switch s.Verdict {
		case engine.Remove, engine.Bury:
		case engine.Requeue, engine.Return:
			e.due = clock.at(s.Due)
		default:
			return nil, space, fmt.Errorf("settlement %d has the unknown verdict %d", i, s.Verdict)
		}
		if s.Verdict != engine.Return {
			from := len(space)
			space = format.AppendResponse(space, &s.Response)
			e.count = format.CountKeyOf(&s.Response.Package)
			e.response = space[from:len(space):len(space)]
			r.size += len(e.response)
		}
		r.settlements[i] = e
		r.size += 256
	}
	return r, space, nil
}

func (r *settleRequest) write(b *builder) error {
	leases := b.beginSettling(r.settlements)
	for i := range r.settlements {
		if leases[i].Number == 0 {
			continue
		}
		err := r.settle(b, i, &leases[i])
		if errors.Is(err, read.ErrDamaged) && !r.aside[i] {
			b.log.Error().Err(err).Str("id", leases[i].ID).
				Msg("what is stored about a lane cannot be read; what is queued in it waits until the store is repaired, as with `trackhook store repair`")
			if r.aside == nil {
				r.aside = make(map[int]bool)
			}
			r.aside[i] = true
			return againError{err}
		}
		if err != nil {
			return fmt.Errorf("write settlement: %w", err)
		}
	}
	return nil
}

func (r *settleRequest) settle(b *builder, i int, held *live.Lease) error {
	if r.aside[i] {
		return b.settleAside(held, &r.settlements[i])
	}
	l, err := b.lane(held.Lane)
	if err != nil {
		return err
	}
	return b.settleOne(l, held, &r.settlements[i])
}

// beginSettling returns the lease of each settlement, which the group ends; one without a number where there is none. The
// lanes stay claimed until the group is durable.
func (b *builder) beginSettling(settlements []encodedSettlement) []live.Lease {
	handles := make([]uint64, len(settlements))
	for i := range settlements {
		handles[i] = settlements[i].Lease.Handle
	}
	return b.memory.Settle(handles, &b.changes)
}

func (b *builder) settleOne(l *lane, held *live.Lease, s *encodedSettlement) error {
	front, was := l.Slot(held.Number), l.Next().Place
	if front == nil {
		return fmt.Errorf("%w: lane %q has %d in front, and %d is leased", read.ErrDamaged, l.name, l.Head.Number, held.Number)
	}
	if s.Device != nil {
		l.Device = *s.Device
	}
	var seq uint64
	if s.Verdict != engine.Return {
		var err error
		if seq, err = b.writeAttempt(front, held, s); err != nil {
			return err
		}
	}
	if s.Verdict == engine.Requeue || s.Verdict == engine.Return {
		front.Due = s.due
		if front == &l.Head {
			// Sessions keep their order, so one never waits for another.
			l.Waiting = s.Wait && !held.Session
		}
	}
	if l.Waiting && !l.Device.Session.IsZero() && s.Device != nil {
		l.Waiting, l.Head.Due = false, b.now
	}
	var err error
	switch s.Verdict {
	case engine.Remove:
		err = b.finish(l, held, format.IDRecord{State: format.IDFinal, Number: held.Number, Last: seq})
	case engine.Bury:
		err = errors.Join(b.bury(l, front, held, s, seq), b.finish(l, held, format.IDRecord{State: format.IDDead, Number: seq, Last: seq}))
	default:
		err = b.bringSessionUp(l)
	}
	return errors.Join(err, b.saveLane(l, was))
}

// settleAside settles a lease whose lane cannot be read: what came of the attempt is written, so that what was sent is not
// sent again, and the lane, which nobody can lead on, is held.
func (b *builder) settleAside(held *live.Lease, s *encodedSettlement) error {
	b.changes.Held = append(b.changes.Held, live.Damage{Lane: held.Lane, Number: held.Number, ID: held.ID, Whole: true})
	if s.Verdict == engine.Return {
		return nil
	}
	front := format.Slot{Attempts: s.Lease.Attempts, Failures: s.Lease.Failures, Previous: held.Last}
	seq, err := b.writeAttempt(&front, held, s)
	if err != nil {
		return err
	}
	switch s.Verdict {
	case engine.Remove:
		return b.dequeue(held.Number, held.ID, format.IDRecord{State: format.IDFinal, Number: held.Number, Last: seq})
	case engine.Bury:
		return errors.Join(
			b.bury(&lane{name: held.Lane}, &front, held, s, seq),
			b.dequeue(held.Number, held.ID, format.IDRecord{State: format.IDDead, Number: seq, Last: seq}),
		)
	default:
		return nil
	}
}

// writeAttempt writes the response of an attempt, and notes it in the slot of its package.
func (b *builder) writeAttempt(front *format.Slot, held *live.Lease, s *encodedSettlement) (seq uint64, err error) {
	if s.Verdict == engine.Requeue {
		front.Failures = s.Lease.Failures
	}
	front.Attempts = max(front.Attempts, s.Response.Attempt)
	front.Last = s.Response.Outcome
	seq, err = b.writeResponse(s.response, s.count, s.Response.Outcome, format.ResponseHeader{
		Verdict: s.Verdict, Logged: b.now, Previous: cmp.Or(front.Previous, held.Previous), Accepted: held.Accepted,
		Failures: front.Failures, Ambiguous: s.Response.Ambiguous,
	})
	front.Previous = seq
	return seq, err
}

// bury writes a dead letter.
func (b *builder) bury(l *lane, front *format.Slot, held *live.Lease, s *encodedSettlement, seq uint64) error {
	b.value = format.AppendDeadLetter(b.value[:0], &format.DeadLetter{
		Buried: b.now, Attempts: front.Attempts, Failures: front.Failures, Outcome: s.Response.Outcome,
		Message: s.Response.Message, Accepted: held.Accepted, Package: s.Lease.Package,
	})
	b.state.Dead++
	b.state.DeadBytes += uint64(len(b.value))
	b.key = format.DeadLetterKey(b.key, seq)
	err := b.batch.Set(b.key, b.value, nil)
	b.key = format.InLaneNumberKey(b.key, format.DeadInLane, l.name, seq)
	return errors.Join(err, b.batch.Set(b.key, nil, nil))
}

// finish takes the package of a lease out of the queue.
func (b *builder) finish(l *lane, held *live.Lease, record format.IDRecord) error {
	return errors.Join(b.dequeue(held.Number, held.ID, record), b.removeFromLane(l, held.Number, held.Session))
}

// dequeue removes a queued package, and notes what became of it.
func (b *builder) dequeue(number uint64, id string, record format.IDRecord) error {
	b.state.Queued--
	b.key = format.PackageKey(b.key, number)
	err := b.batch.Delete(b.key, nil)
	return errors.Join(err, b.setID(id, record))
}

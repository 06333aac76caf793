package postgres

import (
	"context"
	"errors"
	"fmt"

	"trackhook/engine"

	"github.com/jackc/pgx/v5"
)

// named IDs, as statements take them.
func (s *Store) ids(ids []string) (parts []int16, all [][]byte) {
	known := map[int16]bool{}
	for _, id := range ids {
		if part := s.part(id); !known[part] {
			known[part] = true
			parts = append(parts, part)
		}
		all = append(all, []byte(id))
	}
	return parts, all
}

// Retry implements [engine.Inspector].
func (s *Store) Retry(ctx context.Context, ids ...string) (retried int, err error) {
	ctx, done, err := s.enter(ctx)
	if err != nil {
		return 0, fmt.Errorf("retry: %w", err)
	}
	defer done()
	if len(ids) == 0 {
		return 0, nil
	}
	if err := s.full(len(ids)); err != nil && !errors.Is(err, engine.ErrFullOfDead) {
		return 0, fmt.Errorf("retry: %w", err)
	}
	// What this host adds to the queue is committed in the order of its numbers, so one goroutine adds all of it.
	call := &appendCall{done: make(chan error, 1), instead: func() error {
		retried, err = s.retry(ctx, ids)
		return err
	}}
	select {
	case s.appends <- call:
	case <-ctx.Done():
		return 0, fmt.Errorf("retry: %w", ctx.Err())
	}
	if err := <-call.done; err != nil {
		return 0, fmt.Errorf("retry: %w", failed(ctx, err))
	}
	return retried, nil
}

func (s *Store) retry(ctx context.Context, ids []string) (retried int, err error) {
	s.mu.Lock()
	inc := s.host
	s.mu.Unlock()
	parts, all := s.ids(ids)
	columns := newAppendColumns(len(ids))
	var numbers []int64
	_, err = rows(ctx, s.work, s.sql["retry"], func(r pgx.Rows) (none struct{}, err error) {
		var p appendPackage
		var device []byte
		var number int64
		if err := r.Scan(&p.key.partition, &p.key.app, &device, &number, &p.session); err != nil {
			return none, err
		}
		p.key.device = string(device)
		columns.add(&p)
		numbers = append(numbers, number)
		return none, nil
	}, parts, all, inc.number)
	if err != nil {
		s.unsureOfAppends()
		return 0, err
	}
	inc.appends++
	s.tookIn(inc, columns, nil, numbers, s.clock.now())
	return len(numbers), nil
}

// Drop implements [engine.Inspector].
func (s *Store) Drop(ctx context.Context, ids ...string) (dropped int, err error) {
	ctx, done, err := s.enter(ctx)
	if err != nil {
		return 0, fmt.Errorf("drop: %w", err)
	}
	defer done()
	if len(ids) == 0 {
		return 0, nil
	}
	ctx, end := s.waits(ctx)
	defer end()
	var foreign map[int16][]string
	for tried, whole := 0, true; ; tried++ {
		dropped, foreign, err = s.dropOwned(ctx, ids, byPerson(), whole)
		if err != nil || !whole || len(foreign) == 0 {
			break
		}
		if whole, err = s.awaitOwners(ctx, foreign); err != nil {
			break
		}
		whole = whole && tried < ownerPatience
	}
	for tried := 0; err == nil && len(foreign) > 0; tried++ {
		var more int
		var moves bool
		if more, moves, err = s.dropElsewhere(ctx, foreign); err != nil {
			break
		}
		dropped += more
		// What has moved meanwhile is found by looking again.
		if more, foreign, err = s.dropOwned(ctx, ids, byPerson(), false); err != nil {
			break
		}
		dropped += more
		if more == 0 && (!moves && tried > 0 || tried >= ownerPatience) {
			break
		}
	}
	if err != nil {
		return dropped, fmt.Errorf("drop: %w", failed(ctx, err))
	}
	return dropped, nil
}

// dropReason says why packages are dropped.
type dropReason struct{ rule, message string }

func byPerson() dropReason { return dropReason{"dropped", "dropped by a person"} }

// dropOwned drops dead letters, and what is queued in partitions of this host; foreign are those of others, by partition. With
// whole, nothing is dropped where some are foreign.
func (s *Store) dropOwned(ctx context.Context, ids []string, why dropReason, whole bool) (dropped int, foreign map[int16][]string, err error) {
	// Nothing is handed out and nothing is settled meanwhile.
	for _, slot := range []chan struct{}{s.leaseSlot, s.settling} {
		select {
		case slot <- struct{}{}:
			defer func() { <-slot }()
		case <-ctx.Done():
			return 0, nil, ctx.Err()
		}
	}
	for {
		dropped, foreign, err = s.drop(ctx, ids, why, whole)
		if !errors.Is(err, errCommitted) && !isCode(err, codeOutOfRange) { // else another host was faster with some
			return dropped, foreign, err
		}
	}
}

// droppedPackage is a package that a person removes.
type droppedPackage struct {
	heldLease
	dead bool
}

func (s *Store) drop(ctx context.Context, ids []string, why dropReason, whole bool) (dropped int, foreign map[int16][]string, err error) {
	all, err := s.find(ctx, ids)
	if err != nil {
		return 0, nil, err
	}
	s.mu.Lock()
	inc := s.host
	foreign = map[int16][]string{}
	var found []*droppedPackage
	for _, p := range all {
		if _, owned := s.book.owned[p.partition]; !owned && !p.dead {
			foreign[p.partition] = append(foreign[p.partition], p.id)
			continue
		}
		found = append(found, p)
	}
	s.mu.Unlock()
	if len(found) == 0 || whole && len(foreign) > 0 {
		return 0, foreign, nil
	}
	var queued stayColumns
	var log logColumns
	var dead []string
	counts := countRows{}
	now := s.clock.now()
	for _, p := range found {
		if p.dead {
			dead = append(dead, p.id)
		} else {
			queued.add(&p.heldLease, 0, false, 0, 0, 0, nil)
		}
		var body engine.Package
		if err := readPackage(p.body, &body); err != nil {
			return 0, nil, err
		}
		p.kind, p.event = body.Kind, body.EventToken()
		r := engine.Response{
			Attempt: p.attempts, Outcome: engine.Dropped, Rule: why.rule, Message: why.message, At: moment(now),
		}
		log.add(&p.heldLease, &r, true)
		event, err := s.event(ctx, eventDay{dayOf(p.created), p.app, p.kind}, p.event, false)
		if err != nil {
			return 0, nil, err
		}
		counts.note(&p.heldLease, event, &r)
	}
	batch := &pgx.Batch{}
	if len(dead) > 0 {
		parts, all := s.ids(dead)
		batch.Queue(s.sql["drop dead"], parts, all, len(dead))
	}
	if len(queued.numbers) > 0 {
		batch.Queue(s.sql["drop queued"], queued.partitions, queued.apps, queued.streams, queued.numbers, len(queued.numbers))
	}
	s.queueCounts(batch, counts)
	log.queue(s, batch)
	err = s.commit(ctx, inc, batch, func() { s.dropped(found, now) })
	if errors.Is(err, errLostLease) {
		return 0, nil, errors.Join(s.reborn(ctx, inc), errors.New("this host was silent for too long; try again"))
	}
	if err != nil {
		return 0, nil, err
	}
	return len(found), foreign, nil
}

// find finds what is to be dropped: dead letters, and what is queued and is not being sent.
func (s *Store) find(ctx context.Context, ids []string) ([]*droppedPackage, error) {
	parts, all := s.ids(ids)
	s.mu.Lock()
	leased := make(map[string]bool, len(s.held))
	for _, held := range s.held {
		leased[held.id] = true
	}
	s.mu.Unlock()
	found, err := rows(ctx, s.work, s.sql["find"], func(r pgx.Rows) (*droppedPackage, error) {
		p := &droppedPackage{heldLease: heldLease{lane: &lane{}}}
		var id, device []byte
		var attempts, failures int32
		err := r.Scan(&id, &p.partition, &p.app, &p.stream, &p.number, &device, &p.created, &p.accepted, &attempts, &failures,
			&p.session, &p.body, &p.dead)
		p.id, p.device, p.attempts, p.failures = string(id), string(device), int(attempts), int(failures)
		return p, err
	}, parts, all)
	if err != nil {
		return nil, err
	}
	var kept []*droppedPackage
	for _, id := range ids {
		for i, p := range found {
			if p != nil && p.id == id && !leased[id] {
				kept = append(kept, p)
				found[i] = nil
			}
		}
	}
	return kept, nil
}

// dropped brings the memory up to what is on disk.
func (s *Store) dropped(found []*droppedPackage, now int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range found {
		if p.dead {
			continue
		}
		if l := s.book.lanes[p.laneKey]; l != nil && l.state != laneBusy {
			s.book.queue(l, now)
		} else {
			s.book.hint(p.laneKey, now, p.number, true)
		}
	}
	s.wakeReaders()
	s.notices.tell(noticeLog)
}

package disk

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"trackhook/engine"
	"trackhook/engine/disk/internal/format"

	"github.com/cockroachdb/pebble/v2"
)

// editRequest changes packages by ID, for a person. It is a group of its own, so that each step of it can see what the
// steps before it have changed.
type editRequest struct {
	ids []string
	// retry puts dead letters back; else packages are dropped, and rule and message say why.
	retry         bool
	rule, message string
	done          int // the answer
}

// Retry implements [engine.Inspector]. A dead-letter area that is full does not stop it.
func (s *Store) Retry(ctx context.Context, ids ...string) (retried int, err error) {
	db, err := s.enter()
	if err != nil {
		return 0, fmt.Errorf("retry: %w", err)
	}
	defer db.calls.Done()
	if err := db.admit(len(ids), true); err != nil {
		return 0, fmt.Errorf("retry: %w", err)
	}
	defer db.endAdmission(len(ids))
	retried, err = db.edit(ctx, editRequest{ids: ids, retry: true})
	if err != nil {
		return 0, fmt.Errorf("retry: %w", err)
	}
	return retried, nil
}

// Drop implements [engine.Inspector].
func (s *Store) Drop(ctx context.Context, ids ...string) (dropped int, err error) {
	db, err := s.enter()
	if err != nil {
		return 0, fmt.Errorf("drop: %w", err)
	}
	defer db.calls.Done()
	if err = db.findDamagedIDs(ids); err == nil {
		dropped, err = db.edit(ctx, editRequest{ids: ids, rule: "dropped", message: "dropped by a person"})
	}
	if err != nil {
		return 0, fmt.Errorf("drop: %w", err)
	}
	return dropped, nil
}

func (db *database) edit(ctx context.Context, e editRequest) (int, error) {
	if len(e.ids) == 0 {
		return 0, ctx.Err()
	}
	if err := db.submit(ctx, &request{edit: &e, size: 1024 * len(e.ids)}); err != nil {
		return 0, err
	}
	return e.done, nil
}

func (b *builder) edit(e *editRequest) error {
	b.reader = b.batch
	for _, id := range e.ids {
		done, err := b.editOne(e, id)
		if errors.Is(err, errDamaged) || errors.Is(err, pebble.ErrNotFound) {
			// Nothing was changed yet. It must not stop the others, nor count as a failed disk.
			b.cfg.Log.Error().Err(err).Str("id", id).Msg("a package cannot be read; it stays as it is")
			err = nil
		}
		// The next one must see what was changed.
		if err = errors.Join(err, b.close()); err != nil {
			return fmt.Errorf("change package %q: %w", id, err)
		}
		if done {
			e.done++
		}
	}
	return nil
}

func (b *builder) editOne(e *editRequest, id string) (done bool, err error) {
	b.key = format.IDKey(b.key, id)
	value, found, err := b.get(b.key)
	if err != nil {
		return false, err
	}
	if !found {
		if number, ok := parseDamagedID(id); ok && !e.retry {
			return b.dropDamaged(e, number, "")
		}
		return false, nil
	}
	record, err := format.DecodeIDRecord(value)
	if err != nil {
		return false, err
	}
	switch {
	case record.State == format.IDDead && e.retry:
		return true, b.retry(record)
	case record.State == format.IDDead:
		return true, b.dropDead(e, record)
	case record.State == format.IDQueued && !e.retry:
		return b.dropQueued(e, id, record)
	default:
		return false, nil
	}
}

// removeDeadLetter takes a dead letter out of its area.
func (b *builder) removeDeadLetter(record format.IDRecord) (format.DeadLetter, error) {
	b.key = format.DeadLetterKey(b.key, record.Number)
	value, found, err := b.get(b.key)
	if err != nil {
		return format.DeadLetter{}, err
	}
	if !found {
		return format.DeadLetter{}, fmt.Errorf("%w: dead letter %d is missing", errDamaged, record.Number)
	}
	d, err := format.DecodeDeadLetter(value)
	if err != nil {
		return format.DeadLetter{}, fmt.Errorf("%w: %w", errDamaged, err)
	}
	b.writer.state.Dead--
	b.writer.state.DeadBytes -= min(b.writer.state.DeadBytes, uint64(len(value)))
	err = b.batch.SingleDelete(b.key, nil)
	b.key = format.InLaneNumberKey(b.key, format.DeadInLane, string(format.AppendLane(nil, d.Package.Lane())), record.Number)
	return d, errors.Join(err, b.batch.SingleDelete(b.key, nil))
}

// retry puts a dead letter back at the end of its lane.
func (b *builder) retry(record format.IDRecord) error {
	d, err := b.removeDeadLetter(record)
	if err != nil {
		return err
	}
	l, err := b.lane(string(format.AppendLane(nil, d.Package.Lane())))
	if err != nil {
		return err
	}
	value := format.AppendPackage(nil, d.Accepted, record.Last, &d.Package)
	return b.enqueue(l, d.Package.ID, d.Package.Kind == engine.KindSession, value, record.Last)
}

func (b *builder) dropDead(e *editRequest, record format.IDRecord) error {
	d, err := b.removeDeadLetter(record)
	if err != nil {
		return err
	}
	seq, err := b.logDrop(e, &d.Package, d.Attempts, format.ResponseHeader{Previous: record.Last, Accepted: d.Accepted, Failures: d.Failures})
	b.key = format.IDKey(b.key, d.Package.ID)
	b.value = format.AppendIDRecord(b.value[:0], format.IDRecord{State: format.IDFinal, Number: record.Number, Last: seq})
	return errors.Join(err, b.batch.Set(b.key, b.value, nil))
}

// dropQueued drops a package that is not being sent just now.
func (b *builder) dropQueued(e *editRequest, id string, record format.IDRecord) (done bool, err error) {
	s, err := readPackage(b.reader, record.Number)
	if errors.Is(err, errDamaged) || errors.Is(err, pebble.ErrNotFound) {
		if done, wrong := b.dropDamaged(e, record.Number, id); done || wrong != nil {
			return done, wrong
		}
	}
	if err != nil {
		return false, err
	}
	l, err := b.lane(string(format.AppendLane(nil, s.Package.Lane())))
	if err != nil {
		return false, err
	}
	b.mu.Lock()
	why := b.claims[l.name]
	b.mu.Unlock()
	if why.leased && why.number == record.Number {
		return false, nil
	}
	var front format.Slot
	if at := l.Slot(record.Number); at != nil {
		front = *at
	}
	seq, err := b.logDrop(e, &s.Package, front.Attempts, format.ResponseHeader{
		Previous: cmp.Or(front.Previous, s.Previous), Accepted: s.Accepted, Failures: front.Failures,
	})
	return true, errors.Join(
		err,
		b.dequeue(record.Number, s.Package.ID, format.IDRecord{State: format.IDFinal, Number: record.Number, Last: seq}),
		b.removeUnleased(&s.Package, record.Number),
	)
}

func (b *builder) logDrop(e *editRequest, p *engine.Package, attempts int, s format.ResponseHeader) (seq uint64, err error) {
	s.Verdict, s.Logged = engine.Remove, b.now
	return b.log(format.AppendResponse(nil, b.dropResponse(e, p, attempts)), format.CountKeyOf(p), engine.Dropped, s)
}

func (b *builder) dropResponse(e *editRequest, p *engine.Package, attempts int) *engine.Response {
	return &engine.Response{
		Package: *p, Attempt: attempts, Outcome: engine.Dropped, Rule: e.rule, Message: e.message, At: time.Now(),
	}
}

// removeUnleased takes a package that is not leased out of its lane.
func (b *builder) removeUnleased(p *engine.Package, number uint64) error {
	session := p.Kind == engine.KindSession
	l, err := b.lane(string(format.AppendLane(nil, p.Lane())))
	if err != nil {
		return err
	}
	if l.Slot(number) == nil {
		return b.removeBehind(l, number, session)
	}
	pinned, was := b.claim(l), l.Next().Place
	if err := b.removeFromLane(l, number, session); err != nil {
		return err
	}
	if err := b.saveLane(l, was); err != nil {
		return err
	}
	if !pinned {
		b.cancelOffer(l) // whoever has leased it offers it
	}
	return nil
}

// expireStep bounds the dead letters that one step drops.
const expireStep = 1000

// expireDead drops the dead letters that were kept long enough, and tells.
func (db *database) expireDead() {
	for total := 0; db.cause() == nil; {
		ids, err := db.tooOld()
		dropped := 0
		if err == nil {
			dropped, err = db.edit(context.Background(), editRequest{
				ids: ids, rule: "dead letter age", message: fmt.Sprintf("it was a dead letter for longer than %s", db.cfg.DeadAge),
			})
		}
		if err != nil && db.cause() == nil {
			db.cfg.Log.Error().Err(err).Msg("cannot drop old dead letters; it is tried again")
		}
		if total += dropped; err == nil && len(ids) == expireStep && dropped > 0 {
			continue
		}
		if total > 0 {
			db.cfg.Log.Warn().Int("dropped", total).Dur("age", db.cfg.DeadAge).
				Msg("dead letters were kept for as long as they are; they are dropped, and each has a response in the log")
		}
		return
	}
}

// tooOld returns the oldest dead letters, if they were kept long enough.
func (db *database) tooOld() (ids []string, err error) {
	now := db.clock.now()
	it, err := db.pebble.NewIter(allOf(format.DeadLetters))
	if err != nil {
		return nil, err
	}
	for valid := it.First(); valid && len(ids) < expireStep; valid = it.Next() {
		value, err := it.ValueAndErr()
		if err != nil {
			return nil, errors.Join(err, it.Close())
		}
		d, err := format.DecodeDeadLetter(value)
		if err != nil {
			db.cfg.Log.Error().Err(err).Msg("a dead letter cannot be read; it stays")
			continue
		}
		if now-d.Buried <= int64(db.cfg.DeadAge) {
			break
		}
		ids = append(ids, d.Package.ID)
	}
	return ids, errors.Join(it.Error(), it.Close())
}

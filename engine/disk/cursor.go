package disk

import (
	"context"
	"errors"
	"fmt"

	"trackhook/engine"
	"trackhook/engine/disk/internal/format"
	"trackhook/engine/disk/internal/live"
	"trackhook/engine/disk/internal/read"
)

// enrollRequest gives a listener a cursor at the end of the log.
type enrollRequest struct {
	ticket
	listener string
	seq      uint64 // the answer
}

// Enroll implements [engine.Log].
func (s *Store) Enroll(ctx context.Context, listener string) (uint64, error) {
	if listener == "" {
		return 0, errors.New("enroll: a listener needs a name")
	}
	db, err := s.enter()
	if err != nil {
		return 0, fmt.Errorf("enroll %s: %w", listener, err)
	}
	defer db.calls.Done()
	if err := ctx.Err(); err != nil {
		return 0, fmt.Errorf("enroll %s: %w", listener, err)
	}
	if seq, ok := db.touch(listener, 0, engine.Runs{}); ok {
		return seq, nil
	}
	r := &enrollRequest{listener: listener}
	if err := db.submit(ctx, r); err != nil {
		return 0, fmt.Errorf("enroll %s: %w", listener, err)
	}
	return r.seq, nil
}

// touch says that a listener was seen, and moves its cursor, and never back.
func (db *database) touch(listener string, seq uint64, runs engine.Runs) (uint64, bool) {
	at, ok := db.memory.Touch(listener, seq, db.clock.now(), runs)
	if ok {
		db.inbox.nudge()
	}
	return at, ok
}

func (r *enrollRequest) write(b *builder) error {
	if c, ok := b.cursors[r.listener]; ok {
		r.seq = c.Seq
		return nil
	}
	c, err := b.storedCursor(r.listener)
	if err != nil {
		return err
	}
	r.seq = c.Seq
	if b.changes.Enrolled == nil {
		b.changes.Enrolled = make(map[string]format.Cursor)
	}
	b.changes.Enrolled[r.listener] = c
	return b.writeCursor(r.listener, c)
}

// storedCursor returns the cursor of a listener that the database did not tell when it was opened: a new one at the end of
// the log, unless a damaged file hides one.
func (b *builder) storedCursor(listener string) (format.Cursor, error) {
	b.key = format.CursorKey(b.key, listener)
	_, found, err := b.get(b.key)
	if err == nil && !found {
		return format.Cursor{Seq: b.state.Last, Touched: b.now, Since: b.state.Last + 1}, nil
	}
	if err != nil && !errors.Is(err, read.ErrDamaged) {
		return format.Cursor{}, err
	}
	// A cursor that was written after the damage is found without reading what is damaged.
	if value, closer, err := b.reader.Get(b.key); err == nil {
		c, err := format.DecodeCursor(value)
		if err = errors.Join(err, closer.Close()); err == nil {
			c.Seq = min(c.Seq, b.state.Last)
			c.Since, c.Touched = min(c.Since, c.Seq+1), b.now
			return c, nil
		}
	}
	c := read.LostCursor(b.reader, listener, b.now)
	b.memory.LoseCursor(listener)
	b.log.Error().Err(err).Str("listener", listener).Uint64("after", c.Seq).Msg(lostCursorText)
	return c, nil
}

// lostCursorText tells of a cursor that cannot be read.
const lostCursorText = "how far this listener has handled the log cannot be read; it is handed again what it may have handled"

// moveCursors writes the cursors that have moved.
func (b *builder) moveCursors(moved map[string]live.CursorMove) error {
	for listener, m := range moved {
		if _, enrolled := b.cursors[listener]; !enrolled {
			continue // it was forgotten after it moved
		}
		if err := errors.Join(b.writeCursor(listener, m.Cursor), b.writeRuns(listener, &m)); err != nil {
			return err
		}
	}
	return nil
}

func (b *builder) writeCursor(listener string, c format.Cursor) error {
	b.cursors[listener] = c
	b.key = format.CursorKey(b.key, listener)
	b.value = format.AppendCursor(b.value[:0], c)
	return b.batch.Set(b.key, b.value, nil)
}

// Commit implements [engine.Log]. The listener must be enrolled, and seq must not be behind the end of the log.
func (s *Store) Commit(ctx context.Context, listener string, seq uint64, runs engine.Runs) error {
	db, err := s.enter()
	if err != nil {
		return fmt.Errorf("commit cursor of %s: %w", listener, err)
	}
	defer db.calls.Done()
	if err := errors.Join(ctx.Err(), db.failed()); err != nil {
		return fmt.Errorf("commit cursor of %s: %w", listener, err)
	}
	if last := db.counts().Last; seq > last {
		return fmt.Errorf("commit cursor of %s: %d is behind the end of the log, which is %d", listener, seq, last)
	}
	if _, ok := db.touch(listener, seq, runs); !ok {
		return fmt.Errorf("commit cursor of %s: listener %w: it was never enrolled", listener, engine.ErrNotFound)
	}
	return nil
}

// forgetRequest removes what is known of a listener.
type forgetRequest struct {
	ticket
	listener string
	found    bool // the answer
}

// Forget implements [engine.Log].
func (s *Store) Forget(ctx context.Context, listener string) error {
	db, err := s.enter()
	if err == nil {
		defer db.calls.Done()
		r := &forgetRequest{listener: listener}
		if err = db.submit(ctx, r); err == nil && !r.found {
			err = engine.ErrNotFound
		}
	}
	if err != nil {
		return fmt.Errorf("forget listener %q: %w", listener, err)
	}
	return nil
}

// write removes a cursor and its stretches. Errors of runs go with their responses; nothing leads to them any more.
func (r *forgetRequest) write(b *builder) error {
	if _, r.found = b.cursors[r.listener]; !r.found {
		return nil
	}
	delete(b.cursors, r.listener)
	delete(b.changes.Enrolled, r.listener)
	b.changes.Forgotten = append(b.changes.Forgotten, r.listener)
	b.key = format.CursorKey(b.key, r.listener)
	stretches := format.StretchesKey(nil, r.listener)
	err := errors.Join(b.batch.Delete(b.key, nil), b.batch.DeleteRange(stretches, format.After(stretches), nil))
	if err != nil {
		return fmt.Errorf("remove cursor: %w", err)
	}
	return nil
}

// Cursors implements [engine.Log].
func (s *Store) Cursors(ctx context.Context) (map[string]uint64, error) {
	db, err := s.enter()
	if err == nil {
		defer db.calls.Done()
		err = ctx.Err()
	}
	if err != nil {
		return nil, fmt.Errorf("read cursors: %w", err)
	}
	cursors := make(map[string]uint64)
	for name, c := range db.memory.Cursors() {
		cursors[name] = c.Seq
	}
	return cursors, nil
}

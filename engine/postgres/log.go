package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"trackhook/engine"

	"github.com/jackc/pgx/v5"
)

// response reads a row of the log.
func (s *Store) response(ctx context.Context) func(pgx.Rows) (engine.Response, error) {
	return func(row pgx.Rows) (r engine.Response, err error) {
		var app int32
		var seq, created, accepted, at int64
		var device, id, response, body []byte
		var outcome int16
		if err := row.Scan(&seq, &app, &device, &id, &created, &accepted, &at, &r.Ambiguous, &outcome, &response, &body); err != nil {
			return r, err
		}
		r.Seq, r.Outcome, r.At = uint64(seq), engine.Outcome(outcome), moment(at) //nolint:gosec // both were
		r.Package = engine.Package{ID: string(id), Device: string(device), Created: moment(created)}
		if r.Package.App, err = s.named(ctx, app); err != nil {
			return r, err
		}
		return r, errors.Join(readPackage(body, &r.Package), readResponse(response, &r))
	}
}

// Read implements [engine.Log].
func (s *Store) Read(ctx context.Context, after uint64, limit int) ([]engine.Response, error) {
	ctx, done, err := s.enter(ctx)
	if err != nil {
		return nil, fmt.Errorf("read log: %w", err)
	}
	defer done()
	ctx, end := s.waits(ctx)
	defer end()
	for {
		s.mu.Lock()
		logged := s.logged
		s.mu.Unlock()
		responses, err := patiently(ctx, s, func() ([]engine.Response, error) {
			return rows(ctx, s.soft, s.sql["read"], s.response(ctx), int64(min(after, 1<<62)), limit) //nolint:gosec // bounded
		})
		if err != nil {
			return nil, fmt.Errorf("read log: %w", failed(ctx, err))
		}
		if len(responses) > 0 {
			return responses, nil
		}
		select {
		case <-logged:
		case <-ctx.Done():
			return nil, fmt.Errorf("read log: %w", context.Cause(ctx))
		}
	}
}

// Last implements [engine.Log].
func (s *Store) Last(ctx context.Context) (uint64, error) {
	ctx, done, err := s.enter(ctx)
	if err != nil {
		return 0, fmt.Errorf("end of log: %w", err)
	}
	defer done()
	_, last, err := s.ends(ctx)
	return last, err
}

func (s *Store) ends(ctx context.Context) (first, last uint64, err error) {
	var f, l int64
	if err := s.look.QueryRow(ctx, s.sql["ends"]).Scan(&l, &f); err != nil {
		return 0, 0, fmt.Errorf("end of log: %w", failed(ctx, err))
	}
	if l == 0 {
		return 0, 0, nil
	}
	return uint64(f), uint64(l), nil //nolint:gosec // not negative
}

// Enroll implements [engine.Log].
func (s *Store) Enroll(ctx context.Context, listener string) (uint64, error) {
	ctx, done, err := s.enter(ctx)
	if err != nil {
		return 0, fmt.Errorf("enroll: %w", err)
	}
	defer done()
	waits, end := s.waits(ctx)
	defer end()
	seq, err := patiently(waits, s, func() (seq int64, err error) {
		err = s.work.QueryRow(waits, s.sql["enroll"], []byte(listener), s.clock.now()).Scan(&seq)
		return seq, err
	})
	if err != nil {
		return 0, fmt.Errorf("enroll: %w", failed(ctx, err))
	}
	return uint64(seq), nil //nolint:gosec // not negative
}

// Commit implements [engine.Log].
func (s *Store) Commit(ctx context.Context, listener string, seq uint64, runs engine.Runs) error {
	ctx, done, err := s.enter(ctx)
	if err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	defer done()
	s.mu.Lock()
	host := s.host.number
	s.mu.Unlock()
	err = s.soft.transact(ctx, func(ctx context.Context, tx pgx.Tx) error {
		var at, since, owner int64
		var version []byte
		err := tx.QueryRow(ctx, s.sql["lock cursor"], []byte(listener), []byte(engine.OwnListener+listener), host).Scan(&at, &since, &version, &owner)
		if errors.Is(err, pgx.ErrNoRows) {
			return fmt.Errorf("listener %w: it was never enrolled", engine.ErrNotFound)
		}
		if err != nil {
			return err
		}
		if owner != host {
			return engine.ErrLost
		}
		to := int64(min(seq, 1<<62)) //nolint:gosec // bounded
		if to <= at {
			return nil
		}
		return s.moveCursor(ctx, tx, &cursor{listener, at, since, string(version)}, to, &runs)
	})
	if err != nil {
		return fmt.Errorf("commit cursor of %s: %w", listener, failed(ctx, err))
	}
	return nil
}

// cursor is the row of a listener: what is behind since, up to seq, was handled by version without a failure.
type cursor struct {
	listener   string
	seq, since int64
	version    string
}

// moveCursor writes a cursor. What differs from what the row says gets a row of runs.
func (s *Store) moveCursor(ctx context.Context, tx pgx.Tx, c *cursor, to int64, runs *engine.Runs) error {
	failures := map[uint64]string{}
	for seq, text := range runs.Failed {
		if int64(min(seq, 1<<62)) > c.seq && int64(min(seq, 1<<62)) <= to { //nolint:gosec // bounded
			failures[seq] = text
		}
	}
	listener := []byte(c.listener)
	batch := &pgx.Batch{}
	if c.seq > c.since && (c.version != runs.Version || len(failures) > 0) {
		batch.Queue(s.sql["add runs"], listener, c.seq, c.since, []byte(c.version), nil)
		c.since = c.seq
	}
	if len(failures) > 0 {
		text, err := json.Marshal(escaped(failures))
		if err != nil {
			return err
		}
		batch.Queue(s.sql["add runs"], listener, to, c.seq, []byte(runs.Version), text)
		c.since = to
	}
	batch.Queue(s.sql["move cursor"], listener, to, c.since, []byte(runs.Version), s.clock.now())
	return tx.SendBatch(ctx, batch).Close()
}

// escaped makes texts that JSON in PostgreSQL can hold, which takes no zero bytes.
func escaped(failures map[uint64]string) map[uint64]string {
	for seq, text := range failures {
		failures[seq] = strings.ReplaceAll(text, "\x00", "\uFFFD")
	}
	return failures
}

// Cursors implements [engine.Log].
func (s *Store) Cursors(ctx context.Context) (map[string]uint64, error) {
	ctx, done, err := s.enter(ctx)
	if err != nil {
		return nil, fmt.Errorf("cursors: %w", err)
	}
	defer done()
	all := map[string]uint64{}
	_, err = rows(ctx, s.look, s.sql["cursors"], func(r pgx.Rows) (none struct{}, err error) {
		var listener []byte
		var seq int64
		if err = r.Scan(&listener, &seq); err == nil {
			all[string(listener)] = uint64(seq) //nolint:gosec // not negative
		}
		return none, err
	})
	if err != nil {
		return nil, fmt.Errorf("cursors: %w", failed(ctx, err))
	}
	return all, nil
}

// Forget implements [engine.Log].
func (s *Store) Forget(ctx context.Context, listener string) error {
	ctx, done, err := s.enter(ctx)
	if err != nil {
		return fmt.Errorf("forget: %w", err)
	}
	defer done()
	tag, err := s.work.Exec(ctx, s.sql["forget"], []byte(listener))
	if err != nil {
		return fmt.Errorf("forget listener %s: %w", listener, failed(ctx, err))
	}
	if tag.RowsAffected() == 0 {
		return fmt.Errorf("forget listener %s: %w", listener, engine.ErrNotFound)
	}
	return nil
}

// Runs implements [engine.Inspector].
func (s *Store) Runs(ctx context.Context, seq uint64) ([]engine.Run, error) {
	ctx, done, err := s.enter(ctx)
	if err != nil {
		return nil, fmt.Errorf("runs: %w", err)
	}
	defer done()
	all, err := rows(ctx, s.look, s.sql["runs"], func(r pgx.Rows) (run engine.Run, err error) {
		var listener, version, text []byte
		if err := r.Scan(&listener, &version, &text); err != nil {
			return run, err
		}
		failures := map[uint64]string{}
		if len(text) > 0 {
			err = json.Unmarshal(text, &failures)
		}
		return engine.Run{Listener: string(listener), Version: string(version), Failure: failures[seq]}, err
	}, int64(min(seq, 1<<62))) //nolint:gosec // bounded
	if err != nil {
		return nil, fmt.Errorf("runs: %w", failed(ctx, err))
	}
	slices.SortFunc(all, func(a, b engine.Run) int { return strings.Compare(a.Listener, b.Listener) })
	return all, nil
}

package disk

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"trackhook/engine"
	"trackhook/engine/disk/internal/format"
	"trackhook/engine/disk/internal/live"
	"trackhook/engine/disk/internal/read"

	"github.com/cockroachdb/pebble/v2"
)

// writeRuns writes what a cursor's moves say about runs, save the newest stretch.
func (b *builder) writeRuns(listener string, m *live.CursorMove) error {
	for i := range m.Finished {
		s := &m.Finished[i]
		b.value = format.AppendStretch(b.value[:0], s)
		if err := b.batch.Set(format.StretchKey(nil, listener, s.Since), b.value, nil); err != nil {
			return fmt.Errorf("write runs: %w", err)
		}
	}
	for _, f := range m.Failures {
		b.value = format.AppendFailure(b.value[:0], f.Text)
		if err := b.batch.Set(format.FailureKey(nil, f.Seq, listener), b.value, nil); err != nil {
			return fmt.Errorf("write runs: %w", err)
		}
	}
	return nil
}

// trimRuns removes what is known about runs of the responses first to last.
func (b *builder) trimRuns(first, last uint64) error {
	err := b.batch.DeleteRange(format.FailureKey(nil, first, ""), format.FailureKey(nil, last+1, ""), nil)
	for listener := range b.cursors {
		err = errors.Join(err, b.trimStretches(listener, last))
	}
	return err
}

// trimStretches removes the stretches of a listener that end before the one which begins last among those that begin
// at or before last+1. It alone may reach beyond last.
func (b *builder) trimStretches(listener string, last uint64) error {
	prefix := format.StretchesKey(nil, listener)
	it, err := b.reader.NewIter(read.StartingWith(prefix))
	if err != nil {
		return err
	}
	var keep []byte
	if it.SeekLT(format.StretchKey(nil, listener, last+2)) {
		keep = bytes.Clone(it.Key())
	}
	some := keep != nil && it.First() && bytes.Compare(it.Key(), keep) < 0
	err = errors.Join(it.Error(), it.Close())
	if read.Unreadable(err) {
		return nil // they stay
	}
	if err != nil || !some {
		return err
	}
	return b.batch.DeleteRange(prefix, keep, nil)
}

// Runs implements [engine.Inspector].
func (s *Store) Runs(ctx context.Context, seq uint64) ([]engine.Run, error) {
	db, err := s.enter()
	if err == nil {
		defer db.calls.Done()
		// What listeners have committed so far is in the database afterwards.
		err = db.submit(ctx, &barrier{})
	}
	var runs []engine.Run
	if err == nil {
		runs, err = db.readRuns(seq)
	}
	if err != nil {
		err = fmt.Errorf("read runs of response %d: %w", seq, err)
	}
	return runs, err
}

func (db *database) readRuns(seq uint64) ([]engine.Run, error) {
	if counts := db.counts(); seq < counts.First || seq > counts.Last {
		return nil, nil
	}
	snap := db.pebble.NewSnapshot()
	var runs []engine.Run
	var parts engine.PartError
	miss := func(who string, why error) {
		parts.Missing, parts.Err = append(parts.Missing, fmt.Sprintf("how %s handled response %d", who, seq)), why
	}
	holes, err := read.Scan(snap, db.rot, read.AllOf(format.Cursors), func(key, value []byte) error {
		listener := string(key[1:])
		run, ran, err := readRun(snap, listener, value, seq)
		switch {
		case errors.Is(err, read.ErrDamaged):
			miss(listener, err)
		case err != nil:
			return err
		case ran:
			runs = append(runs, run)
		}
		return nil
	})
	if holes > 0 {
		miss("some listeners", read.ErrDamaged)
	}
	if err := errors.Join(err, snap.Close()); err != nil || len(parts.Missing) == 0 {
		return runs, err
	}
	return runs, &parts
}

// readRun tells how a listener, whose stored cursor is value, handled a response. ran is false when it did not. The error
// wraps [read.ErrDamaged] where it applies.
func readRun(db pebble.Reader, listener string, value []byte, seq uint64) (run engine.Run, ran bool, err error) {
	c, err := format.DecodeCursor(value)
	if err != nil {
		return run, false, fmt.Errorf("%w: %w", read.ErrDamaged, err)
	}
	if c.Seq < seq {
		return run, false, nil
	}
	version, ok := c.Version, seq >= c.Since
	if !ok {
		if version, ok, err = readStretch(db, listener, seq); !ok || err != nil {
			return run, false, err
		}
	}
	run = engine.Run{Listener: listener, Version: version}
	run.Failure, err = readFailure(db, listener, seq)
	return run, true, err
}

// readStretch finds the version that handled a response. ok is false when it is not known.
func readStretch(db pebble.Reader, listener string, seq uint64) (version string, ok bool, err error) {
	prefix := format.StretchesKey(nil, listener)
	it, err := db.NewIter(read.StartingWith(prefix))
	if err != nil {
		return "", false, err
	}
	if it.SeekLT(format.StretchKey(nil, listener, seq+1)) {
		version, ok, err = versionIn(it, seq)
	}
	if readErr := errors.Join(it.Error(), it.Close()); readErr != nil {
		err = read.Error("read a stretch of runs", readErr)
	}
	return version, ok, err
}

// versionIn reads the stretch at which an iterator stands. ok is false when it ends before a response.
func versionIn(it *pebble.Iterator, seq uint64) (version string, ok bool, err error) {
	value, err := it.ValueAndErr()
	if err != nil {
		return "", false, read.Error("read a stretch of runs", err)
	}
	_, since, keyErr := format.CutNumber(it.Key())
	s, err := format.DecodeStretch(since, value)
	if err = errors.Join(keyErr, err); err != nil {
		return "", false, fmt.Errorf("%w: %w", read.ErrDamaged, err)
	}
	return s.Version, s.Until >= seq, nil
}

func readFailure(db pebble.Reader, listener string, seq uint64) (string, error) {
	value, closer, err := db.Get(format.FailureKey(nil, seq, listener))
	if errors.Is(err, pebble.ErrNotFound) {
		return "", nil
	}
	if err != nil {
		return "", read.Error("read how a run failed", err)
	}
	text, err := format.DecodeFailure(value)
	if err != nil {
		err = fmt.Errorf("%w: %w", read.ErrDamaged, err)
	}
	return text, errors.Join(err, closer.Close())
}

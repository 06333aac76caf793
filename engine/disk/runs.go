package disk

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"trackhook/engine"

	"github.com/cockroachdb/pebble/v2"
)

// maxFailure bounds the error of a run that is kept, in bytes.
const maxFailure = 4 << 10

// stretch is a part of the log that one version of a listener has handled. The newest of each listener is in its
// cursor, so that a listener that goes on writes nothing more.
type stretch struct {
	since, until uint64
	version      string
}

// failure is a run that failed.
type failure struct {
	seq  uint64
	text string
}

// note takes down how the responses behind the cursor up to seq were handled.
func (p *position) note(seq uint64, runs engine.Runs) {
	if p.since > p.seq || runs.Version != p.version {
		if p.since <= p.seq {
			p.closed = append(p.closed, stretch{since: p.since, until: p.seq, version: p.version})
		}
		p.since, p.version = p.seq+1, strings.Clone(runs.Version)
	}
	for _, at := range slices.Sorted(maps.Keys(runs.Failed)) {
		if at > p.seq && at <= seq {
			text := strings.ToValidUTF8(runs.Failed[at][:min(len(runs.Failed[at]), maxFailure)], "")
			p.failures = append(p.failures, failure{seq: at, text: strings.Clone(text)})
		}
	}
}

func stretchKey(listener string, since uint64) []byte {
	return appendNumber(appendPart([]byte{prefixStretch}, listener), since)
}

func failureKey(seq uint64, listener string) []byte {
	return append(numberKey(nil, prefixFailure, seq), listener...)
}

func appendStretch(b []byte, s *stretch) []byte {
	b = append(b, runsVersion)
	b = binary.AppendUvarint(b, s.until)
	return appendString(b, s.version)
}

func decodeStretch(since uint64, value []byte) (stretch, error) {
	r := newReader(value)
	r.version(runsVersion)
	s := stretch{since: since, until: r.uvarint(), version: r.string()}
	return s, r.end("runs")
}

// writeRuns writes what a cursor's moves say about runs, save the newest stretch.
func (b *builder) writeRuns(listener string, m *move) error {
	for i := range m.closed {
		s := &m.closed[i]
		b.value = appendStretch(b.value[:0], s)
		if err := b.batch.Set(stretchKey(listener, s.since), b.value, nil); err != nil {
			return fmt.Errorf("write runs: %w", err)
		}
	}
	for _, f := range m.failures {
		b.value = appendString(append(b.value[:0], runsVersion), f.text)
		if err := b.batch.Set(failureKey(f.seq, listener), b.value, nil); err != nil {
			return fmt.Errorf("write runs: %w", err)
		}
	}
	return nil
}

// trimRuns removes what is known about runs of the responses first to last.
func (b *builder) trimRuns(first, last uint64) error {
	err := b.batch.DeleteRange(numberKey(nil, prefixFailure, first), numberKey(nil, prefixFailure, last+1), nil)
	for listener := range b.cursors {
		err = errors.Join(err, b.trimStretches(listener, last))
	}
	return err
}

// trimStretches removes the stretches of a listener that end before the one which begins last among those that begin
// at or before last+1. It alone may reach beyond last.
func (b *builder) trimStretches(listener string, last uint64) error {
	prefix := appendPart([]byte{prefixStretch}, listener)
	it, err := b.reader.NewIter(&pebble.IterOptions{LowerBound: prefix, UpperBound: after(prefix)})
	if err != nil {
		return err
	}
	var keep []byte
	if it.SeekLT(stretchKey(listener, last+2)) {
		keep = bytes.Clone(it.Key())
	}
	some := keep != nil && it.First() && bytes.Compare(it.Key(), keep) < 0
	if err := errors.Join(it.Error(), it.Close()); err != nil || !some {
		return err
	}
	return b.batch.DeleteRange(prefix, keep, nil)
}

// Runs implements [engine.Inspector].
func (s *Store) Runs(ctx context.Context, seq uint64) ([]engine.Run, error) {
	l, err := s.enter()
	if err == nil {
		defer l.calls.Done()
		// What listeners have committed so far is in the database afterwards.
		err = l.submit(ctx, &request{})
	}
	var runs []engine.Run
	if err == nil {
		runs, err = l.readRuns(seq)
	}
	if err != nil {
		return nil, fmt.Errorf("read runs of response %d: %w", seq, err)
	}
	return runs, nil
}

func (l *life) readRuns(seq uint64) ([]engine.Run, error) {
	if counts := l.counts(); seq < counts.first || seq > counts.last {
		return nil, nil
	}
	snap := l.db.NewSnapshot()
	var runs []engine.Run
	err := scan(snap, []byte{prefixCursor}, func(key, value []byte) error {
		listener := string(key[1:])
		c, err := decodeCursor(value)
		if err != nil || c.seq < seq {
			return err
		}
		version, ok := c.version, seq >= c.since
		if !ok {
			if version, ok, err = readStretch(snap, listener, seq); !ok || err != nil {
				return err
			}
		}
		run := engine.Run{Listener: listener, Version: version}
		run.Failure, err = readFailure(snap, listener, seq)
		runs = append(runs, run)
		return err
	})
	return runs, errors.Join(err, snap.Close())
}

// readStretch finds the version that handled a response. ok is false when it is not known.
func readStretch(db pebble.Reader, listener string, seq uint64) (version string, ok bool, err error) {
	prefix := appendPart([]byte{prefixStretch}, listener)
	it, err := db.NewIter(&pebble.IterOptions{LowerBound: prefix, UpperBound: after(prefix)})
	if err != nil {
		return "", false, err
	}
	if it.SeekLT(stretchKey(listener, seq+1)) {
		_, since, keyErr := cutInLane(it.Key())
		value, valueErr := it.ValueAndErr()
		if err = errors.Join(keyErr, valueErr); err == nil {
			var s stretch
			s, err = decodeStretch(since, value)
			version, ok = s.version, s.until >= seq
		}
	}
	return version, ok, errors.Join(err, it.Error(), it.Close())
}

func readFailure(db pebble.Reader, listener string, seq uint64) (string, error) {
	value, closer, err := db.Get(failureKey(seq, listener))
	if errors.Is(err, pebble.ErrNotFound) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	r := newReader(value)
	r.version(runsVersion)
	text := r.string()
	return text, errors.Join(r.end("run"), closer.Close())
}

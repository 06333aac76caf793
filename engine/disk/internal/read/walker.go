package read

import (
	"bytes"
	"fmt"
	"slices"

	"trackhook/engine/disk/internal/format"

	"github.com/cockroachdb/pebble/v2"
)

// maxProbes bounds the seeks that look for the end of one hole. When they do not suffice, more is skipped than need be.
const maxProbes = 256

// Walker walks over the keys of an iterator, and over what cannot be read. Its bounds must both be set.
type Walker struct {
	it           *pebble.Iterator
	rot          *Rot
	lower, upper []byte
	before       []byte // the key before, while the next is looked for
	holes        []Hole // those that were skipped
	err          error
}

// NewWalker returns a walker that stands nowhere yet. Whoever has it must close it.
func NewWalker(db pebble.Reader, r *Rot, bounds *pebble.IterOptions) (*Walker, error) {
	it, err := db.NewIter(bounds)
	if err != nil {
		return nil, fmt.Errorf("read store: %w", err)
	}
	return &Walker{it: it, rot: r, lower: bounds.LowerBound, upper: bounds.UpperBound}, nil
}

// Valid tells whether the walker stands at a key.
func (w *Walker) Valid() bool { return w.err == nil && w.it.Valid() }

// Key returns the key where the walker stands, until it moves on.
func (w *Walker) Key() []byte { return w.it.Key() }

// Value returns the value there.
func (w *Walker) Value() ([]byte, error) { return w.it.ValueAndErr() }

// First goes to the first key.
func (w *Walker) First() bool { return w.it.First() || w.skip(w.lower) }

// SeekGE goes to the first key that is not before key.
func (w *Walker) SeekGE(key []byte) bool { return w.it.SeekGE(key) || w.skip(key) }

// Next goes to the next key.
func (w *Walker) Next() bool {
	w.before = append(w.before[:0], w.it.Key()...)
	return w.it.Next() || w.skip(append(w.before, 0))
}

// Close closes the iterator. The error is none that was skipped.
func (w *Walker) Close() error {
	if err := w.it.Close(); w.err == nil && err != nil && !Unreadable(err) {
		w.err = err
	}
	if w.err != nil {
		return fmt.Errorf("read store: %w", w.err)
	}
	return nil
}

// Holes returns what was skipped so far.
func (w *Walker) Holes() []Hole { return w.holes }

// Err returns why the walker stands nowhere, when that is not the end and not a hole.
func (w *Walker) Err() error { return w.err }

// skip goes on behind what cannot be read. from is the first key that is not known to be readable.
func (w *Walker) skip(from []byte) bool {
	from = bytes.Clone(from)
	if bytes.Compare(from, w.lower) < 0 {
		from = w.lower
	}
	known := true
	for err := w.it.Error(); err != nil; err = w.it.Error() {
		if !Unreadable(err) {
			w.err = err
			return false
		}
		var h Hole
		if known {
			h, known = w.rot.around(from)
		}
		if !known {
			h = Hole{From: from, To: endOfHole(w.it, from, w.upper)}
			w.rot.add(h, err)
		}
		known = !known // when it does not lead on, it is looked for anew
		w.holes = append(w.holes, Hole{From: from, To: h.To})
		if bytes.Compare(h.To, w.upper) >= 0 {
			w.it.SeekGE(w.upper)
			return false
		}
		if w.it.SeekGE(h.To) {
			return true
		}
		from = bytes.Clone(h.To)
	}
	return false
}

// endOfHole finds where what can be read begins again: from is in a hole, upper is behind it. The result is never before
// that place, and nearly always just there. The iterator is elsewhere afterwards.
func endOfHole(it *pebble.Iterator, from, upper []byte) []byte {
	probes := 0
	readable := func(key []byte) bool {
		probes++
		it.SeekGE(key)
		return it.Error() == nil
	}
	// The first probes are near, so that nothing good between two holes is jumped over.
	lo, hi := from, upper
	for n, step := len(from), 1; n > 0; n, step = n-step, step*2 {
		near := format.After(from[:n])
		if near == nil || bytes.Compare(near, hi) >= 0 {
			break
		}
		if readable(near) {
			hi = near
			break
		}
		lo = near
	}
	for probes < maxProbes {
		probe := between(lo, hi)
		if probe == nil {
			// They are next to each other as far as they are long. A key that lies between them leads on.
			probes++
			if !it.SeekLT(hi) || bytes.Compare(it.Key(), lo) <= 0 {
				break
			}
			hi = bytes.Clone(it.Key())
			continue
		}
		if readable(probe) {
			hi = probe
		} else {
			lo = probe
		}
	}
	return hi
}

// between returns a key between two, one that hi begins with where there is such a one, and nil when there is none that is
// not longer than hi.
func between(lo, hi []byte) []byte {
	same := 0
	for same < len(lo) && same < len(hi) && lo[same] == hi[same] {
		same++
	}
	if same+1 < len(hi) {
		return bytes.Clone(hi[:(same+1+len(hi))/2])
	}
	if same == len(hi) {
		return nil
	}
	low := 0
	if same < len(lo) {
		low = int(lo[same])
	}
	middle := (low + int(hi[same])) / 2
	if middle == low && (same < len(lo) || middle == int(hi[same])) {
		return nil
	}
	probe := slices.Clone(hi)
	probe[same] = byte(middle)
	return probe
}

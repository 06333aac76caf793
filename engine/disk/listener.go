package disk

import (
	"maps"
	"slices"
	"strings"

	"trackhook/engine"
	"trackhook/engine/disk/internal/format"
)

// maxFailure bounds the error of a run that is kept, in bytes.
const maxFailure = 4 << 10

// listener is the cursor of a listener, as its listener sees it, and what the writer has not seen of its runs.
type listener struct {
	format.Cursor
	finished []format.Stretch
	failures []failure
	gone     bool // it was warned that the listener is gone
}

// failure is a run that failed.
type failure struct {
	seq  uint64
	text string
}

// note keeps how the responses behind the cursor up to seq were handled.
func (l *listener) note(seq uint64, runs engine.Runs) {
	if l.Since > l.Seq || runs.Version != l.Version {
		if l.Since <= l.Seq {
			l.finished = append(l.finished, format.Stretch{Since: l.Since, Until: l.Seq, Version: l.Version})
		}
		l.Since, l.Version = l.Seq+1, strings.Clone(runs.Version)
	}
	for _, at := range slices.Sorted(maps.Keys(runs.Failed)) {
		if at > l.Seq && at <= seq {
			text := strings.ToValidUTF8(runs.Failed[at][:min(len(runs.Failed[at]), maxFailure)], "")
			l.failures = append(l.failures, failure{seq: at, text: strings.Clone(text)})
		}
	}
}

// cursorMove is what the writer learns about a cursor.
type cursorMove struct {
	format.Cursor
	finished []format.Stretch
	failures []failure
}

// listenerTable knows the listeners, as they see themselves.
//
// Its owner guards it.
type listenerTable struct {
	byName map[string]*listener
	moved  map[string]struct{} // cursors that the writer has not seen
}

func newListenerTable() listenerTable {
	return listenerTable{byName: make(map[string]*listener), moved: make(map[string]struct{})}
}

// touch says that a listener was seen, and moves its cursor, never back and not behind last. It returns where the cursor is,
// and false when the listener has none.
func (t *listenerTable) touch(name string, seq, last uint64, now int64, runs engine.Runs) (uint64, bool) {
	l := t.byName[name]
	if l == nil {
		return 0, false
	}
	if seq = min(seq, last); seq > l.Seq {
		l.note(seq, runs)
		l.Seq = seq
	}
	l.Touched, l.gone = now, false
	t.moved[name] = struct{}{}
	return l.Seq, true
}

// takeMoves returns what the writer has not seen; nil when that is nothing.
func (t *listenerTable) takeMoves() map[string]cursorMove {
	if len(t.moved) == 0 {
		return nil
	}
	moved := make(map[string]cursorMove, len(t.moved))
	for name := range t.moved {
		l := t.byName[name]
		moved[name] = cursorMove{Cursor: l.Cursor, finished: l.finished, failures: l.failures}
		l.finished, l.failures = nil, nil
	}
	clear(t.moved)
	return moved
}

// publish takes over what a durable group has changed.
func (t *listenerTable) publish(c *changes) {
	for _, name := range c.forgotten {
		delete(t.byName, name)
		delete(t.moved, name)
	}
	for name, cursor := range c.enrolled {
		if t.byName[name] == nil {
			t.byName[name] = &listener{Cursor: cursor}
		}
	}
}

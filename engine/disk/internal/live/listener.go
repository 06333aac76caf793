package live

import (
	"maps"
	"math"
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
	failures []Failure
	gone     bool // it was warned that the listener is gone
}

// Failure is a run that failed.
type Failure struct {
	Seq  uint64
	Text string
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
			l.failures = append(l.failures, Failure{Seq: at, Text: strings.Clone(text)})
		}
	}
}

// CursorMove is what the writer learns about a cursor.
type CursorMove struct {
	format.Cursor
	Finished []format.Stretch
	Failures []Failure
}

// listenerTable knows the listeners, as they see themselves.
//
// [Memory] guards it.
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
func (t *listenerTable) takeMoves() map[string]CursorMove {
	if len(t.moved) == 0 {
		return nil
	}
	moved := make(map[string]CursorMove, len(t.moved))
	for name := range t.moved {
		l := t.byName[name]
		moved[name] = CursorMove{Cursor: l.Cursor, Finished: l.finished, Failures: l.failures}
		l.finished, l.failures = nil, nil
	}
	clear(t.moved)
	return moved
}

// forgetLost no longer tells of cursors that could not be read once their listeners are forgotten. m.mu is held.
func (m *Memory) forgetLost(c *Changes) {
	m.lostCursors = slices.DeleteFunc(m.lostCursors, func(name string) bool { return slices.Contains(c.Forgotten, name) })
}

// publish takes over what a durable group has changed.
func (t *listenerTable) publish(c *Changes) {
	for _, name := range c.Forgotten {
		delete(t.byName, name)
		delete(t.moved, name)
	}
	for name, cursor := range c.Enrolled {
		if t.byName[name] == nil {
			t.byName[name] = &listener{Cursor: cursor}
		}
	}
}

// LoseCursor notes that the cursor of a listener could not be read, so that it is handed again what it may have handled.
func (m *Memory) LoseCursor(name string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !slices.Contains(m.lostCursors, name) {
		m.lostCursors = append(m.lostCursors, name)
	}
}

// lostNote says which cursors could not be read, "" when all could be.
func lostNote(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return "how far the log was handled could not be read of " + strings.Join(names, ", ") + "; responses that were handled are handed over again"
}

// Enroll says where the cursor of a listener is, before anything is published.
func (m *Memory) Enroll(name string, c format.Cursor) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.listeners.byName[name] = &listener{Cursor: c}
}

// Cursors returns the cursors of all listeners.
func (m *Memory) Cursors() map[string]format.Cursor {
	m.mu.Lock()
	defer m.mu.Unlock()
	cursors := make(map[string]format.Cursor, len(m.listeners.byName))
	for name, l := range m.listeners.byName {
		cursors[name] = l.Cursor
	}
	return cursors
}

// Touch says that a listener was seen at now, and moves its cursor, never back and not behind the end of the log. It returns
// where the cursor is, and false when the listener has none.
func (m *Memory) Touch(name string, seq uint64, now int64, runs engine.Runs) (uint64, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.listeners.touch(name, seq, m.durable.Last, now, runs)
}

// TakeMoves returns how cursors have moved that the writer has not seen; nil when that is nothing.
func (m *Memory) TakeMoves() map[string]CursorMove {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.listeners.takeMoves()
}

// HandledByAll returns what is durable, and the response up to which every listener has handled the log that was seen at
// since or later.
func (m *Memory) HandledByAll(since int64) (counts format.State, handled uint64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	handled = math.MaxUint64
	for _, l := range m.listeners.byName {
		if l.Touched >= since {
			handled = min(handled, l.Seq)
		}
	}
	return m.durable, handled
}

// Behind returns how many responses up to last each listener has not handled: lost of those that were seen at since or later,
// gone of the others, each of which is returned once.
func (m *Memory) Behind(last uint64, since int64) (lost, gone map[string]uint64) {
	lost, gone = make(map[string]uint64), make(map[string]uint64)
	m.mu.Lock()
	defer m.mu.Unlock()
	for name, l := range m.listeners.byName {
		if l.Seq >= last {
			continue
		}
		count := last - max(l.Seq, m.durable.First-1)
		if l.Touched >= since {
			lost[name] = count
		} else if !l.gone {
			l.gone = true
			gone[name] = count
		}
	}
	return lost, gone
}

package scripting

import (
	"sync"

	"trackhook/scripting/internal/instance"
)

// Printed is one line that a plugin has printed, or that was said about it, with the response that it ran on at that moment.
type Printed = instance.Line

const (
	// maxRecent bounds the lines that are kept, and maxRecentBytes their texts; of one, maxLine is kept.
	maxRecent      = 4096
	maxRecentBytes = 4 << 20
	maxLine        = 4 << 10
)

// recent keeps the newest lines of all plugins, in memory.
type recent struct {
	mu    sync.Mutex
	ring  [maxRecent]Printed // guarded by mu, as all below
	first uint64             // the number of the oldest line that is kept; line n is at n % maxRecent
	next  uint64             // the number of the next line
	bytes int
}

// add keeps a line. It is called for each that is printed, by whoever prints it.
func (r *recent) add(line *Printed) {
	if len(line.Text) > maxLine {
		line.Text = line.Text[:maxLine] + " ..."
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.next-r.first == maxRecent {
		r.drop()
	}
	r.ring[r.next%maxRecent] = *line
	r.bytes += len(line.Text)
	r.next++
	for r.bytes > maxRecentBytes {
		r.drop()
	}
}

// drop lets the oldest line go.
func (r *recent) drop() {
	oldest := &r.ring[r.first%maxRecent]
	r.bytes -= len(oldest.Text)
	*oldest = Printed{}
	r.first++
}

// since returns the lines from a number on, as far as they are kept, and the number to ask with next.
func (r *recent) since(from uint64) (lines []Printed, next uint64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	from = max(from, r.first)
	if from >= r.next {
		return nil, r.next
	}
	lines = make([]Printed, 0, r.next-from)
	for ; from < r.next; from++ {
		lines = append(lines, r.ring[from%maxRecent])
	}
	return lines, r.next
}

// Lines returns what plugins have printed lately, oldest first, from a number on, and the number to ask with next: those of
// all plugins and versions that were logged, at most a few thousand, and of long ones the beginning. 0 asks for all that are
// kept. It may be called at any time from any goroutine.
func (h *Host) Lines(from uint64) (lines []Printed, next uint64) { return h.recent.since(from) }

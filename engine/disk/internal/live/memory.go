package live

import (
	"sync"

	"trackhook/engine/disk/internal/format"
)

// Memory is what an open database keeps in memory for its callers: what is durable, what is leased or due, who listens. The
// syncer publishes here what each group has made true.
type Memory struct {
	mu sync.Mutex // guards what follows; nothing waits, reads, writes or logs while holding it

	durable   format.State
	lanes     laneTable
	listeners listenerTable
	admission admission
	marks     Marks // never changes
	absent    Absent
	// lostCursors are listeners whose cursors could not be read.
	lostCursors []string
	logNews     chan struct{} // closed when the log gets a response; nil: nobody waits
}

// New makes one in which nothing is known yet.
func New(high Marks) *Memory {
	return &Memory{lanes: newLaneTable(), listeners: newListenerTable(), marks: high}
}

// Begin says what is durable, before anything is published.
func (m *Memory) Begin(durable format.State) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.durable = durable
}

// Counts returns what is durable.
func (m *Memory) Counts() format.State {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.durable
}

// Overview is what people are told of all that is in memory.
type Overview struct {
	Counts  format.State
	Leased  int
	Full    string // why nothing is taken in; "": it is
	Damaged string // which lanes are held because of damage; "": none
	Absent  string // what was counted and is not there; "": nothing
	Cursors string // whose cursors could not be read; "": none
}

// Overview returns it, as it is at one moment.
func (m *Memory) Overview() Overview {
	m.mu.Lock()
	defer m.mu.Unlock()
	return Overview{
		Counts: m.durable, Leased: len(m.lanes.held), Full: m.admission.full, Damaged: damageNote(m.lanes.damaged), Absent: m.absent.note(),
		Cursors: lostNote(m.lostCursors),
	}
}

// Publish makes known what a durable group has changed.
func (m *Memory) Publish(c *Changes) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.lanes.publish(c)
	m.listeners.publish(c)
	m.forgetLost(c)
	m.absent.Queued -= min(m.absent.Queued, c.Absent)
	grew := c.State.Last > m.durable.Last
	m.durable = c.State
	if grew && m.logNews != nil {
		close(m.logNews)
		m.logNews = nil
	}
}

// WatchLog returns what is durable, and a channel that is closed when the log gets a response.
func (m *Memory) WatchLog() (format.State, <-chan struct{}) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.logNews == nil {
		m.logNews = make(chan struct{})
	}
	return m.durable, m.logNews
}

package disk

import (
	"sync"

	"trackhook/engine/disk/internal/format"
)

// memory is what an open database keeps in memory for its callers: what is durable, what is leased or due, who listens. The
// syncer publishes here what each group has made true.
type memory struct {
	mu sync.Mutex // guards what follows; nothing waits, reads, writes or logs while holding it

	durable   format.State
	leases    leaseTable
	listeners listenerTable
	admission admission
	logNews   chan struct{} // closed when the log gets a response; nil: nobody waits
}

func newMemory() memory { return memory{leases: newLeaseTable(), listeners: newListenerTable()} }

// publish makes known what a durable group has changed.
func (m *memory) publish(c *changes) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.leases.publish(c)
	m.listeners.publish(c)
	grew := c.state.Last > m.durable.Last
	m.durable = c.state
	if grew && m.logNews != nil {
		close(m.logNews)
		m.logNews = nil
	}
}

// settleAgain lets leases be settled again whose settlement did not reach the disk.
func (m *memory) settleAgain(c *changes) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, handle := range c.released {
		if held := m.leases.held[handle]; held != nil {
			held.settling = false
		}
	}
}

// watchLog returns what is durable, and a channel that is closed when the log gets a response.
func (m *memory) watchLog() (format.State, <-chan struct{}) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.logNews == nil {
		m.logNews = make(chan struct{})
	}
	return m.durable, m.logNews
}

package disk

import (
	"trackhook/engine"
	"trackhook/engine/disk/internal/format"
)

// Limit implements [engine.Queue].
func (s *Store) Limit(bounded engine.App, leases int) {
	name := format.AppName(bounded)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return
	}
	if leases < 0 {
		delete(s.limits, name)
	} else {
		s.limits[name] = leases
	}
	if s.database != nil {
		s.database.memory.Limit(name, leases)
	}
}

package memory

// Reopen makes a closed store usable again, as a store on disk is after a restart: leases and limits are gone, everything
// else is as it was.
func (s *Store) Reopen() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = false
	for handle, p := range s.leased {
		p.lease = 0
		delete(s.leased, handle)
	}
	for _, app := range s.apps {
		app.limit, app.held = -1, 0
	}
}

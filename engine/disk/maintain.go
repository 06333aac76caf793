package disk

import "time"

const (
	// watchEvery is how often the store is compared with its marks.
	watchEvery = time.Second
	// trimEvery is how often what is too old is looked for.
	trimEvery = time.Minute
)

// maintain looks after the store until it is closed: the marks, the length of the log, and a database that has failed.
func (s *Store) maintain() {
	defer close(s.done)
	watch := time.NewTicker(watchEvery)
	defer watch.Stop()
	var trimmed time.Time
	for {
		s.mu.Lock()
		db := s.database
		s.mu.Unlock()
		select {
		case <-s.stop:
			return
		case <-db.ended:
			if !s.heal(db) {
				return
			}
		case <-watch.C:
			db.look()
			db.setMark()
			db.checkMarks()
			if db.logTooLarge() || time.Since(trimmed) >= trimEvery {
				db.trim()
				db.expireDead()
				db.forgetCounts()
				trimmed = time.Now()
			}
		}
	}
}

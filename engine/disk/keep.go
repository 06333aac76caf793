package disk

import (
	"fmt"
	"time"
)

const (
	watchEvery = time.Second
	trimEvery  = time.Minute
	healPause  = time.Second
	healMax    = 30 * time.Second
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

// heal replaces a database that has failed by a new one, and tries until that works. It returns false when the store is
// closed meanwhile.
func (s *Store) heal(db *database) bool {
	since := time.Now()
	cause := db.guard.Failure()
	if cause == nil {
		return false // it was closed
	}
	s.mu.Lock()
	s.database = nil
	s.failure = fmt.Errorf("store %s cannot be written: %w", s.cfg.Dir, cause)
	s.mu.Unlock()
	s.cfg.Log.Error().Err(cause).Msg("the store cannot be written; nothing is taken in or sent until it can")
	// The database was frozen when it failed: what closing it says is about what it could not write.
	_ = db.close()
	for pause := healPause; ; pause = min(2*pause, healMax) {
		select {
		case <-s.stop:
			return false
		case <-time.After(pause):
		}
		next, err := openDatabase(s.cfg, s.lock, db)
		if err != nil {
			s.cfg.Log.Error().Err(err).Dur("pause", pause).Msg("the store still cannot be written")
			s.mu.Lock()
			s.failure = fmt.Errorf("store %s cannot be written since %s: %w", s.cfg.Dir, since.Format(time.RFC3339), err)
			s.mu.Unlock()
			continue
		}
		s.mu.Lock()
		s.database, s.failure = next, nil
		for name, leases := range s.limits {
			next.limit(name, leases)
		}
		closed := s.closed
		s.mu.Unlock()
		if closed {
			next.end()
			return false
		}
		s.cfg.Log.Warn().Dur("after", time.Since(since)).Msg("the store can be written again")
		return true
	}
}

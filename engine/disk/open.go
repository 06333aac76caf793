package disk

import (
	"errors"
	"fmt"
	"time"

	"trackhook/engine"
	"trackhook/engine/disk/internal/folder"
)

// Open opens the store in cfg.Dir, and makes it if there is none. It starts goroutines that [Store.Close] ends. When
// another process has the directory open, the error names that process.
func Open(cfg Config) (*Store, error) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	if err := folder.KeepPrivate(cfg.FS, cfg.Dir, &cfg.Log); err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	locked, err := folder.Lock(cfg.FS, cfg.Dir)
	if err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	if err := folder.RefuseMoved(cfg.FS, cfg.Dir); err != nil {
		return nil, errors.Join(fmt.Errorf("open store %s: %w", cfg.Dir, err), locked.Unlock())
	}
	db, err := openDatabase(cfg, locked, nil)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open store %s: %w", cfg.Dir, folder.Advise(err)), locked.Unlock())
	}
	s := &Store{cfg: cfg, folder: locked, database: db, limits: make(map[string]int), stop: make(chan struct{}), done: make(chan struct{})}
	go s.maintain()
	return s, nil
}

const (
	// watchEvery is how often the store is compared with its marks.
	watchEvery = time.Second
	// trimEvery is how often what is too old is looked for.
	trimEvery = time.Minute
)

// maintain looks after the store until it is closed: the marks, the length of the log, and a database that has failed.
func (s *Store) maintain() {
	defer close(s.done)
	watch := time.NewTimer(engine.UntilTick(watchEvery))
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
			watch.Reset(engine.UntilTick(watchEvery))
		}
	}
}

// The pause before the directory is opened again after a failure is healPause at first, and twice as long each time, up to
// healMax.
const (
	healPause = time.Second
	healMax   = 30 * time.Second
)

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
	s.failure = fmt.Errorf("store %s cannot be written: %w", s.cfg.Dir, withDiskFull(cause))
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
		next, err := s.openAgain(db)
		if err != nil {
			s.cfg.Log.Error().Err(err).Dur("pause", pause).Msg("the store still cannot be written")
			s.mu.Lock()
			s.failure = fmt.Errorf("store %s cannot be written since %s: %w", s.cfg.Dir, since.Format(time.RFC3339), withDiskFull(err))
			s.mu.Unlock()
			continue
		}
		if !s.replace(next) {
			return false
		}
		s.cfg.Log.Warn().Dur("after", time.Since(since)).Msg("the store can be written again")
		return true
	}
}

// openAgain opens the directory after a failure, when it is still the one that was locked. It never makes a new one.
func (s *Store) openAgain(before *database) (*database, error) {
	if err := s.folder.LookAgain(); err != nil {
		return nil, err
	}
	return openDatabase(s.cfg, s.folder, before)
}

// replace makes a database that was opened after a failure the one that calls work with, under the limits that were set
// meanwhile. It returns false when the store was closed meanwhile; Close closes the database.
func (s *Store) replace(next *database) bool {
	s.mu.Lock()
	s.database, s.failure = next, nil
	for name, leases := range s.limits {
		next.memory.Limit(name, leases)
	}
	closed := s.closed
	s.mu.Unlock()
	if closed {
		next.end()
	}
	return !closed
}

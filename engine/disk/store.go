package disk

import (
	"errors"
	"fmt"
	"sync"

	"trackhook/engine"
	"trackhook/engine/disk/internal/folder"
)

// Store is an [engine.Store] in a directory, which [Open] makes. Its methods may be called from many goroutines at once.
//
// When the disk fails, calls return an error that says so and nothing is taken in; the store tries to open the
// directory again by itself, at first after a second, then less often.
type Store struct {
	engine.Alone

	cfg    Config
	folder *folder.Folder
	stop   chan struct{} // closed by Close
	done   chan struct{} // closed when maintain has returned

	mu       sync.Mutex
	closed   bool           // guarded by mu
	limits   map[string]int // of leases, by app, for the next database; guarded by mu
	database *database      // guarded by mu; nil while the store cannot be written
	failure  error          // guarded by mu; why there is no database
}

var _ engine.Store = (*Store)(nil)

// Close waits for calls in hand, and closes the files. Calls that wait for something to happen return an error that
// wraps [engine.ErrClosed]. The second call does nothing.
func (s *Store) Close() error {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		<-s.done
		return nil
	}
	s.closed = true
	db := s.database
	s.mu.Unlock()
	if db != nil {
		db.end()
	}
	close(s.stop)
	<-s.done

	s.mu.Lock()
	db, s.database = s.database, nil
	s.mu.Unlock()
	var err error
	if db != nil {
		if err = db.close(); err == nil && s.folder.Look() == nil {
			db.setMark()
		}
	}
	if err = errors.Join(err, s.folder.Unlock()); err != nil {
		return fmt.Errorf("close store %s: %w", s.cfg.Dir, err)
	}
	return nil
}

// enter returns the database that a call works with. The call must say when it is done: calls.Done.
func (s *Store) enter() (*database, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.closed:
		return nil, fmt.Errorf("store %w", engine.ErrClosed)
	case s.database == nil:
		return nil, s.failure
	}
	// A database that has failed is replaced in a moment. Until then it must not tell what it holds in memory.
	if err := s.database.failed(); err != nil {
		return nil, err
	}
	s.database.calls.Add(1)
	return s.database, nil
}

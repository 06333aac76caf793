package disk

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"trackhook/engine"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/rs/zerolog"
)

// Config says where a store is and what it keeps. Dir is required; every other zero field means its default.
type Config struct {
	// Dir is the data directory. It is made when it is missing, with its parents. One process can open it at a time.
	Dir string
	// Retain is how long responses stay in the log. Responses that a listener has not handled stay longer, unless the
	// listener has not been seen for Retain itself. Default 7 days.
	Retain time.Duration
	// RetainBytes bounds the size of the log. Over it the oldest responses go, whether all listeners have handled them
	// or not; that is logged as a warning that names the listener and the count. Default 1 GiB.
	RetainBytes uint64
	// DeadAge is how long dead letters are kept. Then they are dropped: each leaves a response with the outcome
	// [engine.Dropped] in the log, and a warning tells how many. Default 90 days.
	DeadAge time.Duration
	// RetainCounts is how long the counts of a day are kept. Default 400 days.
	RetainCounts time.Duration
	// HighWater says when [Store.Append] returns [engine.ErrFull].
	HighWater HighWater
	// Log receives what people should know, and at debug level what the storage library says. Default: nothing.
	Log zerolog.Logger
	// FS is the file system. Default: that of the operating system. Tests take others.
	FS vfs.FS

	memTable uint64 // bytes of a memtable, for tests that want many small files
}

// HighWater holds the marks over which a store takes nothing more in. It takes in again a tenth below them.
type HighWater struct {
	// Queued bounds the packages that wait. Default 10 million.
	Queued uint64
	// Dead and DeadBytes bound the dead letters, which are not dropped to make room: somebody must retry or drop them.
	// Those in flight may still become some. Default 1 million, and 256 MiB.
	Dead, DeadBytes uint64
	// Bytes bounds the size of the store on disk. Default: it is not bounded.
	Bytes uint64
	// Free is how much must be free on the disk, so that attempts of what is queued can still be recorded. Default
	// 256 MiB; where the file system cannot tell, it is not looked at.
	Free uint64
}

func (c Config) withDefaults() (Config, error) {
	if c.Dir == "" {
		return c, errors.New("a data directory (Dir) is required")
	}
	if c.Retain == 0 {
		c.Retain = 7 * 24 * time.Hour
	}
	if c.Retain < 0 {
		return c, errors.New("the time to retain responses (Retain) must not be negative")
	}
	if c.RetainBytes == 0 {
		c.RetainBytes = 1 << 30
	}
	if c.HighWater.Queued == 0 {
		c.HighWater.Queued = 10_000_000
	}
	if c.DeadAge == 0 {
		c.DeadAge = 90 * 24 * time.Hour
	}
	if c.RetainCounts == 0 {
		c.RetainCounts = 400 * 24 * time.Hour
	}
	if c.DeadAge < 0 || c.RetainCounts < 0 {
		return c, errors.New("the times to keep dead letters (DeadAge) and counts (RetainCounts) must not be negative")
	}
	if c.HighWater.Dead == 0 {
		c.HighWater.Dead = 1_000_000
	}
	if c.HighWater.DeadBytes == 0 {
		c.HighWater.DeadBytes = 256 << 20
	}
	if c.HighWater.Free == 0 {
		c.HighWater.Free = 256 << 20
	}
	if c.FS == nil {
		c.FS = vfs.Default
	}
	return c, nil
}

// Store is an [engine.Store] in a directory. Its methods may be called from many goroutines at once.
//
// When the disk fails, calls return an error that says so and nothing is taken in; the store tries to open the
// directory again by itself, at first after a second, then less often.
type Store struct {
	cfg  Config
	lock *pebble.Lock
	stop chan struct{} // closed by Close
	done chan struct{} // closed when keep has returned

	mu       sync.Mutex
	closed   bool           // guarded by mu
	limits   map[string]int // of leases, by app, for the next database; guarded by mu
	database *database      // guarded by mu; nil while the store cannot be written
	failure  error          // guarded by mu; why there is no database
}

var _ engine.Store = (*Store)(nil)

// Open opens the store in cfg.Dir, and makes it if there is none.
func Open(cfg Config) (*Store, error) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	lock, err := lockDir(cfg.FS, cfg.Dir)
	if err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	db, err := openDatabase(cfg, lock, nil)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open store %s: %w", cfg.Dir, err), unlockDir(cfg.FS, cfg.Dir, lock))
	}
	s := &Store{cfg: cfg, lock: lock, database: db, limits: make(map[string]int), stop: make(chan struct{}), done: make(chan struct{})}
	go s.maintain()
	return s, nil
}

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
		err = db.close()
	}
	if err = errors.Join(err, unlockDir(s.cfg.FS, s.cfg.Dir, s.lock)); err != nil {
		return fmt.Errorf("close store %s: %w", s.cfg.Dir, err)
	}
	return nil
}

// enter returns the database that a call works with. The call must say that it is done: calls.Done.
func (s *Store) enter() (*database, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.closed:
		return nil, fmt.Errorf("store %w", engine.ErrClosed)
	case s.database == nil:
		return nil, s.failure
	}
	// A database that has failed is replaced in a moment. Until then it must not tell what it remembers.
	if err := s.database.failed(); err != nil {
		return nil, err
	}
	s.database.calls.Add(1)
	return s.database, nil
}

package setup

import (
	"sync"

	"github.com/cockroachdb/pebble/v2"
)

// compactionScheduler lets no compaction begin before the database is open: Pebble's Open waits for those that it starts,
// which took 1.4 s of an Open that otherwise takes 10 ms with a million packages. Then it does what Pebble's own does with
// one compaction at a time. It is for one database, whose limit does not change.
type compactionScheduler struct {
	mu       sync.Mutex
	db       pebble.DBForCompaction
	running  int  // guarded by mu
	opened   bool // guarded by mu
	closed   bool // guarded by mu
	granting sync.WaitGroup
}

// Register implements [pebble.CompactionScheduler].
func (s *compactionScheduler) Register(_ int, db pebble.DBForCompaction) { s.db = db }

// Unregister implements [pebble.CompactionScheduler].
func (s *compactionScheduler) Unregister() {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.granting.Wait()
}

// TrySchedule implements [pebble.CompactionScheduler].
func (s *compactionScheduler) TrySchedule() (bool, pebble.CompactionGrantHandle) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.opened || s.closed || s.running >= s.db.GetAllowedWithoutPermission() {
		return false, nil
	}
	s.running++
	return true, s
}

// UpdateGetAllowedWithoutPermission implements [pebble.CompactionScheduler].
func (s *compactionScheduler) UpdateGetAllowedWithoutPermission() {}

// Started implements [pebble.CompactionGrantHandle].
func (s *compactionScheduler) Started() {}

// MeasureCPU implements [pebble.CompactionGrantHandle].
func (s *compactionScheduler) MeasureCPU(pebble.CompactionGoroutineKind) {}

// CumulativeStats implements [pebble.CompactionGrantHandle].
func (s *compactionScheduler) CumulativeStats(pebble.CompactionGrantHandleStats) {}

// Done implements [pebble.CompactionGrantHandle].
func (s *compactionScheduler) Done() {
	s.mu.Lock()
	s.running--
	s.mu.Unlock()
	s.grant()
}

// open lets compactions begin, and the first one that waits.
func (s *compactionScheduler) open() {
	s.mu.Lock()
	s.opened = true
	s.mu.Unlock()
	s.grant()
}

// grant lets those begin that were refused before. The mutex is not held while the database is asked, because the database
// asks the scheduler while it holds a mutex of its own.
func (s *compactionScheduler) grant() {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return
	}
	s.granting.Add(1)
	s.mu.Unlock()
	defer s.granting.Done()
	for {
		if ok, _ := s.TrySchedule(); !ok {
			return
		}
		if waits, _ := s.db.GetWaitingCompaction(); waits && s.db.Schedule(s) {
			continue
		}
		s.mu.Lock()
		s.running--
		s.mu.Unlock()
		// One may have been refused just now, because this one was counted as running.
		if waits, _ := s.db.GetWaitingCompaction(); !waits {
			return
		}
	}
}

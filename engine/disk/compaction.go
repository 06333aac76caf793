package disk

import (
	"sync"
	"time"

	"github.com/cockroachdb/pebble/v2"
)

const (
	// firstPause and longestPause bound how long no compaction begins after one has failed.
	firstPause   = time.Second
	longestPause = time.Minute
)

// compactionScheduler lets no compaction begin before the database is open: Pebble's Open waits for those that it starts,
// which took 1.4 s of an Open that otherwise takes 10 ms with a million packages. Then it does what Pebble's own does with
// one compaction at a time, and pauses after one that failed: Pebble begins the same again at once, and with a damaged file
// that would keep a core busy for ever. It is for one database, whose limit does not change.
type compactionScheduler struct {
	mu       sync.Mutex
	db       pebble.DBForCompaction
	running  int           // guarded by mu
	opened   bool          // guarded by mu
	closed   bool          // guarded by mu
	pause    time.Duration // guarded by mu; after the last compaction, 0: it went well
	resume   *time.Timer   // guarded by mu; nil: nothing pauses
	granting sync.WaitGroup
}

// Register implements [pebble.CompactionScheduler].
func (s *compactionScheduler) Register(_ int, db pebble.DBForCompaction) { s.db = db }

// Unregister implements [pebble.CompactionScheduler].
func (s *compactionScheduler) Unregister() {
	s.mu.Lock()
	s.closed = true
	if s.resume != nil {
		s.resume.Stop()
	}
	s.mu.Unlock()
	s.granting.Wait()
}

// TrySchedule implements [pebble.CompactionScheduler].
func (s *compactionScheduler) TrySchedule() (bool, pebble.CompactionGrantHandle) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.opened || s.closed || s.resume != nil || s.running >= s.db.GetAllowedWithoutPermission() {
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

// ended takes note of how a compaction ended.
func (s *compactionScheduler) ended(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err == nil {
		s.pause = 0
		return
	}
	if s.closed || s.resume != nil {
		return
	}
	s.pause = min(max(2*s.pause, firstPause), longestPause)
	s.resume = time.AfterFunc(s.pause, func() {
		s.mu.Lock()
		s.resume = nil
		s.mu.Unlock()
		s.grant()
	})
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

package setup

import (
	"sync"
	"time"

	"github.com/cockroachdb/pebble/v2"
)

const (
	// firstPause and longestPause bound how long no compaction begins after one has failed.
	firstPause   = time.Second
	longestPause = time.Minute

	// What Pebble can do without is done when no memtable was written to a table for rest, or none of the kind was done for
	// tidyEvery.
	rest      = 10 * time.Second
	tidyEvery = time.Minute
)

// compactionScheduler lets no compaction begin before the database is open: Pebble's Open waits for those that it starts,
// which took 1.4 s of an Open that otherwise takes 10 ms with a million packages. Then it does what Pebble's own does with
// one compaction at a time, and pauses after one that failed: Pebble begins the same again at once, and with a damaged file
// that would keep a core busy for ever. It is for one database, whose limit does not change.
//
// And it holds back what only makes reading faster, while tables are written. A queue sets and deletes the same keys, so that
// nearly every table that comes out of a memtable is full of deletions, and Pebble would merge each with the last level by
// itself: 19 of 22 compactions while 300,000 packages went through, and two thirds of what was written to tables. Those that keep the levels in
// shape take the same tables four at a time, and so bound how many deletions there are to read over.
type compactionScheduler struct {
	mu       sync.Mutex
	db       pebble.DBForCompaction
	running  int           // guarded by mu
	opened   bool          // guarded by mu
	closed   bool          // guarded by mu
	pause    time.Duration // guarded by mu; after the last compaction, 0: it went well
	resume   *time.Timer   // guarded by mu; nil: nothing pauses
	flushed  time.Time     // guarded by mu; when a memtable was written to tables last
	tidied   time.Time     // guarded by mu; when something began last that Pebble can do without
	look     *time.Timer   // guarded by mu; nil: nothing is to be looked at later
	lookAt   time.Time     // guarded by mu; when it is
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
	if s.look != nil {
		s.look.Stop()
	}
	s.mu.Unlock()
	s.granting.Wait()
}

// TrySchedule implements [pebble.CompactionScheduler].
func (s *compactionScheduler) TrySchedule() (bool, pebble.CompactionGrantHandle) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case !s.begin():
		return false, nil
	case s.untilRest() > 0:
		// Pebble does not tell here whether it can do without. It does when it is asked what waits, which must not be from here.
		s.running--
		s.lookIn(0)
		return false, nil
	default:
		return true, s
	}
}

// begin counts one as running, where one may begin. The mutex is held.
func (s *compactionScheduler) begin() bool {
	if !s.opened || s.closed || s.resume != nil || s.running >= s.db.GetAllowedWithoutPermission() {
		return false
	}
	s.running++
	return true
}

// untilRest is how long it is until something may begin that Pebble can do without. The mutex is held.
func (s *compactionScheduler) untilRest() time.Duration {
	return min(time.Until(s.flushed.Add(rest)), time.Until(s.tidied.Add(tidyEvery)))
}

// lookIn looks after a time at what waits. The mutex is held.
func (s *compactionScheduler) lookIn(wait time.Duration) {
	at := time.Now().Add(wait)
	if s.closed || s.look != nil && !s.lookAt.After(at) {
		return
	}
	if s.look != nil {
		s.look.Stop()
	}
	s.lookAt = at
	s.look = time.AfterFunc(wait, func() {
		s.mu.Lock()
		s.look = nil
		s.mu.Unlock()
		s.grant()
	})
}

// wrote takes note that a memtable was written to tables. What waits may be something else now.
func (s *compactionScheduler) wrote() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.flushed = time.Now()
	s.lookIn(0)
}

// may tells whether what waits may begin; optional says that Pebble can do without.
func (s *compactionScheduler) may(optional bool) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !optional {
		return true
	}
	if wait := s.untilRest(); wait > 0 {
		s.lookIn(wait)
		return false
	}
	s.tidied = time.Now()
	return true
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
	s.opened, s.tidied = true, time.Now()
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
		s.mu.Lock()
		begun := s.begin()
		s.mu.Unlock()
		if !begun {
			return
		}
		if waits, what := s.db.GetWaitingCompaction(); waits && s.may(what.Optional) && s.db.Schedule(s) {
			continue
		}
		s.mu.Lock()
		s.running--
		s.mu.Unlock()
		// One may have been refused just now, because this one was counted as running.
		if waits, what := s.db.GetWaitingCompaction(); !waits || !s.may(what.Optional) {
			return
		}
	}
}

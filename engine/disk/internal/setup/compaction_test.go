package setup

import (
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cockroachdb/pebble/v2"
)

// waitingDB has compactions that wait.
type waitingDB struct {
	waiting, running int
	optional         bool // what waits first can be done without
}

func (*waitingDB) GetAllowedWithoutPermission() int { return 1 }

func (d *waitingDB) GetWaitingCompaction() (bool, pebble.WaitingCompaction) {
	return d.waiting > 0, pebble.WaitingCompaction{Optional: d.optional}
}

func (d *waitingDB) Schedule(pebble.CompactionGrantHandle) bool {
	if d.waiting == 0 {
		return false
	}
	d.waiting--
	d.running++
	return true
}

func TestCompactionsBeginWhenOpen(t *testing.T) {
	t.Parallel()
	db, s := &waitingDB{waiting: 2}, &compactionScheduler{}
	s.Register(1, db)
	if ok, _ := s.TrySchedule(); ok {
		t.Fatal("a compaction may begin before the database is open")
	}
	s.open()
	if db.running != 1 {
		t.Fatalf("%d compactions run when it is open, want 1", db.running)
	}
	if ok, _ := s.TrySchedule(); ok {
		t.Fatal("a second compaction may begin")
	}
	db.running--
	s.Done()
	if db.running != 1 || db.waiting != 0 {
		t.Fatalf("%d compactions run after the first, and %d wait", db.running, db.waiting)
	}
	db.running--
	s.Done()
	ok, handle := s.TrySchedule()
	if !ok || handle == nil {
		t.Fatal("no compaction may begin although none runs")
	}
	db.waiting = 1
	s.Unregister()
	s.Done()
	if db.running != 0 {
		t.Fatal("a compaction began after the end")
	}
	if ok, _ := s.TrySchedule(); ok {
		t.Fatal("a compaction may begin after the end")
	}
}

// A damaged file fails each compaction that reads it; they are not tried again at once.
func TestCompactionsPauseAfterFailures(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		db, s := &waitingDB{}, &compactionScheduler{}
		s.Register(1, db)
		s.open()
		for _, seconds := range []int{1, 2, 4, 8, 16, 32, 60, 60} {
			ok, handle := s.TrySchedule()
			if !ok {
				t.Fatal("no compaction may begin after the pause")
			}
			s.ended(errors.New("damaged"))
			db.waiting, db.running = 1, 0
			handle.Done()
			<-time.After(time.Duration(seconds)*time.Second - 1)
			if ok, _ := s.TrySchedule(); ok {
				t.Fatalf("a compaction began less than %d s after one that failed", seconds)
			}
			<-time.After(1)
			synctest.Wait()
			if db.running != 1 {
				t.Fatalf("no compaction began %d s after one that failed", seconds)
			}
			s.Done()
		}
		s.ended(nil)
		s.ended(errors.New("damaged"))
		if s.pause != firstPause {
			t.Errorf("the first pause after success is %v, want %v", s.pause, firstPause)
		}
		s.Unregister()
	})
}

// lockedDB is a waitingDB with a mutex, which Pebble holds while it asks the scheduler.
type lockedDB struct {
	mu sync.Mutex
	waitingDB
}

func (d *lockedDB) GetWaitingCompaction() (bool, pebble.WaitingCompaction) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.waitingDB.GetWaitingCompaction()
}

func (d *lockedDB) Schedule(handle pebble.CompactionGrantHandle) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.waitingDB.Schedule(handle)
}

// pick asks to begin something, which waits when it is refused, and returns how many have begun.
func (d *lockedDB) pick(s *compactionScheduler, optional bool) (running int) {
	d.mu.Lock()
	d.optional = optional
	if ok, _ := s.TrySchedule(); ok {
		d.running++
	} else {
		d.waiting = 1
	}
	d.mu.Unlock()
	return d.begun()
}

func (d *lockedDB) begun() int {
	synctest.Wait()
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.running
}

// What Pebble can do without waits until tables are not written all the time; what it needs does not.
func TestCompactionsThatCanWait(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		db, s := &lockedDB{}, &compactionScheduler{}
		s.Register(1, db)
		s.open()
		defer s.Unregister()
		s.wrote()
		if db.pick(s, false) != 1 {
			t.Error("what is needed has not begun after a flush")
		}
		s.Done()
		if db.pick(s, true) != 1 {
			t.Error("what can wait has begun after a flush")
		}
		for range 3 {
			<-time.After(rest - 1)
			s.wrote()
			if db.begun() != 1 {
				t.Error("what can wait has begun while tables are written")
			}
		}
		<-time.After(rest - 1)
		if db.begun() != 1 {
			t.Error("what can wait has begun too early")
		}
		<-time.After(1)
		if db.begun() != 2 {
			t.Error("what can wait has not begun after a rest")
		}
		s.Done()

		s.wrote()
		db.pick(s, true)
		for left := tidyEvery; left > 0; left -= rest / 2 {
			if db.begun() != 2 {
				t.Fatalf("what can wait has begun %v too early, while tables are written", left)
			}
			<-time.After(rest / 2)
			s.wrote()
		}
		if db.begun() != 3 {
			t.Error("what can wait has never begun while tables are written")
		}
	})
}

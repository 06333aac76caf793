package disk

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cockroachdb/pebble/v2"
)

// waitingDB has compactions that wait.
type waitingDB struct {
	waiting, running int
}

func (*waitingDB) GetAllowedWithoutPermission() int { return 1 }

func (d *waitingDB) GetWaitingCompaction() (bool, pebble.WaitingCompaction) {
	return d.waiting > 0, pebble.WaitingCompaction{}
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
		for _, pause := range []time.Duration{1, 2, 4, 8, 16, 32, 60, 60} {
			ok, handle := s.TrySchedule()
			if !ok {
				t.Fatal("no compaction may begin after the pause")
			}
			s.ended(errors.New("damaged"))
			db.waiting, db.running = 1, 0
			handle.Done()
			<-time.After(pause*time.Second - 1)
			if ok, _ := s.TrySchedule(); ok {
				t.Fatalf("a compaction began less than %d s after one that failed", pause)
			}
			<-time.After(1)
			synctest.Wait()
			if db.running != 1 {
				t.Fatalf("no compaction began %d s after one that failed", pause)
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

package disk

import (
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// syncer waits for the disk, group by group, then makes known what has become true and answers.
type syncer struct {
	database *database
	groups   <-chan *group // from the writer
}

func (s *syncer) run() {
	db := s.database
	defer db.goroutines.Done()
	var took time.Duration
	for g := range s.groups {
		start := time.Now()
		err := s.sync(g)
		if err == nil {
			db.memory.Publish(&g.changes)
		} else {
			if failed := db.failed(); failed != nil {
				err = failed
			}
			db.memory.SettleAgain(&g.changes)
		}
		if len(g.requests) > 0 {
			took += (time.Since(start) - took) / 4
		}
		db.inbox.answered(len(g.requests), took)
		for _, r := range g.requests {
			r.state().done <- err
		}
	}
}

// sync waits until a group is on the disk, and returns why it is not. The batch is closed when it was applied.
//
// To close a batch hands it to a pool of the whole process. The wait groups of those must not wander between the bubbles of
// testing/synctest, which use other file systems than that of the operating system: those leave batches to the garbage
// collector.
func (s *syncer) sync(g *group) error {
	if g.batch == nil {
		return g.err
	}
	err := g.err
	if err == nil && g.durable && !g.batch.Empty() {
		err = g.batch.SyncWait()
		// Files that were removed are synced as if nothing had happened.
		s.database.look()
	}
	if err == nil {
		// A frozen disk says that it has synced.
		err = s.database.guard.Failure()
	}
	if err != nil {
		s.database.fail(err)
		return err
	}
	if s.database.cfg.FS == vfs.Default {
		_ = g.batch.Close() // it fails only when it was closed before
	}
	return nil
}

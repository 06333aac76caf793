package engine

import (
	"context"
	"errors"
	"time"
)

// Close ends Run and every Listen as if their contexts had ended, waits for them and for calls of Track in hand, and
// closes the store. It reports what is still queued; that stays on disk and is sent by the next run. Close may be
// called more than once.
func (e *Engine) Close() (Stats, error) {
	e.mu.Lock()
	first := !e.closed
	e.closed = true
	e.mu.Unlock()
	e.stop()
	e.track.Wait()
	e.loops.Wait()
	if !first {
		return Stats{}, nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), e.cfg.Drain)
	defer cancel()
	stats, err := e.cfg.Store.Stats(ctx)
	return stats, errors.Join(err, e.cfg.Store.Close())
}

// shutDown ends a Run that leases nothing any more: other hosts may have its lanes, what was not begun goes back to its lane, attempts in flight may go
// on for Config.Drain, and everything is settled. settler is closed when the settling has ended.
func (s *sender) shutDown(cancelAttempts func(), settler <-chan struct{}) {
	s.cfg.Store.Yield()
	for _, back := range s.governor.close() {
		s.settled <- back
	}
	drain := time.AfterFunc(s.cfg.Drain, cancelAttempts)
	close(s.idle)
	s.workers.Wait()
	drain.Stop()
	close(s.settled)
	<-settler
	close(s.governor.stop)
	<-s.governor.stopped
}

// unanswered tells whether an attempt ended without a complete answer.
func unanswered(response *Response) bool {
	return (response.Outcome == Retry || response.Outcome == Unclear) && (response.Status == 0 || response.Ambiguous)
}

// cutShort plans for an attempt that ended because Drain was over. It is what a kill would have led to: the package is
// sent again at the next start, at once. That holds for revenue, too, although the server may have counted it: a
// restart must not turn sales into dead letters. The response says that it is ambiguous, and is counted as such.
func cutShort(lease *Lease, response *Response) Plan {
	response.Outcome, response.Rule = Retry, "shutdown"
	return Plan{Verdict: Requeue, Failures: lease.Failures}
}

package engine

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// One durable step settles at most this many attempts; the store's group commit makes more pointless.
	settleBatch = 256
	// One look into the store leases at most this many heads.
	leaseBatch = 64
	// Pauses after an error of the store.
	sendPause    = 100 * time.Millisecond
	sendPauseMax = 10 * time.Second
)

// sender is one Run.
type sender struct {
	*Engine
	governor *governor
	watcher  *watcher
	attempts context.Context //nolint:containedctx // ends the attempts of this Run, when Drain is over
	jobs     chan *job       // to workers that have nothing to do
	idle     chan struct{}   // closed when there will be no more jobs
	settled  chan Settlement
	workers  sync.WaitGroup

	held  atomic.Int64  // leases that are not settled yet
	lower chan struct{} // told when held has become lower
}

// Run sends what is queued until ctx ends or the engine closes, which is not an error. Then it leases nothing more,
// lets attempts in flight finish for at most Config.Drain, settles them, and returns. Only one Run at a time.
func (e *Engine) Run(ctx context.Context) error {
	ctx, end, err := e.begin(ctx, true)
	if err != nil {
		return err
	}
	defer end()

	// Attempts outlive ctx: they are what Drain is for. They end when it is over.
	attempts, cancelAttempts := context.WithCancel(context.WithoutCancel(ctx))
	defer cancelAttempts()
	w := newWatcher(&e.cfg)
	s := &sender{
		Engine: e, governor: newGovernor(ctx, e, w), watcher: w, attempts: attempts, jobs: make(chan *job), idle: make(chan struct{}),
		settled: make(chan Settlement, settleBatch), lower: make(chan struct{}, 1),
	}
	s.governor.proceed = func(start []*job) { s.workers.Go(func() { s.proceed(start, nil) }) } //nolint:contextcheck // what it notes about an app must be noted also while ctx ends
	e.govern(s.governor, w)
	defer e.govern(nil, nil)
	var turns sync.WaitGroup
	defer turns.Wait()
	s.governor.await = func(wait func()) { turns.Go(wait) }
	watch, unwatch := context.WithCancel(ctx)
	var watching sync.WaitGroup
	defer watching.Wait()
	defer unwatch()
	watching.Go(func() { w.run(watch, s.governor) })
	go s.governor.run() //nolint:contextcheck // what it notes about an app must be noted also while ctx ends
	settler := make(chan struct{})
	go func() {
		defer close(settler)
		s.settle(ctx)
	}()

	err = s.lease(ctx)
	s.shutDown(cancelAttempts, settler)
	return endOf(ctx, err)
}

// govern makes a governor and a watcher those that Health asks.
func (e *Engine) govern(g *governor, w *watcher) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.governor, e.watcher = g, w
}

// lease takes due lane heads from the store and starts attempts for them until ctx ends. How many it takes is up to the
// limits that the governor gives the store.
func (s *sender) lease(ctx context.Context) error {
	pause := time.Duration(0)
	for {
		if pause > 0 {
			Wait(ctx, pause)
		}
		for s.held.Load() > maxLeases-leaseBatch && ctx.Err() == nil {
			select {
			case <-ctx.Done():
			case <-s.lower:
			}
		}
		leases, err := s.cfg.Store.Lease(ctx, leaseBatch)
		s.held.Add(int64(len(leases)))
		s.take(leases) //nolint:contextcheck // what it notes about an app must be noted also while ctx ends
		if ctx.Err() != nil {
			return nil //nolint:nilerr // being asked to stop is no error
		}
		switch {
		case errors.Is(err, ErrClosed):
			return fmt.Errorf("run: %w", err)
		case err != nil:
			pause = min(max(2*pause, sendPause), sendPauseMax)
			s.cfg.Log.Error().Err(err).Dur("pause", pause).Msg("cannot lease from the store; sending pauses")
		default:
			pause = 0
		}
	}
}

// take starts what can be sent of new leases, and settles what is not to be sent at all.
func (s *sender) take(leases []Lease) {
	now := s.cfg.Store.Now()
	offered := leases[:0]
	for i := range leases {
		if !s.cfg.serves(leases[i].Package.App) {
			offered = append(offered, leases[i]) // the governor holds it
			continue
		}
		if settlement, done := s.unsent(&leases[i], now); done {
			s.settled <- settlement
			continue
		}
		offered = append(offered, leases[i])
	}
	if len(offered) == 0 {
		return
	}
	start, back, isNew := s.governor.offer(offered)
	if isNew {
		// The store must know the limits of an app before it is asked for more.
		s.governor.sync()
	}
	s.proceed(start, back)
}

// proceed starts attempts, and gives leases back.
func (s *sender) proceed(start []*job, back []Settlement) {
	for _, j := range start {
		select {
		case s.jobs <- j:
		default:
			s.workers.Go(func() { s.work(j) })
		}
	}
	for i := range back {
		s.settled <- back[i]
	}
}

// work makes attempts, first j, until the leasing has ended. Workers are started when all others are busy, so there are
// about as many as attempts were in flight at once.
func (s *sender) work(j *job) {
	for {
		for j != nil {
			j = s.attempt(j)
		}
		select {
		case j = <-s.jobs:
		case <-s.idle:
			return
		}
	}
}

// attempt makes one attempt and settles it. It returns the job to go on with, or nil.
func (s *sender) attempt(j *job) *job {
	counts := s.make(s.attempts, j)
	response := &j.done.Response
	told := response
	if !counts {
		told = nil
	}
	f := s.governor.finish(j, told)
	if response.Outcome == Blocked {
		response.Repeat, response.NextAttempt = f.repeat, f.probe
	}
	if f.changed {
		// The store must hold an app back before one of its heads is due again.
		s.governor.sync()
	}
	s.settled <- j.done
	s.governor.release(j)
	s.proceed(f.start, f.back)
	return f.next
}

// settle makes attempts durable, as many at once as have come in meanwhile, until settled is closed.
func (s *sender) settle(ctx context.Context) {
	batch := make([]Settlement, 0, settleBatch)
	for first := range s.settled {
		batch = append(batch[:0], first)
	fill:
		for len(batch) < settleBatch {
			select {
			case next, ok := <-s.settled:
				if !ok {
					break fill
				}
				batch = append(batch, next)
			default:
				break fill
			}
		}
		settled := len(batch)
		s.tell(s.settleBatch(ctx, batch))
		s.held.Add(-int64(settled))
		select {
		case s.lower <- struct{}{}:
		default:
		}
	}
}

// tell tells of attempts that are on disk.
func (s *sender) tell(batch []Settlement) {
	for i := range batch {
		if batch[i].Verdict == Bury {
			s.watcher.buried(&batch[i].Response)
		}
		if batch[i].Verdict != Return && s.cfg.Hooks.Response != nil {
			s.cfg.Hooks.Response(&batch[i].Response)
		}
	}
}

// settleBatch does not give up while the engine runs: leases that are not settled block their lanes. While it waits,
// nothing new is sent, because the settled channel fills up. After ctx has ended it tries once more and then leaves
// the packages to the next start, which sends them again. It returns the attempts that are on disk.
func (s *sender) settleBatch(ctx context.Context, batch []Settlement) []Settlement {
	// What was attempted must be recorded even when the loop is asked to end.
	durable := context.WithoutCancel(ctx)
	told := false
	for pause := sendPause; ; pause = min(2*pause, sendPauseMax) {
		err := s.cfg.Store.Settle(durable, batch...)
		if err == nil {
			return batch
		}
		if lost, ok := errors.AsType[*LostError](err); ok {
			return s.kept(batch, lost)
		}
		if ctx.Err() != nil || errors.Is(err, ErrClosed) {
			s.cfg.Log.Error().Err(err).Int("attempts", len(batch)).
				Msg("cannot record attempts before the end; their packages will be sent again at the next start")
			return nil
		}
		if errors.Is(err, ErrUnavailable) {
			pause = sendPause // the store has waited itself
		}
		if !told || !errors.Is(err, ErrUnavailable) {
			s.cfg.Log.Error().Err(err).Int("attempts", len(batch)).Dur("pause", pause).
				Msg("cannot record attempts; sending pauses until the store can be written")
			told = true
		}
		Wait(ctx, pause) // when ctx has ended, it tries once more
	}
}

// kept returns what was recorded of a batch of which something was lost.
func (s *sender) kept(batch []Settlement, lost *LostError) []Settlement {
	attempts, at := 0, 0
	kept := batch[:0]
	for i := range batch {
		if at < len(lost.Lost) && lost.Lost[at] == i {
			if at++; batch[i].Verdict != Return {
				attempts++
			}
			continue
		}
		kept = append(kept, batch[i])
	}
	if attempts > 0 {
		s.cfg.Log.Warn().Int("attempts", attempts).Msg("this host was silent for too long, so another one has taken over its devices: " +
			"what came of these attempts is not recorded, and the other host makes them again")
	}
	return kept
}

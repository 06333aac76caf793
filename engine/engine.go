package engine

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
)

// Engine takes packages, sends them, and hands the responses to listeners. Its methods may be called from many
// goroutines at once.
type Engine struct {
	cfg Config

	stop context.CancelFunc // ends stopped
	done context.Context

	stamps stamps
	// schedule is Config.Schedule, or what has replaced it.
	schedule atomic.Pointer[Schedule]

	mu      sync.Mutex
	closed  bool // guarded by mu
	sending bool // guarded by mu
	// governor and watcher are those of the present Run, nil while there is none; guarded by mu.
	governor *governor
	watcher  *watcher
	// listening counts the calls of Listen that go on, by the name of the listener; guarded by mu.
	listening map[string]int
	// losses are the records of what listeners have lost, by listener, as far as they were asked for; guarded by mu.
	losses map[string]lostRecord
	lost   sync.Mutex // held while records of losses are changed, in the store and then in losses
	loops  sync.WaitGroup
	track  sync.WaitGroup
}

// New makes an engine. It starts nothing: call [Engine.Run], and [Engine.Listen] for each listener.
func New(cfg Config) (*Engine, error) {
	if err := cfg.setDefaults(); err != nil {
		return nil, fmt.Errorf("new engine: %w", err)
	}
	done, stop := context.WithCancel(context.Background())
	e := &Engine{cfg: cfg, stop: stop, done: done, listening: map[string]int{}, losses: map[string]lostRecord{}}
	e.schedule.Store(&cfg.Schedule)
	return e, nil
}

// Track takes packages in. Nil means that all of them are on disk, fsynced; any error means that none is, as far as
// this call goes. A package that the engine does not take, also because it is older than the [Schedule] lets it become, is a
// [*RefusedError]; see [Package.Prepare] for what may be left empty.
func (e *Engine) Track(ctx context.Context, packages ...Package) error {
	if len(packages) == 0 {
		return nil
	}
	e.mu.Lock()
	if e.closed {
		e.mu.Unlock()
		return fmt.Errorf("track: engine %w", ErrClosed)
	}
	e.track.Add(1)
	e.mu.Unlock()
	defer e.track.Done()

	now := e.cfg.Store.Now()
	prepared := make([]Package, len(packages))
	for i := range packages {
		prepared[i] = packages[i]
		err := prepared[i].Prepare(now)
		if err == nil {
			err = e.clocks().refuseOld(&prepared[i], now)
		}
		if err != nil {
			if refused, ok := errors.AsType[*RefusedError](err); ok {
				refused.Index = i
			}
			return err
		}
	}
	if !e.cfg.Store.Shared() {
		e.stamps.keep(ctx, e.cfg.Store, prepared)
	}
	if err := e.cfg.Store.Append(ctx, prepared...); err != nil {
		return fmt.Errorf("track: %w", err)
	}
	return nil
}

// Stats returns the store's counts.
func (e *Engine) Stats(ctx context.Context) (Stats, error) { return e.cfg.Store.Stats(ctx) }

// Store returns the store that the engine was made with, for those who read the log or keep values.
func (e *Engine) Store() Store { return e.cfg.Store }

// begin registers a loop and joins ctx with the engine's lifetime. end must be called when the loop returns.
func (e *Engine) begin(ctx context.Context, sending bool) (joined context.Context, end func(), err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return nil, nil, fmt.Errorf("engine %w", ErrClosed)
	}
	if sending {
		if e.sending {
			return nil, nil, errors.New("run: the engine runs already")
		}
		e.sending = true
	}
	e.loops.Add(1)
	joined, cancel := context.WithCancel(ctx)
	unhook := context.AfterFunc(e.done, cancel)
	return joined, func() {
		unhook()
		cancel()
		if sending {
			e.mu.Lock()
			e.sending = false
			e.mu.Unlock()
		}
		e.loops.Done()
	}, nil
}

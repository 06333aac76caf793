package engine

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/rs/zerolog"
)

// The defaults of [Config].
const (
	// DefaultInFlight is how many attempts are made at once at one endpoint.
	DefaultInFlight = 64
	// DefaultDrain is how long attempts in flight may go on when the engine stops.
	DefaultDrain = 20 * time.Second
)

// Config says what an engine is made of. Store and Deliverer are required; every other zero field means its default.
type Config struct {
	// Store keeps the queue and the log. The engine closes it.
	Store Store
	// Deliverer makes the attempts.
	Deliverer Deliverer
	// Schedule holds the clocks for sending again. Default: those of Adjust's SDKs.
	Schedule Schedule
	// Gate says where packages go and whether attempts may be made there. Default: the Deliverer, where it is a [Gate];
	// else all packages go to one endpoint that is always up.
	Gate Gate
	// InFlight bounds the attempts that are made at once at one endpoint. Endpoints have bounds of their own, so that one
	// that answers slowly does not slow the others. Default [DefaultInFlight].
	InFlight int
	// HoldEvents tells for which apps events and ad revenue are not sent before the server has accepted a session of their
	// device, as far as this store knows. It is for those who send their sessions this way, too. It is called often and
	// must be fast. Default: for none; events that the server does not take without a session wait after the first attempt.
	HoldEvents func(App) bool
	// Drain is how long attempts in flight may go on after Run's context has ended. Default [DefaultDrain].
	Drain time.Duration
	// Hooks are told what happens, for metrics. Default: nobody is.
	Hooks Hooks
	// Log receives what people should know. Default: nothing is logged.
	Log zerolog.Logger
}

// Engine takes packages, sends them, and hands the responses to listeners. Its methods may be called from many
// goroutines at once.
type Engine struct {
	cfg Config

	stop context.CancelFunc // ends stopped
	done context.Context

	stamps stamps

	mu      sync.Mutex
	closed  bool // guarded by mu
	sending bool // guarded by mu
	// governor is that of the present Run, nil while there is none; guarded by mu.
	governor *governor
	loops    sync.WaitGroup
	track    sync.WaitGroup
}

// New makes an engine. It starts nothing: call [Engine.Run], and [Engine.Listen] for each listener.
func New(cfg Config) (*Engine, error) {
	if cfg.Store == nil || cfg.Deliverer == nil {
		return nil, errors.New("new engine: Store and Deliverer are required")
	}
	if cfg.InFlight == 0 {
		cfg.InFlight = DefaultInFlight
	}
	if cfg.Gate == nil {
		cfg.Gate, _ = cfg.Deliverer.(Gate)
	}
	if cfg.Gate == nil {
		cfg.Gate = openGate{}
	}
	if cfg.Drain == 0 {
		cfg.Drain = DefaultDrain
	}
	if cfg.InFlight < 1 || cfg.Drain < 0 {
		return nil, errors.New("new engine: InFlight must be at least 1, and Drain not negative")
	}
	cfg.Schedule = cfg.Schedule.withDefaults()
	if err := cfg.Schedule.check(); err != nil {
		return nil, fmt.Errorf("new engine: %w", err)
	}
	done, stop := context.WithCancel(context.Background())
	return &Engine{cfg: cfg, stop: stop, done: done}, nil
}

// Track takes packages in. Nil means that all of them are on disk, fsynced; any error means that none is, as far as
// this call goes. A package that the engine does not take is a [*RefusedError]; see [Package.Prepare] for what may be
// left empty.
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

	now := time.Now()
	prepared := make([]Package, len(packages))
	for i := range packages {
		prepared[i] = packages[i]
		if err := prepared[i].Prepare(now); err != nil {
			if refused, ok := errors.AsType[*RefusedError](err); ok {
				refused.Index = i
			}
			return err
		}
	}
	e.stamps.keep(ctx, e.cfg.Store, prepared)
	if err := e.cfg.Store.Append(ctx, prepared...); err != nil {
		return fmt.Errorf("track: %w", err)
	}
	return nil
}

// Stats returns the store's counts.
func (e *Engine) Stats(ctx context.Context) (Stats, error) { return e.cfg.Store.Stats(ctx) }

// Store returns the store that the engine was made with, for those who read the log or keep values.
func (e *Engine) Store() Store { return e.cfg.Store }

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
	stats, err := e.cfg.Store.Stats(context.Background())
	return stats, errors.Join(err, e.cfg.Store.Close())
}

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

package engine

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Listener is handed every response, in the order of the log.
type Listener interface {
	// Name is the name of the listener's cursor. It must stay the same from start to start.
	Name() string

	// Handle handles responses from the front and returns how many it has handled; those are never handed over again,
	// except after a crash. It may return before all are handled, with or without an error, so that the progress is
	// recorded; it is called again at once with the rest after nil, and after a pause when it returned an error. It may
	// wait as long as it likes; when ctx ends it returns after the response in hand. It may call [Engine.Track].
	Handle(ctx context.Context, responses []Response) (handled int, err error)
}

// Reporter is a [Listener] that can say which of the responses failed that its last call of Handle has handled. The engine
// asks after each call, on the same goroutine, and records the answer beside the responses.
type Reporter interface {
	Runs() Runs
}

// Owned is a [Listener] that is to know when its host begins to own it, because it does more than listening. Where several
// hosts have the same store open, the listener of one of them is handed responses at a time.
type Owned interface {
	// Owns is called before the first response is handed over. It must not wait. ctx ends when another host may own it.
	Owns(ctx context.Context)
}

const (
	listenBatch = 256
	// Pauses after an error of a listener or of the store.
	listenPause    = 200 * time.Millisecond
	listenPauseMax = 30 * time.Second
)

// Listen hands responses to l on the caller's goroutine until ctx ends or the engine closes, which is not an error. A
// listener that is new starts at the end of the log. Listeners do not wait for each other, and a slow one does not
// slow the sending. Two listeners with the same name at once share a cursor and would each miss what the other takes.
func (e *Engine) Listen(ctx context.Context, l Listener) error {
	ctx, end, err := e.begin(ctx, false)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	defer end()
	// Also one that waits for its turn is enrolled: it will see all that is logged from now on.
	if _, err := e.cfg.Store.Enroll(ctx, l.Name()); err != nil {
		return endOf(ctx, fmt.Errorf("listen as %s: %w", l.Name(), err))
	}
	e.listens(l.Name(), 1)
	defer e.listens(l.Name(), -1)
	for {
		err := e.listenOwned(ctx, l)
		if ctx.Err() != nil {
			return nil
		}
		if errors.Is(err, ErrClosed) {
			return fmt.Errorf("listen as %s: %w", l.Name(), err)
		}
		if err != nil {
			e.cfg.Log.Error().Err(err).Str("listener", l.Name()).Dur("pause", listenPause).Msg("cannot listen; its responses wait")
			Wait(ctx, listenPause)
		}
	}
}

// listenOwned hands responses to l, once this host owns the listener, until that ends or ctx does.
func (e *Engine) listenOwned(ctx context.Context, l Listener) error {
	ctx, release, err := e.cfg.Store.Own(ctx, OwnListener+l.Name())
	if err != nil {
		return err
	}
	defer release()
	e.forgetLost(l.Name())
	if w, ok := l.(Owned); ok {
		w.Owns(ctx)
	}
	// Another host may have moved the cursor meanwhile, or somebody has forgotten it.
	cursor, err := e.cfg.Store.Enroll(ctx, l.Name())
	if err != nil {
		return err
	}
	pause, told := time.Duration(0), false
	for {
		if pause > 0 {
			Wait(ctx, pause)
		}
		responses, err := e.cfg.Store.Read(ctx, cursor, listenBatch)
		if err == nil {
			err = e.noteLost(ctx, l.Name(), cursor, responses)
		}
		if err == nil {
			cursor, err = e.handle(ctx, l, cursor, responses)
		}
		if ctx.Err() != nil {
			return nil
		}
		switch {
		case errors.Is(err, ErrClosed), errors.Is(err, ErrLost):
			return err
		case errors.Is(err, ErrUnavailable):
			if pause = listenPause; !told {
				e.cfg.Log.Error().Err(err).Str("listener", l.Name()).Msg("the store cannot be reached; the responses of this listener wait")
				told = true
			}
		case err != nil:
			pause = min(max(2*pause, listenPause), listenPauseMax)
			e.cfg.Log.Error().Err(err).Str("listener", l.Name()).Dur("pause", pause).Msg("listener failed; its responses wait")
		default:
			pause, told = 0, false
		}
	}
}

// listens counts who listens.
func (e *Engine) listens(name string, more int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.listening[name] += more; e.listening[name] == 0 {
		delete(e.listening, name)
	}
}

// handle hands over one batch and commits after each step, so that a crash repeats as little as possible.
func (e *Engine) handle(ctx context.Context, l Listener, cursor uint64, responses []Response) (uint64, error) {
	for len(responses) > 0 && ctx.Err() == nil {
		handled, err := l.Handle(ctx, responses)
		if handled < 0 || handled > len(responses) {
			return cursor, fmt.Errorf("listener handled %d of %d responses", handled, len(responses))
		}
		if handled > 0 {
			cursor = responses[handled-1].Seq
			responses = responses[handled:]
			// What was handled must be committed even when the loop is asked to end just now.
			var runs Runs
			if reporter, ok := l.(Reporter); ok {
				runs = reporter.Runs()
			}
			if err := e.cfg.Store.Commit(context.WithoutCancel(ctx), l.Name(), cursor, runs); err != nil {
				return cursor, fmt.Errorf("commit cursor: %w", err)
			}
		}
		if err != nil {
			return cursor, err
		}
	}
	return cursor, nil
}

// endOf returns nil when ctx has ended, because being asked to stop is no error.
func endOf(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil //nolint:nilerr // being asked to stop is no error
	}
	return err
}

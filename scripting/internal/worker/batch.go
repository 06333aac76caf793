package worker

import (
	"context"
	"time"

	"trackhook/engine"
	"trackhook/scripting/internal/wire"
)

// progress is how far a batch has come. The zero value is that of no batch.
type progress struct {
	open bool // there is a batch in hand
	// handled counts its responses that are; done are those whose effects were said or are at the host, and said is the last
	// done that the host knows.
	handled, done, said uint64
}

// handled notes that a response is done. What it has printed was put before.
func (w *worker) handled() {
	clean := w.own.Storage.Clean()
	w.mu.Lock()
	defer w.mu.Unlock()
	w.batch.handled++
	if clean {
		w.batch.done = w.batch.handled
	}
}

// begun begins a batch.
func (w *worker) begun() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.batch = progress{open: true}
}

// over ends it, and returns how many of its responses are done for sure.
func (w *worker) over() (done uint64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.batch.open = false
	return w.batch.done
}

// further tells how many responses are done, behind all that they have caused.
func (w *worker) further() (kind wire.Kind, body []byte, ok bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.batch.open || w.batch.done == w.batch.said {
		return 0, nil, false
	}
	w.batch.said = w.batch.done
	return wire.Progress, wire.AppendNumber(nil, w.batch.done), true
}

// handed is one Handle: its responses, and what asks it to stop.
type handed struct {
	responses []engine.Response
	ctx       context.Context //nolint:containedctx // it is that of one call, which goes from one goroutine to another
	cancel    context.CancelFunc
	began     time.Time
	alone     bool // no other batch was in hand in the process
}

// handle runs the listeners and says how it went. It does not wait for that.
func (w *worker) handle(body []byte) error {
	f := wire.NewFields(body)
	batch := handed{responses: f.Responses()}
	if f.End() != nil {
		return f.End()
	}
	if !w.hasLoaded() {
		return wire.ErrFrame
	}
	batch.ctx, batch.cancel = context.WithCancel(context.Background())
	w.stop.Store(&batch.cancel)
	select {
	case w.turn <- struct{}{}:
		w.run(batch)
	default: // the one before has just been told, or the version ends
		go func() {
			w.turn <- struct{}{}
			w.run(batch)
		}()
	}
	return nil
}

// run begins a batch, whose end is on the goroutine that has run it: each goroutine that it would wait for costs as much as dozens of
// runs.
func (w *worker) run(batch handed) {
	batch.began, batch.alone = time.Now(), w.process.width.begin()
	w.conn.SetLast(w.further)
	w.begun()
	w.gate.hold()
	w.instance.Begin(batch.ctx, batch.responses, func(handled int, err error) {
		done := w.over()
		w.process.width.end(batch.alone, time.Since(batch.began))
		if w.own.Storage.Clean() {
			w.finish(batch, handled, done, err)
			return
		}
		go w.finish(batch, handled, done, err) // the host is asked to keep something
	})
}

// finish keeps what a batch has stored, and says how it went.
func (w *worker) finish(batch handed, handled int, done uint64, err error) {
	defer func() { <-w.turn }()
	defer batch.cancel()
	defer w.conn.SetLast(nil)
	defer w.gate.settle()
	result := wire.Result{Handled: uint64(handled)} //nolint:gosec // not negative
	if err != nil {
		result.Error = err.Error()
	}
	if !w.keep(batch.ctx) {
		// Nothing counts as done whose effects are not kept; it is handed over again.
		result.Handled = min(result.Handled, done)
	}
	if result.Handled > 0 {
		result.Failed = w.instance.Taken(batch.responses[handled-1].Seq)
	}
	result.Runs, result.Failures = w.instance.Counters()
	result.P50, result.P99 = w.instance.Quantiles()
	result.Spent = w.instance.Lost()
	overruns := w.instance.Overruns()
	result.Overran = overruns > w.overruns
	w.overruns = overruns
	w.tell()
	_ = w.conn.Send(wire.Handled, wire.AppendResult(nil, &result))
}

// storePause is the pause after the host could not store something.
const storePause = time.Second

// keep has the host store what the runs have put into localStorage, because they must not count as done before. It returns
// false when the host said stop first.
func (w *worker) keep(ctx context.Context) bool {
	for told := false; ; told = true {
		err := w.own.Storage.Flush(context.WithoutCancel(ctx)) // also when it was to stop
		if err == nil {
			return true
		}
		if !told {
			w.log.Error().Err(err).Msg("cannot write localStorage; responses wait until it can")
		}
		pause := time.NewTimer(storePause)
		select {
		case <-pause.C:
		case <-ctx.Done():
			pause.Stop()
			return false
		}
	}
}

package wall

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"trackhook/engine"
	"trackhook/scripting/internal/instance"
	"trackhook/scripting/internal/wire"
)

// What a batch of 100 costs beyond the listeners was half wake-ups: of goroutines, and of threads that look for them and find none.
// Four things took most of that away: the machine's goroutine says how a batch went, pipes are read and written past the scheduler,
// the process takes one processor while small batches come, and its watchdog sleeps only after a while without runs. What is left is,
// in equal parts, writing and reading the responses, the garbage of that, and two wake-ups on either side: that of the one who waits for
// the pipe, and that of the caller.

// Handle runs the plugin's listeners for responses from the front, and returns how many are done, with all that they have
// caused: it is as that of an instance. When the process dies it returns what was done before; the rest is to be handed over
// again.
func (v *Version) Handle(ctx context.Context, responses []engine.Response) (int, error) {
	if len(responses) == 0 || ctx.Err() != nil {
		return 0, nil
	}
	select {
	case v.turn <- struct{}{}:
		defer func() { <-v.turn }()
	case <-ctx.Done():
		return 0, nil
	}
	p, err := v.ready(ctx)
	if p == nil || err != nil {
		return 0, err
	}
	batch := v.batch(p, responses)
	v.mu.Lock()
	v.handling = true
	v.mu.Unlock()
	defer func() {
		v.mu.Lock()
		v.handling = false
		v.mu.Unlock()
		if v.size = len(v.body); cap(v.body) > maxKept {
			v.body = nil
		}
	}()
	v.progress.Store(0)
	if level := v.levelNow(); level != v.level {
		v.level = level
		_ = p.conn.Put(wire.Level, wire.AppendInt(nil, int64(level)))
	}
	v.body = wire.AppendResponses(slices.Grow(v.body[:0], v.size), batch)
	_ = p.conn.Send(wire.Handle, v.body) // it is gone otherwise, which is noticed below
	result, ok := v.await(ctx, p)
	if ok && !fits(&result, batch) {
		p.kill("it broke the protocol: it has handled what it was not handed")
		<-p.gone
		ok = false
	}
	if !ok {
		return v.died(p, batch), nil
	}
	return v.settle(p, &result)
}

// fits tells whether a result may be that of a batch: no more is done than was handed over, and what failed is among that or
// was handed over before, as a promise of an earlier response that is rejected late.
func fits(result *wire.Result, batch []engine.Response) bool {
	if result.Handled > uint64(len(batch)) {
		return false
	}
	if result.Handled == 0 {
		return len(result.Failed) == 0
	}
	last := batch[result.Handled-1].Seq
	for seq := range result.Failed {
		if seq > last {
			return false
		}
	}
	return true
}

// batch is what is handed over of responses: one, while it is not known which of them ends the process.
func (v *Version) batch(p *process, responses []engine.Response) []engine.Response {
	v.mu.Lock()
	defer v.mu.Unlock()
	if p.house.shared {
		responses = responses[:min(len(responses), sharedBatch)]
	}
	if v.deaths.doubtful(responses[0].Seq) {
		return responses[:1]
	}
	size := 0
	for n := range responses {
		if size += len(responses[n].Body); size > maxBatch && n > 0 {
			return responses[:n]
		}
	}
	return responses
}

// ready returns the process in hand, and starts one if there is none. Nil and no error means that ctx has ended.
func (v *Version) ready(ctx context.Context) (*process, error) {
	v.mu.Lock()
	p, retired, quarantined, pause := v.proc, v.retired, v.quarantined, v.deaths.pause(time.Now())
	v.mu.Unlock()
	switch {
	case retired:
		return nil, instance.ErrRetired
	case quarantined != nil:
		return nil, quarantined
	case p != nil:
		return p, nil
	}
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return nil, nil
	case <-v.life.Done():
		return nil, instance.ErrRetired
	case <-timer.C:
	}
	if err := v.begin(v.life); err != nil { //nolint:contextcheck // the process outlives the call
		return nil, err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.retired {
		return nil, instance.ErrRetired
	}
	return v.proc, nil
}

// await waits for the result of a batch. False: the process has gone.
func (v *Version) await(ctx context.Context, p *process) (wire.Result, bool) {
	asked := ctx.Done()
	limit := 3*v.cfg.Start.Timeout + v.waits.end
	alarm := time.NewTimer(limit)
	defer alarm.Stop()
	for {
		select {
		case f, ok := <-p.frames:
			if !ok {
				<-p.gone
				return wire.Result{}, false
			}
			switch f.kind {
			case wire.Handled:
				fields := wire.NewFields(f.body)
				result := fields.Result()
				if fields.End() == nil {
					return result, true
				}
				p.kill("it broke the protocol")
			case wire.Retired: // the end follows
			default:
				p.kill("it broke the protocol")
			}
		case <-asked:
			asked = nil
			_ = p.conn.Send(wire.Stop, nil)
		case <-alarm.C:
			if p.unstored.Load() { // its runs are over, and it waits for the store
				alarm.Reset(limit)
				continue
			}
			p.kill(fmt.Sprintf("a run went on for %s although it was interrupted", limit))
		}
	}
}

// settle takes a result over, which fits its batch.
func (v *Version) settle(p *process, result *wire.Result) (int, error) {
	v.mu.Lock()
	v.runs = tally{result.Runs, result.Failures}
	v.p50, v.p99 = result.P50, result.P99
	maps.Copy(v.failed, result.Failed)
	retired, quarantined := v.retired, v.quarantined
	v.mu.Unlock()
	v.lines.rest()
	if result.Spent && !retired {
		v.spent(p)
	}
	if result.Overran && p.house.shared && quarantined == nil {
		v.overran()
	}
	switch {
	case quarantined != nil:
		return int(result.Handled), quarantined //nolint:gosec // bounded by the batch
	case result.Error != "":
		return int(result.Handled), errors.New(result.Error) //nolint:gosec // as above
	}
	return int(result.Handled), nil //nolint:gosec // as above
}

// overran counts a run that was interrupted at the time limit. As many in a row give a version up; one that has them now and
// then moves out.
func (v *Version) overran() {
	v.mu.Lock()
	count := v.deaths.addOverrun(time.Now())
	v.mu.Unlock()
	if count >= maxOverruns {
		v.cfg.Pool.moveOut(v.cfg.Start.Plugin, suspect)
		v.cfg.OnMove(v, "its runs were longer than their time limit again and again")
	}
}

// spent ends a process that goes on with what could not be interrupted, which only that ends. An instance that loses as many
// runtimes is given up, and so is this.
func (v *Version) spent(p *process) {
	const how = "a run went on although it was interrupted"
	p.kill(how)
	<-p.gone
	v.mourn(p, nil)
	v.mu.Lock()
	count := v.deaths.addSpent(time.Now())
	v.mu.Unlock()
	if count >= instance.MaxBreakdowns {
		v.quarantine(v.blame(fmt.Sprintf("its process was lost %d times within %s, because %s", count, instance.BreakdownWindow, how)))
	}
}

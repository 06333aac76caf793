package wall

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"

	"trackhook/engine"
	"trackhook/scripting/internal/adjust"
	"trackhook/scripting/internal/instance"
	"trackhook/scripting/internal/script"
	"trackhook/scripting/internal/source"
	"trackhook/scripting/internal/wire"
)

// DefaultMemory is how many bytes a worker process may use.
const DefaultMemory = 256 << 20

const (
	// maxBatch bounds the bodies of one batch, in bytes.
	maxBatch = 16 << 20
	// loadWait is how long a load may take beyond its time limit: bundling is part of it.
	loadWait = 20 * time.Second
	// endWait is how long a run may go on that was interrupted, beside what the store may take for it.
	endWait = 5 * time.Second
)

// Config is what a version runs with.
type Config struct {
	// Command starts a worker process, such as trackhook worker.
	Command []string
	// Start is what the worker gets to know. Again and Level are filled in.
	Start wire.Start
	// Home does what the worker asks for.
	Home adjust.Home
	// Peers are the versions of the plugin.
	Peers *Peers
	// Log takes what it prints, and Own what the host says about its processes, with the name of the plugin.
	Log, Own zerolog.Logger
	// OnQuarantine is called once when the version is given up, from any goroutine. OnDeath is called for each death, with
	// whether a response was set aside. Either must not wait for the version.
	OnQuarantine func(*Version, *script.Error)
	OnDeath      func(setAside bool)
}

// Peers are the versions of one plugin that are at work, and tell each other what they have stored. The zero value has none.
type Peers struct {
	mu  sync.Mutex
	all map[*Version]bool // guarded by mu
}

func (p *Peers) add(v *Version) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.all == nil {
		p.all = map[*Version]bool{}
	}
	p.all[v] = true
}

func (p *Peers) remove(v *Version) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.all, v)
}

// tell tells all but one what that has stored.
func (p *Peers) tell(from *Version, pairs map[string][]byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for v := range p.all {
		if v != from {
			v.say(wire.Stored, wire.AppendPairs(nil, pairs))
		}
	}
}

// SetHosts tells all which hosts fetch may reach from now on.
func (p *Peers) SetHosts(hosts []string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for v := range p.all {
		v.mu.Lock()
		v.cfg.Start.AllowHosts = hosts
		v.mu.Unlock()
		v.say(wire.Hosts, wire.AppendStrings(nil, hosts))
	}
}

// Version is one version of one plugin, at work in one process after the other.
type Version struct {
	cfg   *Config
	graph *source.Graph
	lines *lines
	// life ends with the version; what a process has asked for ends with it.
	life context.Context //nolint:containedctx // the life of the version, which no single call owns
	end  context.CancelFunc
	done chan struct{}
	// turn holds an element while somebody starts a process or hands responses over.
	turn chan struct{}
	// level is that of the log which the process in hand knows; whoever has the turn's.
	level zerolog.Level
	// progress is how many responses of the batch in hand are done for sure.
	progress atomic.Uint64

	mu          sync.Mutex
	proc        *process // guarded by mu, as all below; nil: there is none
	live        bool     // it was told to go live
	retired     bool
	givenUp     bool
	handling    bool
	state       wire.State
	quarantined *instance.QuarantineError
	runs        tally // of the process in hand
	past        tally // of those before
	p50, p99    time.Duration
	failed      map[uint64]string
	deaths      deaths
}

type tally struct{ runs, failures uint64 }

// Start starts a process and loads the version in it. The graph is never nil. The error is a *script.Error where a script is
// to blame, also for the end of the process.
func Start(ctx context.Context, cfg *Config) (*Version, *source.Graph, error) {
	v := &Version{
		cfg: cfg, graph: source.NewGraph(cfg.Start.Root), lines: &lines{log: cfg.Log, own: cfg.Own},
		done: make(chan struct{}), turn: make(chan struct{}, 1), live: !cfg.Start.Held, failed: map[uint64]string{},
	}
	v.graph.Entry = filepath.Clean(cfg.Start.Entry)
	v.life, v.end = context.WithCancel(context.WithoutCancel(ctx))
	cfg.Peers.add(v)
	if err := v.begin(ctx, false); err != nil {
		cfg.Peers.remove(v)
		v.end()
		v.graph.Freeze()
		return nil, v.graph, err
	}
	v.graph.Freeze()
	return v, v.graph, nil
}

// begin starts a process and waits until it has loaded the version.
func (v *Version) begin(ctx context.Context, again bool) error {
	p, err := spawn(v.cfg.Command, v.cfg.Start.Memory, v.hear)
	if err != nil {
		return err
	}
	v.level = v.levelNow()
	v.mu.Lock()
	start := v.cfg.Start
	start.Held, start.Again, start.Level = !v.live, again, int8(v.level)
	v.mu.Unlock()
	body, err := json.Marshal(&start)
	if err == nil {
		err = p.conn.Send(wire.Load, body)
	}
	if err != nil {
		p.kill("it did not listen: " + err.Error())
	}
	if err := v.loaded(ctx, p); err != nil {
		p.kill("")
		<-p.gone
		v.release(p)
		return err
	}
	v.mu.Lock()
	v.proc = p
	v.runs = tally{}
	gone, live := v.givenUp, v.live && start.Held
	v.mu.Unlock()
	switch {
	case gone:
		p.kill("")
	case live:
		v.say(wire.GoLive, nil)
	}
	go v.attend(p)
	return nil
}

// levelNow is the least level that is logged. That of the process may change while it runs.
func (v *Version) levelNow() zerolog.Level { return max(v.cfg.Log.GetLevel(), zerolog.GlobalLevel()) }

// loaded waits for how the load went.
func (v *Version) loaded(ctx context.Context, p *process) error {
	limit := time.NewTimer(2*v.cfg.Start.Timeout + loadWait)
	defer limit.Stop()
	for {
		select {
		case f, ok := <-p.frames:
			if !ok {
				<-p.gone
				return v.blame("the process that loaded it was ended: " + p.reason())
			}
			if f.kind != wire.Loaded {
				return v.blame("the process that loaded it broke the protocol")
			}
			return v.outcome(f.body)
		case <-limit.C:
			p.kill(fmt.Sprintf("it did not come to an end within %s", 2*v.cfg.Start.Timeout+loadWait))
		case <-ctx.Done():
			return fmt.Errorf("load plugin %s: %w", v.cfg.Start.Plugin, ctx.Err())
		}
	}
}

func (v *Version) outcome(body []byte) error {
	var outcome wire.Outcome
	if err := json.Unmarshal(body, &outcome); err != nil {
		return v.blame("the process that loaded it broke the protocol: " + err.Error())
	}
	switch {
	case outcome.Error != nil:
		return outcome.Error
	case outcome.Text != "":
		return errors.New(outcome.Text)
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.state = outcome.State
	return nil
}

// blame makes an error of the plugin as a whole.
func (v *Version) blame(message string) *script.Error {
	return &script.Error{
		Plugin: v.cfg.Start.Plugin, Version: v.graph.Version(), File: v.graph.Name(v.cfg.Start.Entry), Message: message,
	}
}

// say tells the process in hand something, if there is one.
func (v *Version) say(kind wire.Kind, body []byte) {
	v.mu.Lock()
	p := v.proc
	v.mu.Unlock()
	if p != nil {
		_ = p.conn.Send(kind, body) // it is gone otherwise, and the next one learns it when it starts
	}
}

// GoLive sends what the top level has tracked, and lets the version do all at once from now on.
func (v *Version) GoLive() {
	v.mu.Lock()
	v.live = true
	v.mu.Unlock()
	v.say(wire.GoLive, nil)
}

// Retire lets the batch in hand stop after its current response, and promises go on for the grace period. It returns at
// once; done is closed at the end. It may be called more than once.
func (v *Version) Retire() (done <-chan struct{}) {
	v.mu.Lock()
	first := !v.retired
	v.retired = true
	p := v.proc
	v.mu.Unlock()
	if !first {
		return v.done
	}
	if p == nil {
		v.finish()
		return v.done
	}
	_ = p.conn.Send(wire.Stop, nil)
	_ = p.conn.Send(wire.Retire, nil)
	go func() {
		limit := time.NewTimer(v.cfg.Start.Grace + v.cfg.Start.Timeout + endWait)
		defer limit.Stop()
		select {
		case <-p.gone:
		case <-limit.C:
			p.kill("it did not end when it was replaced")
		}
	}()
	return v.done
}

// finish is the end of the version.
func (v *Version) finish() {
	v.mu.Lock()
	defer v.mu.Unlock()
	select {
	case <-v.done:
	default:
		v.cfg.Peers.remove(v)
		v.end()
		close(v.done)
	}
}

// GiveUp ends the version at once. True: a run was in hand.
func (v *Version) GiveUp() (inHand bool) {
	v.mu.Lock()
	v.retired, v.givenUp = true, true
	inHand = v.handling
	p := v.proc
	v.mu.Unlock()
	v.end()
	if p == nil {
		v.finish()
		return false
	}
	p.kill("the host stops")
	return inHand
}

// Counters returns how many runs and errors there were.
func (v *Version) Counters() (runs, failed uint64) {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.past.runs + v.runs.runs, v.past.failures + v.runs.failures
}

// Registered tells what the version listens to.
func (v *Version) Registered() []instance.Registration {
	v.mu.Lock()
	defer v.mu.Unlock()
	var all []instance.Registration
	for _, r := range v.state.Registered {
		all = append(all, instance.Registration{App: r.App, Listeners: r.Listeners})
	}
	return all
}

// Warnings tells which listeners hear nothing.
func (v *Version) Warnings() []*script.Error {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.state.Warnings
}

// Quantiles returns the times that half and 99 of 100 runs are below.
func (v *Version) Quantiles() (p50, p99 time.Duration) {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.p50, v.p99
}

// Taken returns the errors of responses up to a number since the last call, and forgets them.
func (v *Version) Taken(upTo uint64) map[uint64]string {
	v.mu.Lock()
	defer v.mu.Unlock()
	var taken map[uint64]string
	for seq, text := range v.failed {
		if seq <= upTo {
			if taken == nil {
				taken = map[uint64]string{}
			}
			taken[seq] = text
			delete(v.failed, seq)
		}
	}
	return taken
}

func (v *Version) noteState(body []byte) bool {
	var state wire.State
	if json.Unmarshal(body, &state) != nil {
		return false
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.state = state
	return true
}

func (v *Version) noteQuarantine(body []byte) bool {
	var reason script.Error
	if json.Unmarshal(body, &reason) != nil {
		return false
	}
	v.quarantine(&reason)
	return true
}

// quarantine gives the version up.
func (v *Version) quarantine(reason *script.Error) {
	v.mu.Lock()
	first := v.quarantined == nil
	if first {
		v.quarantined = &instance.QuarantineError{Reason: reason}
	}
	v.mu.Unlock()
	if first && v.cfg.OnQuarantine != nil {
		go v.cfg.OnQuarantine(v, reason)
	}
}

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
	batch := v.batch(responses)
	v.mu.Lock()
	v.handling = true
	v.mu.Unlock()
	defer func() {
		v.mu.Lock()
		v.handling = false
		v.mu.Unlock()
	}()
	v.progress.Store(0)
	if level := v.levelNow(); level != v.level {
		v.level = level
		_ = p.conn.Put(wire.Level, wire.AppendInt(nil, int64(level)))
	}
	_ = p.conn.Send(wire.Handle, wire.AppendResponses(nil, batch)) // it is gone otherwise, which is noticed below
	result, ok := v.await(ctx, p)
	if !ok {
		return v.died(p, batch), nil
	}
	return v.settle(p, &result)
}

// batch is what is handed over of responses: one, while it is not known which of them ends the process.
func (v *Version) batch(responses []engine.Response) []engine.Response {
	v.mu.Lock()
	defer v.mu.Unlock()
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
	if err := v.begin(v.life, true); err != nil {
		return nil, err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.proc, nil
}

// await waits for the result of a batch. False: the process has gone.
func (v *Version) await(ctx context.Context, p *process) (wire.Result, bool) {
	asked := ctx.Done()
	limit := 3*v.cfg.Start.Timeout + endWait
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
			p.kill(fmt.Sprintf("a run went on for %s although it was interrupted", limit))
		}
	}
}

// settle takes a result over.
func (v *Version) settle(p *process, result *wire.Result) (int, error) {
	v.mu.Lock()
	v.runs = tally{result.Runs, result.Failures}
	v.p50, v.p99 = result.P50, result.P99
	for seq, text := range result.Failed {
		v.failed[seq] = text
	}
	retired, quarantined := v.retired, v.quarantined
	v.mu.Unlock()
	v.lines.rest()
	if result.Spent && !retired {
		// It goes on with what could not be interrupted, which only the end of its process ends.
		p.kill("a run went on although it was interrupted")
		<-p.gone
		v.mourn(p, nil)
	}
	switch {
	case quarantined != nil:
		return int(result.Handled), quarantined //nolint:gosec // bounded by the batch
	case result.Error != "":
		return int(result.Handled), errors.New(result.Error) //nolint:gosec // as above
	}
	return int(result.Handled), nil //nolint:gosec // as above
}

// Process is the process in hand; nil when there is none at this moment.
func (v *Version) Process() *os.Process {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.proc == nil {
		return nil
	}
	return v.proc.cmd.Process
}

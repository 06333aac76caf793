package wall

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"

	"trackhook/scripting/internal/instance"
	"trackhook/scripting/internal/script"
	"trackhook/scripting/internal/source"
	"trackhook/scripting/internal/wire"
)

// Version is one version of one plugin, at work in one process after the other.
type Version struct {
	cfg   *Config
	graph *source.Graph
	lines *lines
	// life ends with the version; what a process has asked for ends with it.
	waits waits
	life  context.Context //nolint:containedctx // the life of the version, which no single call owns
	end   context.CancelFunc
	done  chan struct{}
	// turn holds an element while somebody starts a process or hands responses over.
	turn chan struct{}
	// level is that of the log which the process in hand knows; whoever has the turn's.
	level zerolog.Level
	// body is what the last batch was written into, and size how much that was; whoever has the turn's.
	body []byte
	size int
	// progress is how many responses of the batch in hand are done for sure.
	progress atomic.Uint64

	mu          sync.Mutex
	proc        *process          // guarded by mu, as all below; nil: there is none
	loading     bool              // a process loads, and is to learn what follows once it has
	missed      map[string][]byte // what peers have stored meanwhile
	newHosts    bool              // which hosts fetch may reach has changed meanwhile
	live        bool              // it was told to go live
	tracked     bool              // what the top level has tracked was sent
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
		cfg: cfg, graph: source.NewGraph(cfg.Start.Root), lines: &lines{log: cfg.Log, own: cfg.Own, plugin: cfg.Start.Plugin, heard: cfg.Heard},
		waits: cfg.waits.withDefaults(), done: make(chan struct{}), turn: make(chan struct{}, 1), live: !cfg.Start.Held, failed: map[uint64]string{},
	}
	v.graph.Entry = filepath.Clean(cfg.Start.Entry)
	v.life, v.end = context.WithCancel(context.WithoutCancel(ctx))
	cfg.Peers.add(v)
	if err := v.begin(ctx); err != nil {
		v.finish()
		v.graph.Freeze()
		return nil, v.graph, err
	}
	v.graph.Freeze()
	return v, v.graph, nil
}

// begin starts a process and waits until it has loaded the version.
func (v *Version) begin(ctx context.Context) error {
	defer v.cfg.Spare.renew()
	for again := false; ; again = true {
		v.level = v.levelNow()
		v.mu.Lock()
		v.loading, v.missed, v.newHosts = true, nil, false
		start := v.cfg.Start
		start.Held, start.Again, start.Level = !v.live, v.tracked, int8(v.level)
		v.mu.Unlock()
		p, err := v.place(ctx)
		if err != nil {
			v.loadedNothing()
			return err
		}
		start.Memory, start.Board, start.Shared = p.house.memory, p.house.descriptor, p.house.shared
		if err := v.load(ctx, p, &start); err != nil {
			p.kill("")
			<-p.gone
			v.release(p)
			if p.house.shared && errors.Is(err, errEnded) && ctx.Err() == nil {
				v.leaveShared(p)
				if p.fate != guilty {
					continue // perhaps it was another one that ended it
				}
			}
			if errors.Is(err, errEnded) && ctx.Err() == nil && !again && p.house.wasShot() {
				continue // perhaps nothing that it did was the reason
			}
			v.loadedNothing()
			return err
		}
		retired, live := v.install(p)
		switch {
		case retired:
			p.kill("")
		case live && start.Held:
			v.say(wire.GoLive, nil)
		}
		go v.attend(p)
		if v.cfg.Pool != nil && !p.house.shared {
			go v.goBack(p)
		}
		return nil
	}
}

// goBack lets the version share a process again when it has had one of its own for long enough.
func (v *Version) goBack(p *process) {
	for {
		timer := time.NewTimer(time.Until(v.cfg.Pool.backAt(v.cfg.Start.Plugin)))
		select {
		case <-p.gone:
			timer.Stop()
			return
		case <-timer.C:
		}
		if !v.cfg.Pool.isOut(v.cfg.Start.Plugin) {
			v.cfg.OnMove(v, "it has behaved in a process of its own")
			return
		}
	}
}

// Shares tells whether the version runs in a process that others share.
func (v *Version) Shares() bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.proc == nil {
		return v.cfg.Pool != nil && !v.cfg.Pool.isOut(v.cfg.Start.Plugin)
	}
	return v.proc.house.shared
}

// place gets a process, or a place in one.
func (v *Version) place(ctx context.Context) (*process, error) {
	if v.cfg.Pool == nil {
		return spawn(v.cfg.Command, v.cfg.Start.Memory, v.waits, v.cfg.Spare, v.hear)
	}
	return v.cfg.Pool.open(ctx, v)
}

// leaveShared takes note of the end of a process that others share: whoever may be the cause does not come back soon.
func (v *Version) leaveShared(p *process) {
	if v.cfg.Pool != nil && p.fate != innocent {
		v.cfg.Pool.moveOut(v.cfg.Start.Plugin, p.fate)
	}
}

// load has a process load the version.
func (v *Version) load(ctx context.Context, p *process, start *wire.Start) error {
	body, err := json.Marshal(start)
	if err == nil {
		err = p.conn.Send(wire.Load, body)
	}
	if err != nil {
		p.kill("it did not listen: " + err.Error())
	}
	return v.loaded(ctx, p)
}

// errEnded is what an error of a load is, beside what people read, when the process has ended.
var errEnded = errors.New("the process was ended")

// endedError is a *script.Error that is errEnded.
type endedError struct{ failure *script.Error }

func (e endedError) Error() string   { return e.failure.Error() }
func (e endedError) Unwrap() []error { return []error{e.failure, errEnded} }

// loadedNothing ends a load without a process, and the version, if it was retired meanwhile.
func (v *Version) loadedNothing() {
	v.mu.Lock()
	v.loading = false
	retired := v.retired
	v.mu.Unlock()
	if retired {
		v.finish()
	}
}

// install makes a process that has loaded the one in hand, once it knows what has happened meanwhile.
func (v *Version) install(p *process) (retired, live bool) {
	for {
		v.mu.Lock()
		missed, hosts, newHosts := v.missed, v.cfg.Start.AllowHosts, v.newHosts
		v.missed, v.newHosts = nil, false
		if missed == nil && !newHosts {
			v.proc, v.loading = p, false
			v.runs = tally{}
			retired, live = v.retired, v.live
			v.mu.Unlock()
			return retired, live
		}
		v.mu.Unlock()
		if missed != nil {
			_ = p.conn.Send(wire.Stored, wire.AppendPairs(nil, missed)) // it is gone otherwise, which is noticed later
		}
		if newHosts {
			_ = p.conn.Send(wire.Hosts, wire.AppendStrings(nil, hosts)) // as above
		}
	}
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
				return endedError{v.blame("the process that loaded it was ended: " + p.reason())}
			}
			if f.kind != wire.Loaded {
				return v.blame("the process that loaded it broke the protocol")
			}
			return v.outcome(p, f.body)
		case <-limit.C:
			p.kill(fmt.Sprintf("it did not come to an end within %s", 2*v.cfg.Start.Timeout+loadWait))
		case <-ctx.Done():
			return fmt.Errorf("load plugin %s: %w", v.cfg.Start.Plugin, ctx.Err())
		}
	}
}

func (v *Version) outcome(p *process, body []byte) error {
	var outcome wire.Outcome
	if err := json.Unmarshal(body, &outcome); err != nil {
		return v.blame("the process that loaded it broke the protocol: " + err.Error())
	}
	if outcome.Stuck {
		if v.cfg.Pool != nil {
			v.cfg.Pool.moveOut(v.cfg.Start.Plugin, guilty)
		}
		p.kill("the top level of " + v.cfg.Start.Plugin + " did not end, although it was interrupted")
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

// learn tells the process what a peer has stored: at once, or when it has loaded. One that starts later reads it.
func (v *Version) learn(pairs map[string][]byte) {
	v.mu.Lock()
	p := v.proc
	if v.loading {
		if v.missed == nil {
			v.missed = map[string][]byte{}
		}
		maps.Copy(v.missed, pairs)
	}
	v.mu.Unlock()
	if p != nil {
		_ = p.conn.Send(wire.Stored, wire.AppendPairs(nil, pairs)) // it is gone otherwise, and the next one reads it
	}
}

// setHosts is learn for the hosts that fetch may reach.
func (v *Version) setHosts(hosts []string) {
	v.mu.Lock()
	v.cfg.Start.AllowHosts = hosts
	v.newHosts = v.loading
	v.mu.Unlock()
	v.say(wire.Hosts, wire.AppendStrings(nil, hosts))
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
	p, loading := v.proc, v.loading
	v.mu.Unlock()
	switch {
	case !first:
		return v.done
	case loading:
		v.end() // there is nothing to wait for; who loads it finishes it
		return v.done
	case p == nil:
		v.finish()
		return v.done
	}
	go func() {
		limit := time.NewTimer(v.cfg.Start.Grace + v.cfg.Start.Timeout + v.waits.end)
		defer limit.Stop()
		_ = p.conn.Send(wire.Stop, nil) // it is gone otherwise
		_ = p.conn.Send(wire.Retire, nil)
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
	p, loading := v.proc, v.loading
	v.mu.Unlock()
	v.end()
	switch {
	case loading:
		return false // who loads it finishes it
	case p == nil:
		v.finish()
		return false
	}
	p.kill("the host stops")
	return inHand
}

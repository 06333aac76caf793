package instance

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"

	"trackhook/engine"
	"trackhook/scripting/internal/machine"
	"trackhook/scripting/internal/script"
	"trackhook/scripting/internal/source"
)

var (
	// ErrRetired means that the version was replaced; its successor handles the responses.
	ErrRetired = errors.New("this version of the plugin was retired")
	// ErrAbandoned ends a load that nobody waits for any more.
	ErrAbandoned = errors.New("loading was cancelled")
)

// StuckError is the error of a load that goes on although it was interrupted. It has the text of what it is beside that.
type StuckError struct{ cause error }

func (e *StuckError) Error() string { return e.cause.Error() }
func (e *StuckError) Unwrap() error { return e.cause }

// Config is what one version of one plugin runs with.
type Config struct {
	// Shared is what all plugins of a host share, the settings among it.
	Shared *Shared
	// Name is the plugin's name; entry the absolute path of its first file.
	Name, Entry string
	// Resources is what the versions of the plugin share.
	Resources *Resources
	// held keeps what the top level tracks and stores, and its timers, until GoLive is called. Else the version is live as soon as it has loaded.
	Held bool
	// Thorough has esbuild look for what is probably wrong even where the plugin does not need it.
	Thorough bool
	// OnQuarantine is called once when the version is given up, from any goroutine; it must not wait for the instance. It
	// may be nil.
	OnQuarantine func(*Instance, *script.Error)
	// Again tells that the version has run before, in a process that was lost, and that what its top level tracks was sent.
	Again bool
	// Read reads files in the place of the disk; see [source.Graph]. Nil: the disk.
	Read func(file string) (text string, missing bool, err error)
	// Gate is that of the machines of the version. Nil: they run when they like.
	Gate machine.Gate
	// OnLive is called when what the top level has tracked was sent, on the runtime's goroutine. It may be nil.
	OnLive func()
	// OnHandled is called when a response is handled, on the runtime's goroutine. It may be nil.
	OnHandled func()
	// Probe watches and drives the instance in tests and replays. Nil: it runs by itself.
	Probe *Probe
}

// grace is how long promises of the version may go on once it is replaced.
func (c *Config) grace() time.Duration { return cmp.Or(c.Shared.settings.Grace, DefaultGrace) }

// Instance is one version of one plugin: a runtime on a goroutine of its own. When a runtime is stuck or broken by a
// bug of ours, the next call of handle starts a fresh one from the same bytes.
type Instance struct {
	cfg Config
	// rights are those that it was started with, also for machines that take over later.
	rights    Grants
	graph     *source.Graph
	log       zerolog.Logger
	Reports   *reports
	Resources *Resources
	// program bundles and compiles the plugin at its first call, and returns the same ever after.
	program func() (*program, error)
	// Secrets takes the values of granted variables out of texts; nil when there are none.
	Secrets *Secrets
	Done    chan struct{}
	runs    atomic.Uint64 // calls of listeners
	// overruns counts runs that were interrupted at the time limit.
	overruns atomic.Uint64
	// inHand is the batch that a runtime has or is to take; nil: none.
	inHand atomic.Pointer[batch]
	Times  runTimes

	saying sync.Mutex // held while lines come out, so that they stay in order; taken before mu

	mu       sync.Mutex
	current  *Runtime   // guarded by mu; nil when there is none
	retired  bool       // guarded by mu
	givenUp  bool       // guarded by mu; see GiveUp
	finished bool       // guarded by mu: done is closed
	version  string     // guarded by mu; empty until the first load is over
	held     []heldLine // guarded by mu
	// registrations are sorted by app; guarded by mu.
	registrations []Registration
	unstarted     []*script.Error  // guarded by mu: why listeners hear nothing; never changed in place
	released      bool             // guarded by mu: the version is live, see GoLive
	tracking      bool             // guarded by mu: what the top level tracked was sent, or is being sent
	breakdowns    []time.Time      // guarded by mu; see brokeDown
	quarantined   *QuarantineError // guarded by mu; nil: not
}

// Start loads the plugin and runs its top level in a fresh runtime, on a fresh goroutine. The graph is never
// nil and names every file that was looked at, also when the load failed. The error is a *ScriptError where a script
// is to blame.
//
// What the top level tracks is sent only if the load succeeds, and not before the version is live; lines that it logs
// appear when the load is over, because only then the version is known.
func Start(ctx context.Context, cfg Config) (*Instance, *source.Graph, error) {
	root, err := filepath.Abs(cfg.Shared.settings.Dir)
	if err != nil {
		return nil, source.NewGraph(cfg.Shared.settings.Dir), fmt.Errorf("load plugin %s: %w", cfg.Name, err)
	}
	rights := cfg.Shared.Rights(cfg.Name)
	i := &Instance{
		cfg: cfg, rights: rights, graph: cfg.Probe.newGraph(root), log: cfg.Shared.settings.Log, Resources: cfg.Resources, released: !cfg.Held,
		Secrets: secretsOf(rights.Env), Done: make(chan struct{}),
	}
	i.graph.Entry, i.graph.Reader, i.tracking = filepath.Clean(cfg.Entry), cfg.Read, cfg.Again
	i.Reports = newReports(i)
	i.program = sync.OnceValues(i.build)
	if err := i.load(ctx); err != nil {
		i.settleVersion()
		return nil, i.graph, err
	}
	return i, i.graph, nil
}

// load starts a runtime and waits until it has run the top level.
func (i *Instance) load(ctx context.Context) error {
	i.mu.Lock()
	if i.retired {
		i.mu.Unlock()
		return ErrRetired
	}
	rt, ready := i.start()
	i.current = rt
	i.mu.Unlock()

	select {
	case err := <-ready:
		return i.failure(err)
	case <-rt.Machine.Abandoned():
		return &StuckError{i.failure(&script.Error{
			File: i.graph.Name(i.cfg.Entry),
			Message: fmt.Sprintf("the top level did not end, although it was interrupted after %s; "+
				"a regular expression or a huge string may be the cause", rt.Machine.Limit()),
		})}
	case <-ctx.Done():
		rt.Machine.Abandon()
		rt.Machine.VM.Interrupt(ErrAbandoned)
		return fmt.Errorf("load plugin %s: %w", i.cfg.Name, ctx.Err())
	}
}

// failure completes an error of the load.
func (i *Instance) failure(err error) error {
	var script *script.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &script):
		script.Plugin, script.Version = i.cfg.Name, i.versionNow()
		return i.redacted(script)
	default:
		return fmt.Errorf("load plugin %s: %w", i.cfg.Name, err)
	}
}

// GoLive sends what the top level has tracked, keeps what it has stored, lets its timers run, and lets the version do
// all of this at once from now on. It returns before that
// is done; responses that are handed over later come after it.
func (i *Instance) GoLive() {
	i.mu.Lock()
	i.released = true
	rt := i.current
	i.mu.Unlock()
	if rt != nil {
		rt.Machine.Post(rt.goLive)
	}
}

func (i *Instance) isLive() bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.released
}

// firstToTrack is true for the first runtime of the version that goes live.
func (i *Instance) firstToTrack() bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	first := !i.tracking
	i.tracking = true
	return first
}

// Handle runs the plugin's listeners for responses from the front, and returns how many are done. It returns after
// about 50 ms of work, and when ctx ends after the response in hand. A listener that fails has handled its response;
// the error is logged. The error is nil unless the plugin cannot run at all: it was retired, it is quarantined (a
// *QuarantineError), or its top level fails when a fresh runtime takes over. One call at a time.
func (i *Instance) Handle(ctx context.Context, responses []engine.Response) (int, error) {
	type result struct {
		handled int
		err     error
	}
	over := make(chan result, 1)
	i.Begin(ctx, responses, func(handled int, err error) { over <- result{handled, err} })
	r := <-over
	return r.handled, r.err
}

// Begin is a call of Handle that does not wait: over is called once with what that would return. It is called on the goroutine that
// has come to the end of the batch: mostly the runtime's own, which runs nothing else until over returns; never the caller's.
func (i *Instance) Begin(ctx context.Context, responses []engine.Response, over func(handled int, err error)) {
	rt, err := i.now()
	switch {
	case len(responses) == 0 || ctx.Err() != nil:
		go over(0, nil) // being asked to stop is no error of the plugin
	case err != nil:
		go over(0, err)
	case rt != nil:
		i.hand(&batch{rt: rt, ctx: ctx, responses: responses, over: over})
	default:
		go func() {
			rt, err := i.Live(ctx)
			if err != nil {
				over(0, err)
				return
			}
			i.hand(&batch{rt: rt, ctx: ctx, responses: responses, over: over})
		}()
	}
}

// Live returns the runtime, and starts one if there is none.
func (i *Instance) Live(ctx context.Context) (*Runtime, error) {
	if rt, err := i.now(); rt != nil || err != nil {
		return rt, err
	}
	if err := i.load(ctx); err != nil {
		return nil, err
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.current == nil {
		return nil, ErrRetired
	}
	return i.current, nil
}

// now returns the runtime; nil and no error: there is none at this moment.
func (i *Instance) now() (*Runtime, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	switch {
	case i.retired:
		return nil, ErrRetired
	case i.quarantined != nil:
		return nil, i.quarantined
	}
	return i.current, nil
}

// Retire stops timers, lets promises in flight go on for the grace period, and ends the goroutine. It returns at once;
// done is closed at the end. A call of handle that is under way returns after the response in hand. Retiring twice is
// retiring once. It may be called from any goroutine.
func (i *Instance) Retire() (done <-chan struct{}) {
	i.mu.Lock()
	i.retired = true
	rt := i.current
	if rt == nil {
		i.finishLocked()
	}
	i.mu.Unlock()
	if rt != nil {
		rt.Machine.Post(func() { rt.Machine.Retire(i.cfg.grace()) })
	}
	return i.Done
}

// GiveUp ends the version at once: a run in hand is interrupted, its response does not count as handled, and promises in
// flight are dropped. It is for a host whose time to stop is over. It returns at once, and may be called from any
// goroutine, also after Retire, which it implies. True: a run was in hand.
func (i *Instance) GiveUp() (inHand bool) {
	i.mu.Lock()
	i.retired, i.givenUp = true, true
	rt := i.current
	i.current = nil
	i.finishLocked()
	i.mu.Unlock()
	if rt == nil {
		return false
	}
	inHand = i.inHand.Load() != nil
	rt.Machine.Abandon()
	rt.Machine.VM.Interrupt(ErrAbandoned)
	i.letGo(rt)
	return inHand
}

func (i *Instance) isGivenUp() bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.givenUp
}

// stuck is called by the watchdog when rt goes on although it was interrupted. Whoever waits for rt is let go, and a
// fresh runtime takes over at the next call of handle. The old goroutine ends when it comes back, if it ever does.
func (i *Instance) stuck(rt *Runtime) {
	// Whoever is let go comes back at once, and must not find rt again.
	i.drop(rt)
	i.log.Error().Str("component", Component).Str("plugin", i.cfg.Name).Str("version", i.versionNow()).Dur("limit", rt.Machine.Limit()).
		Msg("plugin is stuck: it goes on although it was interrupted; a regular expression or a huge string may be the cause; its runtime is thrown away")
	// Counted first: whoever is let go must find the version given up, if this was once too often.
	i.brokeDown("was stuck", time.Now())
	rt.Machine.Abandon()
	i.letGo(rt)
}

// ended is called by a runtime at its end.
func (i *Instance) ended(rt *Runtime) {
	i.Reports.summarize(time.Now(), true)
	i.drop(rt)
}

func (i *Instance) drop(rt *Runtime) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.current == rt {
		i.current = nil
		if i.retired {
			i.finishLocked()
		}
	}
}

func (i *Instance) finishLocked() {
	if !i.finished {
		i.finished = true
		close(i.Done)
	}
}

// loaded is called by a runtime when its top level has run.
func (i *Instance) loaded() { i.settleVersion() }

package scripting

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"

	"trackhook/engine"
	"trackhook/scripting/internal/bundle"
	"trackhook/scripting/internal/script"
	"trackhook/scripting/internal/source"
)

// maxHeldLines bounds what a plugin may print before its version is known.
const maxHeldLines = 1000

var (
	// errRetired means that the version was replaced; its successor handles the responses.
	errRetired = errors.New("this version of the plugin was retired")
	// errAbandoned ends a load that nobody waits for any more.
	errAbandoned = errors.New("loading was cancelled")
)

// instanceConfig is what one version of one plugin runs with.
type instanceConfig struct {
	// shared is what all plugins of a host share, the settings among it.
	shared *shared
	// name is the plugin's name; entry the absolute path of its first file.
	name, entry string
	// own is what the versions of the plugin share.
	own *belongings
	// held keeps what the top level tracks and stores, and its timers, until goLive is called. Else the version is live as soon as it has loaded.
	held bool
	// thorough has esbuild look for what is probably wrong even where the plugin does not need it.
	thorough bool
	// onQuarantine is called once when the version is given up, from any goroutine; it must not wait for the instance. It
	// may be nil.
	onQuarantine func(*instance, *script.Error)
	// probe watches and drives the instance in tests and replays. Nil: it runs by itself.
	probe *probe
}

// granted is what the configuration says of the plugin.
func (c *instanceConfig) granted() Grants { return c.shared.settings.Plugins[c.name] }

// timeout is the time limit of a run.
func (c *instanceConfig) timeout() time.Duration {
	if own := c.granted().Timeout; own > 0 {
		return own
	}
	return cmp.Or(c.shared.settings.Timeout, DefaultTimeout)
}

// grace is how long promises of the version may go on once it is replaced.
func (c *instanceConfig) grace() time.Duration { return cmp.Or(c.shared.settings.Grace, DefaultGrace) }

// instance is one version of one plugin: a runtime on a goroutine of its own. When a runtime is stuck or broken by a
// bug of ours, the next call of handle starts a fresh one from the same bytes.
type instance struct {
	cfg     instanceConfig
	graph   *source.Graph
	log     zerolog.Logger
	reports *reports
	own     *belongings
	// program bundles and compiles the plugin at its first call, and returns the same ever after.
	program func() (*program, error)
	// secrets takes the values of granted variables out of texts; nil when there are none.
	secrets *strings.Replacer
	done    chan struct{}
	runs    atomic.Uint64 // calls of listeners
	times   runTimes

	mu       sync.Mutex
	current  *Runtime   // guarded by mu; nil when there is none
	retired  bool       // guarded by mu
	finished bool       // guarded by mu: done is closed
	version  string     // guarded by mu; empty until the first load is over
	held     []heldLine // guarded by mu
	// registrations are sorted by app; guarded by mu.
	registrations []instanceRegistration
	released      bool             // guarded by mu: the version is live, see goLive
	tracking      bool             // guarded by mu: what the top level tracked was sent, or is being sent
	breakdowns    []time.Time      // guarded by mu; see brokeDown
	quarantined   *quarantineError // guarded by mu; nil: not
}

// heldLine is a log line that waits for the version.
type heldLine struct {
	level zerolog.Level
	text  string
	with  func(*zerolog.Event) *zerolog.Event
}

// startInstance loads the plugin and runs its top level in a fresh runtime, on a fresh goroutine. The graph is never
// nil and names every file that was looked at, also when the load failed. The error is a *ScriptError where a script
// is to blame.
//
// What the top level tracks is sent only if the load succeeds, and not before the version is live; lines that it logs
// appear when the load is over, because only then the version is known.
func startInstance(ctx context.Context, cfg instanceConfig) (*instance, *source.Graph, error) {
	root, err := filepath.Abs(cfg.shared.settings.Dir)
	if err != nil {
		return nil, source.NewGraph(cfg.shared.settings.Dir), fmt.Errorf("load plugin %s: %w", cfg.name, err)
	}
	i := &instance{
		cfg: cfg, graph: cfg.probe.newGraph(root), log: cfg.shared.settings.Log, own: cfg.own, released: !cfg.held,
		secrets: secretsOf(cfg.granted().Env), done: make(chan struct{}),
	}
	i.reports = newReports(i)
	i.program = sync.OnceValues(i.build)
	if err := i.load(ctx); err != nil {
		i.settleVersion()
		return nil, i.graph, err
	}
	return i, i.graph, nil
}

// load starts a runtime and waits until it has run the top level.
func (i *instance) load(ctx context.Context) error {
	i.mu.Lock()
	if i.retired {
		i.mu.Unlock()
		return errRetired
	}
	rt, ready := i.start() //nolint:contextcheck // a runtime outlives the call that starts it
	i.current = rt
	i.mu.Unlock()

	select {
	case err := <-ready:
		return i.failure(err)
	case <-rt.machine.Abandoned:
		return i.failure(&script.Error{
			File: i.graph.Name(i.cfg.entry),
			Message: fmt.Sprintf("the top level did not end, although it was interrupted after %s; "+
				"a regular expression or a huge string may be the cause", rt.machine.Guard.Limit),
		})
	case <-ctx.Done():
		rt.machine.Abandon()
		rt.machine.VM.Interrupt(errAbandoned)
		return fmt.Errorf("load plugin %s: %w", i.cfg.name, ctx.Err())
	}
}

// failure completes an error of the load.
func (i *instance) failure(err error) error {
	var script *script.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &script):
		script.Plugin, script.Version = i.cfg.name, i.versionNow()
		return i.redacted(script)
	default:
		return fmt.Errorf("load plugin %s: %w", i.cfg.name, err)
	}
}

// goLive sends what the top level has tracked, keeps what it has stored, lets its timers run, and lets the version do
// all of this at once from now on. It returns before that
// is done; responses that are handed over later come after it.
func (i *instance) goLive() {
	i.mu.Lock()
	i.released = true
	rt := i.current
	i.mu.Unlock()
	if rt != nil {
		rt.machine.Loop.Post(rt.goLive)
	}
}

func (i *instance) isLive() bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.released
}

// firstToTrack is true for the first runtime of the version that goes live.
func (i *instance) firstToTrack() bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	first := !i.tracking
	i.tracking = true
	return first
}

// handle runs the plugin's listeners for responses from the front, and returns how many are done. It returns after
// about 50 ms of work, and when ctx ends after the response in hand. A listener that fails has handled its response;
// the error is logged. The error is nil unless the plugin cannot run at all: it was retired, it is quarantined (a
// *quarantineError), or its top level fails when a fresh runtime takes over. One call at a time.
func (i *instance) handle(ctx context.Context, responses []engine.Response) (int, error) {
	if len(responses) == 0 || ctx.Err() != nil {
		return 0, nil //nolint:nilerr // being asked to stop is no error of the plugin
	}
	rt, err := i.live(ctx)
	if err != nil {
		return 0, err
	}
	b := newBatch(ctx, responses)
	if !rt.machine.Loop.Post(func() { rt.begin(b) }) {
		return 0, nil // it has just ended; the next call finds its successor, or that there is none
	}
	select {
	case <-b.done:
	case <-rt.machine.Ended:
	case <-rt.machine.Abandoned:
		handled := int(b.handled.Load())
		if b.begun.Load() && handled < len(responses) {
			// Handing it over again would only get the next runtime stuck. A batch that was not begun has met a runtime
			// that is stuck in something else, such as a timer.
			i.reports.stuck(&responses[handled])
			handled++
		}
		return handled, nil
	}
	return int(b.handled.Load()), nil
}

// live returns the runtime, and starts one if there is none.
func (i *instance) live(ctx context.Context) (*Runtime, error) {
	i.mu.Lock()
	rt, retired, quarantined := i.current, i.retired, i.quarantined
	i.mu.Unlock()
	switch {
	case retired:
		return nil, errRetired
	case quarantined != nil:
		return nil, quarantined
	case rt != nil:
		return rt, nil
	}
	if err := i.load(ctx); err != nil {
		return nil, err
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.current == nil {
		return nil, errRetired
	}
	return i.current, nil
}

// retire stops timers, lets promises in flight go on for the grace period, and ends the goroutine. It returns at once;
// done is closed at the end. A call of handle that is under way returns after the response in hand. Retiring twice is
// retiring once. It may be called from any goroutine.
func (i *instance) retire() (done <-chan struct{}) {
	i.mu.Lock()
	i.retired = true
	rt := i.current
	if rt == nil {
		i.finishLocked()
	}
	i.mu.Unlock()
	if rt != nil {
		rt.machine.Loop.Post(func() { rt.machine.Retire(i.cfg.grace()) })
	}
	return i.done
}

// counters returns how many listener calls there were, and how many errors the version has had: of listeners, timers
// and promises. It may be called from any goroutine, and after retire.
func (i *instance) counters() (runs, failed uint64) { return i.runs.Load(), i.reports.failures() }

// registered tells what the plugin listens to, sorted. It may be called from any goroutine, and grows while the plugin
// registers more.
func (i *instance) registered() []instanceRegistration {
	i.mu.Lock()
	defer i.mu.Unlock()
	return slices.Clone(i.registrations)
}

// register notes the listeners for an app. A runtime that took over registers the same again.
func (i *instance) register(app engine.App, listeners []string) {
	if len(listeners) == 0 {
		return
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	all := slices.Clone(i.registrations)
	at := slices.IndexFunc(all, func(r instanceRegistration) bool { return r.App == app })
	if at < 0 {
		at = len(all)
		all = append(all, instanceRegistration{App: app})
	}
	names := slices.Concat(all[at].Listeners, listeners)
	slices.Sort(names)
	all[at].Listeners = slices.Compact(names)
	slices.SortFunc(all, func(a, b instanceRegistration) int { return strings.Compare(a.App.String(), b.App.String()) })
	i.registrations = all
}

// stuck is called by the watchdog when rt goes on although it was interrupted. Whoever waits for rt is let go, and a
// fresh runtime takes over at the next call of handle. The old goroutine ends when it comes back, if it ever does.
func (i *instance) stuck(rt *Runtime) {
	// Whoever is let go comes back at once, and must not find rt again.
	i.drop(rt)
	i.log.Error().Str("component", Component).Str("plugin", i.cfg.name).Str("version", i.versionNow()).Dur("limit", rt.machine.Guard.Limit).
		Msg("plugin is stuck: it goes on although it was interrupted; a regular expression or a huge string may be the cause; its runtime is thrown away")
	// Counted first: whoever is let go must find the version given up, if this was once too often.
	i.brokeDown("was stuck", time.Now())
	rt.machine.Abandon()
}

// ended is called by a runtime at its end.
func (i *instance) ended(rt *Runtime) {
	i.reports.summarize(time.Now(), true)
	i.drop(rt)
}

func (i *instance) drop(rt *Runtime) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.current == rt {
		i.current = nil
		if i.retired {
			i.finishLocked()
		}
	}
}

func (i *instance) finishLocked() {
	if !i.finished {
		i.finished = true
		close(i.done)
	}
}

// loaded is called by a runtime when its top level has run.
func (i *instance) loaded() { i.settleVersion() }

// settleVersion fixes the version and logs what has waited for it.
func (i *instance) settleVersion() {
	version := i.graph.Freeze()
	i.mu.Lock()
	i.version = version
	held := i.held
	i.held = nil
	i.mu.Unlock()
	for _, line := range held {
		i.emit(version, line)
	}
}

// versionNow is the version, or what it would be if the load were over now.
func (i *instance) versionNow() string {
	i.mu.Lock()
	version := i.version
	i.mu.Unlock()
	if version == "" {
		return i.graph.Version()
	}
	return version
}

// say logs a line with the plugin's name and version; with may add fields, and may be nil.
func (i *instance) say(level zerolog.Level, text string, with func(*zerolog.Event) *zerolog.Event) {
	if level < i.log.GetLevel() {
		return
	}
	text = i.redact(text)
	if i.cfg.probe.said(level, text) {
		return
	}
	line := heldLine{level: level, text: text, with: with}
	i.mu.Lock()
	version := i.version
	if version == "" && len(i.held) < maxHeldLines {
		i.held = append(i.held, line)
		i.mu.Unlock()
		return
	}
	i.mu.Unlock()
	if version == "" {
		version = i.graph.Version()
	}
	i.emit(version, line)
}

// warn logs what is probably wrong with the text of the plugin.
func (i *instance) warn(problems []bundle.Problem) {
	for n := range problems {
		p := &problems[n]
		i.say(zerolog.WarnLevel, p.String(), func(e *zerolog.Event) *zerolog.Event {
			if len(p.Notes) > 0 {
				return e.Strs("notes", p.Notes)
			}
			return e
		})
	}
}

func (i *instance) emit(version string, line heldLine) {
	event := i.log.WithLevel(line.level)
	if event == nil {
		return
	}
	event = event.Str("plugin", i.cfg.name).Str("version", version)
	if line.with != nil {
		event = line.with(event)
	}
	event.Msg(line.text)
}

// instanceRegistration is one app that a plugin listens to.
type instanceRegistration struct {
	App engine.App `json:"app"`
	// Listeners names the listeners, sorted, such as EventTrackingSucceeded.
	Listeners []string `json:"listeners"`
}

package scripting

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"

	"trackhook/engine"
	"trackhook/scripting/internal/instance"
	"trackhook/scripting/internal/source"
	"trackhook/scripting/internal/wall"
)

// plugin is one plugin for as long as it is in the folder. Its versions come and go.
//
// Three goroutines work with it: run keeps it in line with the disk and is the only one that changes current to
// another version; the listening goroutine calls Handle; the host's calls poke, move and leave.
type plugin struct {
	host *Host
	name string
	log  zerolog.Logger

	wake  chan struct{} // receives when the plugin must compare itself with the disk
	tried chan struct{} // closed when the first load has ended, well or not
	// triedOnce closes tried.
	triedOnce func()
	stopped   chan struct{} // closed when the plugin handles nothing any more

	failed *attempt // the load whose failure stands; run's goroutine only
	seen   *looked  // what standing by has found on disk; the same
	// resources are set by run before anything is loaded; nil where the plugin has a process of its own.
	resources *instance.Resources
	peers     wall.Peers     // its versions in processes
	deaths    atomic.Uint64  // of its processes
	aside     atomic.Uint64  // responses that were set aside
	lastRuns  lastRuns       // how the last call of Handle went; the listening goroutine's
	retire    sync.WaitGroup // versions that are retiring

	mu         sync.Mutex
	entry      source.Entry  // guarded by mu, as all below
	quiet      bool          // an event has said that the files are quiet since they changed
	removed    bool          // it is no longer in the folder
	cancel     func()        // ends run; nil before run has begun
	current    *version      // runs the responses; nil: none can, they wait
	last       string        // the version that took over last; empty: none did
	latest     *version      // the same; nil: none did
	changed    chan struct{} // closed and replaced when current has changed
	call       *call         // the call of Handle that is in hand
	handled    uint64        // the last response that any version handled
	moving     string        // why it is to be started in another process; empty: it is not
	rights     int           // counts how often the plugin was to be started with other rights
	lost       bool          // the current version broke down and must be replaced whatever is on disk
	condemned  *version      // it was quarantined, and must not be loaded again; run has yet to take note
	retiring   []*version    // replaced, not yet counted in past
	past       tally
	state      State
	since      time.Time
	problem    *Problem
	disk       string
	hidden     []string // what the last load has looked at in folders that the scan leaves out; not written once set
	reloads    uint64
	lastReload time.Time
}

// tally counts runs.
type tally struct{ runs, failed uint64 }

// version is one version of a plugin that has been loaded.
type version struct {
	id       string
	entry    source.Entry
	instance runner
	graph    *source.Graph
	// begun tells that it has handled something, and after is the last response that was handled before; guarded by plugin.mu.
	begun bool
	after uint64
	// listened is what an earlier version listened to, if the plugin listens to nothing since this one took over or a
	// version before it did. Set before it is the current one.
	listened *listened
	// rights is the count of the plugin that it was started with, see regrant.
	rights int
	// live is when it took over.
	live time.Time
	// release frees what the load holds, once the instance is done.
	release context.CancelFunc
}

func newPlugin(h *Host, e source.Entry) *plugin {
	p := &plugin{
		host: h, name: e.Name, log: h.log.With().Str("plugin", e.Name).Logger(),
		wake: make(chan struct{}, 1), tried: make(chan struct{}), stopped: make(chan struct{}),
		entry: e, changed: make(chan struct{}), state: Loading, since: time.Now(),
	}
	p.triedOnce = sync.OnceFunc(func() { close(p.tried) })
	return p
}

// Name is the name of the plugin's cursor.
func (p *plugin) Name() string { return ListenerName(p.name) }

// poke lets the plugin compare itself with the disk soon. It never waits.
func (p *plugin) poke(polled bool) {
	p.mu.Lock()
	p.quiet = p.quiet || !polled
	p.mu.Unlock()
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

// move tells where the plugin's first file is now.
func (p *plugin) move(e source.Entry) {
	p.mu.Lock()
	p.entry = e
	p.mu.Unlock()
}

// leave ends the plugin because it is no longer in the folder. It returns at once.
func (p *plugin) leave() {
	p.mu.Lock()
	p.removed = true
	cancel := p.cancel
	p.mu.Unlock()
	if cancel != nil {
		cancel()
	}
}

// left tells whether the plugin handles nothing any more.
func (p *plugin) left() bool {
	select {
	case <-p.stopped:
		return true
	default:
		return false
	}
}

// run keeps the plugin in line with the disk until ctx ends or it is removed, and then retires it. before is an
// earlier plugin of the same name, or nil: two must not share a cursor.
func (p *plugin) run(ctx context.Context, before *plugin) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	p.mu.Lock()
	p.cancel = cancel
	if p.removed {
		cancel()
	}
	p.mu.Unlock()
	if before != nil {
		<-before.stopped
	}
	defer p.triedOnce()
	end := func() {}
	for {
		owned, release, ok := p.own(ctx)
		if !ok {
			break
		}
		retired := p.tenure(ctx, owned)
		end = func() {
			retired()
			release()
		}
		if ctx.Err() != nil {
			break
		}
		end()
		end = func() {}
	}
	p.mu.Lock()
	removed := p.removed
	p.mu.Unlock()
	if removed {
		p.log.Info().Str("hint", "its place in the log and its localStorage are kept; `trackhook plugin forget "+p.name+"` gives them up").
			Msg("plugin removed")
	}
	close(p.stopped)
	end()
	p.retire.Wait()
}

// tenure runs the plugin for as long as this host owns it. life ends with the plugin. retired waits for what is still on its way
// then: promises in flight may still write and fetch.
func (p *plugin) tenure(life, owned context.Context) (retired func()) {
	ctx, cancel := context.WithCancel(owned)
	defer cancel()
	listening := make(chan struct{})
	if p.enroll(ctx) && p.open(ctx) {
		p.host.work.Go(func() {
			defer close(listening)
			p.listen(ctx)
		})
		p.keepUp(ctx, cancel)
	} else {
		close(listening)
	}
	<-listening
	p.mu.Lock()
	last := p.current
	p.current = nil
	p.leaveLocked(last)
	p.mu.Unlock()
	if last != nil {
		p.dismiss(last)
	}
	if owned.Err() != nil && life.Err() == nil {
		p.log.Warn().Msg("another host may run this plugin now; what runs of it here ends at once")
		if p.resources != nil {
			p.resources.Storage.Forsake()
		}
		p.giveUp()
	}
	if p.failed != nil && p.isBroken() {
		p.seen = &looked{attempt: *p.failed}
	}
	p.failed = nil
	return func() {
		p.retire.Wait()
		if p.resources != nil {
			p.resources = nil
			p.host.resources.Release(p.name)
		}
	}
}

// keepUp compares the plugin with the disk now and after each poke, until ctx ends. giveUp ends it where another host may have
// a version that works, and this one has none.
func (p *plugin) keepUp(ctx context.Context, giveUp func()) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-p.wake:
		}
		p.update(ctx)
		p.triedOnce()
		if p.host.cfg.checked != nil {
			p.host.cfg.checked(p.name)
		}
		if p.isBroken() && p.host.cfg.Engine.Store().Shared() {
			giveUp()
		}
	}
}

// storePause is the pause after the store could not be asked for the cursor.
const storePause = time.Second

// enroll makes sure that the cursor exists before a script runs, so that it hears of a session that its own top level
// tracks. It returns false when ctx ended first.
func (p *plugin) enroll(ctx context.Context) bool {
	for {
		cursor, err := p.host.cfg.Engine.Store().Enroll(ctx, p.Name())
		if err == nil {
			p.mu.Lock()
			p.handled = cursor
			p.mu.Unlock()
			return true
		}
		if ctx.Err() != nil || errors.Is(err, engine.ErrClosed) {
			return false
		}
		p.log.Error().Err(err).Dur("pause", storePause).Msg("cannot enroll the plugin in the response log; trying again")
		if !wait(ctx, storePause) {
			return false
		}
	}
}

// open gets what all versions of the plugin share. It returns false when ctx ended first.
func (p *plugin) open(ctx context.Context) bool {
	for p.host.cfg.isolation(p.name) == InHost {
		own, err := p.host.resources.Open(ctx, p.name)
		if err == nil {
			p.resources = own
			return true
		}
		if ctx.Err() != nil || errors.Is(err, engine.ErrClosed) {
			return false
		}
		p.log.Error().Err(err).Dur("pause", storePause).Msg("cannot read what the plugin keeps; trying again")
		if !wait(ctx, storePause) {
			return false
		}
	}
	return true
}

// listen hands the plugin what the server answered, until ctx ends or the engine closes.
func (p *plugin) listen(ctx context.Context) {
	for {
		err := p.host.cfg.Engine.Listen(ctx, p)
		if err == nil || ctx.Err() != nil || errors.Is(err, engine.ErrClosed) {
			return
		}
		p.log.Error().Err(err).Dur("pause", storePause).Msg("cannot listen to the response log; trying again")
		if !wait(ctx, storePause) {
			return
		}
	}
}

func (p *plugin) setStateLocked(s State) {
	if p.state != s {
		p.state, p.since = s, time.Now()
	}
}

// wait pauses, and returns false when ctx ended first.
func wait(ctx context.Context, pause time.Duration) bool {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

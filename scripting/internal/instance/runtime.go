package instance

import (
	"errors"
	"time"

	"github.com/dop251/goja"
	"github.com/rs/zerolog"

	"trackhook/engine"
	"trackhook/scripting/internal/adjust"
	"trackhook/scripting/internal/console"
	"trackhook/scripting/internal/machine"
	"trackhook/scripting/internal/node"
	"trackhook/scripting/internal/script"
	"trackhook/scripting/internal/storage"
	"trackhook/scripting/internal/view"
	"trackhook/scripting/internal/web"
)

// Runtime is a version at work in one machine: what it has registered, the batch in hand, and what it has printed. It
// is the machine's [Owner], and belongs to the machine's goroutine.
type Runtime struct {
	inst    *Instance        // immutable
	Machine *machine.Machine // immutable

	views   *view.Responses
	program *program
	adjust  *adjust.API
	web     *web.Web
	draft   *storage.Draft
	printer *console.Console
	modules *node.Modules

	batch *batch
	// top is the promise of the top level while it is awaited, at most until topDeadline.
	top         *goja.Promise
	topDeadline time.Time
	// printed counts what the run of that number has printed.
	printed    int
	printedRun uint64
	overruns   overruns
}

// start makes a runtime on a goroutine of its own and has it load the plugin. ready gets the result.
func (i *Instance) start() (rt *Runtime, ready <-chan error) {
	result := make(chan error, 1)
	rt = &Runtime{inst: i}
	rt.Machine = machine.New(rt, i.cfg.Shared.watchdog, i.rights.Timeout)
	rt.Machine.Gate = i.cfg.Gate
	go rt.Machine.Run(rt.load, result)
	return rt, result
}

// setup makes the globals of a fresh machine.
func (rt *Runtime) setup() error {
	m := rt.Machine
	m.Setup()
	rt.views = view.NewResponses(m.VM)
	rt.views.Replay = rt.inst.cfg.Probe.replays()
	rt.printer = console.Install(m.VM, rt.print)
	rt.printer.Now = rt.Now
	rt.adjust = adjust.New(m, rt, rt.inst.cfg.Shared.devices, rt.views)
	if err := rt.installWeb(); err != nil {
		return err
	}
	rt.printer.Show(rt.web.Shown)
	return rt.inst.cfg.Probe.install(rt)
}

// Plugin and Version name what runs.
func (rt *Runtime) Plugin() string { return rt.inst.cfg.Name }

// Version is the version that runs, or what it would be if the load were over now.
func (rt *Runtime) Version() string { return rt.inst.versionNow() }

// Line is a line of a file of the plugin.
func (rt *Runtime) Line(file string, number int) string { return rt.inst.graph.Line(file, number) }

// SourceName is the author's name of a file that generated code came from.
func (rt *Runtime) SourceName(name string) string {
	if rt.program == nil {
		return name
	}
	return rt.program.sourceName(name)
}

// Explain adds to an error that names what only a browser or a handset has.
func (rt *Runtime) Explain(message, line string) string {
	if rt.adjust == nil {
		return message // the machine itself could not be made
	}
	return rt.adjust.Explain(message, line)
}

// Step works on the batch, and writes what was stored outside of listeners.
func (rt *Runtime) Step() {
	if rt.Machine.Alive() {
		rt.stepBatch()
	}
	rt.save()
}

// Idle tells that there is no batch in hand.
func (rt *Runtime) Idle() bool { return rt.batch == nil }

// Wake is when a timer is due, or the wait for a promise is over.
func (rt *Runtime) Wake() (time.Time, bool) {
	next, bounded := rt.nextWake()
	earlier := func(t time.Time) {
		if !bounded || t.Before(next) {
			next, bounded = t, true
		}
	}
	if rt.batch != nil && rt.batch.awaited != nil && rt.inst.cfg.Probe.virtual() == nil {
		earlier(rt.batch.awaitUntil)
	}
	if rt.top != nil {
		earlier(rt.topDeadline)
	}
	return next, bounded
}

// Skip moves a clock that is driven.
func (rt *Runtime) Skip() bool {
	c := rt.inst.cfg.Probe.virtual()
	return c != nil && rt.turnClock(c)
}

// Stuck is called by the watchdog.
func (rt *Runtime) Stuck() { rt.inst.stuck(rt) }

// Ended ends the batch in hand.
func (rt *Runtime) Ended() {
	rt.inst.ended(rt)
	rt.inst.letGo(rt)
}

// Rejected reports a rejection that nobody has handled. An awaited one is an error of its listener.
func (rt *Runtime) Rejected(r machine.Rejection) {
	if rt.batch == nil || rt.batch.awaited != r.Promise {
		rt.reportFailure("unhandled promise rejection", rt.Machine.Thrown(r.Promise.Result()), r.Response)
	}
}

// Register notes what the plugin listens to.
func (rt *Runtime) Register(app engine.App, listeners []string) { rt.inst.register(app, listeners) }

// Unstarted notes the configs that have listeners and were not started.
func (rt *Runtime) Unstarted(configs []adjust.Unstarted) { rt.inst.noteUnstarted(configs) }

// Failed logs an error.
func (rt *Runtime) Failed(where string, err error) { rt.report(where, err) }

// report logs an error of a run.
func (rt *Runtime) report(where string, err error) {
	if rt.Machine.Lost() {
		return // it was reported as stuck, and a successor has taken over
	}
	if panicked, ok := errors.AsType[*machine.PanicError](err); ok {
		rt.inst.Reports.panicked(where, panicked, rt.Machine.Current())
		rt.inst.brokeDown("ran into a bug of the host", time.Now())
		return
	}
	rt.reportFailure(where, rt.Machine.ScriptError(err), rt.Machine.Current())
}

func (rt *Runtime) reportFailure(where string, failure *script.Error, response *engine.Response) {
	rt.inst.Reports.failure(where, failure, response, time.Now())
}

const (
	// maxPrinted bounds what one run may print, in bytes.
	maxPrinted = 1 << 20
	// lineBytes is what a line counts beside its text: an empty one fills the log as well.
	lineBytes = 64
)

// print is the sink of console.
func (rt *Runtime) print(level console.Level, text string) {
	if rt.printedRun != rt.Machine.RunNumber() {
		rt.printed, rt.printedRun = 0, rt.Machine.RunNumber()
	}
	text = script.WithoutOwnFrames(text)
	before := rt.printed
	if rt.printed += len(text) + lineBytes; rt.printed > maxPrinted {
		if before <= maxPrinted {
			rt.inst.sayOn(rt.Machine.Current(), zerolog.WarnLevel, "this run has printed more than 1 MB; the rest of what it prints is dropped", nil)
		}
		return
	}
	rt.inst.sayOn(rt.Machine.Current(), zerologLevel(level), text, nil)
}

func zerologLevel(level console.Level) zerolog.Level {
	switch level {
	case console.Debug:
		return zerolog.DebugLevel
	case console.Warn:
		return zerolog.WarnLevel
	case console.Error:
		return zerolog.ErrorLevel
	case console.Info:
		return zerolog.InfoLevel
	default:
		return zerolog.InfoLevel
	}
}

// Note logs a line of the host about what the script does at this moment, with its place in the script.
func (rt *Runtime) Note(level zerolog.Level, text string) {
	if !rt.inst.logs(level) {
		return
	}
	where := rt.Machine.Here().Where()
	rt.inst.sayOn(rt.Machine.Current(), level, text, func(e *zerolog.Event) *zerolog.Event {
		if where == "" {
			return e
		}
		return e.Str("at", where)
	})
}

package instance

import (
	"errors"
	"fmt"
	"time"

	"github.com/dop251/goja"

	"trackhook/scripting/internal/script"
)

const (
	// maxOverruns is how many runs in a row may be interrupted at the time limit before the version is quarantined.
	maxOverruns = 3
	// MaxBreakdowns is how often a version may lose its runtime, stuck or by a bug of ours, within BreakdownWindow before
	// it is quarantined.
	MaxBreakdowns = 3
	// BreakdownWindow is that time.
	BreakdownWindow = time.Minute
)

// overruns count runs in a row that were interrupted at the time limit: calls of listeners, and all other runs, such as
// timers. A run of the same sort that ends by itself begins anew.
type overruns struct{ listeners, others int }

// Ran takes note of how a run ended that is no call of a listener, and reports its error.
func (rt *Runtime) Ran(where string, err error) {
	if err == nil {
		rt.overruns.others = 0
		return
	}
	rt.report(where, err)
	rt.overran(where, err, &rt.overruns.others)
}

// overran counts an error of a run if it is that of the time limit, and gives the version up when there were too many.
// Each such run holds a processor for as long as the limit allows.
func (rt *Runtime) overran(where string, err error, count *int) {
	if _, interrupted := errors.AsType[*goja.InterruptedError](err); !interrupted {
		*count = 0
		return
	}
	rt.inst.overruns.Add(1)
	if *count++; *count < maxOverruns || rt.Machine.Starting() || rt.Machine.Lost() {
		return
	}
	failure := rt.Machine.ScriptError(err)
	if failure.File == "" { // it was interrupted between two promise jobs, where no function of the script is at work
		failure.File = rt.inst.graph.Name(rt.inst.cfg.Entry)
	}
	failure.Message = fmt.Sprintf("%d runs in a row were longer than the time limit of %s, the last in the %s", *count, rt.Machine.Limit(), where)
	rt.Machine.Break()
	rt.inst.quarantine(failure)
}

// brokeDown counts the loss of a runtime, and gives the version up when there were too many. It may be called from any
// goroutine.
func (i *Instance) brokeDown(how string, now time.Time) {
	i.mu.Lock()
	recent := i.breakdowns[:0]
	for _, at := range i.breakdowns {
		if now.Sub(at) < BreakdownWindow {
			recent = append(recent, at)
		}
	}
	i.breakdowns = append(recent, now)
	count := len(i.breakdowns)
	i.mu.Unlock()
	if count >= MaxBreakdowns {
		i.quarantine(&script.Error{
			Plugin: i.cfg.Name, File: i.graph.Name(i.cfg.Entry),
			Message: fmt.Sprintf("its runtime was lost %d times within %s, the last time because it %s", count, BreakdownWindow, how),
		})
	}
}

// quarantine gives the version up: it is not run any more, and no runtime takes over. It may be called from any
// goroutine.
func (i *Instance) quarantine(reason *script.Error) {
	reason.Plugin, reason.Version = i.cfg.Name, i.versionNow()
	reason = i.redacted(reason)
	i.mu.Lock()
	first := i.quarantined == nil
	if first {
		i.quarantined = &QuarantineError{reason}
	}
	i.mu.Unlock()
	if first && i.cfg.OnQuarantine != nil {
		i.cfg.OnQuarantine(i, reason)
	}
}

// QuarantineError is what handle returns for a version that was given up.
type QuarantineError struct{ Reason *script.Error }

func (e *QuarantineError) Error() string { return "quarantined: " + e.Reason.Error() }

package instance

import (
	"slices"
	"strings"
	"time"

	"trackhook/engine"
	"trackhook/scripting/internal/adjust"
	"trackhook/scripting/internal/script"
)

// Counters returns how many listener calls there were, and how many errors the version has had: of listeners, timers
// and promises. It may be called from any goroutine, and after retire.
func (i *Instance) Counters() (runs, failed uint64) { return i.runs.Load(), i.Reports.failures() }

// Overruns counts the runs that were interrupted at the time limit. It may be called from any goroutine.
func (i *Instance) Overruns() uint64 { return i.overruns.Load() }

// Taken returns the errors of responses up to a number since the last call, by their numbers, and forgets them.
func (i *Instance) Taken(upTo uint64) map[uint64]string { return i.Reports.Taken(upTo) }

// Quantiles returns the times that half and 99 of 100 runs are below, by a sample; 0 when there were no runs.
func (i *Instance) Quantiles() (p50, p99 time.Duration) { return i.Times.Quantiles() }

// Lost tells whether a runtime was lost, whose goroutine may go on.
func (i *Instance) Lost() bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	return len(i.breakdowns) > 0
}

// Registered tells what the plugin listens to, sorted. It may be called from any goroutine, and grows while the plugin
// registers more.
func (i *Instance) Registered() []Registration {
	i.mu.Lock()
	defer i.mu.Unlock()
	return slices.Clone(i.registrations)
}

// register notes the listeners for an app. A runtime that took over registers the same again.
func (i *Instance) register(app engine.App, listeners []string) {
	if len(listeners) == 0 {
		return
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	all := slices.Clone(i.registrations)
	at := slices.IndexFunc(all, func(r Registration) bool { return r.App == app })
	if at < 0 {
		at = len(all)
		all = append(all, Registration{App: app})
	}
	names := slices.Concat(all[at].Listeners, listeners)
	slices.Sort(names)
	all[at].Listeners = slices.Compact(names)
	slices.SortFunc(all, func(a, b Registration) int { return strings.Compare(a.App.String(), b.App.String()) })
	i.registrations = all
}

// noteUnstarted notes the configs that were not started, of the runtime that is at work.
func (i *Instance) noteUnstarted(configs []adjust.Unstarted) {
	warnings := make([]*script.Error, 0, len(configs))
	for n := range configs {
		warning := *configs[n].At
		warning.Message = configs[n].Message()
		warnings = append(warnings, &warning)
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	i.unstarted = warnings
}

// Warnings tells which listeners hear nothing because the plugin has not started their config. It may be called from any
// goroutine; a plugin that starts the config later is no longer warned about.
func (i *Instance) Warnings() []*script.Error {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.unstarted
}

// Registration is one app that a plugin listens to.
type Registration struct {
	App engine.App `json:"app"`
	// Listeners names the listeners, sorted, such as EventTrackingSucceeded.
	Listeners []string `json:"listeners"`
}

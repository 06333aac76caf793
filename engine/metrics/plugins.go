package metrics

import (
	"time"

	"trackhook/engine"
)

// Plugin is what a scrape tells about one plugin. Counters count since the host started.
type Plugin struct {
	// Name is its label value. Of several with the same name only the first is told.
	Name string
	// State is one of [Source].States.
	State string
	// Healthy is false when a person has to act.
	Healthy bool
	// Since is when the state began. Zero: it is not known.
	Since time.Time
	// Reloads counts the swaps to a new version.
	Reloads uint64
	// Runs and Errors count listener calls, and those of them that failed.
	Runs, Errors uint64
	// Deaths counts how often the process of the plugin was ended, and SetAside the responses that have ended it twice.
	Deaths, SetAside uint64
	// P50 and P99 are the times that half and 99 of 100 runs of the running version were below, by a sample. 0: there were
	// none.
	P50, P99 time.Duration
	// Cursor is the sequence number of the last response that it has handled; Lag counts the newer ones in the log. Neither
	// means anything while CursorUnknown is true.
	Cursor, Lag   uint64
	CursorUnknown bool
	// Lost counts the responses that were gone from the log before the plugin came to them. It means nothing while
	// LostUnknown is true.
	Lost        uint64
	LostUnknown bool
	// Versions are those that hosts have which share a store, by the name of the host.
	Versions map[string]string
}

// plugins tells about each plugin. haveStats is false when the store did not answer.
func (s *sample) plugins(plugins []Plugin, stats engine.Stats, haveStats bool) {
	seen := map[string]bool{}
	for i := range plugins {
		p := &plugins[i]
		if seen[label(p.Name)] {
			continue // the same series twice would spoil the scrape
		}
		seen[label(p.Name)] = true
		for host, version := range p.Versions {
			s.gauge("plugin_version", "1, with the version of the plugin that a host has, where several share a store.", 1,
				"plugin", p.Name, "host", host, "version", version)
		}
		s.runs(p)
		s.state(p)
		if !p.CursorUnknown {
			s.gauge("plugin_lag_responses", "Responses in the log that the plugin has not handled yet.", float64(p.Lag), "plugin", p.Name)
		}
		if haveStats && !p.CursorUnknown {
			s.gauge("callback_coverage_ratio", "Share of the responses in the log that the plugin is past.", coverage(stats, p.Cursor), "plugin", p.Name)
		}
		if haveStats && !p.CursorUnknown && !p.LostUnknown {
			s.gauge("callback_missed_responses",
				"Responses that were gone from the log before the plugin came to them, kept across restarts. Anything but 0 is a loss.", float64(p.Lost), "plugin", p.Name)
		}
	}
}

// runs tells about the runs of a plugin.
func (s *sample) runs(p *Plugin) {
	s.counter("plugin_runs_total", "Listener calls since the host started.", float64(p.Runs), "plugin", p.Name)
	s.counter("plugin_errors_total", "Listener calls that failed, since the host started.", float64(p.Errors), "plugin", p.Name)
	s.counter("plugin_deaths_total", "How often the process of the plugin was ended and another took over, since the host started.", float64(p.Deaths), "plugin", p.Name)
	s.counter("plugin_set_aside_total", "Responses that were set aside because they have ended the process of the plugin twice, since the host started. Anything but 0 is a script to mend.",
		float64(p.SetAside), "plugin", p.Name)
	s.counter("plugin_reloads_total", "Swaps to a new version, since the host started.", float64(p.Reloads), "plugin", p.Name)
	if p.P99 > 0 {
		s.gauge("plugin_run_p50_seconds", "The time that half of the runs of the running version were below, by a sample.", p.P50.Seconds(), "plugin", p.Name)
		s.gauge("plugin_run_p99_seconds", "The time that 99 of 100 runs of the running version were below, by a sample.", p.P99.Seconds(), "plugin", p.Name)
	}
}

// state tells which state a plugin is in, and for how long it has been a bad one.
func (s *sample) state(p *Plugin) {
	for _, state := range s.source.States {
		on := 0.0
		if p.State == state {
			on = 1
		}
		s.gauge("plugin_state", "1 for the state that the plugin is in.", on, "plugin", p.Name, "state", state)
	}
	stale := 0.0
	if !p.Healthy && !p.Since.IsZero() {
		stale = max(0, time.Since(p.Since).Seconds())
	}
	s.gauge("plugin_stale_seconds", "How long what lies on disk has been broken and does not run. 0: it runs.", stale, "plugin", p.Name)
}

// coverage is the share of the log that a cursor is past.
func coverage(stats engine.Stats, cursor uint64) float64 {
	if stats.Last == 0 || stats.First == 0 || stats.First > stats.Last {
		return 1
	}
	if cursor+1 < stats.First {
		return 0
	}
	return float64(min(cursor, stats.Last)-stats.First+1) / float64(stats.Last-stats.First+1)
}

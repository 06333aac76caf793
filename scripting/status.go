package scripting

import (
	"context"
	"errors"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/rs/zerolog"

	"trackhook/scripting/internal/instance"
	"trackhook/scripting/internal/script"
	"trackhook/scripting/internal/source"
	"trackhook/scripting/internal/wall"
)

// State says how a plugin is doing.
type State string

// The states of a plugin.
const (
	// Loading: its first version is being loaded. Its responses wait.
	Loading State = "loading"
	// Standby: another host that shares the store runs the plugin, and this one takes over when that ends. What is on disk here
	// can be loaded.
	Standby State = "standby"
	// Live: what is on disk is what runs.
	Live State = "live"
	// BrokenEdit: what is on disk cannot be loaded; the last good version runs.
	BrokenEdit State = "broken_edit"
	// Broken: what is on disk cannot be loaded, and there is no version that could run. Its responses wait.
	Broken State = "broken"
	// Quarantined: the version was given up, because its runs were too long or its runtime was lost again and again. Its
	// responses wait for the next edit, or the next start of the host.
	Quarantined State = "quarantined"
)

// Plugin is a snapshot of one plugin, for people and for health checks.
type Plugin struct {
	// Name is the file's name without its extension, or the folder's name. Two rows may have the same name: then the
	// second one cannot be loaded, and its Error says so.
	Name string `json:"name"`
	// File is the path of the first file, relative to the plugins folder, with slashes.
	File string `json:"file"`
	// State says how it is doing, and Since for how long.
	State State     `json:"state"`
	Since time.Time `json:"since"`
	// Disk is the version that was last read from disk, and Running the one that runs. They differ while an edit is
	// broken. Empty: none.
	Disk    string `json:"disk,omitempty"`
	Running string `json:"running,omitempty"`
	// Reloads counts how often another version took over since the plugin was added or the process started, and
	// LastReload is when that last was. The first load is not counted.
	Reloads    uint64    `json:"reloads"`
	LastReload time.Time `json:"last_reload,omitzero"`
	// Error says what is wrong with what is on disk, or why it is quarantined. Nil: nothing.
	Error *Problem `json:"error,omitempty"`
	// Runs and Errors count the runs of listeners, and what went wrong in them, in timers and in promises, of all versions
	// since the plugin was added or the process started.
	Runs   uint64 `json:"runs"`
	Errors uint64 `json:"errors"`
	// P50 and P99 are the times that half and 99 of 100 runs of the running version are below, by a sample. Zero: there
	// were none.
	P50 time.Duration `json:"p50_ns"`
	P99 time.Duration `json:"p99_ns"`
	// Isolation is in which process it runs: InProcess also for a plugin that is to share one and does not at this moment. Deaths
	// counts how often its process was ended, while it ran where others share it, and another took over; SetAside the responses
	// that were set aside because they have ended it twice. Both since the plugin was added or the host started.
	Isolation Isolation `json:"isolation"`
	Deaths    uint64    `json:"deaths,omitempty"`
	SetAside  uint64    `json:"set_aside,omitempty"`
	// Walls are what the system keeps from its process beside memory, as far as it can: "files", save those that are needed to
	// find names, to trust servers and to tell the time, and "system_calls", which run programs, listen, and reach into others.
	Walls []string `json:"walls,omitempty"`
	// Cursor is the number of the last response that the plugin is done with, and Lag how many responses, of all apps,
	// it is behind the end of the log.
	Cursor uint64 `json:"cursor"`
	Lag    uint64 `json:"lag"`
	// Registered is what the running version listens to.
	Registered []Registration `json:"registered,omitempty"`
	// Warnings are what keeps the running version from hearing what it seems to be meant to hear: a listener whose config
	// was not started, or a reload after which it listens to nothing any more.
	Warnings []Problem `json:"warnings,omitempty"`
}

// Registration is one app that a plugin listens to.
type Registration = instance.Registration

// Problem is why a plugin cannot be loaded, or is not run.
type Problem struct {
	// Message says what is wrong.
	Message string `json:"message"`
	// File, Line and Column say where, from 1; Source is that line. Empty and 0 where no line is to blame. File is
	// relative to the folder above the plugins, such as plugins/count.js.
	File   string `json:"file,omitempty"`
	Line   int    `json:"line,omitempty"`
	Column int    `json:"column,omitempty"`
	Source string `json:"source,omitempty"`
	// Notes are what may help, and what else is wrong.
	Notes []string `json:"notes,omitempty"`
	// Since is when it was first seen.
	Since time.Time `json:"since"`
}

// problemOf takes from the error of a load what people need to mend it. dir is the plugins folder.
func problemOf(err error, dir string) *Problem {
	problem := &Problem{Message: err.Error(), Since: time.Now()}
	if script, ok := errors.AsType[*script.Error](err); ok {
		problem.Message, problem.Source, problem.Notes = script.Message, script.Source, script.Notes
		problem.File, problem.Line, problem.Column = script.File, script.Line, script.Column
		if inside, err := filepath.Rel(dir, script.File); err == nil && filepath.IsLocal(inside) {
			problem.File = path.Join(filepath.Base(dir), filepath.ToSlash(inside))
		}
	}
	return problem
}

// Excerpt returns the part of the source line that is to blame, and a line with a caret to stand below it. Both are empty
// where no line is known.
func (p *Problem) Excerpt() (line, caret string) {
	if p.Source == "" {
		return "", ""
	}
	return script.Excerpt(p.Source, p.Column)
}

// log adds what is wrong to a line of the log.
func (p *Problem) log(e *zerolog.Event) *zerolog.Event {
	e = e.Str("error", p.Message)
	if p.File != "" {
		e = e.Str("file", p.File).Int("line", p.Line).Int("column", p.Column).Str("source", p.Source)
	}
	if _, caret := p.Excerpt(); caret != "" {
		e = e.Str("caret", caret)
	}
	if len(p.Notes) > 0 {
		e = e.Strs("notes", p.Notes)
	}
	return e
}

// describeRegistrations says in words what a plugin listens to.
func describeRegistrations(all []Registration) []string {
	var words []string
	for _, r := range all {
		for _, listener := range r.Listeners {
			words = append(words, listener+" of "+r.App.String())
		}
	}
	return words
}

// statusWait bounds what a snapshot waits for the store.
const statusWait = time.Second

// Plugins returns a snapshot of all plugins, sorted by name. It may be called at any time from any goroutine. Cursor
// and Lag are 0 when the store does not answer.
func (h *Host) Plugins() []Plugin {
	h.mu.Lock()
	rows := make([]Plugin, 0, len(h.plugins)+len(h.unloadable))
	live := make([]*plugin, 0, len(h.plugins))
	for _, p := range h.plugins {
		live = append(live, p)
	}
	for _, row := range h.unloadable {
		rows = append(rows, row)
	}
	h.mu.Unlock()

	ctx, cancel := context.WithTimeout(context.Background(), statusWait)
	defer cancel()
	cursors, err := h.cfg.Engine.Store().Cursors(ctx)
	last, lastErr := h.cfg.Engine.Store().Last(ctx)
	for _, p := range live {
		row := p.snapshot()
		if cursor, ok := cursors[p.Name()]; ok && err == nil {
			row.Cursor = cursor
			if lastErr == nil && last > cursor {
				row.Lag = last - cursor
			}
		}
		rows = append(rows, row)
	}
	slices.SortFunc(rows, func(a, b Plugin) int {
		if order := strings.Compare(a.Name, b.Name); order != 0 {
			return order
		}
		return source.Rank(a.File) - source.Rank(b.File)
	})
	return rows
}

// snapshot returns the row of one plugin, without Cursor and Lag.
func (p *plugin) snapshot() Plugin {
	p.mu.Lock()
	row := Plugin{
		Name: p.name, File: p.entry.File, State: p.state, Since: p.since, Disk: p.disk,
		Reloads: p.reloads, LastReload: p.lastReload, Runs: p.past.runs, Errors: p.past.failed,
	}
	row.Isolation, row.Deaths, row.SetAside = p.host.cfg.isolation(p.name), p.deaths.Load(), p.aside.Load()
	if p.problem != nil {
		problem := *p.problem
		row.Error = &problem
	}
	current, counted := p.current, slices.Clone(p.retiring)
	p.mu.Unlock()

	if current != nil {
		row.Running = current.id
		if v, ok := current.instance.(*wall.Version); ok && row.Isolation == InShared && !v.Shares() {
			row.Isolation = InProcess
		}
		row.Registered = current.instance.Registered()
		row.Warnings = current.warnings(row.Registered, p.host.cfg.Dir)
		row.P50, row.P99 = current.instance.Quantiles()
		if isolated, ok := current.instance.(interface{ Walls() []string }); ok {
			row.Walls = isolated.Walls()
		}
		counted = append(counted, current)
	}
	for _, v := range counted {
		runs, failed := v.instance.Counters()
		row.Runs += runs
		row.Errors += failed
	}
	return row
}

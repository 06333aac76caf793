package admin

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"trackhook/engine"
)

// Why a plugin cannot be forgotten.
var (
	// ErrPluginPresent means that the plugin is in the plugins folder, of this host or of another one that shares the store.
	ErrPluginPresent = errors.New("the plugin is in the plugins folder")
	// ErrPluginsLoading means that the host has not looked at all plugins yet.
	ErrPluginsLoading = errors.New("the host is still loading its plugins")
)

// State is what a plugin is doing.
type State string

// The states of a plugin.
const (
	// Loading: its first version has not been tried yet; its responses wait.
	Loading State = "loading"
	// Standby: another host that shares the store runs it; the version on disk here can be loaded, and takes over when that
	// host ends.
	Standby State = "standby"
	// Live: the version on disk runs.
	Live State = "live"
	// BrokenEdit: the version on disk is broken; the last good one goes on.
	BrokenEdit State = "broken_edit"
	// Broken: no version has ever been good since the start; its responses wait.
	Broken State = "broken"
	// Quarantined: its runs were too long or it lost its runtime again and again; its responses wait for the next edit.
	Quarantined State = "quarantined"
	// Removed: it is not in the plugins folder any more; nothing runs. Its place in the log is kept, in case it comes back.
	Removed State = "removed"
)

// States returns every state.
func States() []State {
	return []State{Loading, Standby, Live, BrokenEdit, Broken, Quarantined, Removed}
}

// Healthy tells whether nobody has to act.
func (s State) Healthy() bool { return s != Broken && s != BrokenEdit && s != Quarantined }

// Plugin is what is known about one plugin. Times that have no meaning yet are zero and left out of the JSON.
type Plugin struct {
	// Name is the file's name without extension, or the folder's name; File is the path of its first file.
	Name string `json:"name"`
	File string `json:"file"`
	// State is one of the constants; later hosts may add some.
	State State `json:"state"`
	// Disk and Running are the short hashes of what lies on disk and of what runs. Empty: nothing.
	Disk    string `json:"disk"`
	Running string `json:"running"`
	// Since is when the state began.
	Since time.Time `json:"since,omitzero"`
	// Reloads counts the swaps since the host started, and LastReload is when the last one was.
	Reloads    uint64    `json:"reloads"`
	LastReload time.Time `json:"last_reload,omitzero"`
	// LastError is the newest problem, of loading or of a run. Nil: none, or none since it was mended.
	LastError *PluginError `json:"last_error,omitempty"`
	// Warnings are why the running version hears nothing of what it seems to be meant to hear. They degrade the health.
	Warnings []PluginError `json:"warnings,omitempty"`
	// Registered lists what the running version listens to.
	Registered []Registration `json:"registered"`
	// Runs and Errors count listener calls and those that failed, since the host started.
	Runs   uint64 `json:"runs"`
	Errors uint64 `json:"errors"`
	// P50 and P99 are the times that half and 99 of 100 runs of the running version were below, by a sample, in
	// nanoseconds. Absent: there were none.
	P50 time.Duration `json:"p50_ns,omitempty"`
	P99 time.Duration `json:"p99_ns,omitempty"`
	// Isolation is in which process it runs: none, that of the host, or process, one of its own. Deaths counts how often that
	// was ended and another took over, and SetAside the responses that were set aside because they have ended it twice; both
	// since the host started.
	Isolation string `json:"isolation,omitempty"`
	Deaths    uint64 `json:"deaths,omitempty"`
	SetAside  uint64 `json:"set_aside,omitempty"`
	// Walls are what the system keeps from that process, as far as it can: "files" and "system_calls".
	Walls []string `json:"walls,omitempty"`
	// Cursor is the sequence number of the last response that it has handled; Lag counts the newer ones in the log. Neither
	// means anything while CursorUnknown is true, because the store does not answer.
	Cursor        uint64 `json:"cursor"`
	Lag           uint64 `json:"lag"`
	CursorUnknown bool   `json:"cursor_unknown,omitempty"`
	// Hosts are the hosts that have it, where several share the store, and the version of each.
	Hosts []PluginHost `json:"hosts,omitempty"`
	// Lost counts the responses that were gone from the log before the plugin came to them, and LostSince is when the first of
	// those was noticed that nobody has acknowledged.
	Lost      uint64    `json:"lost,omitempty"`
	LostSince time.Time `json:"lost_since,omitzero"`
}

// PluginError is a problem in a script. Line and Column count from 1; 0 is unknown.
type PluginError struct {
	Message string `json:"message"`
	File    string `json:"file,omitempty"`
	Line    int    `json:"line,omitempty"`
	Column  int    `json:"column,omitempty"`
	// Source is that line as its author wrote it, and Notes are what may help.
	Source string    `json:"source,omitempty"`
	Notes  []string  `json:"notes,omitempty"`
	Since  time.Time `json:"since,omitzero"`
}

// Registration is one app that a plugin listens to.
type Registration struct {
	AppToken    string `json:"app_token"`
	Environment string `json:"environment"`
	// Listeners names the kinds of listener, such as "event_success".
	Listeners []string `json:"listeners"`
}

// plugins answers with the state of every plugin.
func (a *api) plugins(w http.ResponseWriter, r *http.Request) error {
	if _, err := parseQuery(r); err != nil {
		return err
	}
	a.write(w, http.StatusOK, struct {
		Plugins []Plugin `json:"plugins"`
	}{a.pluginRows()})
	return nil
}

// pluginRows are all plugins as they are shown.
func (a *api) pluginRows() []Plugin {
	plugins := a.cfg.Plugins()
	rows := make([]Plugin, len(plugins))
	for i, plugin := range plugins {
		// [] in the JSON, not null: scripts of operators iterate over it.
		if plugin.Registered == nil {
			plugin.Registered = []Registration{}
		}
		plugin.Since, plugin.LastReload, plugin.LostSince = utc(plugin.Since), utc(plugin.LastReload), utc(plugin.LostSince)
		if plugin.LastError != nil {
			last := *plugin.LastError
			last.Since = utc(last.Since)
			plugin.LastError = &last
		}
		plugin.Warnings = slices.Clone(plugin.Warnings)
		for n := range plugin.Warnings {
			plugin.Warnings[n].Since = utc(plugin.Warnings[n].Since)
		}
		rows[i] = plugin
	}
	return rows
}

// pluginNotFound is how a client tells this from a path that is not found.
const pluginNotFound = "Plugin not found"

// forget gives up what is kept of a plugin that was removed.
func (a *api) forget(w http.ResponseWriter, r *http.Request) error {
	if _, err := parseQuery(r); err != nil {
		return err
	}
	if a.cfg.Forget == nil {
		return &refusal{status: http.StatusNotImplemented, message: "Not implemented", detail: "this host does not forget plugins"}
	}
	name := strings.TrimPrefix(r.URL.Path, pluginsPath)
	conflict := func(why string) error {
		return &refusal{status: http.StatusConflict, message: "Conflict", detail: "plugin " + engine.Quote(name) + " " + why}
	}
	switch err := a.cfg.Forget(r.Context(), name); {
	case errors.Is(err, ErrPluginPresent):
		return conflict("is in the plugins folder; remove its file first, or rename it")
	case errors.Is(err, ErrPluginsLoading):
		return conflict("cannot be forgotten yet: the host is still loading its plugins; try again in a moment")
	case errors.Is(err, engine.ErrNotFound):
		return &refusal{status: http.StatusNotFound, message: pluginNotFound, detail: "nothing is kept of a plugin " + engine.Quote(name)}
	case err != nil:
		return err
	}
	a.cfg.Log.Info().Str("plugin", name).Func(a.asker(r)).Msg("a plugin was forgotten on request: its place in the log, its localStorage, the sources of its versions")
	a.write(w, http.StatusOK, struct {
		Forgotten string `json:"forgotten"`
	}{name})
	return nil
}

const (
	pluginsPath = "/api/v1/plugins/"
	sourcesPart = "/sources"
)

// pluginSources is the answer: the values that the host keeps of a plugin, in base64.
type pluginSources struct {
	Values map[string][]byte `json:"values"`
}

// sources answers with the source of the versions of a plugin that ran. A plugin that is not known has none.
func (a *api) sources(w http.ResponseWriter, r *http.Request) error {
	if _, err := parseQuery(r); err != nil {
		return err
	}
	plugin := strings.TrimSuffix(strings.TrimPrefix(r.URL.Path, pluginsPath), sourcesPart)
	body := pluginSources{Values: map[string][]byte{}}
	if a.cfg.Sources != nil {
		values, err := a.cfg.Sources(r.Context(), plugin)
		if err != nil {
			return err
		}
		if values != nil {
			body.Values = values
		}
	}
	a.write(w, http.StatusOK, body)
	return nil
}

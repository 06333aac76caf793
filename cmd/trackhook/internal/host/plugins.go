package host

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"trackhook/engine/admin"
	"trackhook/engine/metrics"
	"trackhook/scripting"
)

// pluginWait bounds what a look at the cursors waits for the store.
const pluginWait = time.Second

// plugins shows operators what the scripting host knows, and the plugins that the store still has a cursor of.
func (h *Host) plugins() []admin.Plugin {
	plugins, _ := h.pluginRows()
	return plugins
}

// presentPlugins are those in the folder, without what takes reading from the disk.
func (h *Host) presentPlugins() []admin.Plugin {
	rows := h.scripts.Plugins()
	plugins := make([]admin.Plugin, len(rows))
	for i := range rows {
		plugins[i] = pluginRow(&rows[i])
		plugins[i].CursorUnknown = rows[i].Cursor == 0 && rows[i].Lag == 0 // nothing was handled, or the store does not answer
	}
	return plugins
}

// pluginRows are those plugins. lostKnown is false when the store does not tell what they have lost.
func (h *Host) pluginRows() (plugins []admin.Plugin, lostKnown bool) {
	ctx, cancel := context.WithTimeout(context.Background(), pluginWait)
	defer cancel()
	// Before the rows, so that a plugin that appears meanwhile is not taken for one that was removed.
	cursors, err := h.cursors(ctx)
	rows := h.scripts.Plugins()
	plugins = make([]admin.Plugin, 0, len(rows))
	for i := range rows {
		plugins = append(plugins, pluginRow(&rows[i]))
		plugins[i].CursorUnknown = err != nil // the health check tells why
	}
	plugins = append(plugins, cursors.removed(rows)...)
	h.placed(ctx, plugins)
	lost, err := h.engine.Lost(ctx)
	for i := range plugins {
		of := lost[scripting.ListenerName(plugins[i].Name)] // after an error the health check tells why there is none
		plugins[i].Lost, plugins[i].LostSince = of.Responses, of.Since
	}
	return plugins, err == nil
}

// measuredPlugins are the same plugins, as a scrape of the metrics tells about them.
func (h *Host) measuredPlugins() []metrics.Plugin {
	plugins, lostKnown := h.pluginRows()
	measured := make([]metrics.Plugin, len(plugins))
	for i := range plugins {
		p := &plugins[i]
		measured[i] = metrics.Plugin{
			Name: p.Name, State: string(p.State), Healthy: p.State.Healthy(), Since: p.Since, Reloads: p.Reloads, Runs: p.Runs,
			Errors: p.Errors, P50: p.P50, P99: p.P99, Cursor: p.Cursor, Lag: p.Lag, CursorUnknown: p.CursorUnknown, Lost: p.Lost, LostUnknown: !lostKnown,
			Deaths: p.Deaths, SetAside: p.SetAside,
		}
		for _, place := range p.Hosts {
			if measured[i].Versions == nil {
				measured[i].Versions = map[string]string{}
			}
			measured[i].Versions[place.Host] = place.Version
		}
	}
	return measured
}

// pluginStates are all states of plugins.
func pluginStates() []string {
	var states []string
	for _, state := range admin.States() {
		states = append(states, string(state))
	}
	return states
}

// printed shows operators what plugins have printed lately.
func (h *Host) printed(from uint64) (lines []admin.Printed, next uint64) {
	all, next := h.scripts.Lines(from)
	lines = make([]admin.Printed, len(all))
	for i := range all {
		line := &all[i]
		lines[i] = admin.Printed{
			Plugin: line.Plugin, Version: line.Version, Seq: line.Seq,
			Line: admin.Line{At: line.At.UTC(), Level: line.Level.String(), Text: strings.ToValidUTF8(line.Text, "")},
		}
	}
	return lines, next
}

func pluginRow(row *scripting.Plugin) admin.Plugin {
	p := admin.Plugin{
		Name: row.Name, File: row.File, State: admin.State(row.State), Disk: row.Disk, Running: row.Running,
		Since: row.Since, Reloads: row.Reloads, LastReload: row.LastReload, Runs: row.Runs, Errors: row.Errors,
		P50: row.P50, P99: row.P99, Cursor: row.Cursor, Lag: row.Lag,
		Isolation: string(row.Isolation), Deaths: row.Deaths, SetAside: row.SetAside, Walls: row.Walls,
	}
	for _, r := range row.Registered {
		p.Registered = append(p.Registered, admin.Registration{
			AppToken: r.App.Token, Environment: string(r.App.Environment), Listeners: r.Listeners,
		})
	}
	if row.Error != nil {
		p.LastError = new(pluginError(row.Error))
	}
	for i := range row.Warnings {
		p.Warnings = append(p.Warnings, pluginError(&row.Warnings[i]))
	}
	return p
}

func pluginError(e *scripting.Problem) admin.PluginError {
	return admin.PluginError{
		Message: e.Message, File: e.File, Line: e.Line, Column: e.Column, Source: e.Source, Notes: e.Notes, Since: e.Since,
	}
}

// cursors are the places of plugins in the log, by the plugin's name, and its end.
type cursors struct {
	of   map[string]uint64
	last uint64
}

// cursors reads the cursors of plugins. Until everything in the folder was looked at there are none, because it is not
// known which of them are of removed plugins.
func (h *Host) cursors(ctx context.Context) (c cursors, err error) {
	all, err := h.store.Cursors(ctx)
	if err != nil {
		return c, err
	}
	if c.last, err = h.store.Last(ctx); err != nil {
		return c, err
	}
	select {
	case <-h.scripts.Ready():
	default:
		return c, nil
	}
	c.of = make(map[string]uint64, len(all))
	for listener, cursor := range all {
		if name, ok := scripting.ListeningPlugin(listener); ok {
			c.of[name] = cursor
		}
	}
	return c, nil
}

// removed lists plugins that have a cursor and are not in the folder any more, by name.
func (c cursors) removed(present []scripting.Plugin) []admin.Plugin {
	var removed []admin.Plugin
	for _, name := range slices.Sorted(maps.Keys(c.of)) {
		if !isPresent(present, name) {
			cursor := c.of[name]
			removed = append(removed, admin.Plugin{Name: name, State: admin.Removed, Cursor: cursor, Lag: c.last - min(cursor, c.last)})
		}
	}
	return removed
}

func isPresent(present []scripting.Plugin, name string) bool {
	return slices.ContainsFunc(present, func(p scripting.Plugin) bool { return p.Name == name })
}

// warnOfRemoved says once, at the start, which plugins are not in the folder any more and still have a place in the log.
func (h *Host) warnOfRemoved(ctx context.Context) {
	cursors, err := h.cursors(ctx)
	if err != nil {
		return // the store says what is wrong with it
	}
	for _, p := range cursors.removed(h.scripts.Plugins()) {
		if elsewhere, err := h.elsewhere(ctx, p.Name); err != nil || elsewhere {
			continue
		}
		line := h.log.Info()
		if p.Lag > 0 {
			line = h.log.Warn()
		}
		line.Str("plugin", p.Name).Uint64("lag", p.Lag).Msg("this plugin is not in the plugins folder any more; its place in the log is kept, " +
			"in case it comes back, and with it the responses that it has not seen, for as long as they are retained. " +
			"`trackhook plugin forget " + p.Name + "` gives it up")
	}
}

// forget gives up what the store has of a plugin that is not in the folder any more: its place in the log, its localStorage
// and the sources of the versions that ran.
func (h *Host) forget(ctx context.Context, name string) error {
	select {
	case <-h.scripts.Ready():
	default:
		return admin.ErrPluginsLoading
	}
	if isPresent(h.scripts.Plugins(), name) {
		return admin.ErrPluginPresent
	}
	if elsewhere, err := h.elsewhere(ctx, name); err != nil || elsewhere {
		return cmp.Or(err, admin.ErrPluginPresent)
	}
	if err := scripting.Forget(ctx, h.engine, name); err != nil {
		return err
	}
	if isPresent(h.scripts.Plugins(), name) {
		// It came back at this very moment. Like every new plugin it begins at the end of the log.
		if _, err := h.store.Enroll(ctx, scripting.ListenerName(name)); err != nil {
			return err
		}
	}
	return nil
}

package host

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"trackhook/engine"
	"trackhook/engine/admin"
	"trackhook/scripting"
)

// Where several hosts share a store, each writes into it which versions of plugins it has, under its ID. A host that has ended
// is taken out by the others.

// versionsSpace is the place in a store of what hosts have of plugins. Stores keep it, so it never changes.
const versionsSpace = "host/plugins"

const (
	// compareEvery is how often hosts compare what they have of plugins. A difference counts when it is found twice: files
	// reach hosts one after the other.
	compareEvery = 10 * time.Second
	compareWait  = 3 * time.Second
)

// comparison is what was found of the versions of plugins. The zero value is none.
type comparison struct {
	written map[string]string
	id      string
	// found and told are differences, by plugin.
	found, told map[string]string
}

// compare writes down what this host has of plugins, and finds those of which hosts have different versions.
func (h *Host) compare(ctx context.Context, c *comparison) {
	if !h.store.Shared() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, compareWait)
	defer cancel()
	members, err := h.store.Hosts(ctx)
	if err != nil || len(members) == 0 {
		return // the health check says so
	}
	mine := map[string]string{}
	for _, p := range h.scripts.Plugins() {
		if p.Disk != "" {
			mine[p.Name] = p.Disk
		}
	}
	if c.id != members[0].ID || !maps.Equal(c.written, mine) {
		text, err := json.Marshal(mine)
		if err == nil {
			err = h.store.SetValues(ctx, versionsSpace, map[string][]byte{members[0].ID: text})
		}
		if err != nil {
			return
		}
		c.id, c.written = members[0].ID, mine
	}
	all, err := h.versions(ctx)
	if err != nil {
		return
	}
	gone := map[string][]byte{}
	for id := range all {
		if !slices.ContainsFunc(members, func(m engine.HostState) bool { return m.ID == id && !m.Lost }) {
			gone[id] = nil
			delete(all, id)
		}
	}
	if len(gone) > 0 {
		_ = h.store.SetValues(ctx, versionsSpace, gone) // the next look takes them out
	}
	h.tellDifferences(c, differences(members, all))
}

// tellDifferences puts in force what was found twice.
func (h *Host) tellDifferences(c *comparison, found map[string]string) {
	var reasons []string
	told := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(found)) {
		if c.found[name] != found[name] {
			continue
		}
		told[name] = found[name]
		reasons = append(reasons, found[name])
		if c.told[name] != found[name] {
			h.log.Warn().Str("plugin", name).Msg(found[name])
		}
	}
	c.found, c.told = found, told
	h.differences.Store(&reasons)
}

// differences are the plugins of which hosts that live have different versions, each with what to say about it.
func differences(members []engine.HostState, versions map[string]map[string]string) map[string]string {
	found := map[string]string{}
	for _, names := range versions {
		for name := range names {
			if found[name] != "" {
				continue
			}
			var each []string
			different := map[string]bool{}
			for i := range members {
				if version := versions[members[i].ID][name]; version != "" {
					different[version] = true
					each = append(each, version+" at "+members[i].Name+map[bool]string{true: ", which runs it"}[runs(&members[i], name)])
				}
			}
			if len(different) > 1 {
				slices.Sort(each)
				found[name] = fmt.Sprintf("the hosts have different versions of plugin %s: %s; bring the same files to all", name, strings.Join(each, "; "))
			}
		}
	}
	return found
}

func runs(m *engine.HostState, plugin string) bool {
	return !m.Lost && slices.Contains(m.Owns, engine.OwnListener+scripting.ListenerName(plugin))
}

// versions are those of plugins, by the ID of a host and the name of the plugin.
func (h *Host) versions(ctx context.Context) (map[string]map[string]string, error) {
	kept, err := h.store.Values(ctx, versionsSpace)
	if err != nil {
		return nil, err
	}
	all := map[string]map[string]string{}
	for id, text := range kept {
		var names map[string]string
		if json.Unmarshal(text, &names) == nil {
			all[id] = names
		}
	}
	return all, nil
}

// members shows operators the hosts that share the store; one that is alone shows itself.
func (h *Host) members(ctx context.Context) ([]admin.Member, error) {
	states, err := h.store.Hosts(ctx)
	if err != nil {
		return nil, err
	}
	if len(states) == 0 {
		return []admin.Member{h.alone()}, nil
	}
	versions, err := h.versions(ctx)
	if err != nil {
		return nil, err
	}
	cursors, err := h.store.Cursors(ctx)
	if err != nil {
		return nil, err
	}
	last, err := h.store.Last(ctx)
	if err != nil {
		return nil, err
	}
	all := make([]admin.Member, len(states))
	for i := range states {
		s := &states[i]
		all[i] = admin.Member{
			ID: s.ID, Name: s.Name, Version: s.Version, Started: s.Started, Seen: s.Seen, Asked: i == 0, Lost: s.Lost, Partitions: s.Lanes, Of: s.Of,
			Leased: s.Leased, Plugins: versions[s.ID],
		}
		for _, name := range s.Owns {
			listener, ok := strings.CutPrefix(name, engine.OwnListener)
			plugin, isPlugin := scripting.ListeningPlugin(listener)
			if !ok || !isPlugin || s.Lost {
				continue
			}
			all[i].Runs = append(all[i].Runs, plugin)
			if cursor, known := cursors[listener]; known {
				all[i].Lag = max(all[i].Lag, last-min(cursor, last))
			}
		}
		slices.Sort(all[i].Runs)
	}
	return all, nil
}

// alone is the host where no other one has its store.
func (h *Host) alone() admin.Member {
	machine, _ := os.Hostname()
	m := admin.Member{
		Name: cmp.Or(h.settings.Name, machine), Version: h.version, Started: h.started, Seen: time.Now(), Asked: true, Plugins: map[string]string{},
	}
	for _, p := range h.scripts.Plugins() {
		if p.Disk != "" {
			m.Plugins[p.Name] = p.Disk
		}
		if p.Running != "" {
			m.Runs = append(m.Runs, p.Name)
			m.Lag = max(m.Lag, p.Lag)
		}
	}
	return m
}

// placed adds to plugins which of several hosts have them.
func (h *Host) placed(ctx context.Context, plugins []admin.Plugin) {
	if !h.store.Shared() {
		return
	}
	states, err := h.store.Hosts(ctx)
	if err != nil {
		return // the health check says so
	}
	versions, err := h.versions(ctx)
	if err != nil {
		return
	}
	for i := range plugins {
		p := &plugins[i]
		for n := range states {
			if version := versions[states[n].ID][p.Name]; version != "" && !states[n].Lost {
				p.Hosts = append(p.Hosts, admin.PluginHost{Host: states[n].Name, Version: version, Runs: runs(&states[n], p.Name)})
			}
		}
	}
}

// different says which plugins hosts have different versions of.
func (h *Host) different() []string {
	if reasons := h.differences.Load(); reasons != nil {
		return *reasons
	}
	return nil
}

package scripting

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"time"

	"trackhook/scripting/internal/instance"
)

// Regrant replaces Plugins and Timeout of [Config] while plugins run. It checks them, and changes nothing before apply is
// called, which cannot fail; an error comes without one.
//
// What fetch may reach holds from then on, for requests that have not set out. A plugin whose variables or time limit are
// others is started again as after a save: a new version takes over between two responses, and where its top level fails
// the old one goes on, with what it had, and is shown as a broken edit. Other plugins do not notice.
func (h *Host) Regrant(plugins map[string]PluginConfig, timeout time.Duration) (apply func(), err error) {
	if err := instance.CheckGrants(plugins); err != nil {
		return nil, fmt.Errorf("plugin host: %w", err)
	}
	if timeout < 0 {
		return nil, errors.New("plugin host: Timeout must not be negative")
	}
	plugins = maps.Clone(plugins)
	return func() { h.regrant(plugins, cmp.Or(timeout, DefaultTimeout)) }, nil
}

// regrant puts rights in force, and lets those plugins know that are to notice.
func (h *Host) regrant(plugins map[string]PluginConfig, timeout time.Duration) {
	h.regranting.Lock()
	defer h.regranting.Unlock()
	before := h.shared.Regrant(plugins, timeout)
	h.quiet.Regrant(plugins, timeout)
	if err := h.resources.SetHosts(); err != nil {
		panic(err) // the hosts were checked
	}
	// Asked only now: a plugin that is added later starts with what holds from here on.
	for _, p := range h.followed() {
		p.peers.SetHosts(h.shared.Rights(p.name).AllowHosts)
		was, now := before(p.name), h.shared.Rights(p.name)
		if !maps.Equal(was.Env, now.Env) || was.Timeout != now.Timeout {
			p.regrant()
		}
	}
	h.warnUnknown()
}

// warnUnknown warns about rights in force for plugins that do not exist, because a slip in a name would go unnoticed
// otherwise. Call it with regranting held. Before the first scan it says nothing: see [Host.scanned].
func (h *Host) warnUnknown() {
	h.mu.Lock()
	scanned, known := h.isScanned, map[string]bool{}
	for name := range h.plugins {
		known[name] = true
	}
	for _, row := range h.unloadable {
		known[row.Name] = true
	}
	h.mu.Unlock()
	if !scanned {
		return
	}
	for _, name := range h.shared.Granted() {
		if !known[name] {
			h.log.Warn().Str("plugin", name).Msg("the configuration grants something to a plugin that is not in the plugins folder")
		}
	}
}

// scanned notes that the folder was read, so that it is known which plugins there are. The first time it looks at the
// rights that are in force by then: they may be others than those of [Config]. It is for Run's goroutine.
func (h *Host) scanned() {
	h.mu.Lock()
	again := h.isScanned
	h.mu.Unlock()
	if again {
		return // without waiting for those who replace rights
	}
	h.regranting.Lock()
	defer h.regranting.Unlock()
	h.mu.Lock()
	h.isScanned = true
	h.mu.Unlock()
	h.warnUnknown()
}

// relocate lets a version that is the current one start again, because it is to run in another process.
func (p *plugin) relocate(v runner, why string) {
	p.mu.Lock()
	mine := p.current != nil && p.current.instance == v
	if mine {
		p.rights++
		p.moving = why
	}
	p.mu.Unlock()
	if mine {
		p.poke(false)
	}
}

// regrant lets the plugin start again with the rights that hold now, whatever is on disk.
func (p *plugin) regrant() {
	p.mu.Lock()
	p.rights++
	p.mu.Unlock()
	p.poke(false)
}

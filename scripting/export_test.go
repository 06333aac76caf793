package scripting

import (
	"time"

	"trackhook/scripting/internal/source"
)

// WithoutEvents returns the configuration for a file system that tells nothing.
func (c Config) WithoutEvents() Config {
	c.noEvents = true
	return c
}

// OnChecked returns the configuration with a function that is called after a plugin was compared with the disk.
func (c Config) OnChecked(checked func(plugin string)) Config {
	c.checked = checked
	return c
}

// WithEmptyPatience returns the configuration with another time until it is believed that a file was emptied for good.
func (c Config) WithEmptyPatience(d time.Duration) Config {
	c.emptyPatience = d
	return c
}

// Compare lets a plugin compare itself with the disk, as an event does.
func (h *Host) Compare(name string) {
	h.mu.Lock()
	p := h.plugins[name]
	h.mu.Unlock()
	p.poke(false)
}

// Break ends the instance of a plugin behind its back, as a bug in a runtime would.
func (h *Host) Break(name string) {
	<-h.current(name).instance.Retire()
}

// Ignored tells whether events about a name are passed over.
func Ignored(name string) bool { return source.Ignored(name) }

// Scan looks for plugins in a folder and returns how many there are.
func Scan(dir string) int {
	f, err := source.Scan(dir)
	if err != nil {
		return 0
	}
	return len(f.Entries)
}

// LastRuns tells how the last call of Handle went. Call it when the plugin is idle.
func (h *Host) LastRuns(name string) (version string, failed map[uint64]string) {
	h.mu.Lock()
	p := h.plugins[name]
	h.mu.Unlock()
	runs := p.Runs()
	return runs.Version, runs.Failed
}

// WithLimits returns the configuration of an editor whose drafts may take that long: a run or a test, and the whole of them.
func (c EditorConfig) WithLimits(run, all time.Duration) EditorConfig {
	c.limits = draftLimits{run: run, each: run, check: all, try: all, test: all}
	return c
}

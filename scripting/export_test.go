package scripting

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

// Compare lets a plugin compare itself with the disk, as an event does.
func (h *Host) Compare(name string) {
	h.mu.Lock()
	p := h.plugins[name]
	h.mu.Unlock()
	p.poke(false)
}

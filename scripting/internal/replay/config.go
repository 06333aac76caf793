package replay

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"

	"trackhook/engine"
	"trackhook/scripting/internal/instance"
	"trackhook/scripting/internal/source"
	"trackhook/scripting/internal/stage"
)

// Config says what a replay works with. Dir, DefaultApp and Name are required; Engine and Log are not used.
type Config struct {
	instance.Settings
	// Name is the name of the plugin. What is on disk is the edited version.
	Name string
	// Sources are the versions that ran, to compare with. Nil: there are none.
	Sources *source.Sources
	// Against is the version to compare with. Default: for each response the version that handled it.
	Against string
	// Stored is what the plugin has stored, as the space [StoredSpace] of its host holds it: localStorage of both versions
	// begins with a copy. Nil: it begins empty, which suits a plugin that remembers what it has handled.
	Stored map[string][]byte
	// Responses returns responses in the order of the log, some at a time; none at the end.
	Responses func(ctx context.Context) ([]engine.Response, error)
	// Overlay has texts in the place of those on disk for the edited version. Nil: none.
	Overlay *source.Overlay
	// Live is the version to compare with, in the place of what Sources and Against say. Nil: what those say.
	Live *source.Kept
	// Most and MostBytes bound what is recorded of each version. Zero: there is no bound.
	Most, MostBytes int
}

// entry finds the plugin.
func (c *Config) entry() (source.Entry, error) {
	if c.Overlay == nil {
		return pluginEntry(c.Dir, c.Name)
	}
	e, found, err := c.Overlay.Plugin(c.Name)
	switch {
	case err != nil:
		return e, err
	case !found:
		return pluginEntry(c.Dir, c.Name)
	case e.Problem != "":
		return e, fmt.Errorf("plugin %s: %s: %s", e.Name, e.File, e.Problem)
	}
	return e, nil
}

// pluginEntry finds a plugin by its name.
func pluginEntry(dir, name string) (source.Entry, error) {
	found, err := source.Scan(dir)
	if err != nil {
		return source.Entry{}, err
	}
	var names []string
	for _, e := range found.Entries {
		if e.Name == name && e.Problem == "" {
			return e, nil
		}
		if e.Name == name {
			return source.Entry{}, fmt.Errorf("plugin %s: %s: %s", name, e.File, e.Problem)
		}
		names = append(names, e.Name)
	}
	return source.Entry{}, &UnknownPluginError{Name: name, Dir: filepath.Base(dir), Known: slices.Compact(names)}
}

// UnknownPluginError means that there is no such plugin in the folder.
type UnknownPluginError struct {
	Name, Dir string
	// Known are those that there are.
	Known []string
}

// Error lists what there is.
func (e *UnknownPluginError) Error() string {
	if len(e.Known) == 0 {
		return fmt.Sprintf("there is no plugin %q: %s holds none", e.Name, e.Dir)
	}
	return fmt.Sprintf("there is no plugin %q in %s; there are: %s", e.Name, e.Dir, stage.JoinNames(e.Known))
}

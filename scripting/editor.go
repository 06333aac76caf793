package scripting

import (
	"context"
	"errors"
	"io/fs"
	"slices"
	"sync/atomic"

	"trackhook/engine/scripts"
	"trackhook/scripting/internal/folder"
	"trackhook/scripting/internal/node"
	"trackhook/scripting/internal/surface"
)

// EditorConfig says what an [Editor] may do.
type EditorConfig struct {
	// Locked is why no file may be changed, in a sentence for people; empty: what the system allows may be. It may be called
	// by many goroutines at once. Default: never.
	Locked func() string
	// Templates are what new plugins can be made from: in each, a file with its tests, or a folder with an index file, named as
	// the template. Default: there is the empty one alone.
	Templates fs.FS

	// limits take the places of the constants that bound drafts; set by tests. Zero: they do not.
	limits draftLimits
}

// Editor lets people work on the plugins of a host: on the files, and on drafts that are not saved. It is what
// [scripts.Editor] says. Checks, tries and tests run in processes of their own where the host has the command line of one,
// whatever the isolation of the plugin; at most two at once. Use [Host.Editor].
//
// It may be used from many goroutines at once, and starts none. It has nothing to be closed; what runs ends with its context.
type Editor struct {
	host   *Host
	folder *folder.Folder
	// running has a place for each draft that may run at once, and waiting counts those that wait for one.
	running chan struct{}
	waiting atomic.Int64
	limits  draftLimits
}

var _ scripts.Editor = (*Editor)(nil)

// maxTrials is how many drafts run at once. Those that type wait for each other rather than for the plugins.
const maxTrials = 2

// Editor makes an editor of the host's plugins folder. One is enough for a host.
func (h *Host) Editor(cfg EditorConfig) *Editor {
	return &Editor{
		host: h, running: make(chan struct{}, maxTrials), limits: cfg.limits.withDefaults(),
		folder: folder.New(folder.Config{Dir: h.cfg.Dir, Locked: cfg.Locked, Templates: cfg.Templates}),
	}
}

// Folder lists the files, and what belongs to each plugin.
func (e *Editor) Folder(ctx context.Context) (scripts.Folder, error) {
	list, err := e.folder.List(ctx)
	for i := range list.Plugins {
		list.Plugins[i].Permissions = e.permissions(list.Plugins[i].Name)
	}
	return list, err
}

// permissions are what a plugin may do now.
func (e *Editor) permissions(plugin string) scripts.Permissions {
	rights := e.host.shared.Rights(plugin)
	p := scripts.Permissions{
		Hosts: slices.Clone(rights.AllowHosts), AnyPublicHost: len(rights.AllowHosts) == 0, Env: []string{}, Timeout: rights.Timeout.Milliseconds(),
	}
	if p.Hosts == nil {
		p.Hosts = []string{}
	}
	for name := range rights.Env {
		p.Env = append(p.Env, name)
	}
	slices.Sort(p.Env)
	return p
}

// File reads a file.
func (e *Editor) File(path string) (scripts.File, error) { return e.folder.File(path) }

// Save writes a file, unless the disk has another version than the edit was made from.
func (e *Editor) Save(path string, edit scripts.Save) (scripts.Saved, error) {
	saved, err := e.folder.Save(path, edit)
	if conflict, ok := errors.AsType[*scripts.ConflictError](err); ok && conflict.Conflict.Base == nil {
		conflict.Conflict.Base = e.ranBefore(path, edit.Version)
	}
	return saved, err
}

// Delete removes a file or a folder of that version.
func (e *Editor) Delete(path, version string) (scripts.Deleted, error) {
	return e.folder.Delete(path, version)
}

// Tree tells what is in a folder.
func (e *Editor) Tree(path string) (scripts.Tree, error) { return e.folder.Tree(path) }

// Rename gives a file or a folder another name.
func (e *Editor) Rename(change scripts.Rename) (scripts.Renamed, error) {
	return e.folder.Rename(change)
}

// Templates are what new plugins can be made from.
func (e *Editor) Templates() []scripts.Template { return e.folder.Templates() }

// Create makes a plugin from a template.
func (e *Editor) Create(from scripts.Create) (scripts.Created, error) { return e.folder.Create(from) }

// Surface lists the names that scripts find: those of trackhook.d.ts.
func (e *Editor) Surface() scripts.Surface {
	list := surface.List()
	for _, m := range node.Table() {
		if m.Instead == "" {
			list.Modules = append(list.Modules, m.Name)
		}
	}
	slices.Sort(list.Modules)
	return list
}

// ranBefore finds a version of a file among those of its plugin that the host has in hand; nil: it has none.
func (e *Editor) ranBefore(path, version string) *scripts.Side {
	file, err := e.folder.File(path)
	if err != nil || file.Plugin == "" {
		return nil
	}
	kept := e.host.runningSource(file.Plugin)
	if kept == nil {
		return nil
	}
	text, ok := kept.Files[path]
	if !ok || folder.VersionOf(text) != version {
		return nil
	}
	return &scripts.Side{Version: version, Text: folder.Shown(text)}
}

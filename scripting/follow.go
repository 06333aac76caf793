package scripting

import (
	"context"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"time"

	"trackhook/engine"
	"trackhook/scripting/internal/source"
)

// maxDelay bounds, in units of Debounce, how long a file that is written without a pause can put off a look.
const maxDelay = 25

// follow acts on changes until ctx ends. After an event it waits until nothing has happened for Debounce: a plain save
// truncates first and writes later. The poll has no events to wait for, so it acts on a difference only when it finds
// the same again Debounce later.
func (h *Host) follow(ctx context.Context, w *source.Watcher, applied *source.Folder) {
	var (
		poll   = time.NewTimer(engine.UntilTick(h.cfg.Poll))
		quiet  = time.NewTimer(time.Hour)
		armed  bool      // quiet is running
		latest time.Time // when armed by events: look then at the latest
		again  = time.NewTimer(time.Hour)
		doubt  *source.Folder // when armed by the poll: what it has found
	)
	defer poll.Stop()
	defer quiet.Stop()
	quiet.Stop()
	defer again.Stop()
	again.Stop()
	act := func(polled bool) {
		if pause := h.apply(ctx, applied, polled); pause > 0 {
			again.Reset(pause)
		}
	}
	for {
		select {
		case <-ctx.Done():
			return
		case <-w.Dirty:
			if !armed || doubt != nil {
				armed, doubt, latest = true, nil, time.Now().Add(maxDelay*h.cfg.Debounce)
			}
			quiet.Reset(min(h.cfg.Debounce, time.Until(latest)))
		case <-quiet.C:
			seen, polled := h.look(w), doubt != nil
			if polled && seen != nil && !seen.Same(doubt) {
				doubt = seen
				quiet.Reset(h.cfg.Debounce)
				continue
			}
			armed, doubt = false, nil
			if seen != nil {
				applied = seen
			}
			act(polled)
		case <-again.C:
			// Plugins are missing, and nothing has happened since.
			if seen := h.look(w); seen != nil {
				applied = seen
			}
			act(true)
		case <-h.grown:
			if seen := h.look(w); seen != nil {
				applied = seen
			}
			act(true)
		case <-poll.C:
			poll.Reset(engine.UntilTick(h.cfg.Poll))
			if armed {
				continue
			}
			seen := h.look(w)
			if seen == nil || applied != nil && seen.Same(applied) {
				act(true)
				continue
			}
			armed, doubt = true, seen
			quiet.Reset(h.cfg.Debounce)
		}
	}
}

// gonePatience is how long a plugin's first file must be missing before the plugin counts as removed.
const gonePatience = 500 * time.Millisecond

// look scans the folder and watches what there is to watch. Nil means that the folder cannot be read now.
func (h *Host) look(w *source.Watcher) *source.Folder {
	for try := 1; ; try++ {
		seen, err := source.Scan(h.cfg.Dir)
		for _, p := range h.followed() {
			seen.LoadedFrom(p.beyond())
		}
		added := w.Set(seen.Watch)
		if seen.Overflow && !h.overflow {
			h.log.Warn().Int("folders", source.MaxFolders).Msg("too many folders below the plugins folder; changes in some are noticed by polling")
		}
		h.overflow = seen.Overflow
		if err != nil {
			if !h.blind {
				h.log.Error().Err(err).Msg("cannot read the plugins folder; what is loaded goes on")
			}
			h.blind = true
			return nil
		}
		h.blind = false
		// Where there are too many folders, as behind a link to a whole disk, some come and go all the time, and the poll looks anyway.
		if !added || try == source.Rescans || seen.Overflow {
			return seen
		}
	}
}

// apply starts and removes plugins so that they are those that were seen, and lets each compare itself with the disk.
// polled tells that no event has said that the files are quiet. Nil changes nothing.
//
// A plugin that is missing is not believed to be removed before it has been for a while, because some editors delete a
// file and then write it anew. It is left alone meanwhile. again is when to look again for that; 0 is never.
func (h *Host) apply(ctx context.Context, seen *source.Folder, polled bool) (again time.Duration) {
	if seen == nil {
		return 0
	}
	for _, stray := range seen.Strays {
		if !h.strays[stray.File] {
			h.strays[stray.File] = true
			h.log.Warn().Str("file", stray.File).Str("hint", stray.Hint).Msg("this file is no plugin, though it looks like one")
		}
	}
	now := time.Now()
	wanted, unloadable := map[string]source.Entry{}, map[string]Plugin{}
	for _, e := range seen.Entries {
		if e.Problem != "" {
			unloadable[e.File] = h.unloadableRow(e)
			continue
		}
		wanted[e.Name] = e
	}
	var gone, known, fresh []*plugin
	h.mu.Lock()
	h.unloadable = unloadable
	for name, p := range h.plugins {
		if _, ok := wanted[name]; ok {
			delete(h.missed, name)
			continue
		}
		since, known := h.missed[name]
		if !known {
			since = now
			h.missed[name] = now
		}
		if left := gonePatience - now.Sub(since); left > 0 {
			if again == 0 || left < again {
				again = left
			}
			continue
		}
		delete(h.missed, name)
		delete(h.plugins, name)
		gone = append(gone, p)
	}
	for name, e := range wanted {
		if p, ok := h.plugins[name]; ok {
			p.move(e)
			known = append(known, p)
			continue
		}
		p := newPlugin(h, e)
		h.plugins[name] = p
		fresh = append(fresh, p)
	}
	h.mu.Unlock()

	if len(gone) > 0 && seen.Absent {
		h.log.Warn().Str("path", h.cfg.Dir).Msg("the plugins folder has gone, and its plugins with it: no scripts run until it is back, and the answers wait for them")
	}
	for _, p := range gone {
		h.removed[p.name] = p
		p.leave()
	}
	for _, p := range known {
		p.poke(polled)
	}
	for _, p := range fresh {
		p.poke(polled)
		before := h.removed[p.name]
		delete(h.removed, p.name)
		h.work.Go(func() { p.run(ctx, before) })
	}
	maps.DeleteFunc(h.removed, func(_ string, p *plugin) bool { return p.left() })
	h.scanned()
	return again
}

// followed returns the plugins.
func (h *Host) followed() []*plugin {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Collect(maps.Values(h.plugins))
}

// grew lets the host watch what a load has looked at, where the scan does not watch it anyway.
func (p *plugin) grew(g *source.Graph) {
	beyond := slices.DeleteFunc(g.Paths(), func(path string) bool { return !g.IsHidden(path) })
	p.mu.Lock()
	changed := !slices.Equal(beyond, p.hidden)
	p.hidden = beyond
	p.mu.Unlock()
	if changed {
		select {
		case p.host.grown <- struct{}{}:
		default:
		}
	}
}

// beyond returns the paths that the last load has looked at in folders that the scan leaves out.
func (p *plugin) beyond() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.hidden
}

// unloadableRow returns the row of an entry that cannot be loaded, and says so when it is new.
func (h *Host) unloadableRow(e source.Entry) Plugin {
	h.mu.Lock()
	row, known := h.unloadable[e.File]
	h.mu.Unlock()
	if known && row.Error.Message == e.Problem {
		return row
	}
	now := time.Now()
	h.log.Error().Str("plugin", e.Name).Str("file", e.File).Str("error", e.Problem).Msg("plugin cannot be loaded")
	return Plugin{
		Name: e.Name, File: e.File, State: Broken, Since: now,
		Error: &Problem{Message: e.Problem, File: path.Join(filepath.Base(h.cfg.Dir), e.File), Since: now},
	}
}

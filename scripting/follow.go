package scripting

import (
	"context"
	"maps"
	"path"
	"path/filepath"
	"time"
)

// patience bounds, in units of Debounce, how long a file that is written without a pause can put off a look.
const patience = 25

// follow acts on changes until ctx ends. After an event it waits until nothing has happened for Debounce: a plain save
// truncates first and writes later. The poll has no events to wait for, so it acts on a difference only when it finds
// the same again Debounce later.
func (h *Host) follow(ctx context.Context, w *watcher, applied *found) {
	var (
		poll   = time.NewTicker(h.cfg.Poll)
		quiet  = time.NewTimer(time.Hour)
		armed  bool      // quiet is running
		latest time.Time // when armed by events: look then at the latest
		doubt  *found    // when armed by the poll: what it has found
	)
	defer poll.Stop()
	defer quiet.Stop()
	quiet.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-w.dirty:
			if !armed || doubt != nil {
				armed, doubt, latest = true, nil, time.Now().Add(patience*h.cfg.Debounce)
			}
			quiet.Reset(min(h.cfg.Debounce, time.Until(latest)))
		case <-quiet.C:
			seen, polled := h.look(w), doubt != nil
			if polled && seen != nil && !seen.same(doubt) {
				doubt = seen
				quiet.Reset(h.cfg.Debounce)
				continue
			}
			armed, doubt = false, nil
			if seen != nil {
				applied = seen
			}
			h.apply(ctx, applied, polled)
		case <-poll.C:
			if armed {
				continue
			}
			seen := h.look(w)
			if seen == nil || applied != nil && seen.same(applied) {
				h.apply(ctx, applied, true)
				continue
			}
			armed, doubt = true, seen
			quiet.Reset(h.cfg.Debounce)
		}
	}
}

// rescans bounds how often one look scans again because it has met new folders.
const rescans = 10

// look scans the folder and watches what there is to watch. Nil means that the folder cannot be read now.
func (h *Host) look(w *watcher) *found {
	for try := 1; ; try++ {
		seen, err := scan(h.cfg.Dir)
		added := w.set(seen.watch)
		if seen.overflow && !h.overflow {
			h.log.Warn().Int("folders", maxFolders).Msg("too many folders below the plugins folder; changes in some are noticed by polling")
		}
		h.overflow = seen.overflow
		if err != nil {
			if !h.blind {
				h.log.Error().Err(err).Msg("cannot read the plugins folder; what is loaded goes on")
			}
			h.blind = true
			return nil
		}
		h.blind = false
		if !added || try == rescans {
			return seen
		}
	}
}

// apply starts and removes plugins so that they are those that were seen, and lets each compare itself with the disk.
// polled tells that no event has said that the files are quiet. Nil changes nothing.
func (h *Host) apply(ctx context.Context, seen *found, polled bool) {
	if seen == nil {
		return
	}
	wanted, misfits := map[string]entry{}, map[string]Plugin{}
	for _, e := range seen.entries {
		if e.problem != "" {
			misfits[e.file] = h.misfit(e)
			continue
		}
		wanted[e.name] = e
	}
	var gone, known, fresh []*plugin
	h.mu.Lock()
	h.misfits = misfits
	for name, p := range h.plugins {
		if _, ok := wanted[name]; !ok {
			delete(h.plugins, name)
			gone = append(gone, p)
		}
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

	for _, p := range gone {
		h.leaving[p.name] = p
		p.leave()
	}
	for _, p := range known {
		p.poke(polled)
	}
	for _, p := range fresh {
		p.poke(polled)
		before := h.leaving[p.name]
		delete(h.leaving, p.name)
		h.work.Go(func() { p.run(ctx, before) })
	}
	maps.DeleteFunc(h.leaving, func(_ string, p *plugin) bool { return p.left() })
}

// misfit returns the row of an entry that cannot be loaded, and says so when it is new.
func (h *Host) misfit(e entry) Plugin {
	h.mu.Lock()
	row, known := h.misfits[e.file]
	h.mu.Unlock()
	if known && row.Error.Message == e.problem {
		return row
	}
	now := time.Now()
	h.log.Error().Str("plugin", e.name).Str("file", e.file).Str("error", e.problem).Msg("plugin cannot be loaded")
	return Plugin{
		Name: e.name, File: e.file, State: Broken, Since: now,
		Error: &Problem{Message: e.problem, File: path.Join(filepath.Base(h.cfg.Dir), e.file), Since: now},
	}
}

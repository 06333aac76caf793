package scripting

import (
	"context"
	"crypto/sha256"
	"errors"
	"io/fs"
	"os"
	"slices"
	"time"

	"trackhook/scripting/internal/source"
)

// attempt is a load that has failed.
type attempt struct {
	entry  source.Entry
	graph  *source.Graph
	rights int
}

// loaded is what came of a load.
type loaded struct {
	version *version      // nil when err is set
	graph   *source.Graph // never nil
	err     error
	took    time.Duration
	// stale tells that the first file was written while the load went on.
	stale bool
}

const (
	// maxTorn bounds how often a load is repeated because files changed meanwhile. A file that never comes to rest, say
	// one that another program writes all the time, is then taken as it is.
	maxTorn = 10
	// emptyPatience is how long a file that has become empty is taken for a save in two steps, of which the second one
	// is late, for the first file also at the start: the host may have been killed and started again in between. An empty
	// script is a good one, and would let responses pass unheard.
	emptyPatience = 500 * time.Millisecond
)

// update brings what runs in line with what is on disk.
func (p *plugin) update(ctx context.Context) {
	var believeEmpty time.Time
	for torn := 0; ctx.Err() == nil; {
		p.mu.Lock()
		e, quiet, lost, running, condemned, rights := p.entry, p.quiet, p.lost, p.current, p.condemned, p.rights
		p.quiet, p.lost, p.condemned = false, false, nil
		p.mu.Unlock()

		if running != nil && running.rights == rights && running.entry.Path == e.Path && !running.graph.Changed() {
			p.restore(running)
			return
		}
		if lost {
			p.failed = nil
		}
		if condemned != nil {
			p.failed = &attempt{entry: condemned.entry, graph: condemned.graph, rights: condemned.rights}
		}
		if p.failed != nil && p.failed.rights == rights && p.failed.entry.Path == e.Path && !p.failed.graph.Changed() {
			return
		}
		if isGone(e.Path) {
			return // whether the plugin was removed is for the host to say
		}
		if isEmpty(e.Path) {
			if believeEmpty.IsZero() {
				believeEmpty = time.Now().Add(p.host.cfg.emptyPatience)
			}
			if left := time.Until(believeEmpty); left > 0 {
				p.pause(ctx, left)
				continue
			}
		}
		result := p.load(ctx, e, rights)
		if !quiet && !result.stale {
			// No event has said that the files are at rest, so they are asked again before the result is believed.
			wait(ctx, p.host.cfg.Debounce)
		}
		switch {
		case ctx.Err() != nil || result.stale:
			p.discard(result)
		case believeEmpty.IsZero() && result.graph.IsMissing(e.Path):
			// It was emptied or removed after the look above, by a save in two steps.
			p.discard(result)
			believeEmpty = time.Now().Add(p.host.cfg.emptyPatience)
			p.pause(ctx, p.host.cfg.emptyPatience)
		case running != nil && result.graph.IsEmptied(running.graph) && (believeEmpty.IsZero() || time.Until(believeEmpty) > 0):
			// So was a file that the first one requires.
			p.discard(result)
			if believeEmpty.IsZero() {
				believeEmpty = time.Now().Add(p.host.cfg.emptyPatience)
			}
			p.pause(ctx, time.Until(believeEmpty))
		case result.graph.Changed() && torn < maxTorn:
			torn++
			p.discard(result)
			wait(ctx, p.host.cfg.Debounce)
		case result.err != nil:
			p.failed = &attempt{entry: e, graph: result.graph, rights: rights}
			p.breakDown(result)
			return
		default:
			p.failed = nil
			p.swap(result) //nolint:contextcheck // the source of what runs is kept also when ctx ends
			return
		}
	}
}

// load starts a fresh instance beside the running one. It gives up early when the first file is saved again
// meanwhile, so that a script that loops for ever does not hold up its own correction.
func (p *plugin) load(ctx context.Context, e source.Entry, rights int) loaded {
	// The instance outlives ctx: runs in hand and promises are allowed to end. Its own context ends with it.
	own, release := context.WithCancel(context.WithoutCancel(ctx))
	started, before := time.Now(), digest(e.Path)
	done := make(chan loaded, 1)
	p.host.work.Go(func() {
		i, g, err := p.start(own, e)
		result := loaded{graph: g, err: err, took: time.Since(started)}
		if err != nil {
			release()
		} else {
			result.version = &version{id: g.Version(), entry: e, instance: i, graph: g, rights: rights, release: release}
		}
		done <- result
	})
	woken, stale := false, false
	for {
		select {
		case result := <-done:
			if woken {
				p.poke(true) // a change beside the first file may have come too late for this load
			}
			result.stale = stale
			return result
		case <-ctx.Done():
			release()
			return <-done
		case <-p.wake:
			woken = true
			if !stale && digest(e.Path) != before {
				stale = true
				release()
			}
		}
	}
}

// discard ends a version that never ran a response.
func (p *plugin) discard(result loaded) {
	if result.version != nil {
		p.mu.Lock()
		p.leaveLocked(result.version)
		p.mu.Unlock()
		p.dismiss(result.version)
	}
}

// swap lets a new version take over between two responses, says so when it is true, and retires the old one.
func (p *plugin) swap(result loaded) {
	v := result.version
	// Before the first response is handed over, and only now: a load that is discarded sends nothing.
	v.instance.GoLive()
	p.mu.Lock()
	old, call, was, moving := p.current, p.call, p.last, p.moving
	p.moving = ""
	healed := p.healLocked(v)
	v.live, v.listened = time.Now(), p.latest.lastListened()
	p.current, p.last, p.latest = v, v.id, v
	p.leaveLocked(old)
	p.setStateLocked(Live)
	if was != "" {
		p.reloads++
		p.lastReload = time.Now()
	}
	close(p.changed)
	p.changed = make(chan struct{})
	p.mu.Unlock()

	if call != nil && call.version == old {
		call.stop()
		<-call.done
	}
	p.mu.Lock()
	after := p.handled
	if v.begun {
		after = v.after
	}
	p.mu.Unlock()
	line := p.log.Info().Str("version", v.id).Str("file", v.entry.File).Strs("registered", describeRegistrations(v.instance.Registered())).
		Str("took", durationText(result.took))
	switch {
	case was == "":
		line.Msg("plugin loaded")
	case old == nil:
		line.Str("was", was).Msg("plugin restarted")
	case moving != "":
		line.Str("reason", moving).Msg("plugin started again in another process")
	case old.rights != v.rights:
		line.Str("was", was).Msg("plugin reloaded, because it has other rights now")
	default:
		line.Str("was", was).Msg("plugin reloaded")
	}
	p.logHealed(v, healed)
	p.warn(v)
	p.grew(v.graph)
	p.keepSource(v, after)
	if old != nil {
		p.dismiss(old)
	}
}

// restore notes that what runs is what is on disk, after a broken edit was undone.
func (p *plugin) restore(running *version) {
	p.failed = nil
	p.mu.Lock()
	if p.current != running {
		p.mu.Unlock()
		return
	}
	healed := p.healLocked(running)
	p.setStateLocked(Live)
	p.mu.Unlock()
	p.logHealed(running, healed)
}

// healLocked takes the problem away, and returns since when the plugin was broken; zero when it was not.
func (p *plugin) healLocked(v *version) time.Time {
	p.disk = v.id
	if p.problem == nil {
		return time.Time{}
	}
	p.problem = nil
	return p.since
}

// durationText is a duration for the log, with its unit: three digits or so are all that anybody reads.
func durationText(d time.Duration) string {
	switch {
	case d < time.Millisecond:
		return d.Round(time.Microsecond).String()
	case d < time.Second:
		return d.Round(10 * time.Microsecond).String()
	default:
		return d.Round(10 * time.Millisecond).String()
	}
}

func (p *plugin) logHealed(v *version, broken time.Time) {
	if !broken.IsZero() {
		p.log.Info().Str("version", v.id).Str("broken_for", durationText(time.Since(broken))).Msg("plugin healed")
	}
}

// breakDown notes that what is on disk cannot be loaded. What runs goes on running.
func (p *plugin) breakDown(result loaded) {
	problem, disk := problemOf(result.err, p.host.cfg.Dir), result.graph.Version()
	p.mu.Lock()
	running := p.current
	p.problem, p.disk = problem, disk
	if running == nil {
		p.setStateLocked(Broken)
	} else {
		p.setStateLocked(BrokenEdit)
	}
	p.mu.Unlock()

	p.grew(result.graph)
	line := problem.log(p.log.Error().Str("disk", disk))
	if running == nil {
		line.Msg("plugin broken, its responses wait for the next good save")
		return
	}
	line.Str("version", running.id).Msgf("plugin broken, version %s keeps running", running.id)
}

// leaveLocked notes that a version, or nil, is no longer the current one, so that its counts are not lost to a
// snapshot meanwhile, and the plugin does not end before it has. [plugin.dismiss] must follow.
func (p *plugin) leaveLocked(v *version) {
	if v != nil {
		p.retire.Add(1)
		p.retiring = append(p.retiring, v)
	}
}

// dismiss retires a version that has left. Its counts are kept.
func (p *plugin) dismiss(v *version) {
	done := v.instance.Retire()
	if p.host.isGivenUp() {
		v.instance.GiveUp()
	}
	go func() {
		defer p.retire.Done()
		<-done
		v.release()
		runs, failed := v.instance.Counters()
		p.mu.Lock()
		defer p.mu.Unlock()
		p.retiring = slices.DeleteFunc(p.retiring, func(other *version) bool { return other == v })
		p.past.runs += runs
		p.past.failed += failed
	}()
}

// pause waits until the plugin is poked, ctx ends or the time is over.
func (p *plugin) pause(ctx context.Context, most time.Duration) {
	timer := time.NewTimer(most)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-p.wake:
	case <-timer.C:
	}
}

// isGone tells that there is no file of that name, and no link either.
func isGone(path string) bool {
	_, err := os.Lstat(path)
	return errors.Is(err, fs.ErrNotExist)
}

func isEmpty(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Size() == 0
}

// digest tells one content of a file from another. A file that cannot be read has the digest of nothing.
func digest(path string) [sha256.Size]byte {
	text, err := os.ReadFile(path)
	if err != nil {
		return [sha256.Size]byte{}
	}
	return sha256.Sum256(text)
}

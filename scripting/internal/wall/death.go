package wall

import (
	"time"

	"trackhook/engine"
)

const (
	// firstPause and maxPause bound the pause before a process takes over for one that has died.
	firstPause = 20 * time.Millisecond
	maxPause   = 5 * time.Second
	// calm is how long a version must have lived for its deaths to be forgotten.
	calm = time.Minute
	// maxDeaths is how many deaths within calm give the version up.
	maxDeaths = 10
	// maxEnded is how many processes a response may end before it is set aside.
	maxEnded = 2
)

// deaths is what is remembered of processes that have died. It is guarded by the mu of the version.
type deaths struct {
	recent []time.Time
	// until is the last response of the batch that was in hand at the last death: up to it they go one by one.
	until uint64
	// ended counts the processes that a response has ended.
	ended map[uint64]int
}

// add counts a death, and tells whether the version is to be given up.
func (d *deaths) add(now time.Time) (tooMany bool) {
	kept := d.recent[:0]
	for _, at := range d.recent {
		if now.Sub(at) < calm {
			kept = append(kept, at)
		}
	}
	d.recent = append(kept, now)
	return len(d.recent) >= maxDeaths
}

// pause is how long to wait before the next process.
func (d *deaths) pause(now time.Time) time.Duration {
	recent := 0
	for _, at := range d.recent {
		if now.Sub(at) < calm {
			recent++
		}
	}
	if recent == 0 {
		return 0
	}
	return min(firstPause<<(recent-1), maxPause)
}

// doubtful tells whether a response may have ended a process together with others.
func (d *deaths) doubtful(seq uint64) bool { return seq <= d.until }

// died takes note of the end of a process that had a batch in hand, and returns how many of its responses are done.
func (v *Version) died(p *process, batch []engine.Response) int {
	done := int(min(v.progress.Load(), uint64(len(batch)))) //nolint:gosec // bounded by the batch
	v.mu.Lock()
	givenUp := v.givenUp
	v.mu.Unlock()
	if givenUp || done == len(batch) {
		v.mourn(p, nil)
		return done
	}
	left := batch[done:]
	v.mu.Lock()
	v.deaths.until = max(v.deaths.until, left[len(left)-1].Seq)
	if v.deaths.ended == nil {
		v.deaths.ended = map[uint64]int{}
	}
	aside := false
	if len(batch) == 1 {
		v.deaths.ended[left[0].Seq]++
		if aside = v.deaths.ended[left[0].Seq] >= maxEnded; aside {
			delete(v.deaths.ended, left[0].Seq)
			v.past.failures++
			v.failed[left[0].Seq] = "set aside: it has ended the process of the plugin twice: " + p.reason()
		}
	}
	v.mu.Unlock()
	var about *engine.Response
	if len(batch) == 1 {
		about = &left[0]
	}
	v.mourn(p, about)
	if aside {
		v.cfg.Own.Error().Str("version", v.graph.Version()).Uint64("seq", left[0].Seq).Str("id", left[0].Package.ID).
			Str("error", p.reason()).Msg("response set aside, because it has ended the process of the plugin twice; `trackhook plugin replay` can run it again")
		v.cfg.OnDeath(true)
		done++
	}
	return done
}

// attend waits for the end of a process that nobody hands responses to.
func (v *Version) attend(p *process) {
	<-p.gone
	v.release(p)
	v.lines.rest()
	v.mu.Lock()
	retired := v.retired
	v.mu.Unlock()
	if retired {
		v.mourn(p, nil)
		v.finish()
		return
	}
	select {
	case v.turn <- struct{}{}: // whoever hands responses over has seen the end, and knows more about it
		defer func() { <-v.turn }()
		v.mourn(p, nil)
		// What it had begun, such as timers, goes on in the next one.
		if _, err := v.ready(v.life); err != nil && v.life.Err() == nil {
			v.cfg.Own.Error().Err(err).Msg("the plugin cannot be started again; the next response tries")
		}
	case <-v.life.Done():
		v.mourn(p, nil)
		v.finish()
	}
}

// mourn takes a process out that has gone, once, and says why. about is the response that it was working on, if that is known.
func (v *Version) mourn(p *process, about *engine.Response) {
	v.mu.Lock()
	if v.proc != p {
		v.mu.Unlock()
		return
	}
	v.proc = nil
	v.past.runs += v.runs.runs
	v.past.failures += v.runs.failures
	v.runs = tally{}
	if v.retired {
		v.mu.Unlock()
		return
	}
	tooMany := v.deaths.add(time.Now())
	pause := v.deaths.pause(time.Now())
	v.mu.Unlock()
	line := v.cfg.Own.Error().Str("version", v.graph.Version()).Str("error", p.reason()).Str("pause", pause.String())
	if about != nil {
		line = line.Uint64("seq", about.Seq).Str("id", about.Package.ID)
	}
	line.Msg("the process of the plugin was ended; a fresh one takes over")
	v.cfg.OnDeath(false)
	if tooMany {
		v.quarantine(v.blame("its process was ended again and again, the last time because of this: " + p.reason()))
	}
}

package wall

import (
	"errors"
	"slices"
	"time"

	"trackhook/engine"
	"trackhook/scripting/internal/instance"
)

const (
	// firstPause and maxPause bound the pause before a process takes over for one that has died.
	firstPause = 20 * time.Millisecond
	maxPause   = 5 * time.Second
	// calm is how long a version must have lived for its deaths to be forgotten.
	calm = time.Minute
	// maxDeaths is how many deaths within calm give the version up.
	maxDeaths = 10
	// maxOverruns is how many runs that are longer than their limit within calm make a version move out.
	maxOverruns = 3
	// maxEnded is how many processes a response may end before it is set aside.
	maxEnded = 2
)

// deaths is what is remembered of processes that have died. It is guarded by the mu of the version.
type deaths struct {
	recent []time.Time
	// spent are those that were ended because of a run that could not be interrupted.
	spent []time.Time
	// overruns are runs that were interrupted at the time limit.
	overruns []time.Time
	// until is the last response of the batch that was in hand at the last death: up to it they go one by one.
	until uint64
	// ended counts the processes that a response has ended.
	ended map[uint64]int
	// aside counts the responses that were set aside, and lastAside is the number of the last of them.
	aside     int
	lastAside uint64
}

// add counts a death, and tells whether the version is to be given up.
func (d *deaths) add(now time.Time) (tooMany bool) {
	d.recent = append(since(d.recent, now, calm), now)
	return len(d.recent) >= maxDeaths
}

// addSpent counts a process that was ended because of a run that could not be interrupted, and returns how many those are.
func (d *deaths) addSpent(now time.Time) int {
	d.spent = append(since(d.spent, now, instance.BreakdownWindow), now)
	return len(d.spent)
}

// addOverrun counts a run that was interrupted at the time limit, and returns how many those are.
func (d *deaths) addOverrun(now time.Time) int {
	d.overruns = append(since(d.overruns, now, calm), now)
	return len(d.overruns)
}

// since leaves out what is longer ago than that.
func since(all []time.Time, now time.Time, window time.Duration) []time.Time {
	return slices.DeleteFunc(all, func(at time.Time) bool { return now.Sub(at) >= window })
}

// pause is how long to wait before the next process.
func (d *deaths) pause(now time.Time) time.Duration {
	d.recent = since(d.recent, now, calm)
	if len(d.recent) == 0 {
		return 0
	}
	return min(firstPause<<(len(d.recent)-1), maxPause)
}

// doubtful tells whether a response may have ended a process together with others.
func (d *deaths) doubtful(seq uint64) bool { return seq <= d.until }

// died takes note of the end of a process that had a batch in hand, and returns how many of its responses are done.
func (v *Version) died(p *process, batch []engine.Response) int {
	done := int(min(v.progress.Load(), uint64(len(batch)))) //nolint:gosec // bounded by the batch
	v.mu.Lock()
	retired := v.retired
	v.mu.Unlock()
	if p.fate == innocent && p.unsettled && done < len(batch) {
		v.cfg.Own.Warn().Str("version", v.graph.Version()).Uint64("from", batch[done].Seq).Uint64("to", batch[len(batch)-1].Seq).
			Msg("the process that plugins share was ended before what this one had done was known; it hears these responses again")
	}
	if retired || done == len(batch) || p.fate == innocent { // one that is retired ends, and no response is to blame
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
	if len(batch) == 1 && p.fate == guilty {
		v.deaths.ended[left[0].Seq]++
		if aside = v.deaths.ended[left[0].Seq] >= maxEnded; aside {
			delete(v.deaths.ended, left[0].Seq)
			v.past.failures++
			v.deaths.aside++
			v.deaths.lastAside = left[0].Seq
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
	select {
	case v.turn <- struct{}{}: // whoever hands responses over has seen the end, and knows more about it
		v.mourn(p, nil)
		v.startAgain()
		<-v.turn
	case <-v.life.Done():
		v.mourn(p, nil)
	}
	v.mu.Lock()
	over := v.retired && v.proc == nil && !v.loading // otherwise somebody else finishes it
	v.mu.Unlock()
	if over {
		v.finish()
	}
}

// startAgain lets what a process that has died had begun, such as timers, go on in the next one.
func (v *Version) startAgain() {
	_, err := v.ready(v.life)
	if _, quarantined := errors.AsType[*instance.QuarantineError](err); err != nil && !quarantined && !v.isRetired() {
		v.cfg.Own.Error().Err(err).Msg("the plugin cannot be started again; the next response tries")
	}
}

func (v *Version) isRetired() bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.retired
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
	if v.retired || p.fate == innocent {
		v.mu.Unlock()
		return
	}
	v.leaveShared(p)
	tooMany := v.deaths.add(time.Now())
	pause := v.deaths.pause(time.Now())
	v.mu.Unlock()
	line := v.cfg.Own.Error().Str("version", v.graph.Version()).Str("error", p.reason())
	if about != nil {
		line = line.Uint64("seq", about.Seq).Str("id", about.Package.ID)
	}
	switch {
	case tooMany:
		line.Msg("the process of the plugin was ended once too often")
	case p.fate == suspect:
		line.Msg("the process that plugins share was ended while this one ran; it gets one of its own")
	default:
		line.Str("pause", pause.String()).Msg("the process of the plugin was ended; a fresh one takes over")
	}
	v.cfg.OnDeath(false)
	if tooMany {
		v.quarantine(v.blame("its process was ended again and again, the last time because of this: " + p.reason()))
	}
}

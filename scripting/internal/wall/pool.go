package wall

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/rs/zerolog"
)

const (
	// sharedMemory is how many times as much memory as a process of its own plugins may have together, beside a little for
	// each. From half of that on, those move out that run most.
	sharedMemory = 2
	// probation is how long a plugin stays in a process of its own that was suspected, and sentence how many times as long one
	// that was the cause of an end.
	probation = time.Minute
	sentence  = 60
)

// PoolConfig is what a pool works with.
type PoolConfig struct {
	// Command starts a worker process.
	Command []string
	// Spare is where the next process is taken from, if there is one. Nil: it is started when it is needed.
	Spare *Spare
	// Memory is how many bytes a plugin may use.
	Memory int64
	// Log takes what is said about the process that plugins share.
	Log zerolog.Logger

	// waits and probation take the places of the constants of these names; set by tests. Zero: they do not.
	waits     waits
	probation time.Duration
}

// Pool is the process that plugins share. One that may have ended it gets a process of its own, where the cause of it shows
// itself, and stays; others come back after a while. It may be used from many goroutines at once. Use [NewPool], and Close at the
// end.
type Pool struct {
	cfg PoolConfig

	mu     sync.Mutex
	house  *house // guarded by mu, as all below; nil: there is none at this moment
	closed bool
	out    map[string]time.Time // plugins that are out, until when
	recent []time.Time          // ends of which nobody was suspected
}

// NewPool makes a pool. Nothing is started before it is needed.
func NewPool(cfg PoolConfig) *Pool {
	cfg.waits = cfg.waits.withDefaults()
	if cfg.probation == 0 {
		cfg.probation = probation
	}
	return &Pool{cfg: cfg, out: map[string]time.Time{}}
}

// Close ends the process that plugins share, once they have left it.
func (p *Pool) Close() {
	p.mu.Lock()
	h := p.house
	p.house, p.closed = nil, true
	p.mu.Unlock()
	if h != nil {
		h.dismiss()
	}
}

// open gets a plugin a place: in the process that is shared, or in one of its own while it is out.
func (p *Pool) open(ctx context.Context, v *Version) (*process, error) {
	plugin := v.cfg.Start.Plugin
	for {
		if p.isOut(plugin) {
			return spawn(p.cfg.Command, v.cfg.Start.Memory, v.waits, v.cfg.Spare, v.hear)
		}
		h, pause, err := p.shared()
		if err != nil {
			return nil, err
		}
		if h == nil {
			if !sleep(ctx, pause) {
				return nil, fmt.Errorf("start a worker process: %w", ctx.Err())
			}
			continue
		}
		if place := h.open(plugin, v.hear, func(why string) { v.cfg.OnMove(v, why) }); place != nil {
			return place, nil
		}
		select {
		case <-h.gone:
		case <-ctx.Done():
			return nil, fmt.Errorf("start a worker process: %w", ctx.Err())
		}
		p.forget(h)
	}
}

// shared returns the process, and starts one if there is none. Nil: it is to be started after a pause.
func (p *Pool) shared() (*house, time.Duration, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.house != nil:
		return p.house, 0, nil
	case p.closed:
		return nil, 0, errRefused
	}
	now := time.Now()
	if p.recent = since(p.recent, now, calm); len(p.recent) > 0 {
		last := p.recent[len(p.recent)-1]
		if pause := min(firstPause<<min(len(p.recent)-1, 10), maxPause) - now.Sub(last); pause > 0 {
			return nil, pause, nil
		}
	}
	h, err := obtain(p.cfg.Command, p.cfg.waits, p.cfg.Spare, true)
	if err != nil {
		return nil, 0, err
	}
	h.take(use{shared: true, memory: sharedMemory * p.cfg.Memory, crowded: p.crowded})
	p.house = h
	go p.attend(h)
	return h, 0, nil
}

// attend takes the process out when it has ended, and says why.
func (p *Pool) attend(h *house) {
	<-h.gone
	p.mu.Lock()
	closed := p.closed
	p.mu.Unlock()
	p.forget(h)
	if closed {
		return
	}
	h.mu.Lock()
	ran, culprit := h.ran, h.culprit
	var names []string
	for channel, room := range h.rooms {
		if culprit == room || culprit == nil && ran[channel] {
			names = append(names, room.plugin)
		}
	}
	rooms := len(h.rooms)
	h.mu.Unlock()
	if len(names) == 0 {
		p.mu.Lock()
		p.recent = append(p.recent, time.Now())
		p.mu.Unlock()
	}
	slices.Sort(names)
	p.cfg.Log.Error().Str("error", h.reason()).Strs("suspected", names).Int("plugins", rooms).
		Msg("the process that plugins share was ended; those that ran then get processes of their own for a while")
}

// crowded lets a version move out, because the process has too much memory and it runs most.
func (p *Pool) crowded(most *process) {
	p.moveOut(most.plugin, suspect)
	most.move("the process that plugins share has become large, and it runs most")
}

func (p *Pool) forget(h *house) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.house == h {
		p.house = nil
	}
}

func (p *Pool) isOut(plugin string) bool {
	return time.Now().Before(p.backAt(plugin))
}

// backAt is when a plugin may come back; the zero time: it is not out.
func (p *Pool) backAt(plugin string) time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	maps.DeleteFunc(p.out, func(_ string, until time.Time) bool { return !time.Now().Before(until) })
	return p.out[plugin]
}

// moveOut lets a plugin have a process of its own from its next start on.
func (p *Pool) moveOut(plugin string, what fate) {
	stay := p.cfg.probation
	if what == guilty {
		stay *= sentence
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if until := time.Now().Add(stay); until.After(p.out[plugin]) {
		p.out[plugin] = until
	}
}

// sleep pauses, and returns false when ctx ended first.
func sleep(ctx context.Context, pause time.Duration) bool {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

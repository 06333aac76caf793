package wall

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"time"

	"trackhook/scripting/internal/instance"
	"trackhook/scripting/internal/script"
	"trackhook/scripting/internal/wire"
)

// Counters returns how many runs and errors there were.
func (v *Version) Counters() (runs, failed uint64) {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.past.runs + v.runs.runs, v.past.failures + v.runs.failures
}

// Registered tells what the version listens to.
func (v *Version) Registered() []instance.Registration {
	v.mu.Lock()
	defer v.mu.Unlock()
	var all []instance.Registration
	for _, r := range v.state.Registered {
		all = append(all, instance.Registration{App: r.App, Listeners: r.Listeners})
	}
	return all
}

// Walls tells what the system keeps from the process in hand; see the walls of package wire.
func (v *Version) Walls() []string {
	v.mu.Lock()
	defer v.mu.Unlock()
	return slices.Clone(v.state.Walls)
}

// Warnings tells which listeners hear nothing, and which responses were set aside.
func (v *Version) Warnings() []*script.Error {
	v.mu.Lock()
	warnings, aside, last := slices.Clone(v.state.Warnings), v.deaths.aside, v.deaths.lastAside
	v.mu.Unlock()
	if aside > 0 {
		warnings = append(warnings, v.blame(fmt.Sprintf(
			"responses were set aside because they have ended its process twice: %d, the last of them number %d", aside, last)))
	}
	return warnings
}

// Quantiles returns the times that half and 99 of 100 runs are below.
func (v *Version) Quantiles() (p50, p99 time.Duration) {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.p50, v.p99
}

// Taken returns the errors of responses up to a number since the last call, and forgets them.
func (v *Version) Taken(upTo uint64) map[uint64]string {
	v.mu.Lock()
	defer v.mu.Unlock()
	var taken map[uint64]string
	for seq, text := range v.failed {
		if seq <= upTo {
			if taken == nil {
				taken = map[uint64]string{}
			}
			taken[seq] = text
			delete(v.failed, seq)
		}
	}
	return taken
}

func (v *Version) noteState(body []byte) bool {
	var state wire.State
	if json.Unmarshal(body, &state) != nil {
		return false
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.state = state
	return true
}

func (v *Version) noteQuarantine(body []byte) bool {
	var reason script.Error
	if json.Unmarshal(body, &reason) != nil {
		return false
	}
	v.quarantine(&reason)
	return true
}

// quarantine gives the version up.
func (v *Version) quarantine(reason *script.Error) {
	v.mu.Lock()
	first := v.quarantined == nil
	if first {
		v.quarantined = &instance.QuarantineError{Reason: reason}
	}
	v.mu.Unlock()
	if first && v.cfg.OnQuarantine != nil {
		go v.cfg.OnQuarantine(v, reason)
	}
}

// Process is the process in hand; nil when there is none at this moment.
func (v *Version) Process() *os.Process {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.proc == nil {
		return nil
	}
	return v.proc.cmd.Process
}

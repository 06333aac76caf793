package scripting

import (
	"os"

	"trackhook/scripting/internal/wall"
)

// WorkerProcesses returns the processes that a host's plugins run in.
func WorkerProcesses(h *Host) []*os.Process {
	var all []*os.Process
	for _, p := range h.followed() {
		p.mu.Lock()
		current := p.current
		p.mu.Unlock()
		if v, ok := current.instance.(*wall.Version); ok {
			if process := v.Process(); process != nil {
				all = append(all, process)
			}
		}
	}
	return all
}

// SparePid is the number of the process that a host has started ahead; 0: there is none at this moment.
func SparePid(h *Host) int { return h.cfg.spare.Pid() }

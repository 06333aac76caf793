package wall

import (
	"fmt"
	"io"
	"math"
	"time"

	"trackhook/engine"
)

// running are the channels of those who run at this moment.
func (h *house) running() map[uint32]bool {
	text, err := io.ReadAll(io.NewSectionReader(h.board, 0, math.MaxInt64))
	if err != nil {
		return nil
	}
	ran := map[uint32]bool{}
	for channel, runs := range text {
		if runs != 0 {
			ran[uint32(channel)] = true //nolint:gosec // there are not so many
		}
	}
	return ran
}

const (
	// memoryPause is how often the memory of a process is looked at, and calmPause how often that of one that has been small,
	// has not grown, and was told nothing for calmAfter looks: what its timers do is seen later then. The system bounds it, too.
	memoryPause = 200 * time.Millisecond
	calmPause   = time.Second
	calmAfter   = 10
	// A process is small below this share of what it may have, and has grown when it has so many bytes more.
	smallShare = 8
	grown      = 4 << 20
	// moveEvery is after how many looks one more moves out of a process that is too large.
	moveEvery = 10
	// roomMemory is how many bytes each version adds to what a process that is shared may have.
	roomMemory = 1 << 20
)

// watch ends the process when it has more memory than it may have. Of one that is shared, it lets those move out before who run
// most while it has too much.
func (h *house) watch() {
	timer := time.NewTimer(memoryPause)
	defer timer.Stop()
	seen := map[uint32]int{}
	large, calm, before := 0, 0, int64(0)
	for h.memory > 0 {
		select {
		case <-h.over:
			return
		case <-h.stirred:
			calm = 0
			timer.Reset(memoryPause)
			continue
		case <-timer.C:
		}
		resident := residentOf(h.cmd.Process.Pid)
		limit := h.limit()
		if calm++; resident > limit/smallShare || resident > before+grown {
			calm = 0
		}
		before = resident
		if calm >= calmAfter {
			h.calm.Store(true)
			timer.Reset(engine.UntilTick(calmPause))
		} else {
			timer.Reset(memoryPause)
		}
		if resident > limit {
			h.kill(nil, fmt.Sprintf("it used more than %d MB of memory", limit>>20))
			continue
		}
		if h.crowded == nil {
			continue
		}
		if resident <= limit-h.memory/2 {
			large = 0
			clear(seen)
			continue
		}
		for channel := range h.running() {
			seen[channel]++
		}
		if large++; large%moveEvery == 0 {
			h.moveOut(seen)
		}
	}
}

// limit is how many bytes the process may have now.
func (h *house) limit() int64 {
	if !h.shared {
		return h.memory
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.memory + int64(len(h.rooms))*roomMemory
}

// moveOut lets the one move out that was seen running most.
func (h *house) moveOut(seen map[uint32]int) {
	h.mu.Lock()
	var most *process
	for channel, p := range h.rooms {
		if seen[channel] > 0 && (most == nil || seen[channel] > seen[most.channel]) {
			most = p
		}
	}
	alone := len(h.rooms) < 2
	h.mu.Unlock()
	if most != nil && !alone {
		delete(seen, most.channel)
		h.crowded(most)
	}
}

// kill ends the process, on account of one in it if that is not nil. The first reason counts.
func (h *house) kill(culprit *process, why string) {
	h.mu.Lock()
	if h.why == "" {
		h.why, h.culprit = why, culprit
	}
	h.closed = true
	h.mu.Unlock()
	_ = h.cmd.Process.Kill() // it has ended already otherwise
}

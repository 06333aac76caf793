package worker

import (
	"runtime/metrics"
	"time"
)

// memoryPause is how often a process looks at its own memory.
const memoryPause = 100 * time.Millisecond

// watchMemory calls end when the process has more than so many bytes, once. It is for systems where neither they nor the host see to
// that: what scripts have is Go's.
func watchMemory(most int64, end func()) {
	samples := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	ticker := time.NewTicker(memoryPause)
	defer ticker.Stop()
	for range ticker.C {
		metrics.Read(samples)
		if held := samples[0].Value.Uint64() - samples[1].Value.Uint64(); held > uint64(most) { //nolint:gosec // it is positive
			end()
			return
		}
	}
}

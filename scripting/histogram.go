package scripting

import (
	"math/bits"
	"sync/atomic"
	"time"
)

// sampleMask selects the runs whose time is taken: the first of each batch, and every eighth after it. Taking the time
// of each would cost more than calling an empty listener.
const sampleMask = 7

// runTimes is a histogram of how long runs take: four buckets for each doubling, from a microsecond to hours, so that a
// quantile is off by a fifth at most. It may be used from many goroutines at once.
type runTimes struct{ buckets [4 * 34]atomic.Uint32 }

// add counts a run.
func (r *runTimes) add(took time.Duration) {
	r.buckets[bucketOf(took)].Add(1)
}

func bucketOf(took time.Duration) int {
	us := uint64(max(took.Microseconds(), 0))
	if us < 4 {
		return int(us)
	}
	power := bits.Len64(us) - 3
	return min(4*(power+1)+int(us>>power&3), 4*34-1)
}

// bucketEnd is the time that all runs of a bucket are below.
func bucketEnd(bucket int) time.Duration {
	if bucket < 4 {
		return time.Duration(bucket+1) * time.Microsecond
	}
	power := bucket/4 - 1
	return time.Duration(uint64(bucket%4+5)<<power) * time.Microsecond
}

// quantiles returns the times that half and 99 of 100 runs are below; 0 when there were no runs.
func (r *runTimes) quantiles() (p50, p99 time.Duration) {
	var counts [4 * 34]uint64
	total := uint64(0)
	for i := range r.buckets {
		counts[i] = uint64(r.buckets[i].Load())
		total += counts[i]
	}
	if total == 0 {
		return 0, 0
	}
	seen := uint64(0)
	for i, count := range counts {
		if count == 0 {
			continue
		}
		seen += count
		if p50 == 0 && 2*seen >= total {
			p50 = bucketEnd(i)
		}
		if 100*seen >= 99*total {
			return p50, bucketEnd(i)
		}
	}
	return p50, p99
}

// ran takes the time of the run in hand, if it is one of those.
func (rt *Runtime) ran(b *batch) {
	if !b.sampled.IsZero() {
		rt.inst.times.add(time.Since(b.sampled))
		b.sampled = time.Time{}
	}
}

package limit_test

import (
	"container/heap"
	"math/rand/v2"
	"time"

	"trackhook/engine/adjust/internal/limit"
)

// trace is what a server does.
type trace struct {
	name   string
	length time.Duration
	// latency of an attempt that arrives at a time since the beginning.
	latency func(at time.Duration, r *rand.Rand) time.Duration
	wall    func(at time.Duration) float64 // taken a second; 0: no wall
	window  bool                           // the wall counts by the second instead of a bucket
	queue   float64                        // served a second, in order; 0: no queue
	chance  float64                        // refused by chance
	down    func(at time.Duration) bool
	best    float64 // packages a second that it takes at best; 0: by the best fixed number
	found   float64 // the best so far
}

func jitter(mid time.Duration) func(time.Duration, *rand.Rand) time.Duration {
	return func(_ time.Duration, r *rand.Rand) time.Duration {
		d := float64(mid) * (0.8 + 0.5*r.Float64()*r.Float64())
		if r.IntN(100) == 0 {
			d *= 2 + 4*r.Float64()
		}
		return max(time.Duration(d), 100*time.Microsecond)
	}
}

type flight struct {
	began, ends time.Time
	result      limit.Result
	permit      any
}
type heapOf []*flight

func (h heapOf) Len() int           { return len(h) }
func (h heapOf) Less(i, j int) bool { return h[i].ends.Before(h[j].ends) }
func (h heapOf) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *heapOf) Push(x any)        { *h = append(*h, x.(*flight)) }
func (h *heapOf) Pop() any {
	old := *h
	x := old[len(old)-1]
	*h = old[:len(old)-1]
	return x
}

// limited tells whether it is known what is best.
func (tr *trace) limited() bool { return tr.best != 0 }

// came is what came of a trial.
type came struct {
	taken, refused, failed int
	rate                   float64
	took                   time.Duration // mean
	full                   time.Duration // until 90 % of the rate in the last quarter
	back                   time.Duration // after the outage
}

// The machine of the client begins an attempt in this time.
const perAttempt = 80 * time.Microsecond

func (c *came) refusals() float64 {
	return 1000 * float64(c.refused) / max(float64(c.taken+c.refused), 1)
}

func run(t trace, c candidate) (out came) {
	r := rand.New(rand.NewPCG(1, 2))
	begin := time.Now()
	var flying heapOf
	busyUntil := begin
	tokens, lastToken := 100.0, begin
	var served time.Time
	second, inSecond := 0, 0.0
	slots := make([]int, int(t.length/(250*time.Millisecond))+1)
	wasDown := false
	upAgain := time.Duration(0)
	var sum time.Duration
	for time.Since(begin) < t.length {
		now := time.Now()
		at := now.Sub(begin)
		down := t.down != nil && t.down(at)
		if wasDown && !down {
			c.restart()
			upAgain = at
		}
		wasDown = down
		for len(flying) < max(c.limit(), 1) && !busyUntil.After(now) && !down {
			f := &flight{began: now, permit: c.begin()}
			lat := t.latency(at, r)
			f.ends = now.Add(lat)
			if t.wall != nil {
				w := t.wall(at)
				if t.window {
					if s := int(at / time.Second); s != second {
						second, inSecond = s, 0
					}
					if inSecond++; inSecond > w {
						f.result = limit.Refused
					}
				} else {
					tokens = min(tokens+now.Sub(lastToken).Seconds()*w, 100)
					lastToken = now
					if tokens < 1 {
						f.result = limit.Refused
					} else {
						tokens--
					}
				}
			}
			if t.queue > 0 {
				if served.Before(now) {
					served = now
				}
				served = served.Add(time.Duration(float64(time.Second) / t.queue))
				f.ends = served.Add(lat)
			}
			if r.Float64() < t.chance {
				f.result = limit.Refused
			}
			heap.Push(&flying, f)
			if busyUntil.Before(now) {
				busyUntil = now
			}
			busyUntil = busyUntil.Add(perAttempt)
		}
		next := begin.Add(t.length)
		if len(flying) > 0 {
			next = flying[0].ends
		}
		if len(flying) < c.limit() && busyUntil.After(now) && busyUntil.Before(next) {
			next = busyUntil
		}
		if down {
			next = minTime(next, now.Add(100*time.Millisecond))
		}
		time.Sleep(max(time.Until(next), time.Microsecond))
		for len(flying) > 0 && !flying[0].ends.After(time.Now()) {
			n := len(flying)
			f := heap.Pop(&flying).(*flight)
			if t.down != nil && t.down(f.ends.Sub(begin)) {
				f.result = limit.Failed
			}
			switch f.result {
			case limit.Taken:
				out.taken++
				sum += f.ends.Sub(f.began)
				slots[int(f.ends.Sub(begin)/(250*time.Millisecond))%len(slots)]++
			case limit.Refused:
				out.refused++
			default:
				out.failed++
			}
			c.record(f.permit, limit.Sample{Began: f.began, Ended: f.ends, InFlight: n, Result: f.result})
		}
	}
	out.rate = float64(out.taken) / t.length.Seconds()
	if out.taken > 0 {
		out.took = sum / time.Duration(out.taken)
	}
	last := 0.0
	for _, n := range slots[len(slots)*3/4 : len(slots)-1] {
		last += float64(n)
	}
	last /= float64(len(slots) - 1 - len(slots)*3/4)
	out.full, out.back = -1, -1
	for i, n := range slots {
		at := time.Duration(i) * 250 * time.Millisecond
		if float64(n) >= 0.9*last && out.full < 0 {
			out.full = at
		}
		if upAgain > 0 && at >= upAgain && float64(n) >= 0.9*last && out.back < 0 {
			out.back = at - upAgain
		}
	}
	return out
}

func minTime(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

func traces() []trace {
	still := func(rate float64) func(time.Duration) float64 { return func(time.Duration) float64 { return rate } }
	return []trace{
		{name: "0 ms", length: 20 * time.Second, latency: jitter(300 * time.Microsecond)},
		{name: "20 ms", length: 20 * time.Second, latency: jitter(20 * time.Millisecond)},
		{name: "150 ms", length: 30 * time.Second, latency: jitter(150 * time.Millisecond)},
		{name: "500 ms", length: 30 * time.Second, latency: jitter(500 * time.Millisecond)},
		{name: "wall, 20 ms", length: 40 * time.Second, latency: jitter(20 * time.Millisecond), wall: still(2000), best: 2000},
		{name: "wall, 150 ms", length: 40 * time.Second, latency: jitter(150 * time.Millisecond), wall: still(2000), best: 2000},
		{name: "wall, 400 ms", length: 40 * time.Second, latency: jitter(400 * time.Millisecond), wall: still(2000), best: 2000},
		{name: "wall by second, 150 ms", length: 40 * time.Second, latency: jitter(150 * time.Millisecond), wall: still(2000), window: true, best: 2000},
		{name: "moving wall, 150 ms", length: 90 * time.Second, latency: jitter(150 * time.Millisecond), best: 5500. / 3, wall: func(at time.Duration) float64 {
			switch at / (30 * time.Second) {
			case 0:
				return 2000
			case 1:
				return 500
			default:
				return 3000
			}
		}},
		{name: "1% takes 5 s, 20 ms", length: 40 * time.Second, latency: func(at time.Duration, r *rand.Rand) time.Duration {
			if r.IntN(100) == 0 {
				return 5 * time.Second
			}
			return jitter(20*time.Millisecond)(at, r)
		}},
		{name: "queue of 1,000/s, 50 ms", length: 40 * time.Second, latency: jitter(50 * time.Millisecond), queue: 1000, best: 1000},
		{name: "1% refused, 150 ms", length: 40 * time.Second, latency: jitter(150 * time.Millisecond), chance: 0.01},
		{name: "5% refused, 150 ms", length: 40 * time.Second, latency: jitter(150 * time.Millisecond), chance: 0.05},
		{name: "from 20 to 150 ms", length: 60 * time.Second, latency: func(at time.Duration, r *rand.Rand) time.Duration {
			if at > 20*time.Second {
				return jitter(150*time.Millisecond)(at, r)
			}
			return jitter(20*time.Millisecond)(at, r)
		}},
		{
			name: "outage of a minute, wall, 20 ms", length: 120 * time.Second, latency: jitter(20 * time.Millisecond), wall: still(2000), best: 1000,
			down: func(at time.Duration) bool { return at > 20*time.Second && at < 80*time.Second },
		},
	}
}

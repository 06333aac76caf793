package limit_test

import (
	"math"
	"time"

	"github.com/failsafe-go/failsafe-go/adaptivelimiter"

	"trackhook/engine/adjust/internal/limit"
)

const ceiling = 2048

// candidate is a limiter under trial.
type candidate interface {
	limit() int
	begin() any
	record(permit any, s limit.Sample)
	restart()
}

// own is the limiter of this package.
type own struct{ l *limit.Limiter }

func (o own) limit() int                   { return o.l.Limit() }
func (o own) begin() any                   { return nil }
func (o own) record(_ any, s limit.Sample) { o.l.Record(s) }
func (o own) restart()                     { o.l.Restart(time.Now()) }

// fixed is a number that somebody has chosen.
type fixed int

func (f fixed) limit() int               { return int(f) }
func (f fixed) begin() any               { return nil }
func (f fixed) record(any, limit.Sample) {}
func (f fixed) restart()                 {}

// failsafe is that of failsafe-go.
type failsafe struct {
	adaptivelimiter.AdaptiveLimiter[any]
}

func newFailsafe() candidate {
	return failsafe{adaptivelimiter.NewBuilder[any]().WithLimits(1, ceiling, 64).Build()}
}
func (f failsafe) limit() int { return f.Limit() }
func (f failsafe) begin() any {
	p, ok := f.TryAcquirePermit()
	if !ok {
		return nil
	}
	return p
}

func (f failsafe) record(permit any, s limit.Sample) {
	p, ok := permit.(adaptivelimiter.Permit)
	switch {
	case !ok:
	case s.Result == limit.Taken:
		p.Record()
	default:
		p.Drop()
	}
}
func (f failsafe) restart() { f.Reset() }

// vegas is as in concurrency-limits.
type vegas struct {
	l     float64
	noise time.Duration
	n     int
}

func (v *vegas) limit() int { return int(v.l) }
func (v *vegas) begin() any { return nil }
func (v *vegas) restart()   { v.l = 20 }
func (v *vegas) record(_ any, s limit.Sample) {
	rtt := s.Ended.Sub(s.Began)
	if v.n++; v.n > 30*int(v.l) {
		v.n, v.noise = 0, rtt
	}
	if v.noise == 0 || rtt < v.noise {
		v.noise = rtt
		return
	}
	log := math.Max(1, math.Log10(v.l))
	queue := math.Ceil(v.l * (1 - float64(v.noise)/float64(rtt)))
	switch {
	case s.Result != limit.Taken:
		v.l -= log
	case s.InFlight*2 < int(v.l):
		return
	case queue <= log:
		v.l += 6 * log
	case queue < 3*log:
		v.l += log
	case queue > 6*log:
		v.l -= log
	}
	v.l = min(max(v.l, 1), ceiling)
}

// gradient is Gradient2, as in concurrency-limits.
type gradient struct {
	l, long float64
	n       int
}

func (g *gradient) limit() int { return int(g.l) }
func (g *gradient) begin() any { return nil }
func (g *gradient) restart()   { g.l = 20 }
func (g *gradient) record(_ any, s limit.Sample) {
	if s.Result != limit.Taken {
		g.l = max(g.l*0.9, 1) // it has no notion of a drop; this is what its users add
		return
	}
	short := float64(s.Ended.Sub(s.Began))
	if g.n++; g.n < 10 {
		g.long += (short - g.long) / float64(g.n)
	} else {
		g.long += (short - g.long) * 2 / 601
	}
	if g.long/short > 2 {
		g.long *= 0.95
	}
	if s.InFlight < int(g.l)/2 {
		return
	}
	ratio := min(max(1.5*g.long/short, 0.5), 1)
	l := g.l*ratio + 4
	g.l = min(max(g.l*0.8+l*0.2, 20), ceiling)
}

// aimd goes up by adding, and down by multiplying.
type aimd struct{ l float64 }

func (a *aimd) limit() int { return int(a.l) }
func (a *aimd) begin() any { return nil }
func (a *aimd) restart()   { a.l = 1 }
func (a *aimd) record(_ any, s limit.Sample) {
	if s.Result != limit.Taken || s.Ended.Sub(s.Began) > 5*time.Second {
		a.l = max(a.l*0.9, 1)
	} else if s.InFlight*2 >= int(a.l) {
		a.l = min(a.l+1/a.l, ceiling)
	}
}

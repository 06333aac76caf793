package limit_test

import (
	"os"
	"testing"
	"testing/synctest"
	"time"

	"trackhook/engine/adjust/internal/limit"
)

// rival is a candidate by name.
type rival struct {
	name string
	make func() candidate
}

func rivals() []rival {
	return []rival{
		{"this package", func() candidate { return own{limit.New(4, 32, ceiling)} }},
		{"failsafe-go", newFailsafe},
		{"Vegas", func() candidate { return &vegas{l: 20} }},
		{"Gradient2", func() candidate { return &gradient{l: 20} }},
		{"AIMD", func() candidate { return &aimd{l: 20} }},
	}
}

// TestRivals prints the table of the package comment, with TRACKHOOK_RIVALS=1 and -v: it takes a minute, and holds nothing.
func TestRivals(t *testing.T) {
	if os.Getenv("TRACKHOOK_RIVALS") == "" {
		t.Skip("compares limiters for a minute; TRACKHOOK_RIVALS=1 does it")
	}
	for _, tr := range traces() {
		tr.findBest(t)
		for _, r := range rivals() {
			synctest.Test(t, func(t *testing.T) {
				c := r.make()
				got := run(tr, c)
				t.Logf("%-32s %-13s %.2f of %5.0f/s, %5.1f refused per 1,000, %6s each, full after %s, back after %s, limit %d", tr.name, r.name,
					got.rate/tr.best, tr.best, got.refusals(), got.took.Round(100*time.Microsecond), got.full, got.back, c.limit())
			})
		}
	}
}

// findBest tries fixed numbers, where a trace does not say what is best.
func (tr *trace) findBest(t *testing.T) {
	t.Helper()
	for _, n := range []int{64, 256, ceiling} {
		if tr.limited() {
			return
		}
		synctest.Test(t, func(*testing.T) { tr.found = max(tr.found, run(*tr, fixed(n)).rate) })
	}
	tr.best = tr.found
}

// What is promised of each trace: the share of the best rate, and refusals of a thousand.
func TestLimiter(t *testing.T) {
	promised := map[string]struct{ share, refusals float64 }{
		"20 ms": {0.9, 0}, "150 ms": {0.9, 0}, "wall, 20 ms": {0.9, 20}, "wall, 150 ms": {0.9, 20}, "wall, 400 ms": {0.85, 20},
		"moving wall, 150 ms": {0.85, 40}, "1% takes 5 s, 20 ms": {0.9, 0}, "queue of 1,000/s, 50 ms": {0.9, 0}, "1% refused, 150 ms": {0.8, 20},
		"from 20 to 150 ms": {0.9, 0}, "outage of a minute, wall, 20 ms": {0.9, 25},
	}
	for _, tr := range traces() {
		want, ok := promised[tr.name]
		if !ok || os.Getenv("TRACKHOOK_LONG") == "" && tr.best == 0 && tr.name != "150 ms" {
			continue
		}
		t.Run(tr.name, func(t *testing.T) {
			if tr.name == "150 ms" {
				tr.length = 15 * time.Second
			}
			tr.findBest(t)
			synctest.Test(t, func(t *testing.T) {
				got := run(tr, own{limit.New(4, 32, ceiling)})
				if got.rate < want.share*tr.best || got.refusals() > want.refusals {
					t.Errorf("%.2f of %.0f/s, want %.2f; %.1f refused of 1,000, want at most %.0f", got.rate/tr.best, tr.best, want.share, got.refusals(), want.refusals)
				}
				if tr.down != nil && (got.back < 0 || got.back > 5*time.Second) {
					t.Errorf("back to full speed %s after the outage", got.back)
				}
				if tr.queue > 0 && got.took > 300*time.Millisecond {
					t.Errorf("answers of 50 ms take %s, because they wait for each other", got.took)
				}
			})
		})
	}
}

func TestWhy(t *testing.T) {
	l := limit.New(4, 32, 64)
	begin := time.Unix(1_735_689_600, 0)
	if why, changed := l.Why(); l.Limit() != 32 || why != string(limit.CauseStart) || !changed.IsZero() {
		t.Errorf("at the start %d, %s, %s", l.Limit(), why, changed)
	}
	for i := range 64 {
		l.Record(limit.Sample{Began: begin, Ended: begin.Add(time.Duration(i) * time.Millisecond), InFlight: 32, Result: limit.Refused})
	}
	if why, changed := l.Why(); l.Limit() >= 32 || why != string(limit.CauseRefused) || !changed.After(begin) {
		t.Errorf("after refusals %d, %s, %s", l.Limit(), why, changed)
	}
	l.Restart(begin.Add(time.Second))
	if why, _ := l.Why(); l.Limit() != 1 || why != string(limit.CauseOutage) {
		t.Errorf("after an outage %d, %s", l.Limit(), why)
	}
}

// A wall that is met while the limit doubles is not taken for refusals that come by chance, although few of the attempts of
// all the time before were refused.
func TestWallIsNoChance(t *testing.T) {
	for first := 24; first <= 40; first++ {
		l := limit.New(4, first, 2048)
		now, tokens, made, refused := time.Unix(1_735_689_600, 0), 200, 0, 0
		for range 500 { // rounds of 20 ms, of which all answers come at once
			tokens = min(tokens+40, 200)
			n, began := l.Limit(), now
			now = now.Add(20 * time.Millisecond)
			for i := range n {
				sample := limit.Sample{Began: began, Ended: now, InFlight: n}
				if made++; i >= tokens {
					sample.Result = limit.Refused
					refused++
				}
				l.Record(sample)
			}
			tokens = max(tokens-n, 0)
			if why, _ := l.Why(); why == string(limit.CauseSame) {
				t.Fatalf("beginning with %d: %s", first, why)
			}
		}
		if share := 1000 * float64(refused) / float64(made); share > 20 {
			t.Errorf("beginning with %d: %.0f of a thousand were refused", first, share)
		}
	}
}

// Where answers come fast, rounds are so short that doubling with each would be far above a wall before the first refusal is
// seen; where they take long, each round doubles, or quadruples while few attempts a second come of it.
func TestDoublesNoFasterThan(t *testing.T) {
	begin := time.Unix(1_735_689_600, 0)
	for _, c := range []struct {
		took        time.Duration
		rounds      int
		least, most int
	}{
		{time.Millisecond, 50, 50, 90},
		{20 * time.Millisecond, 5, 120, 175},
		{50 * time.Millisecond, 2, 140, 160}, // four times as many for the first few answers
		{150 * time.Millisecond, 1, 128, 128},
		{150 * time.Millisecond, 3, 500, 600}, // and no longer once it makes for a thousand a second
	} {
		l, now := limit.New(4, 32, 4096), begin
		for range c.rounds {
			for range l.Limit() {
				l.Record(limit.Sample{Began: now, Ended: now.Add(c.took), InFlight: l.Limit(), Result: limit.Taken})
			}
			now = now.Add(c.took)
		}
		if got := l.Limit(); got < c.least || got > c.most {
			t.Errorf("after %d rounds of %s it is %d, want %d to %d", c.rounds, c.took, got, c.least, c.most)
		}
	}
}

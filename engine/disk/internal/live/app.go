package live

import "math"

// app is what is in memory of an app that has something queued, leased or bounded.
type app struct {
	name   string // as its lanes begin
	window window
	limit  int // of leases; negative: none
	held   int // leases
}

// room is how many more leases may be held.
func (a *app) room() int {
	if a.limit < 0 {
		return math.MaxInt
	}
	return max(a.limit-a.held, 0)
}

// idle tells whether nothing would be lost by forgetting the app.
func (a *app) idle() bool {
	return a.limit < 0 && a.held == 0 && a.window.complete() && a.window.empty()
}

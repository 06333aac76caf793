package engine

import (
	"context"
	"time"
)

// Where several hosts have the store open, one of them at a time probes an app that is blocked, so that it is not asked by
// each. The others hold the app until their turn comes, which is when the first is done: it was released, or has died.

// ownership says whether this host may probe an app. Guarded by the governor's lock.
type ownership struct {
	asked, owned bool
	release      func() // not nil while it is owned, where the store is shared
}

// awaitsTurn tells whether an app is blocked, due to be probed, and another host's to probe, as far as is known. It asks for
// the turn once.
func (g *governor) awaitsTurn(a *app, now time.Time) bool {
	if !g.shared || a.turn.owned || a.pause.why != PauseBlocked || a.pause.step != held || a.pause.until.After(now) || g.over {
		return false
	}
	if !a.turn.asked {
		a.turn.asked = true
		g.news = append(g.news, func() { g.await(func() { g.takeTurn(a) }) })
	}
	return true
}

// takeTurn waits until this host may probe an app, and then has it probed.
func (g *governor) takeTurn(a *app) {
	owned, release, err := g.store.Own(g.turns, OwnProbe+a.name.String())
	g.mu.Lock()
	a.turn.asked = false
	if err == nil {
		a.turn.owned, a.turn.release = true, release
	}
	g.mu.Unlock()
	if err != nil {
		Wait(g.turns, sendPause)
	} else {
		context.AfterFunc(owned, func() { g.endTurn(a) })
	}
	if g.turns.Err() == nil {
		g.sync()
	}
}

// endTurn lets another host probe an app.
func (g *governor) endTurn(a *app) {
	g.mu.Lock()
	release := a.turn.release
	a.turn.owned, a.turn.release = false, nil
	g.mu.Unlock()
	if release != nil {
		release()
	}
}

package engine

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// DeadCount counts dead letters of one app that died for one reason.
type DeadCount struct {
	App      App
	Reason   Outcome
	Packages uint64
}

const (
	// seenSpace holds, as deadSeen, until when people have looked at dead letters.
	seenSpace = "engine/seen"
	deadSeen  = "dead"

	// A kind of dead letter is told of again after this time, when there were more of it.
	deadAgain = 10 * time.Minute
	// At most so many kinds are told apart, and told of at once; the others are summed up.
	mostDeadKinds = 256
	mostDeadLines = 20
	// A count of the dead letters looks at no more than this.
	mostDeadCounted = 20_000
)

// Acknowledge says that a person has looked at the dead letters that there are, and at what listeners have lost: revenue that
// died until now, and responses that were lost until now, give [Health] no reason any more. It is kept in the store. What can
// be acknowledged is, also when an error tells that the rest cannot be.
func (e *Engine) Acknowledge(ctx context.Context) error {
	err := errors.Join(e.acknowledgeDead(ctx), e.acknowledgeLost(ctx))
	if err != nil {
		return fmt.Errorf("acknowledge: %w", err)
	}
	return nil
}

func (e *Engine) acknowledgeDead(ctx context.Context) error {
	now := time.Now()
	text, err := now.UTC().MarshalText()
	if err == nil {
		err = e.cfg.Store.SetValues(ctx, seenSpace, map[string][]byte{deadSeen: text})
	}
	if err != nil {
		return fmt.Errorf("dead letters: %w", err)
	}
	e.mu.Lock()
	w := e.watcher
	e.mu.Unlock()
	if w != nil {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.dead.money, w.dead.stale = 0, true
	}
	return nil
}

// deadKind is what dead letters have in common that are told of in one line.
type deadKind struct {
	app        App
	kind       Kind
	eventToken string
	reason     Outcome
	message    string
}

// deadNews counts dead letters of a kind.
type deadNews struct {
	untold, all uint64
	told        time.Time
}

// deadWatch is what a watcher knows of dead letters. Guarded by the watcher's lock.
type deadWatch struct {
	news   map[deadKind]*deadNews
	others deadNews // of kinds beyond the bound
	counts []DeadCount
	money  uint64 // those that report revenue, and that nobody has looked at
	stale  bool   // the counts are to be made anew
	of     uint64 // how many there were when they were made
	begun  bool
}

// buried takes note of a dead letter.
func (w *watcher) buried(r *Response) {
	kind := deadKind{
		app: r.Package.App, kind: r.Package.Kind, eventToken: r.Package.EventToken(), reason: r.Outcome, message: r.Message,
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.dead.stale = true
	n := w.dead.news[kind]
	if n == nil && len(w.dead.news) >= mostDeadKinds {
		n = &w.dead.others
	} else if n == nil {
		n = new(deadNews)
		w.dead.news[kind] = n
	}
	n.untold++
	n.all++
}

// tellDead says which packages have died: of each kind the first at once, and more of it every so often.
func (w *watcher) tellDead(now time.Time) {
	type line struct {
		kind   deadKind
		counts deadNews
	}
	var lines []line
	var rest uint64
	w.mu.Lock()
	due := func(n *deadNews) bool { return n.untold > 0 && (n.told.IsZero() || now.Sub(n.told) >= deadAgain) }
	for kind, n := range w.dead.news {
		switch {
		case !due(n):
			continue
		case len(lines) < mostDeadLines:
			lines = append(lines, line{kind, *n})
		default:
			rest += n.untold
		}
		n.untold, n.told = 0, now
	}
	if n := &w.dead.others; due(n) {
		rest += n.untold
		n.untold, n.told = 0, now
	}
	if len(w.dead.news) >= mostDeadKinds {
		w.dead.news = map[deadKind]*deadNews{} // messages that are never the same must not fill it for ever
	}
	w.mu.Unlock()
	for _, l := range lines {
		w.cfg.Log.Warn().Stringer("app", l.kind.app).Str("kind", string(l.kind.kind)).Str("event_token", l.kind.eventToken).
			Stringer("reason", l.kind.reason).Str("server_message", l.kind.message).Uint64("packages", l.counts.untold).Uint64("so_far", l.counts.all).
			Msg("packages have become dead letters: they are not sent again by themselves; see `trackhook queue list --state dead`")
	}
	if rest > 0 {
		w.cfg.Log.Warn().Uint64("packages", rest).Msg("more packages have become dead letters, for other reasons; see `trackhook queue list --summary`")
	}
}

// countDead counts the dead letters when there are others than there were.
func (w *watcher) countDead(ctx context.Context, stats Stats) {
	w.mu.Lock()
	same := w.dead.begun && !w.dead.stale && w.dead.of == stats.Dead
	w.dead.stale = false
	w.mu.Unlock()
	if same {
		return
	}
	counts, money, err := w.lookAtDead(ctx)
	w.mu.Lock()
	defer w.mu.Unlock()
	if err != nil {
		w.dead.stale = true
		return
	}
	w.dead.begun, w.dead.of, w.dead.counts = true, stats.Dead, counts
	if !w.dead.stale { // else it was acknowledged meanwhile
		w.dead.money = money
	}
}

func (w *watcher) lookAtDead(ctx context.Context) (counts []DeadCount, money uint64, err error) {
	var seen time.Time
	text, err := w.cfg.Store.Value(ctx, seenSpace, deadSeen)
	if err == nil {
		err = seen.UnmarshalText(text)
	}
	if err != nil && !errors.Is(err, ErrNotFound) {
		return nil, 0, err
	}
	type key struct {
		app    App
		reason Outcome
	}
	byKey := map[key]uint64{}
	for page, looked := "", 0; looked < mostDeadCounted; {
		rows, next, err := w.cfg.Store.Packages(ctx, Filter{State: Dead}, page, settleBatch)
		if err != nil {
			return nil, 0, err
		}
		for i := range rows {
			byKey[key{rows[i].Package.App, rows[i].Last}]++
			if rows[i].Package.Revenue() && rows[i].Ended.After(seen) {
				money++
			}
		}
		looked += len(rows)
		if page = next; page == "" {
			break
		}
	}
	for k, n := range byKey {
		counts = append(counts, DeadCount{k.app, k.reason, n})
	}
	slices.SortFunc(counts, func(a, b DeadCount) int {
		return cmp.Or(cmp.Compare(a.App.String(), b.App.String()), cmp.Compare(a.Reason, b.Reason))
	})
	return counts, money, nil
}

// deadReason says that revenue has died.
func deadReason(money uint64) string {
	return counted(money, "dead letter") + " with revenue: look at them with `trackhook queue list --state dead`, then retry or drop them, " +
		"or say `trackhook queue acknowledge`"
}

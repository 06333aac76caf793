package engine

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"
)

// Lost tells how many responses a listener has not been handed and never will be: they were removed from the log before it
// came to them, because the log was too large or the listener away for too long, or they could not be read any more.
type Lost struct {
	Listener string
	// Responses counts them since the listener was enrolled, and Unseen those that nobody has acknowledged; see
	// [Engine.Acknowledge].
	Responses, Unseen uint64
	// Since is when the first of those that are unseen was noticed. Zero: it was not noticed before this look.
	Since time.Time
}

// lostSpace holds a lostRecord for each listener that has lost responses, by its name.
const lostSpace = "engine/lost"

// lostRecord is what is kept of a listener. Nothing is counted twice: not when a listener is handed the same responses again
// after a crash, and not when its loss was seen before it came to it.
type lostRecord struct {
	Responses uint64    `json:"responses"`
	Seen      uint64    `json:"seen,omitempty"` // of these
	Until     uint64    `json:"until"`          // up to this sequence number they are counted
	Since     time.Time `json:"since,omitzero"`
}

// add counts the responses behind cursor and before next, save those that are counted.
func (r *lostRecord) add(cursor, next uint64, now time.Time) {
	from := max(cursor, r.Until)
	if next <= from+1 {
		return
	}
	if r.Responses == r.Seen {
		r.Since = now
	}
	r.Responses += next - 1 - from
	r.Until = next - 1
}

func (r *lostRecord) unseen() uint64 { return r.Responses - min(r.Seen, r.Responses) }

// lostRecord returns the record of a listener. One that is damaged begins anew, so that the listener can go on; while the
// store fails there is none, so that nothing is forgotten. The store is asked once.
func (e *Engine) lostRecord(ctx context.Context, listener string) (record lostRecord, err error) {
	e.mu.Lock()
	record, known := e.losses[listener]
	e.mu.Unlock()
	if known {
		return record, nil
	}
	text, err := e.cfg.Store.Value(ctx, lostSpace, listener)
	unreadable := err
	switch {
	case err == nil:
		unreadable = json.Unmarshal(text, &record)
	case errors.Is(err, ErrNotFound):
		unreadable = nil
	case !errors.Is(err, ErrDamaged):
		return lostRecord{}, fmt.Errorf("read lost responses: %w", err)
	}
	if unreadable != nil {
		e.cfg.Log.Error().Err(unreadable).Str("listener", listener).
			Msg("what is kept of the responses that this listener has lost cannot be read; they are counted anew")
		record = lostRecord{}
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if changed, known := e.losses[listener]; known {
		return changed, nil // while it was read
	}
	e.losses[listener] = record
	return record, nil
}

// forgetLost has a record read again, because another host may have changed it.
func (e *Engine) forgetLost(listener string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.losses, listener)
}

// noteLost counts what is missing between a cursor and the responses that were read behind it, before they are handed over.
func (e *Engine) noteLost(ctx context.Context, listener string, cursor uint64, responses []Response) error {
	if len(responses) == 0 || responses[len(responses)-1].Seq == cursor+uint64(len(responses)) {
		return nil // as nearly always
	}
	e.lost.Lock()
	defer e.lost.Unlock()
	before, err := e.lostRecord(ctx, listener)
	if err != nil {
		return err
	}
	record, now := before, time.Now().UTC()
	for i := range responses {
		record.add(cursor, responses[i].Seq, now)
		cursor = responses[i].Seq
	}
	if record == before {
		return nil
	}
	if err := e.keepLost(ctx, map[string]lostRecord{listener: record}); err != nil {
		return err
	}
	if before.unseen() == 0 {
		e.cfg.Log.Warn().Str("listener", listener).Uint64("lost", record.unseen()).
			Msg("responses are gone from the log that this listener has not handled; health is degraded until somebody says `trackhook queue acknowledge`")
	}
	return nil
}

// keepLost changes records. e.lost must be held.
func (e *Engine) keepLost(ctx context.Context, records map[string]lostRecord) error {
	pairs := make(map[string][]byte, len(records))
	for listener, record := range records {
		text, err := json.Marshal(record)
		if err != nil {
			return fmt.Errorf("count lost responses: %w", err)
		}
		pairs[listener] = text
	}
	if err := e.cfg.Store.SetValues(ctx, lostSpace, pairs); err != nil {
		return fmt.Errorf("count lost responses: %w", err)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	maps.Copy(e.losses, records)
	return nil
}

// Lost returns what every listener has lost that is enrolled and has lost anything, by its name; also what is gone and it
// would come to next.
func (e *Engine) Lost(ctx context.Context) (map[string]Lost, error) {
	stats, err := e.cfg.Store.Stats(ctx)
	if err != nil {
		return nil, fmt.Errorf("read lost responses: %w", err)
	}
	records, _, err := e.lostRecords(ctx, &stats)
	if err != nil {
		return nil, err
	}
	lost := make(map[string]Lost, len(records))
	for listener, r := range records {
		lost[listener] = Lost{Listener: listener, Responses: r.Responses, Unseen: r.unseen(), Since: r.Since}
	}
	return lost, nil
}

// lostRecords returns the records as they should be: with what is gone in front of the cursors. kept are the listeners whose
// record in the store has something unseen.
//
// The stats must have been read before: what was gone before a cursor was read was handled, or is in front of it, or is in
// its record, which is read last and kept before the cursor moves.
func (e *Engine) lostRecords(ctx context.Context, stats *Stats) (records map[string]lostRecord, kept map[string]bool, err error) {
	cursors, err := e.cfg.Store.Cursors(ctx)
	if err != nil {
		return nil, nil, fmt.Errorf("read lost responses: %w", err)
	}
	records, kept = map[string]lostRecord{}, map[string]bool{}
	for listener, cursor := range cursors {
		record, err := e.lostRecord(ctx, listener)
		if err != nil {
			return nil, nil, err
		}
		kept[listener] = record.unseen() > 0
		record.add(cursor, stats.First, time.Time{})
		if record.Responses > 0 {
			records[listener] = record
		}
	}
	return records, kept, nil
}

// acknowledgeLost says that a person has looked at what listeners have lost.
func (e *Engine) acknowledgeLost(ctx context.Context) error {
	e.lost.Lock()
	defer e.lost.Unlock()
	stats, err := e.cfg.Store.Stats(ctx)
	if err != nil {
		return fmt.Errorf("read lost responses: %w", err)
	}
	records, _, err := e.lostRecords(ctx, &stats)
	if err != nil {
		return err
	}
	for listener, record := range records {
		if record.unseen() == 0 {
			delete(records, listener)
			continue
		}
		record.Seen, record.Since = record.Responses, time.Time{}
		records[listener] = record
	}
	if len(records) == 0 {
		return nil
	}
	return e.keepLost(ctx, records)
}

// lostHealth returns what people should know: what listeners have lost that nobody has looked at. What is gone in front of
// the cursor of a listener that does not listen now, such as a plugin that was removed, is lost only if it comes back.
func (e *Engine) lostHealth(ctx context.Context, stats *Stats) []Lost {
	records, kept, err := e.lostRecords(ctx, stats)
	if err != nil {
		return nil // the health check of the store says so
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	var all []Lost
	for listener, r := range records {
		if r.unseen() > 0 && (kept[listener] || e.listening[listener] > 0) {
			all = append(all, Lost{Listener: listener, Responses: r.Responses, Unseen: r.unseen(), Since: r.Since})
		}
	}
	slices.SortFunc(all, func(a, b Lost) int { return cmp.Compare(a.Listener, b.Listener) })
	return all
}

// reason says what a listener has lost.
func (l *Lost) reason() string {
	since := ""
	if !l.Since.IsZero() {
		since = " since " + l.Since.UTC().Format(time.RFC3339)
	}
	return fmt.Sprintf("listener %s has lost %s%s: they were gone from the log before it came to them; see why it is behind, or let the log keep more, and say `trackhook queue acknowledge`",
		l.Listener, counted(l.Unseen, "response"), since)
}

// Forget is [Log.Forget], and removes what is kept of the losses of the listener as well: should it listen again, it is new
// and has lost nothing. The cursor goes last, so that after an error other than [ErrNotFound] it can be called again. Like
// [Log.Forget] it must not be called while the listener listens.
func (e *Engine) Forget(ctx context.Context, listener string) error {
	e.lost.Lock() // or Acknowledge, which may have read the record, would put it back
	defer e.lost.Unlock()
	_, err := e.cfg.Store.Value(ctx, lostSpace, listener)
	if err == nil || errors.Is(err, ErrDamaged) {
		err = e.cfg.Store.SetValues(ctx, lostSpace, map[string][]byte{listener: nil})
		if err == nil {
			e.mu.Lock()
			e.losses[listener] = lostRecord{} // and not nothing, for those who have just read the record
			e.mu.Unlock()
		}
	}
	if err != nil && !errors.Is(err, ErrNotFound) {
		return fmt.Errorf("forget lost responses: %w", err)
	}
	return e.cfg.Store.Forget(ctx, listener)
}

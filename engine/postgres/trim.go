package postgres

import (
	"context"
	"fmt"
	"slices"

	"trackhook/engine"

	"github.com/jackc/pgx/v5"
)

// trimStep bounds the responses whose packages one step forgets, and with them the time for which nobody can log.
const trimStep = 512

// loose is the part of Retain that the responses of a part of the log may lie apart in time: a part that is slower to fill is
// not waited for, but emptied from its beginning.
const loose = 8

// logState is what retention needs to know.
type logState struct {
	first, last, forgot int64
	old                 int64 // what was logged before is too old
	listeners           []listenerState
}

// listenerState says up to where a listener has handled the log, and when it was seen last.
type listenerState struct {
	name      string
	seq, seen int64
}

// handled returns up to where all listeners have handled the log that were seen of late.
func (l *logState) handled() int64 {
	handled := l.last
	for _, one := range l.listeners {
		if one.seen >= l.old {
			handled = min(handled, one.seq)
		}
	}
	return handled
}

// behind returns the listeners that have not handled what is before until.
func (l *logState) behind(until int64) (names []string) {
	for _, one := range l.listeners {
		if one.seq < until-1 && until > l.first {
			names = append(names, one.name)
		}
	}
	return names
}

func (s *Store) readLogState(ctx context.Context) (l logState, err error) {
	if _, err := s.soft.Exec(ctx, s.sql["see listeners"], []byte(engine.OwnListener), s.clock.now()); err != nil {
		return l, err
	}
	if err := s.look.QueryRow(ctx, s.sql["log state"]).Scan(&l.last, &l.first, &l.forgot); err != nil {
		return l, err
	}
	l.old = s.clock.now() - int64(s.cfg.Retain)
	l.listeners, err = rows(ctx, s.look, s.sql["listeners"], func(r pgx.Rows) (one listenerState, err error) {
		var name []byte
		err = r.Scan(&name, &one.seq, &one.seen)
		one.name = string(name)
		return one, err
	})
	return l, err
}

// trimLog removes the oldest responses: those that are too old and that all listeners have handled that were seen of late, and,
// whoever has handled it, what is too much, as whole parts.
func (s *Store) trimLog(ctx context.Context) error {
	l, err := s.readLogState(ctx)
	if err != nil {
		return fmt.Errorf("shorten log: %w", err)
	}
	parts, sizes, err := s.partSizes(ctx)
	if err != nil {
		return fmt.Errorf("shorten log: %w", err)
	}
	total := int64(0)
	for _, size := range sizes {
		total += size
	}
	for i, n := range parts {
		end := (n + 1) * s.cfg.logPart
		tooMuch := end <= l.last && total > int64(min(s.cfg.RetainBytes, 1<<62)) //nolint:gosec // bounded
		until := end
		if !tooMuch {
			if until, err = s.trimUntil(ctx, &l, n); err != nil || until <= l.first {
				return err
			}
		}
		if err := s.trimPart(ctx, &l, n, until); err != nil {
			return fmt.Errorf("shorten log: %w", err)
		}
		s.tellTrimmed(&l, until, tooMuch)
		if until < end {
			return nil
		}
		l.first = end
		total -= sizes[i]
	}
	return nil
}

// partSizes returns the parts of the log, oldest first, with their bytes.
func (s *Store) partSizes(ctx context.Context) (parts, sizes []int64, err error) {
	parts, err = s.logParts(ctx)
	for _, n := range parts {
		var size int64
		if err == nil {
			err = s.look.QueryRow(ctx, s.sql["part size"], logPartName(n)).Scan(&size)
		}
		sizes = append(sizes, size)
	}
	return parts, sizes, err
}

// trimUntil returns before which number what a part holds is too old and was handled. A part that is only partly so is left as
// it is, unless it takes long to fill.
func (s *Store) trimUntil(ctx context.Context, l *logState, n int64) (int64, error) {
	end := (n + 1) * s.cfg.logPart
	var young, oldest *int64
	query := fmt.Sprintf("SELECT (SELECT min(seq) FROM %[1]s WHERE seq >= $1 AND at >= $2), (SELECT at FROM %[1]s WHERE seq >= $1 ORDER BY seq LIMIT 1)", logPartName(n))
	if err := s.look.QueryRow(ctx, query, l.first, l.old).Scan(&young, &oldest); err != nil {
		return 0, fmt.Errorf("shorten log: %w", err)
	}
	until := min(end, l.handled()+1)
	if young != nil {
		until = min(until, *young)
	}
	if until == end || oldest != nil && *oldest < l.old-int64(s.cfg.Retain)/loose {
		return until, nil
	}
	return l.first, nil
}

// trimPart removes what is before a number, which is in a part or at its end. First the packages that ended there are
// forgotten: they may come again afterwards.
func (s *Store) trimPart(ctx context.Context, l *logState, n, until int64) error {
	end := (n + 1) * s.cfg.logPart
	for l.forgot < until {
		to := min(max(l.forgot, l.first)+trimStep, until)
		ids, err := rows(ctx, s.look, "SELECT id FROM "+logPartName(n)+" WHERE seq >= $1 AND seq < $2 AND final", func(r pgx.Rows) (id []byte, err error) {
			return id, r.Scan(&id)
		}, l.forgot, to)
		if err != nil {
			return err
		}
		parts := make([]int16, len(ids))
		for i, id := range ids {
			parts[i] = s.part(string(id))
		}
		tag, err := s.soft.Exec(ctx, s.sql["forget ids"], l.forgot, to, parts, ids)
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 0 {
			return errTrimmed
		}
		if l.forgot = to; until < end {
			if err := s.emptyPart(ctx, n, to); err != nil {
				return err
			}
		}
	}
	if until < end {
		return s.emptyPart(ctx, n, until)
	}
	return s.dropPart(ctx, n)
}

// emptyPart removes the first responses of a part.
func (s *Store) emptyPart(ctx context.Context, n, until int64) error {
	batch := &pgx.Batch{}
	batch.Queue("DELETE FROM "+logPartName(n)+" WHERE seq < $1", until)
	batch.Queue("UPDATE counter SET first = greatest(first, $1)", until)
	batch.Queue("DELETE FROM runs WHERE until < $1", until)
	return s.soft.send(ctx, batch)
}

// tellTrimmed tells what was removed, loudly where a listener has not handled it.
func (s *Store) tellTrimmed(l *logState, until int64, tooMuch bool) {
	event := s.cfg.Log.Info()
	why := "the oldest responses were removed from the log"
	if behind := l.behind(until); len(behind) > 0 {
		slices.Sort(behind)
		event = s.cfg.Log.Warn().Strs("listeners", behind)
		why = "responses were removed from the log that these listeners have not handled: they were not seen for as long as responses are kept"
		if tooMuch {
			why = "the log is over its size limit; responses were removed that these listeners have not handled"
		}
	}
	event.Int64("from", l.first).Int64("until", until-1).Msg(why)
}

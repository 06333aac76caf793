package postgres

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"trackhook/engine"

	"github.com/jackc/pgx/v5"
)

// maintainEvery is how often a host looks after what all hosts share.
const maintainEvery = time.Minute

// maintainLoop keeps the counts fresh that say when nothing is taken in, and once in a while, on one of the hosts, shortens the
// log and drops what is too old, until the store closes.
func (s *Store) maintainLoop() {
	counts := time.NewTicker(5 * time.Second)
	defer counts.Stop()
	next := time.Now().Add(maintainEvery)
	for {
		select {
		case <-s.ctx.Done():
			return
		case <-counts.C:
		}
		if _, err := s.count(s.ctx); err != nil || time.Now().Before(next) {
			continue
		}
		next = time.Now().Add(maintainEvery)
		if err := s.maintain(s.ctx); err != nil && s.ctx.Err() == nil {
			s.cfg.Log.Warn().Err(err).Msg("cannot shorten the log or drop what is too old; it is tried again in a minute")
		}
	}
}

// maintain does what one host does for all.
func (s *Store) maintain(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	conn, err := s.look.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	var alone bool
	lock := "SELECT pg_try_advisory_lock(hashtext('trackhook maintain ' || $1))"
	if err := conn.QueryRow(ctx, lock, s.cfg.Schema).Scan(&alone); err != nil || !alone {
		return err
	}
	defer conn.Exec(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock(hashtext('trackhook maintain ' || $1))", s.cfg.Schema) //nolint:errcheck // ends with the session
	if err := s.extendLog(ctx); err != nil {
		return err
	}
	if err := s.trimLog(ctx); err != nil {
		return err
	}
	if err := s.expireDead(ctx); err != nil {
		return err
	}
	_, err = s.work.Exec(ctx, "DELETE FROM counts WHERE day < $1", dayOf(s.clock.now()-int64(s.cfg.RetainCounts)))
	if err == nil {
		_, err = s.work.Exec(ctx, "DELETE FROM events WHERE day < $1", dayOf(s.clock.now()-int64(s.cfg.RetainCounts)))
	}
	if err == nil {
		_, err = s.work.Exec(ctx, s.sql["forget host"], s.clock.now()-int64(day))
	}
	return err
}

// A part of the log is a table of logPart numbers, log_N.
func (s *Store) logPartName(n int64) string { return "log_" + strconv.FormatInt(n, 10) }

// extendLog makes the part that the log ends in, and the next.
func (s *Store) extendLog(ctx context.Context) error {
	var last, first int64
	if err := s.soft.QueryRow(ctx, s.sql["ends"]).Scan(&last, &first); err != nil {
		return fmt.Errorf("extend log: %w", err)
	}
	have, err := s.logParts(ctx)
	if err != nil {
		return fmt.Errorf("extend log: %w", err)
	}
	for n := last / s.cfg.logPart; n <= last/s.cfg.logPart+1; n++ {
		if slices.Contains(have, n) {
			continue
		}
		// Attached, and not made as a part, because that would wait for all who read.
		err := pgx.BeginFunc(ctx, s.soft, func(tx pgx.Tx) error {
			if _, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock(hashtext('trackhook log ' || $1))", s.cfg.Schema); err != nil {
				return err
			}
			var exists bool
			if err := tx.QueryRow(ctx, "SELECT to_regclass($1) IS NOT NULL", s.logPartName(n)).Scan(&exists); err != nil || exists {
				return err
			}
			_, err := tx.Exec(ctx, fmt.Sprintf("CREATE TABLE %[1]s (LIKE log INCLUDING ALL); ALTER TABLE log ATTACH PARTITION %[1]s FOR VALUES FROM (%[2]d) TO (%[3]d)",
				s.logPartName(n), n*s.cfg.logPart, (n+1)*s.cfg.logPart), pgx.QueryExecModeSimpleProtocol)
			return err
		})
		if err != nil {
			return fmt.Errorf("extend log: %w", err)
		}
	}
	return nil
}

// logParts returns the numbers of the parts of the log, oldest first.
func (s *Store) logParts(ctx context.Context) ([]int64, error) {
	parts, err := rows(ctx, s.soft, s.sql["parts"], func(r pgx.Rows) (n int64, err error) {
		var name string
		if err := r.Scan(&name); err != nil {
			return 0, err
		}
		return strconv.ParseInt(strings.TrimPrefix(name, "log_"), 10, 64)
	})
	slices.Sort(parts)
	return parts, err
}

// trimLog drops the oldest parts of the log that are too old or too much, and forgets the IDs of what ended in them.
func (s *Store) trimLog(ctx context.Context) error {
	parts, err := s.logParts(ctx)
	if err != nil || len(parts) == 0 {
		return err
	}
	first, last, err := s.ends(ctx)
	if err != nil {
		return err
	}
	cursors, err := s.Cursors(ctx)
	if err != nil {
		return err
	}
	total, sizes := int64(0), map[int64]int64{}
	for _, n := range parts {
		var size int64
		if err := s.look.QueryRow(ctx, s.sql["part size"], s.logPartName(n)).Scan(&size); err != nil {
			return err
		}
		sizes[n] = size
		total += size
	}
	for _, n := range parts {
		end := (n + 1) * s.cfg.logPart // of the part, exclusive
		if end > int64(last) {         //nolint:gosec // bounded
			return nil
		}
		var newest int64
		err := s.look.QueryRow(ctx, "SELECT coalesce(max(at), 0) FROM "+s.logPartName(n)).Scan(&newest)
		if err != nil {
			return err
		}
		unread := ""
		for listener, seq := range cursors {
			if seq < uint64(end)-1 { //nolint:gosec // not negative
				unread = listener
			}
		}
		tooMuch := total > int64(min(s.cfg.RetainBytes, 1<<62)) //nolint:gosec // bounded
		tooOld := newest < s.clock.now()-int64(s.cfg.Retain) && (unread == "" || newest < s.clock.now()-2*int64(s.cfg.Retain))
		if !tooMuch && !tooOld {
			return nil
		}
		if err := s.dropPart(ctx, n, end); err != nil {
			return err
		}
		total -= sizes[n]
		event := s.cfg.Log.Info()
		if unread != "" {
			event = s.cfg.Log.Warn().Str("listener", unread)
		}
		event.Uint64("from", first).Int64("until", end-1).Bool("too_much", tooMuch).Msg("the oldest responses were removed from the log")
		first = uint64(end) //nolint:gosec // not negative
	}
	return nil
}

// dropPart drops one part of the log.
func (s *Store) dropPart(ctx context.Context, n, end int64) error {
	// First the IDs: packages that ended in this part may come again after it is gone.
	name := s.logPartName(n)
	if _, err := s.soft.Exec(ctx, "DELETE FROM ids i USING "+name+" l WHERE l.final AND i.id = l.id"); err != nil {
		return fmt.Errorf("forget IDs: %w", err)
	}
	return pgx.BeginFunc(ctx, s.work, func(tx pgx.Tx) error {
		for _, statement := range []string{
			"SET LOCAL lock_timeout = '2s'",
			"DROP TABLE IF EXISTS " + name,
			"UPDATE counter SET first = greatest(first, " + strconv.FormatInt(end, 10) + ")",
			"DELETE FROM runs WHERE until < " + strconv.FormatInt(end, 10),
		} {
			if _, err := tx.Exec(ctx, statement); err != nil {
				return fmt.Errorf("drop a part of the log: %w", err)
			}
		}
		return nil
	})
}

// expireDead drops dead letters that were kept for long enough.
func (s *Store) expireDead(ctx context.Context) error {
	for {
		ids, err := rows(ctx, s.look, "SELECT id FROM dead WHERE ended < $1 ORDER BY ended LIMIT 500", func(r pgx.Rows) (string, error) {
			var id []byte
			err := r.Scan(&id)
			return string(id), err
		}, s.clock.now()-int64(s.cfg.DeadAge))
		if err != nil || len(ids) == 0 {
			return err
		}
		dropped, err := s.Drop(ctx, ids...)
		if err != nil {
			return err
		}
		s.cfg.Log.Warn().Int("packages", dropped).Dur("age", s.cfg.DeadAge).Msg("dead letters that were kept for long enough were dropped")
		if dropped == 0 {
			return nil
		}
	}
}

var _ engine.Sharer = (*Store)(nil)

package postgres

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
)

// A part of the log is a table of logPart numbers, log_N.
func logPartName(n int64) string { return "log_" + strconv.FormatInt(n, 10) }

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
		err := s.soft.transact(ctx, func(ctx context.Context, tx pgx.Tx) error { return makeLogPart(ctx, tx, &s.cfg, n) })
		if err != nil {
			return fmt.Errorf("extend log: %w", err)
		}
	}
	return nil
}

// makeLogPart makes a part of the log, where there is none. It is attached, and not made as a part, because that would wait for
// all who read.
func makeLogPart(ctx context.Context, tx pgx.Tx, cfg *Config, n int64) error {
	if _, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock(hashtext('trackhook log ' || $1))", cfg.Schema); err != nil {
		return err
	}
	var exists bool
	if err := tx.QueryRow(ctx, "SELECT to_regclass($1) IS NOT NULL", logPartName(n)).Scan(&exists); err != nil || exists {
		return err
	}
	_, err := tx.Exec(ctx, fmt.Sprintf("CREATE TABLE %[1]s (LIKE log INCLUDING ALL); ALTER TABLE log ATTACH PARTITION %[1]s FOR VALUES FROM (%[2]d) TO (%[3]d)",
		logPartName(n), n*cfg.logPart, (n+1)*cfg.logPart), pgx.QueryExecModeSimpleProtocol)
	return err
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

// dropPart drops a part of the log.
func (s *Store) dropPart(ctx context.Context, n int64) error {
	end := strconv.FormatInt((n+1)*s.cfg.logPart, 10)
	return s.work.transact(ctx, func(ctx context.Context, tx pgx.Tx) error {
		for _, statement := range []string{
			"SET LOCAL lock_timeout = '2s'",
			"DROP TABLE IF EXISTS " + logPartName(n),
			"UPDATE counter SET first = greatest(first, " + end + ")",
			"DELETE FROM runs WHERE until < " + end,
		} {
			if _, err := tx.Exec(ctx, statement); err != nil {
				return fmt.Errorf("drop a part of the log: %w", err)
			}
		}
		return nil
	})
}

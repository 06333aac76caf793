package postgres

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// migrations are numbered from 1. One that was released is never changed.
//
//go:embed migrations/*.sql
var migrations embed.FS

// ErrNewer means that the schema was made by a newer version of the program, which this one does not understand.
var ErrNewer = errors.New("the schema is newer than this program; use the newer version")

// migration is one step.
type migration struct {
	number int
	text   string
}

func allMigrations() ([]migration, error) {
	files, err := migrations.ReadDir("migrations")
	if err != nil {
		return nil, err
	}
	var all []migration
	for _, file := range files {
		name, _, _ := strings.Cut(file.Name(), ".")
		number, err := strconv.Atoi(name)
		if err != nil {
			return nil, fmt.Errorf("migration %s: %w", file.Name(), err)
		}
		text, err := migrations.ReadFile("migrations/" + file.Name())
		if err != nil {
			return nil, err
		}
		all = append(all, migration{number, string(text)})
	}
	slices.SortFunc(all, func(a, b migration) int { return a.number - b.number })
	return all, nil
}

// migrate brings the schema up to what this program knows, one caller at a time, and returns the numbers of the steps that
// it took.
func migrate(ctx context.Context, conn *pgx.Conn, cfg *Config) (taken []int, err error) {
	all, err := allMigrations()
	if err != nil {
		return nil, err
	}
	if version, err := schemaVersion(ctx, conn, cfg); err != nil || version == all[len(all)-1].number {
		return nil, err
	}
	schema := pgx.Identifier{cfg.Schema}.Sanitize()
	err = pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock(hashtext('trackhook ' || $1))", cfg.Schema); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, "CREATE SCHEMA IF NOT EXISTS "+schema); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, "CREATE TABLE IF NOT EXISTS migrations (version integer PRIMARY KEY, taken timestamptz NOT NULL DEFAULT now())"); err != nil {
			return err
		}
		var version int
		if err := tx.QueryRow(ctx, "SELECT coalesce(max(version), 0) FROM migrations").Scan(&version); err != nil {
			return err
		}
		for _, m := range all {
			if m.number <= version {
				continue
			}
			if _, err := tx.Exec(ctx, m.text); err != nil {
				return fmt.Errorf("migration %d: %w", m.number, err)
			}
			if _, err := tx.Exec(ctx, "INSERT INTO migrations (version) VALUES ($1)", m.number); err != nil {
				return err
			}
			taken = append(taken, m.number)
		}
		if version == 0 {
			return begin(ctx, tx, cfg)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("migrate schema %s: %w", cfg.Schema, err)
	}
	return taken, nil
}

// begin makes what a new schema holds.
func begin(ctx context.Context, tx pgx.Tx, cfg *Config) error {
	if _, err := tx.Exec(ctx, "INSERT INTO settings VALUES ('partitions', $1)", strconv.Itoa(cfg.Partitions)); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, "INSERT INTO partitions (partition) SELECT generate_series(0, $1::int - 1)", cfg.Partitions)
	return err
}

// schemaVersion returns the number of the newest step that was taken: 0 for none.
func schemaVersion(ctx context.Context, conn *pgx.Conn, cfg *Config) (version int, err error) {
	all, err := allMigrations()
	if err != nil {
		return 0, err
	}
	err = conn.QueryRow(ctx, "SELECT coalesce(max(version), 0) FROM migrations").Scan(&version)
	if missing, ok := errors.AsType[*pgconn.PgError](err); ok && (missing.Code == "42P01" || missing.Code == "3F000") {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("read the version of schema %s: %w", cfg.Schema, err)
	}
	if newest := all[len(all)-1].number; version > newest {
		return version, fmt.Errorf("schema %s has version %d, and this program knows %d: %w", cfg.Schema, version, newest, ErrNewer)
	}
	return version, nil
}

package postgres

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

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

// Schema tells what there is of the tables in a database.
type Schema struct {
	// Name is that of the schema; Version counts its migrations, 0 for none, and Known those that this program knows. The tables
	// must be brought up to date where Version is less than Known.
	Name           string
	Version, Known int
	// Partitions is how many parts the lanes are divided into; 0 where there is no schema.
	Partitions int
}

// CheckSchema looks at the schema, and changes nothing. A schema that is newer than this program is an [ErrNewer]. One into which
// an [Import] is not complete is an error as well.
func CheckSchema(ctx context.Context, cfg Config) (found Schema, err error) {
	err = withConnection(ctx, cfg, func(conn *pgx.Conn, cfg *Config) error {
		all, err := allMigrations()
		if err != nil {
			return err
		}
		found = Schema{Name: cfg.Schema, Known: all[len(all)-1].number}
		if found.Version, err = schemaVersion(ctx, conn, cfg); err != nil || found.Version == 0 {
			return err
		}
		if err := conn.QueryRow(ctx, "SELECT count(*) FROM partitions").Scan(&found.Partitions); err != nil {
			return err
		}
		return refuseImported(ctx, conn, cfg.Schema)
	})
	if err != nil {
		return found, fmt.Errorf("check the schema: %w", err)
	}
	return found, nil
}

// MigrateSchema makes the schema, or brings it up to date, as [Open] does, and returns the numbers of the steps that it took. Hosts
// may have it open meanwhile.
func MigrateSchema(ctx context.Context, cfg Config) (taken []int, err error) {
	err = withConnection(ctx, cfg, func(conn *pgx.Conn, cfg *Config) error {
		taken, err = migrate(ctx, conn, cfg)
		return err
	})
	if err != nil {
		return nil, err
	}
	return taken, nil
}

// withConnection connects to the database for as long as do works.
func withConnection(ctx context.Context, cfg Config, do func(*pgx.Conn, *Config) error) error {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return err
	}
	conn, err := dial(ctx, &cfg)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx)) //nolint:errcheck // nothing is open on it
	if err := do(conn, &cfg); err != nil {
		return refusal(err, conn.Config(), cfg.Connections)
	}
	return nil
}

// dial makes one connection to a server that can be written. Its errors say what to do.
func dial(ctx context.Context, cfg *Config) (*pgx.Conn, error) {
	base, err := parse(cfg.URL)
	if err != nil {
		return nil, err
	}
	c := base.ConnConfig
	c.RuntimeParams["search_path"], c.RuntimeParams["timezone"] = cfg.Schema, "UTC"
	if c.ConnectTimeout == 0 {
		c.ConnectTimeout = 5 * time.Second
	}
	if c.ValidateConnect == nil {
		c.ValidateConnect = pgconn.ValidateConnectTargetSessionAttrsReadWrite
	}
	conn, err := pgx.ConnectConfig(ctx, c)
	if err == nil {
		return conn, nil
	}
	if hint := refusal(err, c, cfg.Connections); hint.Error() != err.Error() {
		return nil, hint
	}
	return nil, &awayError{whereIs(c), err}
}

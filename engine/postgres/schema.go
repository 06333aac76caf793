package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// Schema tells what there is of the tables in a database.
type Schema struct {
	// Name is that of the schema; Version counts its migrations, 0 for none, and Known those that this program knows. The tables
	// must be brought up to date where Version is less than Known.
	Name           string
	Version, Known int
	// Partitions is how many parts the lanes are divided into; 0 where there is no schema.
	Partitions int
}

// CheckSchema looks at the schema, and changes nothing. A schema that is newer than this program is an [ErrNewer].
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
		return conn.QueryRow(ctx, "SELECT count(*) FROM partitions").Scan(&found.Partitions)
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
	base, err := parse(cfg.URL)
	if err != nil {
		return err
	}
	base.ConnConfig.RuntimeParams["search_path"] = cfg.Schema
	conn, err := pgx.ConnectConfig(ctx, base.ConnConfig)
	if err != nil {
		return fmt.Errorf("connect to the database: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx)) //nolint:errcheck // nothing is open on it
	return do(conn, &cfg)
}

package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// checkDurability says what the database may lose of what it has acknowledged, and has it wait at least for its own disk.
func (s *Store) checkDurability(ctx context.Context, conn *pgx.Conn) error {
	var fsync, commit, names string
	var standbys int
	if err := conn.QueryRow(ctx, s.sql["durability"]).Scan(&fsync, &commit, &names, &standbys); err != nil {
		return fmt.Errorf("read how durable the database is: %w", err)
	}
	log := s.cfg.Log.With().Str("database", s.away.where).Logger()
	if fsync == "off" {
		log.Warn().Msg("fsync is off in the database: a power cut may lose what was accepted, and damage the database")
	}
	if commit == "off" || commit == "local" && names != "" {
		s.cfg.commit = "on"
		log.Warn().Str("synchronous_commit", commit).
			Msg("the database would acknowledge what may be lost; this host sets synchronous_commit to on for itself")
	}
	switch {
	case names != "":
	case standbys > 0:
		log.Warn().Int("standbys", standbys).
			Msg("the database has standbys and waits for none of them: one that takes over may lack what was accepted in the last moments, " +
				"and what was sent may be sent again; set synchronous_standby_names to lose nothing")
	default:
		log.Info().Msg("no standby is connected to the database: what was accepted is on its disk alone")
	}
	return nil
}

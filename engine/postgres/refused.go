package postgres

import (
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// refused says what a person can do when the database cannot be opened.
func (s *Store) refused(err error) error {
	where, user, database := s.away.where, s.base.ConnConfig.User, s.base.ConnConfig.Database
	e, ok := errors.AsType[*pgconn.PgError](err)
	if a, away := errors.AsType[*awayError](err); away && (ok || errors.Is(err, pgconn.ErrReadOnlyConnection)) {
		err = a.err
	}
	const standby = "it is a standby, which cannot be written: give the address of its primary, or of all servers, separated by commas"
	if !ok && errors.Is(err, pgconn.ErrReadOnlyConnection) {
		return fmt.Errorf("the database at %s refuses: %s: %w", where, standby, err)
	}
	if !ok {
		return err
	}
	var hint string
	switch e.Code {
	case "28P01":
		hint = fmt.Sprintf("user %s or its password is wrong", user)
	case "28000":
		hint = fmt.Sprintf("its pg_hba.conf does not let user %s in from this host", user)
	case "3D000":
		hint = "create the database first: CREATE DATABASE " + pgx.Identifier{database}.Sanitize()
	case "42501":
		hint = fmt.Sprintf("let user %s make the schema: GRANT CREATE ON DATABASE %s TO %s", user, pgx.Identifier{database}.Sanitize(), pgx.Identifier{user}.Sanitize())
	case codeManyConnections:
		hint = fmt.Sprintf("it has no connection left: raise its max_connections, or give each host fewer than %d", s.cfg.Connections)
	case codeReadOnly:
		hint = standby
	default:
		return err
	}
	return fmt.Errorf("the database at %s refuses: %s: %w", where, hint, err)
}

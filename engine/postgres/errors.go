package postgres

import (
	"errors"
	"fmt"
	"io"
	"net"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Codes of PostgreSQL's errors.
const (
	codeDivisionByZero  = "22012" // the fence
	codeOutOfRange      = "22003" // something that was to be dropped is not there any more
	codeCheckViolation  = "23514" // also: no part of the log takes the row
	codeUniqueViolation = "23505" // an ID is known
	codeReadOnly        = "25006" // it is a standby now

	codeProtocol        = "08P01" // also: PgBouncer takes no settings with a connection
	codeManyConnections = "53300"
	codeLockTimeout     = "55P03"
)

// isCode tells whether an error is one of PostgreSQL's with that code.
func isCode(err error, code string) bool {
	e, ok := errors.AsType[*pgconn.PgError](err)
	return ok && e.Code == code
}

// transient tells whether another attempt may succeed: the connection failed, or the server ended, or transactions met.
func transient(err error) bool {
	if e, ok := errors.AsType[*pgconn.PgError](err); ok && (e.Code == "40001" || e.Code == "40P01" || e.Code == codeLockTimeout || e.Code == codeManyConnections) {
		return true
	}
	return stale(err) || pgconn.Timeout(err)
}

// stale tells whether the connection has failed, or leads to a server that does not serve any more.
func stale(err error) bool {
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		switch e.Code {
		case "57P01", "57P02", "57P03", codeReadOnly:
			return true
		default:
			// No connection, no right to one, and no database.
			return strings.HasPrefix(e.Code, "08") || strings.HasPrefix(e.Code, "28") || e.Code == "3D000"
		}
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return true
	}
	if _, ok := errors.AsType[*pgconn.ConnectError](err); ok {
		return true
	}
	if pgconn.Timeout(err) {
		return false
	}
	var network net.Error
	return errors.As(err, &network) || pgconn.SafeToRetry(err) || errors.Is(err, net.ErrClosed) ||
		strings.Contains(err.Error(), "unexpected EOF") || strings.Contains(err.Error(), "conn closed")
}

// refused says what a person can do when the database cannot be opened.
func (s *Store) refused(err error) error { return refusal(err, s.base.ConnConfig, s.cfg.Connections) }

// refusal says what a person can do when a database refuses.
func refusal(err error, to *pgx.ConnConfig, connections int) error {
	where, user, database := whereIs(to), to.User, to.Database
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
		hint = fmt.Sprintf("it has no connection left: raise its max_connections, or give each host fewer than %d", connections)
	case codeReadOnly:
		hint = standby
	case codeProtocol:
		if !strings.Contains(e.Message, "startup parameter") {
			return err
		}
		hint = noPooler
	default:
		return err
	}
	return fmt.Errorf("the database at %s refuses: %s: %w", where, hint, err)
}

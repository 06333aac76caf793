package postgres

import (
	"errors"
	"io"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
)

// Codes of PostgreSQL's errors.
const (
	codeDivisionByZero = "22012" // the fence
	codeCheckViolation = "23514" // also: no part of the log takes the row
	codeReadOnly       = "25006" // it is a standby now

	codeManyConnections = "53300"
)

// isCode tells whether an error is one of PostgreSQL's with that code.
func isCode(err error, code string) bool {
	e, ok := errors.AsType[*pgconn.PgError](err)
	return ok && e.Code == code
}

// transient tells whether another attempt may succeed: the connection failed, or the server ended, or transactions met.
func transient(err error) bool {
	if e, ok := errors.AsType[*pgconn.PgError](err); ok && (e.Code == "40001" || e.Code == "40P01" || e.Code == "55P03" || e.Code == codeManyConnections) {
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

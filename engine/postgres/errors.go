package postgres

import (
	"errors"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
)

// Codes of PostgreSQL's errors.
const (
	codeDivisionByZero = "22012" // the fence
	codeCheckViolation = "23514" // also: no part of the log takes the row
)

// isCode tells whether an error is one of PostgreSQL's with that code.
func isCode(err error, code string) bool {
	e, ok := errors.AsType[*pgconn.PgError](err)
	return ok && e.Code == code
}

// transient tells whether another attempt may succeed: the connection failed, or the server ended, or transactions met.
func transient(err error) bool {
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		switch e.Code {
		case "40001", "40P01", "55P03", "57P01", "57P02", "57P03", "53300", "25006":
			return true
		default:
			return strings.HasPrefix(e.Code, "08")
		}
	}
	if _, ok := errors.AsType[*pgconn.ConnectError](err); ok {
		return true
	}
	var network net.Error
	return errors.As(err, &network) || pgconn.SafeToRetry(err) || errors.Is(err, net.ErrClosed) ||
		strings.Contains(err.Error(), "unexpected EOF") || strings.Contains(err.Error(), "conn closed")
}

package postgres

import (
	"cmp"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"trackhook/engine"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/rs/zerolog"
)

const (
	// grace is how long a statement waits for a database that has just gone, before it fails.
	grace = time.Second
	// A database that is away is looked for this often, and each server is given this long to answer.
	lookSoon, lookLater = 20 * time.Millisecond, 300 * time.Millisecond
	lookPatience        = 2 * time.Second
)

// away knows whether the database answers. Whoever meets an error tells it; a goroutine of its own then looks for the database
// until it is back, so that nobody else has to try, and everybody goes on at once when it is.
type away struct {
	log     zerolog.Logger
	where   string
	connect *pgx.ConnConfig
	reset   func() // has all connections made anew
	login   func(*pgx.ConnConfig)
	look    chan struct{} // asks for a look

	mu    sync.Mutex
	err   error           // not nil: it is away; guarded by mu
	since time.Time       // guarded by mu
	told  bool            // the log says that it is away; guarded by mu
	back  chan struct{}   // closed when it is back; guarded by mu
	here  context.Context //nolint:containedctx // ends when it goes away; guarded by mu
	gone  context.CancelFunc
}

func newAway(log zerolog.Logger, connect *pgx.ConnConfig, reset func()) *away {
	a := &away{log: log, where: whereIs(connect), connect: connect.Copy(), reset: reset, look: make(chan struct{}, 1), back: make(chan struct{})}
	a.connect.ConnectTimeout = min(cmp.Or(a.connect.ConnectTimeout, lookPatience), lookPatience)
	a.here, a.gone = context.WithCancel(context.Background())
	return a
}

// awayError is the error of a statement while the database is away, or that has found out that it is.
type awayError struct {
	where string
	err   error
}

// Error says where the database should be, and what to do.
func (e *awayError) Error() string {
	why := strings.ReplaceAll(strings.ReplaceAll(e.err.Error(), ":\n\t", ": "), "\n\t", "; ")
	return fmt.Sprintf("the database at %s cannot be used: %s; %s", e.where, why, remedy(e.err))
}

// remedy says what a person can do about a database that cannot be used.
func remedy(err error) string {
	_, unknown := errors.AsType[x509.UnknownAuthorityError](err)
	_, name := errors.AsType[x509.HostnameError](err)
	_, expired := errors.AsType[x509.CertificateInvalidError](err)
	switch {
	case unknown:
		return "its certificate is of an issuer that this host does not trust: name the issuer's with sslrootcert, and see whether this is the right server"
	case name:
		return "its certificate is for other names: use one of these in the address, or have a certificate made for this one"
	case expired:
		return "its certificate is not valid: have another made, or see whether the clock of this host is right"
	case strings.Contains(err.Error(), "refused TLS connection"):
		return "that server speaks no TLS, which sslmode asks for: set ssl = on there"
	default:
		return "see whether PostgreSQL runs there and can be reached from this host"
	}
}

// Unwrap returns what was wrong, and that the store cannot be reached.
func (e *awayError) Unwrap() []error { return []error{engine.ErrUnavailable, e.err} }

// presence ends when the database goes away.
func (a *away) presence() context.Context {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.here
}

// absence says why the database is away, since when, and what is closed when it is back.
type absence struct {
	why   error // nil: it is not
	since time.Time
	back  <-chan struct{}
}

func (a *away) state() absence {
	a.mu.Lock()
	defer a.mu.Unlock()
	return absence{a.err, a.since, a.back}
}

// wait waits until the database is there, for at most a time since it went.
func (a *away) wait(ctx context.Context, most time.Duration) error {
	absence := a.state()
	if absence.why == nil {
		return nil
	}
	wait, cancel := context.WithDeadline(ctx, absence.since.Add(most))
	defer cancel()
	select {
	case <-absence.back:
		return nil
	case <-wait.Done():
	}
	if absence = a.state(); absence.why != nil {
		return &awayError{a.where, absence.why}
	}
	return ctx.Err()
}

// waitLong waits until the database is there, or ctx ends.
func (a *away) waitLong(ctx context.Context) error {
	absence := a.state()
	if absence.why == nil {
		return ctx.Err()
	}
	select {
	case <-absence.back:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// judge takes note of the error of a statement, and returns it in words for people. ctx is that of the caller: an error that
// it has caused says nothing about the database.
func (a *away) judge(ctx context.Context, err error) error {
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		if down := a.state().why; down != nil {
			return &awayError{a.where, down}
		}
		return err
	case errors.Is(err, context.Canceled): // it went away meanwhile
		if down := a.state().why; down != nil {
			err = down
		}
	case stale(err):
		a.leave(err)
	case errors.Is(err, context.DeadlineExceeded) || pgconn.Timeout(err):
		a.lookSoon() // it may be silent
	default:
		return err
	}
	return &awayError{a.where, err}
}

// lookSoon asks for a look.
func (a *away) lookSoon() {
	select {
	case a.look <- struct{}{}:
	default:
	}
}

// leave notes that the database is away, and why.
func (a *away) leave(err error) {
	a.mu.Lock()
	first := a.err == nil
	a.err = err // the newest tells most
	if first {
		a.since, a.told, a.back = time.Now(), false, make(chan struct{})
		a.gone()
	}
	a.mu.Unlock()
	if first {
		a.reset()
		a.lookSoon()
	}
}

// loop looks for the database whenever it may be away, and until it is back, until ctx ends. returned is called when it is.
func (a *away) loop(ctx context.Context, returned func()) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-a.look:
		}
		pause := lookSoon
		for ctx.Err() == nil {
			err := a.visit(ctx)
			if err == nil {
				if a.arrive() {
					returned()
				}
				break
			}
			if ctx.Err() != nil {
				return
			}
			if a.state().why == nil && isCode(err, codeManyConnections) {
				break // it is there
			}
			a.leave(err)
			a.tell(err)
			engine.Wait(ctx, pause)
			pause = min(2*pause, lookLater)
		}
	}
}

// visit finds out whether the database answers and can be written.
func (a *away) visit(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, time.Duration(1+len(a.connect.Fallbacks))*a.connect.ConnectTimeout+lookPatience)
	defer cancel()
	to := a.connect.Copy()
	a.login(to)
	conn, err := pgx.ConnectConfig(ctx, to)
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, "SELECT 1")
	return errors.Join(err, conn.Close(ctx))
}

// tell says once that the database is away.
func (a *away) tell(err error) {
	a.mu.Lock()
	told := a.told
	a.told = true
	a.mu.Unlock()
	if !told {
		a.log.Error().Err(&awayError{a.where, err}).
			Msg("the database is away: nothing is taken in and nothing is sent, and nothing that was accepted is lost; it is looked for")
	}
}

// arrive notes that the database is back, and tells whether it was away.
func (a *away) arrive() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.err == nil {
		return false
	}
	if a.told {
		a.log.Info().Dur("away", time.Since(a.since)).Msg("the database is back")
	}
	a.err = nil
	a.here, a.gone = context.WithCancel(context.Background())
	close(a.back)
	return true
}

package postgres

import (
	"context"
	"errors"
	"fmt"

	"trackhook/engine"

	"github.com/jackc/pgx/v5"
)

// storedPackage is a row of a package.
type storedPackage struct {
	engine.PackageState
	number  int64
	due     *int64
	waits   bool
	session bool
}

func (p *storedPackage) place() place {
	return place{p.Package.App, []byte(p.Package.Device), p.Status == engine.Dead, p.number}
}

// stored reads a row of a package.
func (s *Store) stored(ctx context.Context, status engine.PackageStatus) func(pgx.Rows) (storedPackage, error) {
	return func(row pgx.Rows) (p storedPackage, err error) { return p, s.scanPackage(ctx, row, &p, status) }
}

func (s *Store) scanPackage(ctx context.Context, row pgx.Row, p *storedPackage, status engine.PackageStatus, more ...any) error {
	var partition, last int16
	var app, attempts, failures int32
	var created, accepted int64
	var ended *int64
	var device, id, message, body []byte
	err := row.Scan(append(more, &partition, &app, &device, &p.number, &id, &created, &accepted, &attempts, &failures, &last, &message,
		&ended, &body, &p.due, &p.waits, &p.session)...)
	if err != nil {
		return err
	}
	p.Status, p.Accepted, p.Attempts, p.Failures = status, moment(accepted), int(attempts), int(failures)
	p.Last, p.Message = engine.Outcome(last), string(message) //nolint:gosec // it was one
	if ended != nil {
		p.Ended = moment(*ended)
	}
	p.Package = engine.Package{ID: string(id), Device: string(device), Created: moment(created)}
	if p.Package.App, err = s.named(ctx, app); err != nil {
		return err
	}
	return readPackage(body, &p.Package)
}

// Package implements [engine.Inspector].
func (s *Store) Package(ctx context.Context, id string) (engine.PackageState, error) {
	ctx, done, err := s.enter(ctx)
	if err != nil {
		return engine.PackageState{}, fmt.Errorf("package: %w", err)
	}
	defer done()
	var p storedPackage
	var where int32
	err = s.scanPackage(ctx, s.look.QueryRow(ctx, s.sql["package"], s.part(id), []byte(id)), &p, engine.Queued, &where)
	if err == nil {
		if where == 1 {
			p.Status = engine.Dead
		}
		return s.withDue(ctx, []engine.PackageState{p.PackageState})[0], nil
	}
	if !errors.Is(err, pgx.ErrNoRows) {
		return engine.PackageState{}, fmt.Errorf("package %s: %w", id, failed(ctx, err))
	}
	return s.donePackage(ctx, id)
}

// donePackage tells of a package that has left the queue, from its last response.
func (s *Store) donePackage(ctx context.Context, id string) (engine.PackageState, error) {
	var r engine.Response
	var app, failures int32
	var seq, created, accepted, at int64
	var device, name, response, body []byte
	var outcome int16
	err := s.look.QueryRow(ctx, s.sql["done"], []byte(id)).
		Scan(&seq, &app, &device, &name, &created, &accepted, &at, &r.Ambiguous, &outcome, &response, &body, &failures)
	if errors.Is(err, pgx.ErrNoRows) {
		return engine.PackageState{}, fmt.Errorf("package %s: %w", id, engine.ErrNotFound)
	}
	if err == nil {
		err = readResponse(response, &r)
	}
	p := engine.Package{ID: id, Device: string(device), Created: moment(created)}
	if err == nil {
		p.App, err = s.named(ctx, app)
	}
	if err == nil {
		err = readPackage(body, &p)
	}
	if err != nil {
		return engine.PackageState{}, fmt.Errorf("package %s: %w", id, failed(ctx, err))
	}
	return engine.PackageState{
		Package: p, Status: engine.Done, Accepted: moment(accepted), Attempts: r.Attempt, Failures: int(failures),
		Last: engine.Outcome(outcome), Message: r.Message, Ended: moment(at), Seq: uint64(seq), //nolint:gosec // both were
	}, nil
}

// History implements [engine.Inspector].
func (s *Store) History(ctx context.Context, id string) ([]engine.Response, error) {
	ctx, done, err := s.enter(ctx)
	if err != nil {
		return nil, fmt.Errorf("history: %w", err)
	}
	defer done()
	all, err := rows(ctx, s.look, s.sql["history"], s.response(ctx), []byte(id))
	if err != nil {
		return nil, fmt.Errorf("history of %s: %w", id, failed(ctx, err))
	}
	return all, nil
}

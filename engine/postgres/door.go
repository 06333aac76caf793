package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// patience bounds what one statement takes.
const patience = 30 * time.Second

// door is a pool of connections through which all statements go. It bounds each in time, ends those that are under way when the
// database is found to be away, and has errors say where it is.
type door struct {
	pool *pgxpool.Pool
	away *away
}

// begin waits a moment for a database that is away, and joins ctx with its presence.
func (d *door) begin(ctx context.Context) (context.Context, context.CancelFunc, error) {
	if err := d.away.wait(ctx, grace); err != nil {
		return nil, nil, err
	}
	bounded, cancel := context.WithTimeout(ctx, patience)
	unhook := context.AfterFunc(d.away.presence(), cancel)
	return bounded, func() {
		unhook()
		cancel()
	}, nil
}

// Exec runs a statement.
func (d *door) Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error) {
	bounded, done, err := d.begin(ctx)
	if err != nil {
		return pgconn.CommandTag{}, err
	}
	defer done()
	tag, err := d.pool.Exec(bounded, sql, args...)
	return tag, d.away.judge(ctx, err)
}

// QueryRow runs a query of one row when it is scanned.
func (d *door) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row {
	return doorRow(func(dest []any) error {
		bounded, done, err := d.begin(ctx)
		if err != nil {
			return err
		}
		defer done()
		return d.away.judge(ctx, d.pool.QueryRow(bounded, sql, args...).Scan(dest...))
	})
}

// doorRow is a row that is queried when it is scanned.
type doorRow func(dest []any) error

// Scan implements [pgx.Row].
func (r doorRow) Scan(dest ...any) error { return r(dest) }

// send runs the statements of a batch in one transaction and one round trip.
func (d *door) send(ctx context.Context, b *pgx.Batch) error {
	bounded, done, err := d.begin(ctx)
	if err != nil {
		return err
	}
	defer done()
	return d.away.judge(ctx, d.pool.SendBatch(bounded, b).Close())
}

// transact runs f in a transaction.
func (d *door) transact(ctx context.Context, f func(context.Context, pgx.Tx) error) error {
	bounded, done, err := d.begin(ctx)
	if err != nil {
		return err
	}
	defer done()
	return d.away.judge(ctx, pgx.BeginFunc(bounded, d.pool, func(tx pgx.Tx) error { return f(bounded, tx) }))
}

// connected runs f with one connection.
func (d *door) connected(ctx context.Context, f func(context.Context, *pgx.Conn) error) error {
	bounded, done, err := d.begin(ctx)
	if err != nil {
		return err
	}
	defer done()
	return d.away.judge(ctx, d.pool.AcquireFunc(bounded, func(conn *pgxpool.Conn) error { return f(bounded, conn.Conn()) }))
}

// rows reads all rows of a query.
func rows[T any](ctx context.Context, d *door, statement string, scan func(pgx.Rows) (T, error), args ...any) ([]T, error) {
	bounded, done, err := d.begin(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	got, err := d.pool.Query(bounded, statement, args...)
	if err != nil {
		return nil, d.away.judge(ctx, err)
	}
	defer got.Close()
	var all []T
	for got.Next() {
		one, err := scan(got)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, d.away.judge(ctx, got.Err())
}

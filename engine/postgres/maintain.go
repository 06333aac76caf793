package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"trackhook/engine"

	"github.com/jackc/pgx/v5"
)

// maintainEvery is how often a host looks after what all hosts share.
const maintainEvery = time.Minute

// maintainLoop keeps the counts fresh that say when nothing is taken in, and once in a while, on one of the hosts, shortens the
// log and drops what is too old, until the store closes.
func (s *Store) maintainLoop() {
	counts := time.NewTicker(5 * time.Second)
	defer counts.Stop()
	next := time.Now().Add(maintainEvery)
	for {
		select {
		case <-s.ctx.Done():
			return
		case <-counts.C:
		}
		if _, err := s.count(s.ctx, true); err != nil || time.Now().Before(next) {
			continue
		}
		next = time.Now().Add(maintainEvery)
		if err := s.maintain(s.ctx); err != nil && s.ctx.Err() == nil && !errors.Is(err, engine.ErrUnavailable) {
			s.cfg.Log.Warn().Err(err).Msg("cannot shorten the log or drop what is too old; it is tried again in a minute")
		}
	}
}

// maintain does what one host does for all.
func (s *Store) maintain(ctx context.Context) error {
	return s.look.connected(ctx, func(ctx context.Context, conn *pgx.Conn) error {
		var alone bool
		lock := "SELECT pg_try_advisory_lock(hashtext('trackhook maintain ' || $1))"
		if err := conn.QueryRow(ctx, lock, s.cfg.Schema).Scan(&alone); err != nil || !alone {
			return err
		}
		defer s.unlock(ctx, conn)
		// One that fails keeps none of the others from being done.
		return errors.Join(s.extendLog(ctx), s.trimLog(ctx), s.expireDead(ctx), s.forget(ctx))
	})
}

// unlock lets another host do the upkeep. A connection on which that fails is closed, and the lock ends with it.
func (s *Store) unlock(ctx context.Context, conn *pgx.Conn) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.cfg.Lease)
	defer cancel()
	if _, err := conn.Exec(ctx, "SELECT pg_advisory_unlock(hashtext('trackhook maintain ' || $1))", s.cfg.Schema); err != nil {
		_ = conn.Close(ctx)
	}
}

// forget removes counts that are too old, and what hosts have left that are gone.
func (s *Store) forget(ctx context.Context) error {
	now := s.clock.now()
	counted := dayOf(now - int64(s.cfg.RetainCounts))
	batch := &pgx.Batch{}
	batch.Queue(s.sql["forget counts"], counted)
	batch.Queue(s.sql["forget events"], counted)
	batch.Queue(s.sql["forget host"], now-int64(day))
	batch.Queue(s.sql["forget flights"])
	batch.Queue(s.sql["forget streams"])
	batch.Queue(s.sql["forget orders"])
	if err := s.soft.send(ctx, batch); err != nil {
		return fmt.Errorf("forget what is old: %w", err)
	}
	return nil
}

// expireStep bounds the dead letters that one step drops.
const expireStep = 500

// expireDead drops dead letters that were kept for long enough.
func (s *Store) expireDead(ctx context.Context) error {
	why := dropReason{"dead letter age", fmt.Sprintf("it was a dead letter for longer than %s", s.cfg.DeadAge)}
	for total := 0; ; {
		ids, err := rows(ctx, s.look, s.sql["expired"], func(r pgx.Rows) (string, error) {
			var id []byte
			err := r.Scan(&id)
			return string(id), err
		}, s.clock.now()-int64(s.cfg.DeadAge), expireStep)
		dropped := 0
		if err == nil && len(ids) > 0 {
			dropped, _, err = s.dropOwned(ctx, ids, why, false)
		}
		if total += dropped; err == nil && len(ids) == expireStep && dropped > 0 {
			continue
		}
		if total > 0 {
			s.cfg.Log.Warn().Int("dropped", total).Dur("age", s.cfg.DeadAge).
				Msg("dead letters were kept for as long as they are; they are dropped, and each has a response in the log")
		}
		if err != nil {
			return fmt.Errorf("drop old dead letters: %w", err)
		}
		return nil
	}
}

// errTrimmed means that another host shortens the log just now.
var errTrimmed = errors.New("another host does it")

var _ engine.Sharer = (*Store)(nil)

package postgres

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/url"
	"strings"
	"sync"
	"time"

	"trackhook/engine"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Store is an [engine.Store] in a PostgreSQL database, which [Open] opens. Its methods may be called from many goroutines at
// once.
type Store struct {
	cfg   Config
	sql   map[string]string
	clock *clock

	work *pgxpool.Pool // what must be durable, and the hot reads
	soft *pgxpool.Pool // what need not wait for the disk
	look *pgxpool.Pool // what people ask

	parts int // partitions

	ctx   context.Context //nolint:containedctx // ends at Close, and with it all that waits
	end   context.CancelFunc
	calls sync.WaitGroup
	loops sync.WaitGroup

	appends   chan *appendCall
	stamped   int64         // the newest time that the database gave to a package; only appendLoop touches it. It never goes back
	leaseSlot chan struct{} // held while lanes are handed out or changed by hand
	settling  chan struct{} // held by the one that settles
	rounds    chan struct{} // asks for a round of the owner
	rounding  chan struct{} // held while there is a round
	orders    chan struct{} // says that another host may have asked something
	notices   notices

	mu      sync.Mutex
	closed  bool         // guarded by mu
	sends   bool         // a lease was asked for, so that this host takes its share of the lanes; guarded by mu
	host    *incarnation // guarded by mu
	book    *book        // guarded by mu, with what it holds
	handle  uint64       // guarded by mu
	held    map[uint64]*heldLease
	lost    map[uint64]bool // leases of an earlier incarnation; guarded by mu
	limits  map[engine.App]int
	apps    appNames
	logged  chan struct{} // closed when something was logged; guarded by mu
	claims  chan struct{} // closed when something may be owned; guarded by mu
	answers chan struct{} // closed when another host has answered; guarded by mu
	stats   cachedStats
	events  eventNames
}

var _ engine.Store = (*Store)(nil)

// Open connects to the database, makes or migrates the schema, and joins the hosts that have it open. ctx bounds that.
func Open(ctx context.Context, cfg Config) (*Store, error) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	s := &Store{
		cfg: cfg, clock: newClock(), appends: make(chan *appendCall, 1024), leaseSlot: make(chan struct{}, 1),
		settling: make(chan struct{}, 1), rounds: make(chan struct{}, 1), rounding: make(chan struct{}, 1), book: newBook(cfg.window), held: map[uint64]*heldLease{},
		lost: map[uint64]bool{}, limits: map[engine.App]int{}, logged: make(chan struct{}), claims: make(chan struct{}),
		orders: make(chan struct{}, 1), answers: make(chan struct{}), notices: notices{wake: make(chan struct{}, 1)},
	}
	s.apps.byApp, s.apps.byID = map[engine.App]int32{}, map[int32]engine.App{}
	s.events.known = map[eventDay]map[string]bool{}
	s.ctx, s.end = context.WithCancel(context.Background())
	if s.sql, err = statements(); err == nil {
		err = s.connect(ctx)
	}
	if err == nil {
		err = s.begin(ctx)
	}
	if err != nil {
		s.end()
		s.disconnect()
		return nil, fmt.Errorf("open store: %w", err)
	}
	s.loops.Go(s.appendLoop)
	s.loops.Go(s.ownLoop)
	s.loops.Go(s.listenLoop)
	s.loops.Go(s.notifyLoop)
	s.loops.Go(s.maintainLoop)
	s.loops.Go(s.orderLoop)
	return s, nil
}

// parse understands the address of the database. The error does not hold it, because of the password.
func parse(address string) (*pgxpool.Config, error) {
	base, err := pgxpool.ParseConfig(address)
	if err == nil {
		return base, nil
	}
	reason := errors.Unwrap(err)
	if _, isURL := errors.AsType[*url.Error](err); isURL || reason == nil || strings.Contains(reason.Error(), address) {
		return nil, errors.New("the address of the database cannot be understood")
	}
	return nil, fmt.Errorf("the address of the database: %w", reason)
}

// connect opens the pools.
func (s *Store) connect(ctx context.Context) error {
	base, err := parse(s.cfg.URL)
	if err != nil {
		return err
	}
	base.ConnConfig.RuntimeParams["search_path"] = s.cfg.Schema
	base.ConnConfig.RuntimeParams["application_name"] = "trackhook " + strings.ToValidUTF8(s.cfg.Name, "")
	base.ConnConfig.RuntimeParams["timezone"] = "UTC"
	if base.ConnConfig.ConnectTimeout == 0 {
		base.ConnConfig.ConnectTimeout = 5 * time.Second
	}
	base.MaxConnIdleTime = time.Minute
	open := func(most int, params ...string) *pgxpool.Pool {
		c := base.Copy()
		c.MaxConns = int32(most) //nolint:gosec // a small number
		for i := 0; i < len(params); i += 2 {
			c.ConnConfig.RuntimeParams[params[i]] = params[i+1]
		}
		var pool *pgxpool.Pool
		if err == nil {
			pool, err = pgxpool.NewWithConfig(ctx, c)
		}
		return pool
	}
	s.work = open(max(2, s.cfg.Connections-6), "plan_cache_mode", "force_generic_plan", "enable_seqscan", "off", "jit", "off")
	s.soft = open(2, "synchronous_commit", "off", "enable_seqscan", "off", "jit", "off")
	s.look = open(3, "jit", "off")
	return err
}

func (s *Store) disconnect() {
	for _, pool := range []*pgxpool.Pool{s.work, s.soft, s.look} {
		if pool != nil {
			pool.Close()
		}
	}
}

// begin migrates the schema, reads what does not change, and becomes a host.
func (s *Store) begin(ctx context.Context) error {
	conn, err := s.look.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("connect to the database: %w", err)
	}
	defer conn.Release()
	if _, err := migrate(ctx, conn.Conn(), &s.cfg); err != nil {
		return err
	}
	var text string
	if err := conn.QueryRow(ctx, "SELECT value FROM settings WHERE key = 'partitions'").Scan(&text); err != nil {
		return fmt.Errorf("read settings: %w", err)
	}
	if _, err := fmt.Sscan(text, &s.parts); err != nil || s.parts < 1 || s.parts > math.MaxInt16 {
		return fmt.Errorf("the setting of partitions is %q", text)
	}
	if err := s.loadApps(ctx); err != nil {
		return err
	}
	if err := s.extendLog(ctx); err != nil {
		return err
	}
	if err := s.register(ctx); err != nil {
		return err
	}
	return s.round(ctx)
}

// Close waits for calls in hand, gives everything that this host owns to the others, and disconnects. Calls that wait for
// something to happen return an error that wraps [engine.ErrClosed]. The second call does nothing.
func (s *Store) Close() error {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		s.loops.Wait()
		return nil
	}
	s.closed = true
	s.mu.Unlock()
	s.end()
	s.calls.Wait()
	close(s.appends)
	s.loops.Wait()
	ctx, cancel := context.WithTimeout(context.Background(), s.cfg.Lease)
	defer cancel()
	err := s.leave(ctx)
	s.disconnect()
	if err != nil {
		s.cfg.Log.Warn().Err(err).Msg("cannot tell the other hosts that this one has ended; they wait for its lease to end")
	}
	return nil
}

// enter begins a call. done must be called at its end; ctx ends with the store, too.
func (s *Store) enter(ctx context.Context) (joined context.Context, done func(), err error) {
	if err := ctx.Err(); err != nil {
		return nil, nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, nil, fmt.Errorf("store %w", engine.ErrClosed)
	}
	s.calls.Add(1)
	return ctx, s.calls.Done, nil
}

// waits joins ctx, of a call that waits for something to happen, with the life of the store.
func (s *Store) waits(ctx context.Context) (joined context.Context, done func()) {
	joined, cancel := context.WithCancelCause(ctx)
	unhook := context.AfterFunc(s.ctx, func() { cancel(fmt.Errorf("store %w", engine.ErrClosed)) })
	return joined, func() {
		unhook()
		cancel(nil)
	}
}

// failed returns why a call has failed: that of ctx, where it has ended, because what the database says then is only that.
func failed(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}

// rows reads all rows of a query.
func rows[T any](ctx context.Context, pool *pgxpool.Pool, statement string, scan func(pgx.Rows) (T, error), args ...any) ([]T, error) {
	got, err := pool.Query(ctx, statement, args...)
	if err != nil {
		return nil, err
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
	return all, got.Err()
}

package postgres

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"trackhook/engine"

	"github.com/jackc/pgx/v5/pgxpool"
)

// Store is an [engine.Store] in a PostgreSQL database, which [Open] opens. Its methods may be called from many goroutines at
// once.
type Store struct {
	cfg   Config
	sql   map[string]string
	clock *clock

	away *away
	base *pgxpool.Config // of all pools
	work *door           // what must be durable, and the hot reads
	soft *door           // what need not wait for the disk
	look *door           // what people ask

	parts division

	ctx   context.Context //nolint:containedctx // ends at Close, and with it all that waits
	end   context.CancelFunc
	calls sync.WaitGroup
	loops sync.WaitGroup

	appends   chan *appendCall
	stamped   int64         // the newest time that the database gave to a package; only appendLoop touches it. It never goes back
	lookUp    time.Time     // until when IDs that come in are looked up; only appendLoop touches it
	leaseSlot chan struct{} // held while lanes are handed out or changed by hand
	settling  chan struct{} // held by the one that settles
	rounds    chan struct{} // asks for a round of the owner
	rounding  chan struct{} // held while there is a round
	bearing   chan struct{} // held while this host begins anew
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
		settling: make(chan struct{}, 1), rounds: make(chan struct{}, 1), rounding: make(chan struct{}, 1),
		bearing: make(chan struct{}, 1), book: newBook(cfg.window), held: map[uint64]*heldLease{},
		lost: map[uint64]bool{}, limits: map[engine.App]int{}, logged: make(chan struct{}), claims: make(chan struct{}),
		orders: make(chan struct{}, 1), answers: make(chan struct{}), notices: notices{wake: make(chan struct{}, 1)},
	}
	s.apps.byApp, s.apps.byID = map[engine.App]int32{}, map[int32]engine.App{}
	s.stats.counting = make(chan struct{}, 1)
	s.events.known = map[eventDay]map[string]bool{}
	s.ctx, s.end = context.WithCancel(context.Background())
	if s.sql, err = statements(cfg.clock); err == nil {
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
	s.loops.Go(func() { s.away.loop(s.ctx, s.returned) })
	return s, nil
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

// patiently calls f, and again when the database is back, until ctx ends.
func patiently[T any](ctx context.Context, s *Store, f func() (T, error)) (T, error) {
	for {
		v, err := f()
		if !errors.Is(err, engine.ErrUnavailable) {
			return v, err
		}
		if s.away.waitLong(ctx) != nil {
			return v, err
		}
		engine.Wait(ctx, lookSoon)
	}
}

// returned has all that waits for the database go on.
func (s *Store) returned() {
	s.askRound()
	s.askOrders()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.book.behind(nil)
	s.book.waiting = true
	s.book.news()
	s.wakeReaders()
	s.wakeClaims()
}

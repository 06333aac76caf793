package engine_test

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"

	"trackhook/engine"
	"trackhook/engine/memory"
)

// lossSpace is where the engine keeps what listeners have lost; stores that exist have it.
const lossSpace = "engine/lost"

// ailing is a store that fails in what has to do with losses.
type ailing struct {
	shortened
	value, set, commit error // what is returned instead; value for losses until they are written
	setting            func(pairs map[string][]byte)

	asked atomic.Int32 // for stats, and for losses
}

func newAiling() *ailing {
	return &ailing{shortened: shortened{Store: memory.New(), holes: map[uint64]bool{}}}
}

func (s *ailing) Stats(ctx context.Context) (engine.Stats, error) {
	s.asked.Add(1)
	return s.shortened.Stats(ctx)
}

func (s *ailing) Values(ctx context.Context, space string) (map[string][]byte, error) {
	if space == lossSpace {
		s.asked.Add(1)
		if s.value != nil {
			return nil, s.value
		}
	}
	return s.Store.Values(ctx, space)
}

func (s *ailing) Value(ctx context.Context, space, key string) ([]byte, error) {
	if space == lossSpace {
		s.asked.Add(1)
		if s.value != nil {
			return nil, s.value
		}
	}
	return s.Store.Value(ctx, space, key)
}

func (s *ailing) SetValues(ctx context.Context, space string, pairs map[string][]byte) error {
	if space == lossSpace {
		if s.set != nil {
			return s.set
		}
		if s.setting != nil {
			s.setting(pairs)
		}
		if errors.Is(s.value, engine.ErrDamaged) {
			s.value = nil
		}
	}
	return s.Store.SetValues(ctx, space, pairs)
}

func (s *ailing) Commit(ctx context.Context, listener string, seq uint64, runs engine.Runs) error {
	if s.commit != nil {
		return s.commit
	}
	return s.Store.Commit(ctx, listener, seq, runs)
}

// process is an engine over a store that outlives it, whose listeners are run one after the other.
type process struct {
	*engine.Engine
	t     *testing.T
	store *ailing
	log   logBuffer
}

func (s *ailing) process(t *testing.T) *process {
	t.Helper()
	p := &process{t: t, store: s}
	e, err := engine.New(engine.Config{Store: s, Deliverer: &deliverer{}, Log: zerolog.New(&p.log)})
	if err != nil {
		t.Fatal(err)
	}
	p.Engine = e
	return p
}

// listen lets a listener called slow hear what there is, while what is done, and returns it.
func (p *process) listen(while func()) *hearing {
	p.t.Helper()
	l := &hearing{name: "slow"}
	ctx, cancel := context.WithCancel(p.t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = p.Listen(ctx, l)
	}()
	synctest.Wait()
	if while != nil {
		while()
	}
	cancel()
	<-done
	return l
}

// hole logs some responses, the first of which cannot be read.
func (s *ailing) hole(t *testing.T, responses int) {
	t.Helper()
	last, err := s.Last(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	s.holes[last+1] = true
	s.Log(make([]engine.Response, responses)...)
}

// want checks what slow has lost.
func (p *process) want(responses, unseen uint64) {
	p.t.Helper()
	lost, err := p.Lost(p.t.Context())
	if err != nil || lost["slow"].Responses != responses || lost["slow"].Unseen != unseen {
		p.t.Errorf("lost %+v, %v, want %d, %d of them unseen", lost["slow"], err, responses, unseen)
	}
}

const lostLine = "responses are gone from the log that this listener has not handled"

// A listener whose record cannot be read goes on, and is counted anew; one whose store fails for now waits.
func TestUnreadableLosses(t *testing.T) {
	for name, row := range map[string]struct {
		err    error
		stored string // instead
		lost   uint64 // of four
		waits  bool
	}{
		"damaged":       {err: errors.Join(engine.ErrDamaged, errors.New("block 7")), lost: 1},
		"no record":     {stored: "{", lost: 1},
		"a sick store":  {err: errors.New("disk on fire"), lost: 4, waits: true},
		"a whole store": {lost: 4},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				store := newAiling()
				p := store.process(t)
				p.listen(func() {
					for range 3 {
						store.hole(t, 2)
						synctest.Wait()
					}
				})
				p.want(3, 3)
				store.value = row.err
				if row.stored != "" {
					if err := store.SetValues(t.Context(), lossSpace, map[string][]byte{"slow": []byte(row.stored)}); err != nil {
						t.Fatal(err)
					}
				}
				p = store.process(t) // another, which has not read the record
				l := p.listen(func() {
					store.hole(t, 2)
					time.Sleep(time.Minute)
				})
				if waits := len(l.got) == 0; waits != row.waits {
					t.Errorf("it was handed %v", l.got)
				}
				anew := p.log.count("slow", "they are counted anew") != 0
				if anew == (row.lost == 4) || row.waits == (p.log.count("disk on fire", "listener failed") == 0) {
					t.Errorf("the log is %s", p.log.text.String())
				}
				if row.waits {
					store.value = nil
					p.listen(nil)
				}
				p.want(row.lost, row.lost)
				store.process(t).want(row.lost, row.lost)
			})
		})
	}
}

// A loss that cannot be kept is not passed over: the listener waits.
func TestLossesAreKeptFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := newAiling()
		p := store.process(t)
		p.listen(nil)
		store.set = errors.New("disk on fire")
		store.hole(t, 5)
		l := p.listen(func() { time.Sleep(time.Minute) })
		if len(l.got) != 0 || p.log.count("disk on fire", "listener failed") == 0 || p.log.count(lostLine) != 0 {
			t.Errorf("it was handed %v; the log is %s", l.got, p.log.text.String())
		}
		store.set = nil
		if l := p.listen(nil); len(l.got) != 4 || p.log.count(lostLine, `"level":"warn"`, `"listener":"slow"`, `"lost":1`) != 1 {
			t.Errorf("it was handed %v; the log is %s", l.got, p.log.text.String())
		}
		p.want(1, 1)
	})
}

// A listener that is handed the same again, because its cursor could not be moved, has lost the same.
func TestLossesAreCountedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := newAiling()
		p := store.process(t)
		p.listen(nil)
		store.hole(t, 5)
		store.commit = errors.New("disk on fire")
		if l := p.listen(nil); len(l.got) != 4 {
			t.Errorf("it was handed %v", l.got)
		}
		store.commit = nil
		p.want(1, 1)
		p = store.process(t)
		if l := p.listen(nil); len(l.got) != 4 {
			t.Errorf("it was handed %v", l.got)
		}
		p.want(1, 1)
		if p.log.count(lostLine) != 0 {
			t.Errorf("it was told again: %s", p.log.text.String())
		}

		since := func() time.Time {
			lost, err := p.Lost(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			return lost["slow"].Since
		}
		if since().IsZero() {
			t.Error("since when is not told")
		}
		if err := p.Acknowledge(t.Context()); err != nil {
			t.Fatal(err)
		}
		p.want(1, 0)
		if at := since(); !at.IsZero() {
			t.Errorf("what was acknowledged is told of since %v", at)
		}
	})
}

// What can be acknowledged is, also when some records cannot be read, or none.
func TestAcknowledgeDespiteUnreadableLosses(t *testing.T) {
	for name, row := range map[string]struct {
		err  error
		want string
	}{
		"damaged":   {engine.ErrDamaged, ""},
		"all wrong": {errors.New("disk on fire"), "disk on fire"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				store := newAiling()
				store.value = row.err
				e := start(t, engine.Config{Store: store, Deliverer: &deliverer{answer: func(context.Context, engine.Delivery) engine.Response {
					return engine.Response{Outcome: engine.Unclear, Status: 500}
				}}})
				if _, err := store.Enroll(t.Context(), "slow"); err != nil {
					t.Fatal(err)
				}
				p := pkg("paid", "payer")
				p.Params["revenue"], p.Params["currency"] = "1.99", "EUR"
				if err := e.Track(t.Context(), p); err != nil {
					t.Fatal(err)
				}
				time.Sleep(10 * time.Second)
				if e.Health().DeadRevenue != 1 {
					t.Fatalf("health is %+v", e.Health())
				}
				err := e.Acknowledge(t.Context())
				if (err == nil) != (row.want == "") || err != nil && !strings.Contains(err.Error(), row.want) {
					t.Errorf("Acknowledge: %v", err)
				}
				time.Sleep(time.Minute)
				if e.Health().DeadRevenue != 0 {
					t.Errorf("health is %+v", e.Health())
				}
			})
		})
	}
}

// A health check is cheap: it asks the store for its counts, once, and no more for what is known of losses.
func TestHealthAsksOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := newAiling()
		p := store.process(t)
		p.listen(func() {
			store.hole(t, 2)
			synctest.Wait()
		})
		p = store.process(t) // another, which has not read the record
		p.Health()
		store.asked.Store(0)
		if health := p.Health(); len(health.Lost) != 1 || store.asked.Load() != 1 {
			t.Errorf("the store was asked %d times; health is %+v", store.asked.Load(), health)
		}
	})
}

// What is forgotten while somebody acknowledges it stays forgotten.
func TestForgetDuringAcknowledge(t *testing.T) {
	store := newAiling()
	p := store.process(t)
	if _, err := store.Enroll(t.Context(), "slow"); err != nil {
		t.Fatal(err)
	}
	store.Log(make([]engine.Response, 10)...)
	store.first = 8
	p.want(7, 7)
	forgotten := make(chan error, 1)
	store.setting = func(map[string][]byte) {
		store.setting = nil
		done := make(chan struct{})
		go func() {
			defer close(done)
			forgotten <- p.Forget(t.Context(), "slow")
		}()
		// It must wait for Acknowledge. Where it does not, this is more than enough for it.
		select {
		case <-done:
			t.Error("it was forgotten in between")
		case <-time.After(50 * time.Millisecond):
		}
	}
	if err := errors.Join(p.Acknowledge(t.Context()), <-forgotten); err != nil {
		t.Fatal(err)
	}
	if values, err := store.Store.Values(t.Context(), lossSpace); err != nil || len(values) != 0 {
		t.Errorf("kept is %q, %v", values, err)
	}
	if _, err := store.Enroll(t.Context(), "slow"); err != nil {
		t.Fatal(err)
	}
	p.want(0, 0)
	if err := p.Forget(t.Context(), "nobody"); !errors.Is(err, engine.ErrNotFound) {
		t.Errorf("Forget of nobody: %v", err)
	}
}

package engine_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"

	"trackhook/engine"
	"trackhook/engine/memory"
)

// shortened is a store whose log has lost its beginning, and what lies in holes.
type shortened struct {
	*memory.Store
	first uint64          // 0: all is there
	holes map[uint64]bool // by sequence number
}

func (s *shortened) Read(ctx context.Context, after uint64, limit int) ([]engine.Response, error) {
	responses, err := s.Store.Read(ctx, max(after, max(s.first, 1)-1), limit)
	kept := responses[:0]
	for i := range responses {
		if !s.holes[responses[i].Seq] {
			kept = append(kept, responses[i])
		}
	}
	return kept, err
}

func (s *shortened) Stats(ctx context.Context) (engine.Stats, error) {
	stats, err := s.Store.Stats(ctx)
	stats.First = max(stats.First, s.first)
	return stats, err
}

func (s *shortened) Close() error { return nil } // it is the disk that the next process finds

// hearing keeps which responses it was handed.
type hearing struct {
	name string
	got  []uint64
}

func (l *hearing) Name() string { return l.name }
func (l *hearing) Handle(_ context.Context, responses []engine.Response) (int, error) {
	for i := range responses {
		l.got = append(l.got, responses[i].Seq)
	}
	return len(responses), nil
}

func TestLostResponsesAreCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx := t.Context()
		store := &shortened{Store: memory.New(), holes: map[uint64]bool{45: true}}
		start := func() *engine.Engine {
			e, err := engine.New(engine.Config{Store: store, Deliverer: &deliverer{}})
			if err != nil {
				t.Fatal(err)
			}
			return e
		}
		listen := func(e *engine.Engine, l engine.Listener) (stop func()) {
			ctx, cancel := context.WithCancel(ctx)
			done := make(chan struct{})
			go func() {
				defer close(done)
				_ = e.Listen(ctx, l)
			}()
			synctest.Wait()
			return func() { cancel(); <-done }
		}
		check := func(what string, e *engine.Engine, responses, unseen uint64, reason string) {
			t.Helper()
			lost, err := e.Lost(ctx)
			if err != nil || lost["slow"].Responses != responses || lost["slow"].Unseen != unseen {
				t.Errorf("%s: lost %+v, %v, want %d, %d unseen", what, lost, err, responses, unseen)
			}
			got := strings.Join(e.Health().Reasons(), "; ") //nolint:contextcheck // it takes none
			if reason == "" && got != "" || !strings.Contains(got, reason) {
				t.Errorf("%s: health %q, want %q", what, got, reason)
			}
		}
		e := start()
		slow, quick := &hearing{name: "slow"}, &hearing{name: "quick"}
		listen(e, slow)() // it is enrolled, and listens no more
		stopQuick := listen(e, quick)
		store.Log(make([]engine.Response, 40)...)
		synctest.Wait()
		check("all is there", e, 0, 0, "")

		// What is gone in front of a listener is lost for it: reported, but no reason to worry while it does not listen.
		store.first = 31
		check("gone", e, 30, 30, "")
		stop := listen(e, slow)
		check("listening", e, 30, 30, "listener slow has lost 30 responses since ")
		if len(slow.got) != 10 || slow.got[0] != 31 {
			t.Errorf("it was handed %d", slow.got)
		}
		// A hole behind it is lost as well.
		store.Log(make([]engine.Response, 10)...)
		synctest.Wait()
		check("a hole", e, 31, 31, "listener slow has lost 31 responses since 2000-01-01T00:00:00Z: ")
		stop()
		stopQuick()
		if _, err := e.Close(); err != nil {
			t.Fatal(err)
		}

		// It stays so for the next process, also when that is handed the same again, until somebody has looked.
		e = start()
		check("another process", e, 31, 31, "listener slow has lost 31 responses since 2000-01-01T00:00:00Z: ")
		if err := e.Acknowledge(ctx); err != nil {
			t.Fatal(err)
		}
		check("acknowledged", e, 31, 0, "")
		stop = listen(e, slow)
		check("nothing new", e, 31, 0, "")
		stop()
		store.first = 61
		store.Log(make([]engine.Response, 15)...)
		stop = listen(e, slow)
		check("more is gone", e, 41, 10, "listener slow has lost 10 responses since 2000-01-01T00:00:00Z: ")
		stop()

		// What was forgotten has lost nothing.
		if err := e.Forget(ctx, "slow"); err != nil {
			t.Fatal(err)
		}
		listen(e, slow)()
		lost, err := e.Lost(ctx)
		if _, known := lost["slow"]; known || err != nil {
			t.Errorf("forgotten: %+v, %v", lost, err)
		}
		if _, err := e.Close(); err != nil {
			t.Fatal(err)
		}
	})
}

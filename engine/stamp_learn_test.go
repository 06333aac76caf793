package engine_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"trackhook/engine"
	"trackhook/engine/memory"
)

// unreadable is a store that fails its readers until it is mended.
type unreadable struct {
	*memory.Store
	broken atomic.Bool
}

func (u *unreadable) Value(ctx context.Context, space, key string) ([]byte, error) {
	if u.broken.Load() {
		return nil, errors.New("disk on fire")
	}
	return u.Store.Value(ctx, space, key)
}

// What the first caller does, or what goes wrong for it, must not make the host forget how far the clock was.
func TestStampsAreLearnedWhateverTheFirstCallerDoes(t *testing.T) {
	for name, first := range map[string]func(*engine.Engine, *unreadable) error{
		"has gone": func(e *engine.Engine, _ *unreadable) error {
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			return e.Track(ctx, pkg("gone", "a"))
		},
		"finds the store broken": func(e *engine.Engine, u *unreadable) error {
			u.broken.Store(true)
			defer u.broken.Store(false)
			return e.Track(t.Context(), pkg("early", "b"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			u := &unreadable{Store: memory.New()}
			ahead := time.Now().Add(time.Hour).Round(0)
			r := engine.Response{Package: pkg("before", "a"), Outcome: engine.Delivered, At: ahead}
			r.Package.Created = ahead
			u.Log(r)
			e, err := engine.New(engine.Config{Store: u, Deliverer: &deliverer{}})
			if err != nil {
				t.Fatal(err)
			}
			_ = first(e, u)
			if err := e.Track(t.Context(), pkg("second", "a")); err != nil {
				t.Fatal(err)
			}
			row, err := u.Package(t.Context(), "second")
			if err != nil || !row.Package.Created.Equal(ahead) {
				t.Errorf("created is %v (%v), want %v", row.Package.Created, err, ahead)
			}
			if _, err := e.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}

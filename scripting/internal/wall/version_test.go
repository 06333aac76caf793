package wall

import (
	"context"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"trackhook/scripting/internal/source"
	"trackhook/scripting/internal/wire"
)

// bare is a version without a process, for what only a moment between two steps shows.
func bare() *Version {
	v := &Version{
		cfg: &Config{Peers: &Peers{}, OnDeath: func(bool) {}}, graph: source.NewGraph(""), lines: &lines{},
		waits: waits{}.withDefaults(), done: make(chan struct{}), turn: make(chan struct{}, 1), failed: map[uint64]string{},
	}
	v.life, v.end = context.WithCancel(context.Background())
	return v
}

// A batch whose effects cannot be stored waits for the store as long as that takes.
func TestStoreIsWaitedFor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := &process{frames: make(chan frame)}
		p.unstored.Store(true)
		go func() {
			<-time.After(time.Hour)
			p.frames <- frame{wire.Handled, wire.AppendResult(nil, &wire.Result{Handled: 1})}
		}()
		if result, ok := bare().await(t.Context(), p); !ok || result.Handled != 1 {
			t.Errorf("the result is %v, %t", result, ok)
		}
	})
}

// A version that is retired just when its process has died comes to its end.
func TestRetiredBesideADeath(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		v := bare()
		p := &process{gone: make(chan struct{}), house: &house{stderr: &head{}}, conn: wire.NewConn(strings.NewReader(""), io.Discard).Channel(1)}
		close(p.gone)
		v.proc = p
		v.turn <- struct{}{} // somebody is about to notice the death
		go v.attend(p)
		synctest.Wait()
		done := v.Retire()
		synctest.Wait()
		<-v.turn
		synctest.Wait()
		select {
		case <-done:
		default:
			t.Error("it does not come to its end")
		}
	})
}

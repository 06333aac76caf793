package engine_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"trackhook/engine"
)

func TestWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		began := time.Now()
		if !engine.Wait(ctx, time.Minute) || time.Since(began) != time.Minute {
			t.Errorf("waited %s, want a minute", time.Since(began))
		}
		began = time.Now()
		time.AfterFunc(time.Second, cancel)
		if engine.Wait(ctx, time.Hour) || time.Since(began) != time.Second {
			t.Errorf("waited %s, want a second", time.Since(began))
		}
		for range 20 { // both are over: it never says to go on
			if engine.Wait(ctx, 0) || engine.Wait(ctx, -1) {
				t.Fatal("it goes on although the context has ended")
			}
		}
	})
}

package memory_test

import (
	"testing"

	"go.uber.org/goleak"

	"trackhook/engine"
	"trackhook/engine/memory"
	"trackhook/engine/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// TestStore shows that the store keeps the contracts. What was closed is opened again as it was.
func TestStore(t *testing.T) {
	storetest.Run(t, func(testing.TB) storetest.Opener {
		s := memory.New()
		return func() (engine.Store, error) {
			s.Reopen()
			return s, nil
		}
	})
}

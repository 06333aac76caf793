package storetest

import (
	"testing"

	"trackhook/engine"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// TestMemory shows that the store in memory keeps the same contract. What was closed is opened again as it was.
func TestMemory(t *testing.T) {
	Run(t, func(testing.TB) Opener {
		m := NewMemory()
		return func() (engine.Store, error) {
			m.mu.Lock()
			defer m.mu.Unlock()
			m.closed = false
			for handle, p := range m.leased {
				p.lease = 0
				delete(m.leased, handle)
			}
			for _, app := range m.apps {
				app.limit, app.held = -1, 0
			}
			return m, nil
		}
	})
}

package memory_test

import (
	"flag"
	"os"
	"testing"

	"go.uber.org/goleak"

	"trackhook/engine"
	"trackhook/engine/memory"
	"trackhook/engine/storetest"
)

func TestMain(m *testing.M) {
	flag.Parse()
	if checks := flag.Lookup("rapid.checks"); os.Getenv("TRACKHOOK_LONG") == "" && checks.Value.String() == checks.DefValue {
		_ = checks.Value.Set("8") // hosts of a cluster wait for each other
	}
	goleak.VerifyTestMain(m)
}

// TestStore shows that the store keeps the contracts. What was closed is opened again as it was.
func TestStore(t *testing.T) {
	t.Parallel() // most of it is waiting
	storetest.Run(t, func(testing.TB) storetest.Opener {
		s := memory.New()
		return func() (engine.Store, error) {
			s.Reopen()
			return s, nil
		}
	})
}

// TestCluster shows that the double of a store of several hosts keeps the contracts of those.
func TestCluster(t *testing.T) {
	t.Parallel()
	storetest.RunCluster(t, func(testing.TB) storetest.Cluster { return double{memory.NewCluster()} })
}

type double struct{ *memory.Cluster }

func (d double) Join() (engine.Store, error) { return d.Cluster.Join("host"), nil }

func (d double) Lose(store engine.Store) error {
	host, _ := store.(*memory.Host)
	d.Cluster.Lose(host)
	return nil
}

package postgres_test

import (
	"context"
	"flag"
	"os"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"trackhook/engine"
	"trackhook/engine/postgres"
	"trackhook/engine/postgres/internal/pgtest"
	"trackhook/engine/storetest"
)

func TestMain(m *testing.M) {
	if args := os.Getenv("TRACKHOOK_TEST_HOST"); args != "" {
		database, test, _ := strings.Cut(args, " ")
		if err := runHost(database, test); err != nil {
			println(err.Error())
			os.Exit(1)
		}
		os.Exit(0)
	}
	flag.Int("million", 0, "how many packages TestMillion queues; 0 for none")
	flag.Parse()
	if checks := flag.Lookup("rapid.checks"); checks.Value.String() == checks.DefValue {
		_ = checks.Value.Set("8") // each opens a store many times
	}
	code := pgtest.Run(m)
	removeProgram()
	if code == 0 {
		if err := goleak.Find(); err != nil {
			println(err.Error())
			code = 1
		}
	}
	os.Exit(code)
}

// TestStore shows that the store keeps the contracts.
func TestStore(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(tb testing.TB) storetest.Opener {
		tb.Helper()
		url, schema := pgtest.Shared(tb)
		return func() (engine.Store, error) {
			return postgres.Open(context.Background(), postgres.Config{URL: url, Schema: schema})
		}
	})
}

// TestCluster shows that it keeps the contracts of stores that several hosts have open.
func TestCluster(t *testing.T) {
	t.Parallel()
	storetest.RunCluster(t, func(tb testing.TB) storetest.Cluster {
		tb.Helper()
		url, schema := pgtest.Shared(tb)
		return cluster{postgres.Config{URL: url, Schema: schema, Attempt: 1, Connections: 8}}
	})
}

type cluster struct{ cfg postgres.Config }

func (c cluster) Join() (engine.Store, error) { return postgres.Open(context.Background(), c.cfg) }

func (c cluster) Lose(store engine.Store) error {
	return store.(*postgres.Store).Lose(context.Background())
}

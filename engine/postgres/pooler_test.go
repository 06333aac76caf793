package postgres_test

import (
	"bytes"
	"context"
	"net"
	"strings"
	"testing"

	"github.com/rs/zerolog"

	"trackhook/engine/postgres"
	"trackhook/engine/postgres/internal/pgtest"
)

// TestPooler warns of a pooler, and refuses one that takes no settings with connections.
func TestPooler(t *testing.T) {
	t.Parallel()
	server, schema := pgtest.SharedServer(t)
	proxy := pgtest.StartProxy(t, server)
	proxy.Pool()
	var log bytes.Buffer
	store, err := postgres.Open(t.Context(), postgres.Config{URL: proxy.URL(), Schema: schema, Log: zerolog.New(zerolog.SyncWriter(&log))})
	if err != nil {
		t.Fatal(err)
	}
	closeStore(t, store)
	if !strings.Contains(log.String(), "it must pool sessions") {
		t.Errorf("the log is %s", log.String())
	}
	direct, err := postgres.Open(t.Context(), postgres.Config{URL: server.URL(), Schema: schema, Log: zerolog.New(zerolog.SyncWriter(&log))})
	if err != nil {
		t.Fatal(err)
	}
	closeStore(t, direct)
	if n := strings.Count(log.String(), "it must pool sessions"); n != 1 {
		t.Errorf("%d warnings", n)
	}

	door, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer door.Close()
	go func() {
		for {
			conn, err := door.Accept()
			if err != nil {
				return
			}
			_, _ = conn.Read(make([]byte, 4096))
			text := "SFATAL\x00C08P01\x00Munsupported startup parameter: search_path\x00\x00"
			_, _ = conn.Write(append([]byte{'E', 0, 0, 0, byte(len(text) + 4)}, text...))
			_ = conn.Close()
		}
	}()
	_, err = postgres.Open(t.Context(), postgres.Config{URL: "postgres://u:secret@" + door.Addr().String() + "/x?sslmode=disable"})
	if err == nil || !strings.Contains(err.Error(), "give the address of PostgreSQL itself") || strings.Contains(err.Error(), "secret") {
		t.Errorf("the error is %v", err)
	}
}

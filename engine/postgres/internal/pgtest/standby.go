package pgtest

import (
	"context"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// standbyName is what a standby calls itself.
const standbyName = "standby"

// Standby makes a server that follows another, and waits until it does. Nothing waits for it yet: see [Server.Wait].
func Standby(tb testing.TB, primary *Server) *Server {
	tb.Helper()
	folder, err := os.MkdirTemp("", "pg") //nolint:usetesting // the path of a socket must be short
	if err != nil {
		tb.Fatal(err)
	}
	s := &Server{bin: primary.bin, folder: folder, settings: primary.settings}
	tb.Cleanup(s.Remove)
	if err := own(folder); err != nil {
		tb.Fatal(err)
	}
	from := "host=" + primary.folder + " user=trackhook application_name=" + standbyName
	c := s.command("pg_basebackup", "-D", s.data(), "-R", "-X", "stream", "-c", "fast", "--no-sync", "-d", from)
	if out, err := c.CombinedOutput(); err != nil {
		tb.Fatalf("pg_basebackup: %v\n%s", err, out)
	}
	if err := s.Restart(); err != nil {
		tb.Fatal(err)
	}
	primary.until(tb, "SELECT count(*) = 1 FROM pg_stat_replication WHERE state = 'streaming'")
	return s
}

// Wait has commits wait for the standby, in a way that synchronous_commit names.
func (s *Server) Wait(tb testing.TB, commit string) {
	tb.Helper()
	for _, statement := range []string{
		"ALTER SYSTEM SET synchronous_commit = '" + commit + "'", "ALTER SYSTEM SET synchronous_standby_names = '" + standbyName + "'", "SELECT pg_reload_conf()",
	} {
		s.run(tb, statement)
	}
	s.until(tb, "SELECT count(*) = 1 FROM pg_stat_replication WHERE sync_state = 'sync'")
}

// Promote has a standby take over. Nobody follows it, so that it waits for nobody.
func (s *Server) Promote(tb testing.TB) {
	tb.Helper()
	s.run(tb, "ALTER SYSTEM SET synchronous_standby_names = ''", "SELECT pg_promote()")
}

func (s *Server) run(tb testing.TB, statements ...string) {
	tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	conn, err := pgx.Connect(ctx, s.URL())
	if err != nil {
		tb.Fatal(err)
	}
	defer conn.Close(ctx) //nolint:errcheck // nothing is left to do
	for _, statement := range statements {
		if _, err := conn.Exec(ctx, statement); err != nil {
			tb.Fatal(fmt.Errorf("%s: %w", statement, err))
		}
	}
}

// until waits until a query says yes.
func (s *Server) until(tb testing.TB, query string) {
	tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	conn, err := pgx.Connect(ctx, s.URL())
	if err != nil {
		tb.Fatal(err)
	}
	defer conn.Close(context.Background()) //nolint:errcheck // nothing is left to do
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	for yes := false; !yes; <-again.C {
		if err := conn.QueryRow(ctx, query).Scan(&yes); err != nil {
			tb.Fatal(fmt.Errorf("%s: %w", query, err))
		}
	}
}

// Folder is where the socket of a server is, as a host in an address.
func (s *Server) Folder() string { return s.folder }

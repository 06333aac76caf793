package postgres_test

import (
	"context"
	"testing"
	"time"

	"trackhook/engine/postgres/internal/pgtest"
	"trackhook/engine/proctest"

	"github.com/jackc/pgx/v5"
)

// meter is what a benchmark has used so far.
type meter struct {
	b              *testing.B
	server         *pgtest.Server
	here, database time.Duration // of processors
	wal            int64         // bytes of the database's log
	commits, syncs int64
}

// measure begins to measure what a benchmark uses.
func measure(b *testing.B, server *pgtest.Server) *meter {
	b.Helper()
	m := &meter{b: b, server: server}
	m.wal, m.commits, m.syncs = m.counted()
	m.here, m.database = proctest.CPU("self"), server.CPU()
	return m
}

// counted returns what the server has counted, of connections that have ended.
func (m *meter) counted() (wal, commits, syncs int64) {
	m.b.Helper()
	conn, err := pgx.Connect(m.b.Context(), m.server.URL())
	if err != nil {
		m.b.Fatal(err)
	}
	defer conn.Close(context.WithoutCancel(m.b.Context()))
	err = conn.QueryRow(m.b.Context(), `SELECT (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::bigint,
		(SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()), (SELECT wal_sync FROM pg_stat_wal)`).
		Scan(&wal, &commits, &syncs)
	if err != nil {
		m.b.Fatal(err)
	}
	return wal, commits, syncs
}

// stop ends the measuring, while all is still connected.
func (m *meter) stop() {
	m.here, m.database = proctest.CPU("self")-m.here, m.server.CPU()-m.database
}

// report tells the processor time of 100,000 packages, of this process with all hosts and of the database, bytes of the database's log
// by the package, and commits and syncs of the disk by the thousand. Nothing may be connected any more.
func (m *meter) report() {
	m.b.Helper()
	wal, commits, syncs := m.counted()
	n := float64(m.b.N)
	m.b.ReportMetric(m.here.Seconds()/n*100_000, "cpu-s/100000")
	m.b.ReportMetric(m.database.Seconds()/n*100_000, "database-cpu-s/100000")
	m.b.ReportMetric(float64(wal-m.wal)/n, "wal-B/op")
	m.b.ReportMetric(float64(commits-m.commits)/n*1000, "commits/1000")
	m.b.ReportMetric(float64(syncs-m.syncs)/n*1000, "syncs/1000")
}

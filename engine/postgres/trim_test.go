package postgres_test

import (
	"bytes"
	"context"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"trackhook/engine"
	"trackhook/engine/postgres"
	"trackhook/engine/postgres/internal/pgtest"

	"github.com/jackc/pgx/v5"
	"github.com/rs/zerolog"
)

// logBuffer collects log lines from several goroutines.
type logBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer // guarded by mu
}

func (l *logBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// keeper is a store whose upkeep is tested, and its tables.
type keeper struct {
	t     *testing.T
	store *postgres.Store
	log   logBuffer
	db    *pgx.Conn

	url, schema string
}

const keptPart = 8 // responses in a part of the log

func newKeeper(t *testing.T, cfg postgres.Config) *keeper {
	t.Helper()
	return newKeeperOf(t, cfg, keptPart)
}

func newKeeperOf(t *testing.T, cfg postgres.Config, part int64) *keeper {
	t.Helper()
	t.Parallel()
	k := &keeper{t: t}
	k.url, k.schema = pgtest.Shared(t)
	cfg.URL, cfg.Schema = k.url, k.schema
	cfg.Log = zerolog.New(&k.log).Level(zerolog.InfoLevel)
	var err error
	if k.store, err = postgres.Open(t.Context(), cfg.WithLogPart(part)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = k.store.Close() })
	if k.db, err = pgx.Connect(t.Context(), cfg.URL); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = k.db.Close(context.Background()) })
	k.exec("SET search_path = " + cfg.Schema)
	return k
}

func (k *keeper) exec(statement string, args ...any) {
	k.t.Helper()
	if _, err := k.db.Exec(k.t.Context(), statement, args...); err != nil {
		k.t.Fatal(err)
	}
}

// count runs a query of one number.
func (k *keeper) count(query string) (n int) {
	k.t.Helper()
	if err := k.db.QueryRow(k.t.Context(), query).Scan(&n); err != nil {
		k.t.Fatal(err)
	}
	return n
}

// end lets packages leave the queue, so long ago.
func (k *keeper) end(verdict engine.Verdict, age time.Duration, ids ...string) {
	k.t.Helper()
	for _, id := range ids {
		if err := k.store.Append(k.t.Context(), packageOf(id, id)); err != nil {
			k.t.Fatal(err)
		}
		leases, err := k.store.Lease(k.t.Context(), 1)
		if err != nil {
			k.t.Fatal(err)
		}
		settlements := deliver(leases)
		settlements[0].Verdict, settlements[0].Response.At = verdict, time.Now().Add(-age)
		if err := k.store.Settle(k.t.Context(), settlements...); err != nil {
			k.t.Fatal(err)
		}
	}
}

func (k *keeper) enroll(listener string) {
	k.t.Helper()
	if _, err := k.store.Enroll(k.t.Context(), listener); err != nil {
		k.t.Fatal(err)
	}
}

func (k *keeper) commit(listener string, seq uint64) {
	k.t.Helper()
	if err := k.store.Commit(k.t.Context(), listener, seq, engine.Runs{}); err != nil {
		k.t.Fatal(err)
	}
}

// maintain does the upkeep, and then the log must hold what is from first on to last.
func (k *keeper) maintain(first, last uint64) {
	k.t.Helper()
	if err := k.store.Maintain(k.t.Context()); err != nil {
		k.t.Fatal(err)
	}
	stats, err := k.store.Stats(k.t.Context())
	if err != nil {
		k.t.Fatal(err)
	}
	if stats.First != first || stats.Last != last {
		k.t.Fatalf("the log holds %d to %d, want %d to %d; it says\n%s", stats.First, stats.Last, first, last, k.log.String())
	}
	if first > last {
		return
	}
	responses, err := k.store.Read(k.t.Context(), 0, 1000)
	if err != nil {
		k.t.Fatal(err)
	}
	if got := responses[0].Seq; got != first || uint64(len(responses)) != last-first+1 {
		k.t.Fatalf("%d responses from %d can be read, want %d to %d", len(responses), got, first, last)
	}
}

// again appends packages that were known once, and returns how many are queued then.
func (k *keeper) again(ids ...string) uint64 {
	k.t.Helper()
	for _, id := range ids {
		if err := k.store.Append(k.t.Context(), packageOf(id, id)); err != nil {
			k.t.Fatal(err)
		}
	}
	stats, err := k.store.Stats(k.t.Context())
	if err != nil {
		k.t.Fatal(err)
	}
	return stats.Queued
}

func numbered(from, to int) (ids []string) {
	for n := from; n <= to; n++ {
		ids = append(ids, strconv.Itoa(n))
	}
	return ids
}

// TestRetainAge shows that responses which are too old go when all listeners have handled them that were seen of late: as
// parts of the log, or, where a part takes long to fill, one by one; and that their packages are forgotten with them and no
// earlier.
func TestRetainAge(t *testing.T) {
	k := newKeeper(t, postgres.Config{Retain: 24 * time.Hour})
	k.enroll("listener")
	k.end(engine.Remove, 26*time.Hour, numbered(1, 10)...) // 0 to 7 are a part, and 8 to 15
	k.end(engine.Bury, 26*time.Hour, "11")
	k.end(engine.Remove, 0, "12")
	k.maintain(1, 12) // it has handled nothing
	k.commit("listener", 3)
	k.maintain(1, 12) // not worth it: what lies so close together goes as one
	k.commit("listener", 7)
	k.maintain(8, 12)
	if got := k.count("SELECT count(*) FROM ids"); got != 5 {
		t.Errorf("%d packages are known, want 5", got)
	}
	if got := k.again("1", "7", "8", "11", "12"); got != 2 {
		t.Errorf("%d packages are queued, want the 2 again whose responses are gone", got)
	}
	k.commit("listener", 12)
	k.maintain(8, 12)
	// Now they are so much too old that the rest of the part is not waited for.
	k.exec("UPDATE log SET at = at - $1 WHERE seq < 12", int64(2*time.Hour))
	k.maintain(12, 12)
	if got := k.count("SELECT count(*) FROM log"); got != 1 {
		t.Errorf("the log has %d rows, want 1", got)
	}
	if got := k.again("8", "9", "10", "11", "12"); got != 5 {
		t.Errorf("%d packages are queued, want 5: neither a dead letter nor what ended just now", got)
	}
	if text := k.log.String(); strings.Contains(text, `"listeners"`) {
		t.Errorf("warned, although nobody has lost anything:\n%s", text)
	}
}

// TestRetainAgeOfGoneListener shows that a listener that was not seen for as long as responses are kept holds nothing back,
// and that one that a host owns does, however long it takes.
func TestRetainAgeOfGoneListener(t *testing.T) {
	k := newKeeper(t, postgres.Config{Retain: time.Hour})
	k.enroll("gone")
	k.enroll("slow")
	_, release, err := k.store.Own(t.Context(), engine.OwnListener+"slow")
	if err != nil {
		t.Fatal(err)
	}
	k.end(engine.Remove, 50*time.Hour, numbered(1, 9)...)
	k.exec("UPDATE cursors SET seen = seen - $1", int64(2*time.Hour))
	k.maintain(1, 9)
	release()
	k.exec("UPDATE cursors SET seen = seen - $1 WHERE listener = 'slow'", int64(2*time.Hour))
	k.maintain(10, 9)
	if text := k.log.String(); !strings.Contains(text, `"listeners":["gone","slow"]`) || !strings.Contains(text, "not seen") {
		t.Errorf("nobody was told what the listeners have lost:\n%s", text)
	}
	if got := k.again("1", "9"); got != 2 {
		t.Errorf("%d packages are queued, want 2 again", got)
	}
}

// TestRetainBytes shows that whole parts go when the log is too large, whoever has handled them, and who is told.
func TestRetainBytes(t *testing.T) {
	k := newKeeper(t, postgres.Config{RetainBytes: 1})
	k.enroll("slow")
	k.end(engine.Remove, 0, numbered(1, 30)...)
	k.maintain(24, 30)
	if text := k.log.String(); !strings.Contains(text, `"listeners":["slow"]`) || !strings.Contains(text, "over its size limit") {
		t.Errorf("nobody was told what the listener has lost:\n%s", text)
	}
	if got := k.count("SELECT count(*) FROM pg_inherits WHERE inhparent = 'log'::regclass"); got != 2 {
		t.Errorf("the log has %d parts, want that of the end and the next", got)
	}
	if got := k.again(numbered(1, 30)...); got != 23 {
		t.Errorf("%d packages are queued, want the 23 again whose responses are gone", got)
	}
	k.end(engine.Remove, 0, "31") // the log goes on
}

// TestTrimIsInterrupted shows that what was forgotten is not forgotten again, when a host has died before it had removed the
// responses: the packages may have come again meanwhile.
func TestTrimIsInterrupted(t *testing.T) {
	k := newKeeper(t, postgres.Config{RetainBytes: 1})
	k.end(engine.Remove, 0, numbered(1, 9)...)
	k.exec("DELETE FROM ids WHERE id = '5'")
	k.exec("UPDATE counter SET forgot = 8")
	if got := k.again("5"); got != 1 {
		t.Fatalf("%d packages are queued, want 1", got)
	}
	k.maintain(8, 9)
	if got := k.again("5"); got != 1 {
		t.Errorf("%d packages are queued: one was accepted twice", got)
	}
}

// TestUpkeepOnTwoHosts shows that hosts that do the upkeep at the same time do it once.
func TestUpkeepOnTwoHosts(t *testing.T) {
	cfg := postgres.Config{RetainBytes: 1}
	k := newKeeper(t, cfg)
	cfg.URL, cfg.Schema = k.url, k.schema
	other, err := postgres.Open(t.Context(), cfg.WithLogPart(keptPart))
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	k.end(engine.Remove, 0, numbered(1, 40)...)
	k.end(engine.Bury, 0, "dead")
	k.exec("UPDATE dead SET ended = ended - $1", int64(100*24*time.Hour))
	var hosts sync.WaitGroup
	for _, store := range []*postgres.Store{k.store, other, k.store, other} {
		hosts.Go(func() {
			if err := store.Maintain(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	hosts.Wait()
	k.maintain(40, 42)
	if got := k.again("1", "40", "dead"); got != 1 {
		t.Errorf("%d packages are queued, want 1", got)
	}
}

// TestDeadAge shows that dead letters go that were kept for long enough, and that each leaves a response.
func TestDeadAge(t *testing.T) {
	k := newKeeper(t, postgres.Config{DeadAge: 48 * time.Hour, RetainCounts: 100 * 365 * 24 * time.Hour})
	k.end(engine.Bury, 0, "1", "2", "3")
	k.exec("UPDATE dead SET ended = ended - $1 WHERE id <> '3'", int64(49*time.Hour))
	k.maintain(1, 5)
	responses, err := k.store.Read(t.Context(), 3, 10)
	if err != nil || len(responses) != 2 || responses[0].Outcome != engine.Dropped || responses[0].Rule != "dead letter age" {
		t.Fatalf("Read = %+v, %v, want that two were dropped", responses, err)
	}
	stats, err := k.store.Stats(t.Context())
	if err != nil || stats.Dead != 1 {
		t.Errorf("Stats = %+v, %v, want 1 dead letter", stats, err)
	}
	counts, err := k.store.Counts(t.Context(), time.Unix(1_700_000_000, 0), time.Unix(1_700_000_000, 0))
	if err != nil || len(counts) != 1 || counts[0].Outcomes[engine.Dropped] != 2 {
		t.Errorf("Counts = %+v, %v, want that two were dropped", counts, err)
	}
	if text := k.log.String(); !strings.Contains(text, `"dropped":2,`) {
		t.Errorf("nobody was told:\n%s", text)
	}
	k.maintain(1, 5) // and no more
}

// TestDeadAgeOfMany shows that it goes on where one step is not enough.
func TestDeadAgeOfMany(t *testing.T) {
	k := newKeeperOf(t, postgres.Config{DeadAge: time.Hour, Partitions: 1}, 4096)
	k.end(engine.Bury, 0, "1")
	k.exec(`INSERT INTO dead (partition, app, device, number, id, created, accepted, ended, session, attempts, failures, last, message, body)
		SELECT partition, app, device, n + 1000000, id || '-' || n::text::bytea, created, accepted, ended, session, attempts, failures, last, message, body
		FROM dead, generate_series(1, 1200) n`)
	k.exec(`INSERT INTO ids (part, id, partition, app, stream, number)
		SELECT i.part, d.id, i.partition, i.app, i.stream, d.number FROM ids i, dead d WHERE i.id = '1' AND d.id <> '1'`)
	k.exec("UPDATE dead SET ended = ended - $1", int64(2*time.Hour))
	if err := k.store.Maintain(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := k.count("SELECT count(*) FROM dead"); got != 0 {
		t.Errorf("%d dead letters are left", got)
	}
}

// TestForgetHosts shows that nothing is left of hosts that were lost long ago, but what they have accepted.
func TestForgetHosts(t *testing.T) {
	k := newKeeper(t, postgres.Config{RetainCounts: 48 * time.Hour})
	k.end(engine.Remove, 0, "1")
	if err := k.store.Append(t.Context(), packageOf("2", "2")); err != nil {
		t.Fatal(err)
	}
	long := time.Now().Add(-100 * time.Hour).UnixNano()
	for host := 1001; host <= 1002; host++ {
		k.exec("INSERT INTO hosts (host, id, name, version, started, seen, expires, ended) VALUES ($1, $2, '', '', $3, $3, $3, true)", host, strconv.Itoa(host), long)
		k.exec("INSERT INTO flights VALUES ($1, '')", host)
		k.exec("INSERT INTO orders (number, host) VALUES ($1, $1)", host)
	}
	k.exec("UPDATE packages SET stream = 1002")
	k.maintain(1, 1)
	for table, want := range map[string]int{"hosts": 2, "flights": 1, "orders": 1, "counts": 0, "events": 0} {
		if got := k.count("SELECT count(*) FROM " + table); got != want {
			t.Errorf("%s has %d rows, want %d", table, got, want)
		}
	}
}

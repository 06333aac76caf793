package postgres_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"trackhook/engine"
	"trackhook/engine/postgres"
	"trackhook/engine/postgres/internal/pgtest"
)

// TestFailover kills the primary without warning, under load, and has a synchronous standby take over. Whatever was acknowledged
// is there, is sent once and heard of: also what was being committed just then is asked for and not guessed.
func TestFailover(t *testing.T) {
	t.Parallel()
	for _, commit := range []string{"on", "remote_apply"} {
		t.Run(commit, func(t *testing.T) {
			t.Parallel()
			testFailover(t, commit)
		})
	}
}

func testFailover(t *testing.T, commit string) {
	t.Helper()
	primary := pgtest.Start(t)
	standby := pgtest.Standby(t, primary)
	r := &runner{t: t, receiver: newReceiver(), hearer: &hearer{heard: map[string]int{}}}
	// However long the standby takes, the host loses nothing by that, and nothing is heard again.
	cfg := postgres.Config{URL: "postgres:///postgres?user=trackhook&target_session_attrs=read-write&host=" + standby.Folder() + "," + primary.Folder(), Lease: time.Minute}
	r.start(cfg)
	if text := r.log.String(); !strings.Contains(text, "standbys") || !strings.Contains(text, "synchronous_standby_names") {
		t.Errorf("nobody is warned that nothing waits for the standby:\n%s", text)
	}
	primary.Wait(t, commit)
	const producers, each = 4, 60
	var all sync.WaitGroup
	half := make(chan struct{}, producers)
	for p := range producers {
		all.Go(func() {
			for n := range each {
				r.track(fmt.Sprintf("%d-%d", p, n))
				if n == each/2 {
					half <- struct{}{}
				}
			}
		})
	}
	for range producers {
		<-half
	}
	primary.Kill()
	killed := time.Now()
	standby.Promote(t)
	r.track("after")
	t.Logf("taken in %s after the kill", time.Since(killed).Round(time.Millisecond))
	all.Wait()
	r.await(producers*each + 1)
	t.Logf("all was sent and heard of %s after the kill", time.Since(killed).Round(time.Millisecond))
	r.check(producers*each + 1)
	if lines := r.lines("error"); len(lines) > 4 {
		t.Errorf("the log has %d errors:\n%s", len(lines), strings.Join(lines, ""))
	}
}

// TestStandbyIsNoDatabase shows what is said to who gives the address of a standby alone.
func TestStandbyIsNoDatabase(t *testing.T) {
	t.Parallel()
	standby := pgtest.Standby(t, pgtest.Start(t))
	_, err := postgres.Open(t.Context(), postgres.Config{URL: standby.URL()})
	if err == nil || !strings.Contains(err.Error(), "is a standby") || !strings.Contains(err.Error(), standby.Folder()) {
		t.Errorf("Open = %v, want that it is a standby", err)
	}
}

// TestDatabaseGoesBack has a standby take over that lacks what was acknowledged, because nothing waited for it. The host says so
// and begins anew, and goes on.
func TestDatabaseGoesBack(t *testing.T) {
	t.Parallel()
	primary := pgtest.Start(t)
	standby := pgtest.Standby(t, primary)
	r := &runner{t: t, receiver: newReceiver(), hearer: &hearer{heard: map[string]int{}}}
	cfg := postgres.Config{URL: "postgres:///postgres?user=trackhook&host=" + primary.Folder() + "," + standby.Folder(), Lease: 3 * time.Second}
	r.start(cfg)
	r.track("1", "2", "3")
	r.await(3)
	standby.Stop(t)
	r.track("4", "5", "6")
	r.await(6)
	primary.Kill()
	if err := standby.Restart(); err != nil {
		t.Fatal(err)
	}
	standby.Promote(t)
	r.track("7", "8", "9")
	r.await(9)
	if text := r.log.String(); !strings.Contains(text, "gone back") {
		t.Errorf("nobody is told:\n%s", text)
	}
	if _, err := r.store.Stats(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestClockOfHost shows that the clock of a host does not matter: it is minutes before or behind that of the database.
func TestClockOfHost(t *testing.T) {
	t.Parallel()
	for name, skew := range map[string]time.Duration{"ahead": -7 * time.Minute, "behind": 7 * time.Minute} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url, schema := pgtest.Shared(t)
			cfg := postgres.Config{URL: url, Schema: schema, Lease: 2 * time.Second}.WithDatabaseClock(skew)
			wrong, err := postgres.Open(t.Context(), cfg)
			if err != nil {
				t.Fatal(err)
			}
			defer wrong.Close()
			if got := time.Until(wrong.Now()) - skew; got.Abs() > time.Minute {
				t.Errorf("Now is %s away from the database's time", got)
			}
			p := freshPackage("1", "1")
			p.Created = time.Now() // stamped by this host
			if err := wrong.Append(t.Context(), p); err != nil {
				t.Fatal(err)
			}
			leases, err := wrong.Lease(t.Context(), 1)
			if err != nil {
				t.Fatal(err)
			}
			for what, at := range map[string]time.Time{"created": leases[0].Package.Created, "accepted": leases[0].Accepted} {
				if got := time.Until(at) - skew; got.Abs() > time.Minute {
					t.Errorf("it was %s at a time that is %s away from the database's", what, got)
				}
			}
			// It is due again in a moment, and not minutes too early or too late.
			settlements := deliver(leases)
			const wait = 300 * time.Millisecond
			before := time.Now()
			settlements[0].Verdict, settlements[0].Due = engine.Requeue, time.Now().Add(wait)
			if err := wrong.Settle(t.Context(), settlements...); err != nil {
				t.Fatal(err)
			}
			if leases, err = wrong.Lease(t.Context(), 1); err != nil {
				t.Fatal(err)
			}
			if got := time.Since(before); got < wait {
				t.Errorf("it was leased %s after it was due in %s", got, wait)
			}
			// Its lease lasts as long as it renews, and what it has is taken over when it does not.
			other, err := postgres.Open(t.Context(), cfg)
			if err != nil {
				t.Fatal(err)
			}
			defer other.Close()
			hosts, err := other.Hosts(t.Context())
			if err != nil || len(hosts) != 2 || hosts[0].Lost || hosts[1].Lost {
				t.Errorf("Hosts = %+v, %v, want two that live", hosts, err)
			}
			if err := wrong.Settle(t.Context(), deliver(leases)...); err != nil {
				t.Error(err)
			}
		})
	}
}

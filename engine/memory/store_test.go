package memory_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"trackhook/engine"
	"trackhook/engine/memory"
)

func app(token string) engine.App { return engine.App{Token: token, Environment: engine.Sandbox} }

func pack(token, id, device string) engine.Package {
	return engine.Package{
		ID: id, Kind: engine.KindEvent, App: app(token), Device: "gps_adid=" + device, Created: time.Unix(1_700_000_000, 0),
		Params: map[string]string{"event_token": "abc123"},
	}
}

func lease(t *testing.T, s *memory.Store, limit int) []engine.Lease {
	t.Helper()
	leases, err := s.Lease(t.Context(), limit)
	if err != nil {
		t.Fatal(err)
	}
	return leases
}

func settle(t *testing.T, s *memory.Store, l engine.Lease, verdict engine.Verdict, o engine.Outcome) {
	t.Helper()
	err := s.Settle(t.Context(), engine.Settlement{
		Lease: l, Verdict: verdict, Due: time.Now(),
		Response: engine.Response{Package: l.Package, Attempt: l.Attempts + 1, Outcome: o, Message: "so"},
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestAppsTakeTurnsWithinTheirLimits(t *testing.T) {
	s := memory.New()
	for i := range 20 {
		if err := s.Append(t.Context(), pack("a", fmt.Sprint("a", i), fmt.Sprint("d", i))); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Append(t.Context(), pack("b", "b0", "0"), pack("b", "b1", "1"), pack("c", "c0", "0")); err != nil {
		t.Fatal(err)
	}
	s.Limit(app("c"), 0)
	s.Limit(app("a"), 3)
	var got []string
	for _, l := range lease(t, s, 10) {
		got = append(got, l.Package.App.Token)
	}
	if want := []string{"a", "b", "a", "b", "a"}; !slices.Equal(got, want) {
		t.Errorf("leased %v, want %v", got, want)
	}
	woken := make(chan []engine.Lease, 1)
	go func() { woken <- lease(t, s, 10) }()
	s.Limit(app("c"), -1)
	if leases := <-woken; len(leases) != 1 || leases[0].Package.ID != "c0" {
		t.Errorf("leased %v after the limit was raised", leases)
	}
}

func TestInspector(t *testing.T) {
	s, ctx := memory.New(), t.Context()
	if err := s.Append(ctx, pack("a", "1", "x"), pack("a", "2", "x"), pack("b", "3", "x")); err != nil {
		t.Fatal(err)
	}
	first := lease(t, s, 1)[0]
	settle(t, s, first, engine.Bury, engine.Rejected)
	if _, err := s.Enroll(ctx, "l"); err != nil {
		t.Fatal(err)
	}
	rows, next, err := s.Packages(ctx, engine.Filter{AppToken: "a"}, "", 1)
	if err != nil || len(rows) != 1 || next == "" {
		t.Fatalf("page 1 is %+v, %q (%v)", rows, next, err)
	}
	rest, next, err := s.Packages(ctx, engine.Filter{AppToken: "a"}, next, 1)
	if err != nil || len(rest) != 1 || next != "" || rest[0].Package.ID == rows[0].Package.ID {
		t.Fatalf("page 2 is %+v, %q (%v)", rest, next, err)
	}
	dead, _, err := s.Packages(ctx, engine.Filter{State: engine.Dead, Reason: engine.Rejected}, "", 10)
	if err != nil || len(dead) != 1 || dead[0].Package.ID != "1" || dead[0].Message != "so" || dead[0].Attempts != 1 {
		t.Errorf("dead letters are %+v (%v)", dead, err)
	}
	if n, err := s.Retry(ctx, "1", "2", "none"); err != nil || n != 1 {
		t.Errorf("%d were retried (%v)", n, err)
	}
	// It stands behind 2 now, with its history.
	if state, err := s.Package(ctx, "1"); err != nil || state.Status != engine.Queued || state.Attempts != 0 || !state.Due.IsZero() {
		t.Errorf("after the retry: %+v (%v)", state, err)
	}
	if n, err := s.Drop(ctx, "2", "3", "none"); err != nil || n != 2 {
		t.Errorf("%d were dropped (%v)", n, err)
	}
	history, err := s.History(ctx, "2")
	if err != nil || len(history) != 1 || history[0].Outcome != engine.Dropped {
		t.Errorf("history is %+v (%v)", history, err)
	}
	if err := s.Commit(ctx, "l", 3, engine.Runs{Version: "v", Failed: map[uint64]string{3: "oh"}}); err != nil {
		t.Fatal(err)
	}
	if runs, err := s.Runs(ctx, 3); err != nil || len(runs) != 1 || runs[0] != (engine.Run{Listener: "l", Version: "v", Failure: "oh"}) {
		t.Errorf("runs are %+v (%v)", runs, err)
	}
	if runs, err := s.Runs(ctx, 1); err != nil || len(runs) != 0 {
		t.Errorf("runs before the listener was there are %+v (%v)", runs, err)
	}
	lanes, _, err := s.Lanes(ctx, engine.Filter{}, "", 10)
	if err != nil || len(lanes) != 1 || lanes[0].Head != "1" || lanes[0].Queued != 1 {
		t.Errorf("lanes are %+v (%v)", lanes, err)
	}
	day := time.Unix(1_700_000_000, 0)
	counts, err := s.Counts(ctx, day, day)
	if err != nil || len(counts) != 2 || counts[0].Accepted != 2 || counts[0].Outcomes[engine.Rejected] != 1 || counts[1].Outcomes[engine.Dropped] != 1 {
		t.Errorf("counts are %+v (%v)", counts, err)
	}
	if _, err := s.Package(ctx, "none"); !errors.Is(err, engine.ErrNotFound) {
		t.Errorf("an unknown package: %v", err)
	}
	if _, _, err := s.Packages(ctx, engine.Filter{}, "no page", 1); !errors.Is(err, engine.ErrNotFound) {
		t.Errorf("a foreign page: %v", err)
	}
}

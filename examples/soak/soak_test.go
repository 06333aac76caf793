package main

import (
	"os"
	"testing"
	"time"
)

// TestKills is the crash test of the whole binary: SIGKILL at random moments under load, fifty of them in a long run.
func TestKills(t *testing.T) {
	if testing.Short() {
		t.Skip("kills the binary again and again; leave out -short to run it")
	}
	s := soak{
		Duration: 9 * time.Minute, Devices: 200, Rate: 2000, Fail: 0, Kill: 300 * time.Millisecond, Edit: 200 * time.Millisecond,
		Kills: 2, Seed: 1,
	}
	if os.Getenv("TRACKHOOK_LONG") != "" {
		s.Kills = 50
	}
	report, err := s.run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Log("\n" + report.table())
	for _, problem := range report.problems() {
		t.Error(problem)
	}
	if report.Kills < int64(s.Kills) {
		t.Errorf("only %d kills", report.Kills)
	}
}

// TestClockIsSet sets the clock of the whole binary again and again while its server fails three times in ten. Packages
// that wait must neither wait for an hour nor lose their waits, none may be too old, and the server takes those of a
// device in the order of their times only. Building everything anew for it takes minutes, so it has to be asked for.
func TestClockIsSet(t *testing.T) {
	if os.Getenv("TRACKHOOK_SOAK_CLOCK") == "" {
		t.Skip("builds the whole binary with another package time; set TRACKHOOK_SOAK_CLOCK to run it")
	}
	s := soak{Duration: 30 * time.Second, Devices: 400, Rate: 500, Fail: 0.3, Edit: time.Second, Clock: 2 * time.Second, Seed: 1}
	report, err := s.run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Log("\n" + report.table())
	for _, problem := range report.problems() {
		t.Error(problem)
	}
	if report.Dead > 0 {
		t.Errorf("%d dead letters", report.Dead)
	}
	// With its back-off of 10 to 500 ms, one request in three fails, and one that does not wait fails again and again.
	if most := uint64(4 * report.Accepted); report.Requests > most {
		t.Errorf("%d requests for %d packages: they do not wait", report.Requests, report.Accepted)
	}
}

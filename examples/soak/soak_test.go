package main

import (
	"testing"
	"time"
)

// TestFiftyKills is the crash test of the whole binary: SIGKILL at fifty random moments under load.
func TestFiftyKills(t *testing.T) {
	if testing.Short() {
		t.Skip("kills the binary fifty times; leave out -short to run it")
	}
	s := soak{
		Duration: 3 * time.Minute, Devices: 200, Rate: 2000, Fail: 0, Kill: 300 * time.Millisecond, Edit: 200 * time.Millisecond,
		Kills: 50, Seed: 1,
	}
	report, err := s.run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Log("\n" + report.table())
	for _, problem := range report.problems() {
		t.Error(problem)
	}
	if report.Kills < 50 {
		t.Errorf("only %d kills", report.Kills)
	}
}

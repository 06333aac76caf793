package disk_test

import (
	"testing"
	"time"
	"unsafe"

	"trackhook/engine"
	"trackhook/engine/disk"
)

// A due time whose wall clock was set meanwhile is as far away as its monotonic reading says.
func TestDueTimesIgnoreThatTheClockIsSet(t *testing.T) {
	store, err := disk.Open(disk.Config{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	wall := map[string]time.Duration{"ahead": time.Hour, "behind": -time.Hour, "right": 0}
	waits := map[string]time.Duration{"ahead": 20 * time.Millisecond, "right": 60 * time.Millisecond, "behind": 100 * time.Millisecond}
	for name := range wall {
		p := engine.Package{
			ID: name, Kind: engine.KindEvent, App: engine.App{Token: "abc123def456", Environment: engine.Sandbox},
			Device: "external_device_id=" + name, Created: time.Now(),
		}
		if err := store.Append(t.Context(), p); err != nil {
			t.Fatal(err)
		}
	}
	due := map[string]time.Time{}
	var settlements []engine.Settlement
	for len(settlements) < len(wall) {
		leases, err := store.Lease(t.Context(), len(wall))
		if err != nil {
			t.Fatal(err)
		}
		for _, lease := range leases {
			at := time.Now().Add(waits[lease.Package.ID])
			due[lease.Package.ID] = at
			settlements = append(settlements, engine.Settlement{
				Lease: lease, Verdict: engine.Requeue, Due: set(t, at, wall[lease.Package.ID]),
				Response: engine.Response{Package: lease.Package, Attempt: 1, Outcome: engine.Retry, WillRetry: true, At: time.Now()},
			})
		}
	}
	if err := store.Settle(t.Context(), settlements...); err != nil {
		t.Fatal(err)
	}
	for left := len(wall); left > 0; {
		leases, err := store.Lease(t.Context(), 1)
		if err != nil {
			t.Fatal(err)
		}
		for _, lease := range leases {
			if early := time.Until(due[lease.Package.ID]); early > 5*time.Millisecond {
				t.Errorf("%s came %v early", lease.Package.ID, early)
			}
			left--
		}
	}
	if err := store.Close(); err != nil {
		t.Error(err)
	}
}

// set returns what the clock would have said had somebody set it: another wall time, the same monotonic reading.
func set(t *testing.T, at time.Time, by time.Duration) time.Time {
	t.Helper()
	moved := at
	// With a monotonic reading, the first word of a Time holds seconds above 30 bits of nanoseconds.
	*(*int64)(unsafe.Pointer(&moved)) += int64(by/time.Second) << 30
	if moved.Sub(at) != 0 || moved.Round(0).Sub(at.Round(0)) != by {
		t.Skip("package time keeps its readings in another way; write set anew")
	}
	return moved
}

package notify_test

import (
	"testing"

	"golang.org/x/sys/unix"
)

// monotonic is the time in microseconds of the clock by which systemd tells one reload from another.
func monotonic(t *testing.T) int64 {
	t.Helper()
	var at unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_MONOTONIC, &at); err != nil {
		t.Fatal(err)
	}
	return at.Nano() / 1000
}

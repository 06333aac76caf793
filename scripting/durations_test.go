package scripting

import (
	"testing"
	"time"
)

func TestDurationText(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0s", 1500 * time.Nanosecond: "2µs", 4642567 * time.Nanosecond: "4.64ms", 24114181 * time.Nanosecond: "24.11ms",
		90*time.Second + 123*time.Millisecond: "1m30.12s",
	} {
		if got := durationText(d); got != want {
			t.Errorf("%d: %s, want %s", d, got, want)
		}
	}
}

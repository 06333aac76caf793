package terminal

import (
	"testing"
	"time"
)

func TestTimesOfTables(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "-", 7: "7ns", 14_321: "14.3µs", 999_960: "1ms", 1_234_567: "1.23ms", 2345 * time.Millisecond: "2.35s",
	} {
		if got := RunTime(d); got != want {
			t.Errorf("runTime(%d) = %s, want %s", d, got, want)
		}
	}
	for d, want := range map[time.Duration]string{
		1400 * time.Millisecond: "1s", 59*time.Minute + 3*time.Second: "59m3s", 26*time.Hour + 90*time.Second: "26h2m", 75 * time.Hour: "3d3h",
	} {
		if got := Age(d); got != want {
			t.Errorf("age(%s) = %s, want %s", d, got, want)
		}
	}
	if got := Ago(time.Time{}); got != "-" {
		t.Errorf("ago(never) = %s", got)
	}
}

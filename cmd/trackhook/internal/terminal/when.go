package terminal

import (
	"fmt"
	"time"
)

// Stamp is a time to the millisecond, with its zone.
func Stamp(t time.Time) string { return t.Local().Format("2006-01-02 15:04:05.000 -0700") }

// Ago is a time as people read it in a table: how long ago it was, and - for never.
func Ago(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return Age(time.Since(t)) + " ago"
}

// Age is a duration in its two largest units.
func Age(d time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case d < time.Hour:
		return d.Round(time.Second).String()
	case d < 2*day:
		d = d.Round(time.Minute)
		return fmt.Sprintf("%dh%dm", d/time.Hour, d%time.Hour/time.Minute)
	default:
		d = d.Round(time.Hour)
		return fmt.Sprintf("%dd%dh", d/day, d%day/time.Hour)
	}
}

// RunTime is a duration in two or three digits.
func RunTime(d time.Duration) string {
	unit := time.Duration(1)
	for d/unit >= 1000 {
		unit *= 10
	}
	if d <= 0 {
		return "-"
	}
	return d.Round(unit).String()
}

// Took is a duration to the millisecond, or to ten of them from a second on.
func Took(d time.Duration) string {
	if d < time.Second {
		return d.Round(time.Millisecond).String()
	}
	return d.Round(10 * time.Millisecond).String()
}

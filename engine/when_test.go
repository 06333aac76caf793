package engine_test

import (
	"testing"
	"time"

	"trackhook/engine"
)

func TestParseTime(t *testing.T) {
	ten := time.Date(2026, 11, 27, 10, 0, 0, 0, time.UTC)
	for text, want := range map[string]time.Time{
		"2026-11-27T10:00:00Z":                                   ten,
		"2026-11-27T10:00:00.123Z":                               ten.Add(123 * time.Millisecond), // JavaScript
		"2026-11-27T10:00:00.123456789Z":                         ten.Add(123456789),              // Java, Go
		"2026-11-27T10:00:00.1234567+00:00":                      ten.Add(123456700),              // .NET, "o"
		"2026-11-27 10:00:00Z":                                   ten,                             // .NET, "u"; Elixir
		"2026-11-27T10:00Z":                                      ten,                             // Java, Instant and OffsetDateTime
		"2026-11-27T11:00+01:00":                                 ten,
		"2026-11-27T11:00+01:00[Europe/Berlin]":                  ten, // Java, ZonedDateTime
		"2026-11-27T11:00:00+01:00[Europe/Berlin][u-ca=gregory]": ten,
		"2026-11-27T10:00Z[UTC]":                                 ten,
		"2026-11-27T10:00:00.000+0000":                           ten,                       // Jackson
		"2026-11-27T10:00:00+00:00":                              ten,                       // Python, isoformat
		"2026-11-27 10:00:00.000001+00:00":                       ten.Add(time.Microsecond), // Python, str
		"2026-11-27T10:53:28+00:53:28":                           ten,                       // Python, of a local mean time
		"2026-11-27 11:00:00+01":                                 ten,                       // PostgreSQL
		"2026-11-27 15:30:00+05:30":                              ten,
		"2026-11-27 11:00:00 +0100":                              ten,                             // Ruby
		"2026-11-27 10:00:00 UTC":                                ten,                             // Ruby, Rust
		"2026-11-27 10:00:00 +00:00":                             ten,                             // Rust
		"2026-11-27 11:00:00.5 +0100 CET m=+0.1234":              ten.Add(500 * time.Millisecond), // Go
		"2026-11-27 13:00:00 +0300 +03":                          ten,
		"2026-11-27 10:00:00 +0000 UTC":                          ten,
		"20261127T100000Z":                                       ten,
		"20261127T1000Z":                                         ten,
		"20261127T110000.5+0100":                                 ten.Add(500 * time.Millisecond),
		"2026-11-27t10:00:00z":                                   ten,
		"2026-11-27T10:00:00,25Z":                                ten.Add(250 * time.Millisecond), // log4j
		"2026-11-27T09:00:00\u221201:00":                         ten,
		"2026-11-27T05:00:00-05":                                 ten,
		"2026-11-27T12:00:00Z+0200":                              ten, // Adjust's documentation
		"2026-11-27T06:00:00.288Z-0400":                          ten.Add(288 * time.Millisecond),
		"2026-11-27T12:00:00Z 0200":                              ten, // a plus sign that was not percent-encoded
		"2026-11-27 12:00:00 02:00":                              ten,
		"2026-11-27T11:00 01":                                    ten,
		" 2026-11-27T10:00:00Z\n":                                ten,
	} {
		if got, err := engine.ParseTime(text); err != nil || !got.Equal(want) {
			t.Errorf("ParseTime(%q) = %v, %v, want %v", text, got, err, want)
		}
	}
	for _, text := range []string{
		"", "now", "2026-11-27", "2026-11-27T10:00:00", "2026-11-27 10:00", "2026-11-27T10:00:00.5", "2026-11-27T10Z", "20261127Z",
		"2026-11-27T10:00:00Europe/Berlin", "2026-11-27T10:00:00 CET", "2026-11-27T10:00:00+1", "2026-11-27T10:00:00+010", "2026-13-27T10:00Z",
		"2026-11-27T25:00Z", "2026-11-27T10:00:00+01:00 a b", "2026-11-27T10:00.5Z", "2026-11-27X10:00:00Z", "2026-11-27T", "2026-11-27T+01",
		"2026-11-27T10:00:00Z02", "2026-11-27T10:00:00[Europe/Berlin]", "1764237600", "Fri Nov 27 10:00:00 UTC 2026", "20261127 ", "2026-11-27T1:0:0Z",
	} {
		if got, err := engine.ParseTime(text); err == nil {
			t.Errorf("ParseTime(%q) = %v, want an error", text, got)
		}
	}
}

func FuzzParseTime(f *testing.F) {
	for _, text := range []string{"2026-11-27T10:00Z", "20261127T100000.5+01", "2026-11-27 11:00:00.5 +0100 CET m=+0.1", "2026-11-27T10:00:00Z 0200"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		at, err := engine.ParseTime(text)
		if err != nil {
			return
		}
		// It is the time that the text begins with, up to a day for the zone.
		if year := at.UTC().Year(); year < -1 || year > 10_000 {
			t.Errorf("ParseTime(%q) = %v", text, at)
		}
	})
}

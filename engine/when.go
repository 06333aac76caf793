package engine

import (
	"fmt"
	"strings"
	"time"
)

// ParseTime reads a time with a zone in the forms of ISO 8601 that programs write by themselves, for example
//
//	2026-11-27T10:00:00.123456789+01:00              RFC 3339, JavaScript, Go, .NET
//	2026-11-27T10:00Z                                Java, which leaves out seconds that are zero
//	2026-11-27T10:00+01:00[Europe/Berlin]            Java, and Temporal of JavaScript
//	2026-11-27 10:00:00.123456+00:00                 Python
//	2026-11-27 10:00:00 +0100, ... +01, ... UTC      Ruby, PostgreSQL, Rust
//	2026-11-27 10:00:00.5 +0100 CET m=+0.1           Go's String
//	20261127T100000Z, 2026-11-27t10:00:00,5z         the basic form, lower case, a comma before the fraction
//
// and in the form of Adjust's documentation, 2026-11-27T10:00:00Z+0100, whose Z means nothing. A plus sign that became a
// blank on its way through a form is read as one. A time without a zone is an error: nobody knows when it is.
func ParseTime(text string) (time.Time, error) {
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		return at, nil
	}
	// What stands behind says nothing more: the name of the zone, and Go's monotonic clock.
	iso, _, _ := strings.Cut(text, "[")
	iso, _, _ = strings.Cut(iso, " m=")
	iso = strings.TrimSpace(iso)
	date, rest, ok := cutDate(iso)
	if ok {
		clock, zone := cutClock(rest)
		clock, fine := fullClock(clock)
		offset, known := offsetOf(zone)
		if fine && known {
			if at, err := time.Parse("2006-01-02T15:04:05Z07:00:00", date+"T"+clock+offset); err == nil {
				return at, nil
			}
		}
	}
	return time.Time{}, fmt.Errorf("%s is no time with a zone, such as 2023-01-02T15:04:05Z", Quote(text))
}

// cutDate takes a date, and what stands between it and the clock, from the front.
func cutDate(text string) (date, rest string, ok bool) {
	const extended, basic = len("2006-01-02"), len("20060102")
	switch {
	case len(text) > extended && text[4] == '-' && text[7] == '-':
		date, rest = text[:extended], text[extended:]
	case len(text) > basic && isDigits(text[:basic]):
		date, rest = text[:4]+"-"+text[4:6]+"-"+text[6:basic], text[basic:]
	default:
		return "", "", false
	}
	if rest[0] != 'T' && rest[0] != 't' && rest[0] != ' ' {
		return "", "", false
	}
	return date, rest[1:], true
}

// cutClock parts a clock from its zone.
func cutClock(text string) (clock, zone string) {
	end := 0
	for end < len(text) && (text[end] >= '0' && text[end] <= '9' || text[end] == ':' || text[end] == '.' || text[end] == ',') {
		end++
	}
	return text[:end], text[end:]
}

// fullClock adds what a clock has left out: colons, and seconds. ok is false when it has no minutes.
func fullClock(clock string) (full string, ok bool) {
	clock = strings.Replace(clock, ",", ".", 1)
	whole, fraction, fractional := strings.Cut(clock, ".")
	if isDigits(whole) && (len(whole) == 4 || len(whole) == 6) {
		whole = whole[:2] + ":" + whole[2:4] + strings.TrimSuffix(":"+whole[4:], ":")
	}
	if len(whole) == len("15:04") && !fractional {
		return whole + ":00", true
	}
	if fractional {
		fraction = "." + fraction
	}
	return whole + fraction, len(whole) == len("15:04:05")
}

// offsetOf makes an offset of hours, minutes and seconds of a zone.
func offsetOf(zone string) (offset string, ok bool) {
	zone = strings.TrimRight(zone, " ")
	bare := strings.TrimLeft(zone, " ")
	switch strings.ToUpper(bare) {
	case "Z", "UTC", "GMT":
		return "Z", true
	}
	blank := len(bare) < len(zone)
	if bare != "" && (bare[0] == 'Z' || bare[0] == 'z') {
		trimmed := strings.TrimLeft(bare[1:], " ")
		blank, bare = len(trimmed) < len(bare)-1, trimmed
	}
	sign := "+"
	switch {
	case strings.HasPrefix(bare, "+"), strings.HasPrefix(bare, "-"):
		sign, bare = bare[:1], bare[1:]
	case strings.HasPrefix(bare, "\u2212"): // the minus sign of typographers, and of ISO 8601
		sign, bare = "-", bare[len("\u2212"):]
	case !blank: // else it is a plus sign that was not percent-encoded
		return "", false
	}
	// Go's String has the name of the zone, or the offset once more, behind it.
	digits, name, _ := strings.Cut(bare, " ")
	if strings.ContainsAny(name, " :") {
		return "", false
	}
	digits = strings.ReplaceAll(digits, ":", "")
	if !isDigits(digits) || len(digits) != 2 && len(digits) != 4 && len(digits) != 6 {
		return "", false
	}
	digits += "0000"[:6-len(digits)]
	return sign + digits[:2] + ":" + digits[2:4] + ":" + digits[4:6], true
}

// isDigits tells whether s has digits only.
func isDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

package admin

import (
	"errors"
	"fmt"
	"strconv"
	"time"

	"trackhook/engine"
)

// ParseTime reads a point in time as the API and the command line take it: what [engine.ParseTime] reads, such as
// 2026-01-02T15:04:05Z; a
// day, such as 2026-01-02, which means its midnight UTC; or an age, such as 90s, 2h, 3d, 2w or 1d12h, which is counted
// back from now.
func ParseTime(text string, now time.Time) (time.Time, error) {
	t, err := engine.ParseTime(text)
	if err != nil {
		t, err = time.Parse(time.DateOnly, text)
	}
	// Other years have no RFC 3339 form in UTC.
	if year := t.UTC().Year(); err == nil && year >= 1 && year <= 9999 {
		return t, nil
	}
	age, err := parseAge(text)
	if err != nil {
		return time.Time{}, fmt.Errorf("%s is neither a time such as 2026-01-02T15:04:05Z, nor a day such as 2026-01-02, nor an age such as 2h or 3d", engine.Quote(text))
	}
	return now.Add(-age), nil
}

// maxAge keeps ages within what time can count.
const maxAge = 100 * 365 * 24 * time.Hour

// parseAge reads weeks and days, in whole numbers, and then what [time.ParseDuration] reads.
func parseAge(text string) (time.Duration, error) {
	var age time.Duration
	rest := text
	for _, unit := range []struct {
		letter byte
		length time.Duration
	}{{'w', 7 * 24 * time.Hour}, {'d', 24 * time.Hour}} {
		end := 0
		for end < len(rest) && rest[end] >= '0' && rest[end] <= '9' {
			end++
		}
		if end == 0 || end == len(rest) || rest[end] != unit.letter {
			continue
		}
		n, err := strconv.ParseUint(rest[:end], 10, 32)
		if err != nil || n > uint64(maxAge/unit.length) {
			return 0, errors.New("too long")
		}
		age += time.Duration(n) * unit.length
		rest = rest[end+1:]
	}
	if rest == "" && text != "" {
		return age, nil
	}
	clock, err := time.ParseDuration(rest)
	if err != nil || clock < 0 || clock > maxAge || rest[0] == '+' || rest[0] == '-' {
		return 0, errors.New("no age")
	}
	return age + clock, nil
}

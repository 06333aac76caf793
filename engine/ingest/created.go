package ingest

import (
	"strconv"
	"strings"
	"time"

	"trackhook/engine"
)

// created reads the two parameters that tell when something happened. Both are checked, and unix wins. Neither given:
// the zero time, which the engine replaces by now.
func created(unix string, hasUnix bool, iso string, hasISO bool) (at time.Time, refused *refusal) {
	if hasISO {
		if at, refused = createdAt(iso); refused != nil {
			return time.Time{}, refused
		}
	}
	if hasUnix {
		return createdAtUnix(unix)
	}
	return at, nil
}

// createdAtUnix reads seconds, or milliseconds when there are 13 digits, as in an example of Adjust's own sessions
// page. 13 digits of seconds would lie beyond the year 33000.
func createdAtUnix(text string) (time.Time, *refusal) {
	if text == "" || strings.Trim(text, "0123456789") != "" || len(text) == 12 || len(text) > 13 {
		return time.Time{}, invalid("Invalid created_at", "created_at_unix",
			"created_at_unix %s must be whole seconds since 1970, such as 1484085154; leave it out to have the package stamped now", engine.Quote(text))
	}
	number, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		panic(err) // at most 13 digits: cannot fail
	}
	if len(text) == 13 {
		return time.UnixMilli(number), nil
	}
	return time.Unix(number, 0), nil
}

// createdAt reads what [engine.ParseTime] does. Text without any zone is refused: nobody knows when it is.
func createdAt(text string) (time.Time, *refusal) {
	at, err := engine.ParseTime(text)
	if err != nil {
		return time.Time{}, invalid("Invalid created_at", "created_at",
			"created_at %s must be a time with a zone, such as 2023-01-02T15:04:05.000+0000; leave it out to have the package stamped now", engine.Quote(text))
	}
	return at, nil
}

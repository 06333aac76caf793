package adjust

import (
	"encoding/json"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Answer is what came of one request, before it is classified.
type Answer struct {
	// Status is the HTTP status, 0 when there was no answer, and Body what the server sent, perhaps cut.
	Status int
	Body   []byte
	// Date, RetryAfter and Location are the headers of these names.
	Date, RetryAfter, Location string
	// Fault says why there is no complete answer, and Message says it in words for people.
	Fault   Fault
	Message string
	// Ambiguous means that all of the request was sent and the server may have counted it.
	Ambiguous bool
	// At is when the attempt ended.
	At time.Time
}

// fields are the values at the top level of a JSON answer that are used: spans of the body, nil where absent.
// Everything else in the body is only checked to be JSON. It is an array, and not a struct whose fields are pointed at, so
// that it stays on the stack.
type fields [fieldCount][]byte

const (
	fieldMessage = iota
	fieldError
	fieldStatus
	fieldTimestamp
	fieldADID
	fieldRetryIn
	fieldAskIn
	fieldContinueIn
	fieldCount
)

// fieldOf returns the index of a name, -1 for names of no interest. Names with escapes in them are not recognised; no
// server writes them so.
func fieldOf(name []byte) int {
	switch string(name) {
	case "message":
		return fieldMessage
	case "error":
		return fieldError
	case "status":
		return fieldStatus
	case "timestamp":
		return fieldTimestamp
	case "adid":
		return fieldADID
	case "retry_in":
		return fieldRetryIn
	case "ask_in":
		return fieldAskIn
	case "continue_in":
		return fieldContinueIn
	default:
		return -1
	}
}

// Messages are for people and logs; what a script needs in full is in the body.
const maxMessage = 4096

// text returns a value as text: a string's own, null as "", anything else as it is written.
func text(raw []byte) string {
	switch {
	case len(raw) == 0 || string(raw) == "null":
		return ""
	case raw[0] != '"':
		return clean(string(raw), maxMessage)
	}
	inner := raw[1 : len(raw)-1]
	for _, c := range inner {
		if c == '\\' || c >= utf8.RuneSelf {
			var s string
			if json.Unmarshal(raw, &s) != nil { // never: the scanner has checked it
				return ""
			}
			return clean(s, maxMessage)
		}
	}
	return clean(string(inner), maxMessage)
}

// clean makes s fit for one line of a log: valid UTF-8, no control characters, at most limit bytes.
func clean(s string, limit int) string {
	if len(s) > limit {
		s = s[:limit] + "..."
	}
	s = strings.ToValidUTF8(s, "\uFFFD")
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, s)
}

// Servers may ask for any wait; what is longer than a year is a mistake, and would overflow sooner or later.
const maxHint = 365 * 24 * time.Hour

// waitHint reads a number of milliseconds, also from text, as the SDKs do. "abc" counts as absent. A negative number is
// present and asks for no particular wait.
func waitHint(raw []byte) (wait time.Duration, present bool) {
	if len(raw) == 0 {
		return 0, false
	}
	if raw[0] == '"' {
		raw = raw[1 : len(raw)-1]
	}
	ms, err := strconv.ParseFloat(strings.TrimSpace(string(raw)), 64)
	switch {
	case math.IsInf(ms, 1) && isNumber(raw):
		return maxHint, true // 1e999
	case err != nil, math.IsNaN(ms), math.IsInf(ms, 0), !isNumber(raw):
		return 0, false
	case ms <= 0:
		return 0, true
	case ms >= float64(maxHint/time.Millisecond):
		return maxHint, true
	default:
		return time.Duration(ms * float64(time.Millisecond)), true
	}
}

// isNumber refuses what ParseFloat takes beyond decimal numbers: hexadecimal, underscores, Inf, NaN.
func isNumber(raw []byte) bool {
	for _, c := range raw {
		switch {
		case c >= '0' && c <= '9', c == '.', c == '-', c == '+', c == 'e', c == 'E', c == ' ':
		default:
			return false
		}
	}
	return true
}

// retryAfter reads the header: seconds, or a date, which is compared with the server's own clock where it tells it.
func retryAfter(header, date string, now time.Time) time.Duration {
	header = strings.TrimSpace(header)
	if header == "" {
		return 0
	}
	if seconds, err := strconv.ParseFloat(header, 64); err == nil {
		if !isNumber([]byte(header)) || !(seconds > 0) {
			return 0
		}
		return time.Duration(min(seconds, maxHint.Seconds()) * float64(time.Second))
	}
	at, err := http.ParseTime(header)
	if err != nil {
		return 0
	}
	if server, err := http.ParseTime(date); err == nil {
		now = server
	}
	return min(max(at.Sub(now), 0), maxHint)
}

// serverDate is a Date header, as it came and as a timestamp.
type serverDate struct{ header, timestamp string }

// timestamp returns the Date header in the form in which the server writes times, "" when there is no valid one.
func (r *Rules) timestamp(header string) string {
	if header == "" {
		return ""
	}
	if last := r.date.Load(); last != nil && last.header == header {
		return last.timestamp
	}
	at, err := http.ParseTime(header)
	if err != nil {
		return ""
	}
	d := &serverDate{header: header, timestamp: at.UTC().Format("2006-01-02T15:04:05.000Z+0000")}
	r.date.Store(d)
	return d.timestamp
}

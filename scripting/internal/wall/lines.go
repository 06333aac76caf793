package wall

import (
	"encoding/json"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/rs/zerolog"

	"trackhook/scripting/internal/instance"
)

const (
	// mostBytes is how much of the log a plugin may fill in a second, and burst how much at once, in bytes.
	mostBytes = 10 << 20
	burst     = 20 << 20
)

// versionField is the field of a line with the version of the plugin.
const versionField = "version"

// lines passes lines of the log on, and counts those that are too many.
type lines struct {
	log, own zerolog.Logger
	plugin   string
	heard    func(*instance.Line) // nil: nobody wants to hear of them

	mu      sync.Mutex
	left    float64   // guarded by mu, as all below
	at      time.Time // when left was that
	dropped int
}

// pluginField is the field with the name of the plugin.
const pluginField = "plugin"

// write passes a line on, as zerolog has written it in the worker.
func (l *lines) write(line []byte, now time.Time) bool {
	if fits, before := l.fits(len(line), now); before > 0 {
		l.own.Warn().Int("lines", before).Msg("the plugin has printed more than 10 MB in a second; lines are left out")
	} else if !fits {
		return true
	}
	fields, ok := scanLine(string(line))
	if !ok {
		return false
	}
	level, message := zerolog.InfoLevel, ""
	heard := instance.Line{At: now, Plugin: l.plugin}
	for _, f := range fields {
		switch f.key {
		case pluginField:
			if text, ok := unquoted(f.value); !ok || text != l.plugin {
				return false // it speaks for another one
			}
		case zerolog.LevelFieldName:
			level, _ = zerolog.ParseLevel(strings.Trim(f.value, `"`)) // another one is no level
		case zerolog.MessageFieldName:
			if message, ok = unquoted(f.value); !ok {
				return false
			}
		case instance.SeqField:
			heard.Seq, _ = strconv.ParseUint(f.value, 10, 64) // another one is none
		case versionField:
			heard.Version, _ = unquoted(f.value) // what is none is not shown
		}
	}
	event := l.log.WithLevel(level)
	if event == nil {
		return true
	}
	if l.heard != nil {
		heard.Level, heard.Text = level, message
		l.heard(&heard)
	}
	for _, f := range fields {
		if f.key == zerolog.LevelFieldName || f.key == zerolog.MessageFieldName || f.key == instance.SeqField {
			continue
		}
		if text, ok := plainText(f.value); ok {
			event.Str(f.key, text)
		} else {
			event.RawJSON(f.key, []byte(f.value))
		}
	}
	event.Msg(message)
	return true
}

// plainText returns what a string of JSON says that has no escapes.
func plainText(value string) (string, bool) {
	if len(value) < 2 || value[0] != '"' || strings.IndexByte(value, '\\') >= 0 {
		return "", false
	}
	return value[1 : len(value)-1], true
}

// unquoted returns what a string of JSON says.
func unquoted(value string) (text string, ok bool) {
	if text, ok = plainText(value); ok {
		return text, true
	}
	return text, json.Unmarshal([]byte(value), &text) == nil
}

// fits tells whether a line is within the bound, and how many were not since that was said last.
func (l *lines) fits(size int, now time.Time) (fits bool, dropped int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.at.IsZero() {
		l.left = burst
	} else {
		l.left = min(burst, l.left+now.Sub(l.at).Seconds()*mostBytes)
	}
	l.at = now
	if l.left < float64(size) {
		l.dropped++
		return false, 0
	}
	l.left -= float64(size)
	if l.dropped > 0 && l.left > mostBytes/10 {
		dropped, l.dropped = l.dropped, 0
	}
	return true, dropped
}

// rest says how many lines were left out last.
func (l *lines) rest() {
	l.mu.Lock()
	dropped := l.dropped
	l.dropped = 0
	l.mu.Unlock()
	if dropped > 0 {
		l.own.Warn().Int("lines", dropped).Msg("the plugin has printed more than 10 MB in a second; lines are left out")
	}
}

// lineField is a field of a line, with its value as JSON.
type lineField struct{ key, value string }

// scanLine takes a line of zerolog apart: an object, of which each value is a string, a number, a word, or an array or object
// that it does not look into. It does not recurse. What is not plain is checked, because it goes into the log as it is.
func scanLine(line string) ([]lineField, bool) {
	line = strings.TrimSpace(line)
	if strings.ContainsAny(line, "\r\n") {
		return nil, false // more than one
	}
	if len(line) < 2 || line[0] != '{' || line[len(line)-1] != '}' {
		return nil, false
	}
	line = line[1 : len(line)-1]
	fields := make([]lineField, 0, 8)
	for at := 0; at < len(line); {
		end := skipValue(line, at)
		key, ok := plainText(line[at:end])
		if !ok || end >= len(line) || line[end] != ':' {
			return nil, false
		}
		at = end + 1
		end = skipValue(line, at)
		value := line[at:end]
		if end < len(line) && line[end] != ',' {
			return nil, false
		}
		if _, plain := plainText(value); !plain && !json.Valid([]byte(value)) || plain && strings.IndexByte(value[1:len(value)-1], '"') >= 0 {
			return nil, false
		}
		fields = append(fields, lineField{key, value})
		at = end + 1
	}
	return fields, true
}

// skipValue returns where a value of JSON ends that begins at a place.
func skipValue(s string, at int) int {
	depth := 0
	for ; at < len(s); at++ {
		switch c := s[at]; {
		case c == '"':
			for at++; at < len(s) && s[at] != '"'; at++ {
				if s[at] == '\\' {
					at++
				}
			}
		case c == '[' || c == '{':
			depth++
		case c == ']' || c == '}':
			depth--
		case depth == 0 && (c == ',' || c == ':'):
			return at
		}
	}
	return min(at, len(s))
}

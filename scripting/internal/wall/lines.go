package wall

import (
	"encoding/json"
	"strconv"
	"strings"
	"sync"
	"time"
	"unsafe"

	"github.com/rs/zerolog"

	"trackhook/scripting/internal/instance"
	"trackhook/scripting/internal/wire"
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

// manyFields is how many fields a line has at most for which no memory is needed.
const manyFields = 12

// said passes lines on that have nothing but a text. Nothing of them is kept.
func (l *lines) said(body []byte, now time.Time) bool {
	f := wire.NewFields(body)
	for size := len(body); ; size = len(f.Rest()) {
		line, ok := f.Said()
		if !ok {
			return f.End() == nil
		}
		if !l.admits(size-len(f.Rest())+plainBytes, now) {
			continue
		}
		level := zerolog.Level(line.Level)
		if level < zerolog.TraceLevel || level > zerolog.ErrorLevel {
			return false
		}
		event := l.log.WithLevel(level)
		if event == nil {
			continue
		}
		if l.heard != nil {
			l.heard(&instance.Line{
				At: now, Plugin: l.plugin, Version: strings.Clone(line.Version), Seq: line.Seq, Level: level, Text: strings.Clone(line.Text),
			})
		}
		event.Str(pluginField, l.plugin).Str(versionField, line.Version).Msg(line.Text)
	}
}

// plainBytes is about how many bytes such a line has in the log beside what it says.
const plainBytes = 64

// admits tells whether a line is within the bound, and says how many were not before.
func (l *lines) admits(size int, now time.Time) bool {
	fits, before := l.fits(size, now)
	if before > 0 {
		l.own.Warn().Int("lines", before).Msg("the plugin has printed more than 10 MB in a second; lines are left out")
	}
	return fits
}

// write passes a line on, as zerolog has written it in the worker. Nothing of it is kept.
func (l *lines) write(line []byte, now time.Time) bool {
	if !l.admits(len(line), now) {
		return true
	}
	var room [manyFields]lineField
	fields, ok := scanLine(unsafe.String(unsafe.SliceData(line), len(line)), room[:0]) // nothing of it outlives the call
	if !ok {
		return false
	}
	level, message := zerolog.InfoLevel, ""
	var seq uint64
	var version string
	for n := range fields {
		f := &fields[n]
		switch f.key {
		case pluginField:
			if text, ok := f.unquoted(); !ok || text != l.plugin {
				return false // it speaks for another one
			}
		case zerolog.LevelFieldName:
			level = f.level()
		case zerolog.MessageFieldName:
			if message, ok = f.unquoted(); !ok {
				return false
			}
		case instance.SeqField:
			seq, _ = strconv.ParseUint(f.value, 10, 64) // another one is none
		case versionField:
			version, _ = f.unquoted() // what is none is not shown
		}
	}
	event := l.log.WithLevel(level)
	if event == nil {
		return true
	}
	if l.heard != nil {
		l.heard(&instance.Line{At: now, Plugin: l.plugin, Version: strings.Clone(version), Seq: seq, Level: level, Text: strings.Clone(message)})
	}
	for n := range fields {
		f := &fields[n]
		if f.key == zerolog.LevelFieldName || f.key == zerolog.MessageFieldName || f.key == instance.SeqField {
			continue
		}
		if f.plain {
			event.Str(f.key, f.text)
		} else {
			event.RawJSON(f.key, []byte(f.value))
		}
	}
	event.Msg(message)
	return true
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

// lineField is a field of a line, with its value as JSON. Where that is plain, it is a string without escapes, and text what it says.
type lineField struct {
	key, value, text string
	plain            bool
}

// unquoted returns what a string says.
func (f *lineField) unquoted() (text string, ok bool) {
	if f.plain {
		return f.text, true
	}
	return decoded(f.value)
}

func decoded(value string) (text string, ok bool) {
	return text, json.Unmarshal([]byte(value), &text) == nil
}

// level is that which it says; another one is none.
func (f *lineField) level() zerolog.Level {
	if f.text == zerolog.LevelInfoValue {
		return zerolog.InfoLevel // most are
	}
	level, _ := zerolog.ParseLevel(f.text)
	return level
}

// scanLine takes a line of zerolog apart: an object, of which each value is a string, a number, a word, or an array or object
// that it does not look into. It does not recurse. What is not plain is checked, because it goes into the log as it is.
func scanLine(line string, fields []lineField) ([]lineField, bool) {
	line = strings.TrimSpace(line)
	if strings.IndexByte(line, '\n') >= 0 || strings.IndexByte(line, '\r') >= 0 {
		return nil, false // more than one
	}
	if len(line) < 2 || line[0] != '{' || line[len(line)-1] != '}' {
		return nil, false
	}
	line = line[1 : len(line)-1]
	for at := 0; at < len(line); {
		key, end, ok := plainText(line, at)
		if !ok || end >= len(line) || line[end] != ':' {
			return nil, false
		}
		f := lineField{key: key}
		at = end + 1
		if f.text, end, f.plain = plainText(line, at); !f.plain || end < len(line) && line[end] != ',' {
			f.plain = false
			if end = skipValue(line, at); end < len(line) && line[end] != ',' || !isNumber(line[at:end]) && !json.Valid([]byte(line[at:end])) {
				return nil, false
			}
		}
		f.value = line[at:end]
		fields = append(fields, f)
		at = end + 1
	}
	return fields, true
}

// plainText returns what a string of JSON says that begins at a place and has no escapes, and where it ends.
func plainText(s string, at int) (text string, end int, ok bool) {
	if at >= len(s) || s[at] != '"' {
		return "", at, false
	}
	size := strings.IndexByte(s[at+1:], '"')
	if size < 0 {
		return "", at, false
	}
	text = s[at+1 : at+1+size]
	return text, at + size + 2, strings.IndexByte(text, '\\') < 0
}

// isNumber tells whether it is one as numbers of responses are. Others are, too.
func isNumber(s string) bool {
	for n := range len(s) {
		if s[n] < '0' || s[n] > '9' || n == 0 && s[n] == '0' {
			return false
		}
	}
	return s != ""
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

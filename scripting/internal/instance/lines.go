package instance

import (
	"strings"
	"time"

	"github.com/rs/zerolog"

	"trackhook/engine"
	"trackhook/scripting/internal/bundle"
)

// maxHeldLines bounds the lines that wait until the version of a plugin is known. More of them come out with what it would be now.
const maxHeldLines = 1000

// SeqField is the field of a line of the log that has the number of a response. It is for the host of a worker, which takes
// it out again.
const SeqField = "ran_on"

// Line is one line that a plugin has printed, or that was said about it.
type Line struct {
	At              time.Time
	Plugin, Version string
	// Seq is the response that the plugin ran on at that moment. Zero: none.
	Seq   uint64
	Level zerolog.Level
	Text  string
}

// heldLine is a log line that waits for the version.
type heldLine struct {
	at    time.Time
	seq   uint64
	level zerolog.Level
	text  string
	with  func(*zerolog.Event) *zerolog.Event
}

// settleVersion fixes the version and logs what has waited for it.
func (i *Instance) settleVersion() {
	version := i.graph.Freeze()
	i.saying.Lock()
	defer i.saying.Unlock()
	i.mu.Lock()
	i.version = version
	held := i.held
	i.held = nil
	i.mu.Unlock()
	for _, line := range held {
		i.emit(version, line)
	}
}

// versionNow is the version, or what it would be if the load were over now.
func (i *Instance) versionNow() string {
	i.mu.Lock()
	version := i.version
	i.mu.Unlock()
	if version == "" {
		return i.graph.Version()
	}
	return version
}

// logs tells whether lines of that level are logged. The level of the process may change while it runs.
func (i *Instance) logs(level zerolog.Level) bool {
	return level >= max(i.log.GetLevel(), zerolog.GlobalLevel())
}

// say logs a line with the plugin's name and version; with may add fields, and may be nil.
func (i *Instance) say(level zerolog.Level, text string, with func(*zerolog.Event) *zerolog.Event) {
	i.sayOn(nil, level, text, with)
}

// sayOn is say for a line that belongs to a run on a response, which may be nil. text may be gone when it has returned: who
// keeps it takes a copy.
func (i *Instance) sayOn(response *engine.Response, level zerolog.Level, text string, with func(*zerolog.Event) *zerolog.Event) {
	if !i.logs(level) {
		return
	}
	text = i.Redact(text)
	if i.cfg.Probe.said(level, text) {
		return
	}
	line := heldLine{level: level, text: text, with: with}
	if response != nil {
		line.seq = response.Seq
	}
	if i.cfg.Shared.settings.Heard != nil {
		line.at = time.Now()
	}
	i.saying.Lock()
	defer i.saying.Unlock()
	i.mu.Lock()
	version := i.version
	if version == "" && len(i.held) < maxHeldLines {
		line.text = strings.Clone(text)
		i.held = append(i.held, line)
		i.mu.Unlock()
		return
	}
	held := i.held
	i.held = nil
	i.mu.Unlock()
	if version == "" {
		version = i.graph.Version()
	}
	for _, before := range held {
		i.emit(version, before)
	}
	i.emit(version, line)
}

// warn logs what is probably wrong with the text of the plugin.
func (i *Instance) warn(problems []bundle.Problem) {
	for n := range problems {
		p := &problems[n]
		i.say(zerolog.WarnLevel, p.String(), func(e *zerolog.Event) *zerolog.Event {
			if len(p.Notes) > 0 {
				return e.Strs("notes", p.Notes)
			}
			return e
		})
	}
}

func (i *Instance) emit(version string, line heldLine) {
	settings := &i.cfg.Shared.settings
	if settings.Said != nil && line.with == nil {
		settings.Said(Line{Plugin: i.cfg.Name, Version: version, Seq: line.seq, Level: line.level, Text: line.text})
		return
	}
	event := i.log.WithLevel(line.level)
	if event == nil {
		return
	}
	if settings.Heard != nil {
		settings.Heard(&Line{At: line.at, Plugin: i.cfg.Name, Version: version, Seq: line.seq, Level: line.level, Text: strings.Clone(line.text)})
	}
	event = event.Str("plugin", i.cfg.Name).Str("version", version)
	if settings.TellSeq && line.seq != 0 {
		event = event.Uint64(SeqField, line.seq)
	}
	if line.with != nil {
		event = line.with(event)
	}
	event.Msg(line.text)
}

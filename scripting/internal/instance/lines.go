package instance

import (
	"github.com/rs/zerolog"

	"trackhook/scripting/internal/bundle"
)

// maxHeldLines bounds what a plugin may print before its version is known.
const maxHeldLines = 1000

// heldLine is a log line that waits for the version.
type heldLine struct {
	level zerolog.Level
	text  string
	with  func(*zerolog.Event) *zerolog.Event
}

// settleVersion fixes the version and logs what has waited for it.
func (i *Instance) settleVersion() {
	version := i.graph.Freeze()
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
	if !i.logs(level) {
		return
	}
	text = i.Redact(text)
	if i.cfg.Probe.said(level, text) {
		return
	}
	line := heldLine{level: level, text: text, with: with}
	i.mu.Lock()
	version := i.version
	if version == "" && len(i.held) < maxHeldLines {
		i.held = append(i.held, line)
		i.mu.Unlock()
		return
	}
	i.mu.Unlock()
	if version == "" {
		version = i.graph.Version()
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
	event := i.log.WithLevel(line.level)
	if event == nil {
		return
	}
	event = event.Str("plugin", i.cfg.Name).Str("version", version)
	if line.with != nil {
		event = line.with(event)
	}
	event.Msg(line.text)
}

package scripting

import (
	"fmt"
	"path"
	"path/filepath"
	"strings"
)

// listened is what a version listened to.
type listened struct {
	version string
	to      []Registration
}

// lastListened is what the plugin has listened to last, if the next version listens to nothing. Nil: it never did, or
// there is no version before.
func (v *version) lastListened() *listened {
	if v == nil {
		return nil
	}
	if now := v.instance.Registered(); len(now) > 0 {
		return &listened{version: v.id, to: now}
	}
	return v.listened
}

// warnings tells why a version hears nothing of what it seems to be meant to hear. registered is what it listens to.
func (v *version) warnings(registered []Registration, dir string) []Problem {
	var warnings []Problem
	for _, unstarted := range v.instance.Warnings() {
		warning := *problemOf(unstarted, dir)
		warning.Since = v.live
		warnings = append(warnings, warning)
	}
	if before := v.listened; before != nil && len(registered) == 0 {
		warnings = append(warnings, Problem{
			Message: fmt.Sprintf("listens to nothing any more: version %s listened to %s; answers pass it by until it registers listeners again",
				before.version, strings.Join(describeRegistrations(before.to), ", ")),
			File: path.Join(filepath.Base(dir), v.entry.File), Since: v.live,
		})
	}
	return warnings
}

// warn logs the warnings of a version that has just taken over.
func (p *plugin) warn(v *version) {
	for _, warning := range v.warnings(v.instance.Registered(), p.host.cfg.Dir) {
		e := p.log.Warn().Str("version", v.id)
		if warning.File != "" {
			e = e.Str("file", warning.File)
		}
		if warning.Line > 0 {
			e = e.Int("line", warning.Line).Int("column", warning.Column)
		}
		e.Msg("plugin " + warning.headline())
	}
}

// headline is the message as the rest of a sentence that begins with the plugin.
func (p *Problem) headline() string {
	if strings.HasPrefix(p.Message, "listens ") {
		return p.Message
	}
	return "has a listener that hears nothing: " + p.Message
}

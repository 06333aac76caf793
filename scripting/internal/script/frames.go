package script

import (
	"strings"
)

const (
	// OwnPrefix begins the names of our own scripts, which are no place to send a person to.
	OwnPrefix = "trackhook:"
	// EvalCode is what goja calls a text that a script has compiled itself, by eval or new Function. Lines are counted in
	// that text, which is in no file, so the place to look at is the call.
	EvalCode = "<eval>"
	// BundleCode names generated code in positions that belong to no file of the author's.
	BundleCode = "trackhook:bundle"
)

// InNoFile tells the names of code that stands in no file of the author's.
func InNoFile(name string) bool {
	return name == EvalCode || name == "<native>" || strings.HasPrefix(name, OwnPrefix)
}

// FramePrefix begins a frame in the stack property of an error.
const FramePrefix = "\tat "

// InNoFileFrame tells a frame of such code, as goja writes it after FramePrefix: "name (file:1:2(34))" or "file:1:2(34)".
func InNoFileFrame(frame string) bool {
	for _, name := range []string{OwnPrefix, EvalCode + ":"} {
		if strings.HasPrefix(frame, name) || strings.Contains(frame, " ("+name) {
			return true
		}
	}
	return false
}

// WithoutOwnFrames takes the frames of code that stands in no file out of a text that a script prints. goja makes the
// stack property of an error when it is read, and offers no way to have a say in that.
func WithoutOwnFrames(text string) string {
	if !strings.Contains(text, "\n"+FramePrefix) {
		return text
	}
	var kept strings.Builder
	for line := range strings.SplitAfterSeq(text, "\n") {
		if frame, ok := strings.CutPrefix(line, FramePrefix); ok && InNoFileFrame(frame) {
			continue
		}
		kept.WriteString(line)
	}
	return kept.String()
}

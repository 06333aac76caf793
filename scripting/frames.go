package scripting

import (
	"strings"
)

const (
	// internalPrefix begins the names of our own scripts, which are no place to send a person to.
	internalPrefix = "trackhook:"
	// evalCode is what goja calls a text that a script has compiled itself, by eval or new Function. Lines are counted in
	// that text, which is in no file, so the place to look at is the call.
	evalCode = "<eval>"
	// bundleCode names generated code in positions that belong to no file of the author's.
	bundleCode = "trackhook:bundle"
)

// inNoFile tells the names of code that stands in no file of the author's.
func inNoFile(name string) bool {
	return name == evalCode || name == "<native>" || strings.HasPrefix(name, internalPrefix)
}

// gojaFrame begins a frame in the stack property of an error.
const gojaFrame = "\tat "

// inNoFileFrame tells a frame of such code, as goja writes it after gojaFrame: "name (file:1:2(34))" or "file:1:2(34)".
func inNoFileFrame(frame string) bool {
	for _, name := range []string{internalPrefix, evalCode + ":"} {
		if strings.HasPrefix(frame, name) || strings.Contains(frame, " ("+name) {
			return true
		}
	}
	return false
}

// withoutOurFrames takes the frames of code that stands in no file out of a text that a script prints. goja makes the
// stack property of an error when it is read, and offers no way to have a say in that.
func withoutOurFrames(text string) string {
	if !strings.Contains(text, "\n"+gojaFrame) {
		return text
	}
	var kept strings.Builder
	for line := range strings.SplitAfterSeq(text, "\n") {
		if frame, ok := strings.CutPrefix(line, gojaFrame); ok && inNoFileFrame(frame) {
			continue
		}
		kept.WriteString(line)
	}
	return kept.String()
}

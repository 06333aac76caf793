package folder

import (
	"fmt"
	"io/fs"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"trackhook/engine/scripts"
	"trackhook/scripting/internal/source"
)

const (
	// maxPath and maxName bound a path and each part of it, in bytes; systems have similar bounds, and a file that is written
	// beside has a longer name.
	maxPath = 500
	maxName = 180
)

// refuse makes an error for people.
func refuse(reason scripts.Reason, title, format string, args ...any) error {
	return &scripts.RefusedError{Reason: reason, Title: title, Detail: fmt.Sprintf(format, args...)}
}

// CheckPath says why a path may not be named here; nil: it may. It is the same on every system: a folder that is edited here may
// be copied to another.
func CheckPath(name string) error {
	invalid := func(format string, args ...any) error {
		return refuse(scripts.Invalid, "Invalid path", "path %q "+format, append([]any{name}, args...)...)
	}
	switch {
	case name == "":
		return refuse(scripts.Invalid, "Invalid path", "the path is empty; give one that is relative to the plugins folder, such as daily.js")
	case len(name) > maxPath:
		return refuse(scripts.Invalid, "Invalid path", "the path is longer than %d bytes", maxPath)
	case !utf8.ValidString(name):
		return invalid("is not UTF-8")
	case strings.Contains(name, `\`):
		return invalid("has a backslash; folders are separated by /")
	case !fs.ValidPath(name) || name == "." || path.Clean(name) != name:
		return invalid("is no plain path relative to the plugins folder, such as daily.js or daily/index.ts")
	}
	for part := range strings.SplitSeq(name, "/") {
		if why := badName(part); why != "" {
			return invalid("cannot be used here: %s", why)
		}
	}
	return nil
}

// badName says what is wrong with a part of a path; empty: nothing.
func badName(part string) string {
	switch {
	case len(part) > maxName:
		return fmt.Sprintf("a name has at most %d bytes", maxName)
	case part == "node_modules":
		return "packages are installed by their manager, and not edited here"
	case source.Ignored(part):
		return "hosts and editors ignore such names: hidden and temporary files, and names of digits alone"
	case strings.ContainsAny(part, `<>:"|?*`):
		return `a name has none of < > : " | ? * where others use it with Windows`
	case strings.HasSuffix(part, ".") || strings.HasSuffix(part, " ") || strings.HasPrefix(part, " "):
		return "a name neither begins with a blank nor ends in one, or in a dot"
	case strings.ContainsFunc(part, func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) }):
		return "a name has no control characters"
	case reserved(part):
		return "Windows has devices of such names"
	default:
		return ""
	}
}

// reserved tells the names of devices of Windows, which have that meaning with any ending.
func reserved(part string) bool {
	stem, _, _ := strings.Cut(strings.ToUpper(part), ".")
	stem = strings.TrimRight(stem, " ")
	switch stem {
	case "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$":
		return true
	}
	if port, ok := strings.CutPrefix(stem, "COM"); ok || strings.HasPrefix(stem, "LPT") {
		if !ok {
			port = stem[len("LPT"):]
		}
		return len(port) == 1 && port[0] >= '0' && port[0] <= '9' || port == "¹" || port == "²" || port == "³"
	}
	return false
}

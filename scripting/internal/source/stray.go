package source

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Stray is a file that looks like a plugin and is none.
type Stray struct {
	// File is its path relative to the plugins folder, with slashes, and Hint says what to do.
	File, Hint string
}

// strayAt tells whether base, a name in dir that is no plugin, looks like one.
func strayAt(dir, base string) (Stray, bool) {
	if Ignored(base) || IsTest(base) {
		return Stray{}, false
	}
	if info, err := os.Stat(filepath.Join(dir, base)); err == nil && info.IsDir() {
		for _, ext := range Kinds() {
			for _, name := range []string{"main" + ext, base + ext} {
				if _, err := os.Stat(filepath.Join(dir, base, name)); err == nil {
					return Stray{base + "/" + name, "a folder is a plugin when its first file is named index: rename it to index" + ext}, true
				}
			}
		}
		return Stray{}, false
	}
	ext := filepath.Ext(base)
	stem := strings.TrimSuffix(base, ext)
	switch lower := strings.ToLower(ext); {
	case strings.HasSuffix(stem, ".d"):
		return Stray{}, false // declarations for editors
	case ext != lower && slices.Contains(Kinds(), lower):
		return Stray{base, "the extension of a plugin is written in small letters: rename it to " + stem + lower}, true
	case slices.Contains([]string{".mts", ".cts"}, lower):
		return Stray{base, "the extension of a plugin in TypeScript is .ts: rename it to " + stem + ".ts"}, true
	}
	return Stray{}, false
}

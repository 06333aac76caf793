// Package plugins holds the scripts that every new installation starts with. Users drop theirs into a folder of the
// same name.
//
//	created, err := plugins.Create("plugins") // nothing happens when there is such a folder
//
// # Files
//
//   - plugins.go: the starter files, and making a folder of them
//   - outcomes.js: the first script, a line for every answer
//   - README.md: the guide for authors of scripts
//   - PACKAGES.md: which modules of Node and which packages of npm work
package plugins

import (
	"embed"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// starter is what Starter returns.
//
//go:embed outcomes.js README.md PACKAGES.md
var starter embed.FS

// Starter returns the files that a new plugins folder is filled with: a listener and the guide for authors, with the page of packages.
func Starter() embed.FS { return starter }

// Create makes the folder dir and fills it with the starter files, if there is no such folder, and tells whether it did.
// A folder that exists is left alone, whatever it holds. After an error, some of the files may be there.
func Create(dir string) (created bool, err error) {
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		return false, err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return false, err
	}
	return true, fs.WalkDir(starter, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(starter, name)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(dir, name), text, 0o644)
	})
}

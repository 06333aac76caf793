// Package plugins holds the scripts that every new installation starts with. Users drop theirs into a folder of the
// same name.
package plugins

import "embed"

// starter is what Starter returns.
//
//go:embed outcomes.js README.md
var starter embed.FS

// Starter returns the files that a new plugins folder is filled with: a listener and the guide for authors.
func Starter() embed.FS { return starter }

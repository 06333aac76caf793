// Package scripts holds scripts that are worth beginning with: each says in its first lines what it is for, and how it is
// granted what it needs. The tests run them as a host would.
//
//	trackhook plugin test --plugins examples/scripts    # the tests that stand beside the scripts
//	go test ./examples/scripts                          # these
//
//	editor := host.Editor(scripting.EditorConfig{Templates: scripts.All()}) // new plugins can be made from them
//
// # Files
//
//   - scripts.go: the scripts, built into the binary
//   - scripts_test.go: scripts that are handed answers, and what they print and track
//   - host_test.go: scripts in a whole host, across reloads and restarts
//   - index_test.go: that examples/README.md names every script, and that packages of npm are installed
package scripts

import "embed"

// all is what All returns.
//
//go:embed *.js revenue-in-euro
var all embed.FS

// All returns the scripts with their tests: a file for each, or a folder with an index file.
func All() embed.FS { return all }

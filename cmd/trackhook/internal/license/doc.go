// Package license holds the licenses of everything that is linked into the command: of Go's library, and of each module, with
// the notices that belong to them.
//
//	modules, err := license.Modules()
//
// They are collected from the sources of the modules by the test of this package, which also fails when what it holds is not
// what is linked any more:
//
//	go test ./cmd/trackhook/internal/license -write
//
// # Files
//
//   - license.go: Module, Modules
//   - licenses.json.gz: the texts
package license

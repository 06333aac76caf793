// Package documents finds what tests read and the repository does not hold: the documentation of Adjust, the user's own
// document and data sets, which lie in a folder named shared beside the project.
//
//	page, err := os.ReadFile(documents.Path(t, "seed/callbacks.md"))
//
// # Files
//
//   - documents.go: all of it
package documents

import (
	"os"
	"path/filepath"
	"testing"
)

// Path returns the path of a document. The name has slashes. It skips the test when the documents are not beside the
// project.
func Path(tb testing.TB, name string) string {
	tb.Helper()
	dir, err := os.Getwd()
	if err != nil {
		tb.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		above := filepath.Dir(dir)
		if above == dir {
			tb.Fatal("there is no go.mod above the working folder")
		}
		dir = above
	}
	path := filepath.Join(filepath.Dir(dir), "shared", filepath.FromSlash(name))
	if _, err := os.Stat(path); err != nil {
		tb.Skipf("the documents are not beside the project: %v", err)
	}
	return path
}

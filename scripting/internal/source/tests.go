package source

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// testEndings are how the names of files of tests end, in the order in which they are looked for beside a plugin.
func testEndings() []string {
	return []string{".test.js", ".test.ts", ".test.mjs", ".test.cjs", ".test.mts", ".test.cts", ".test.jsx", ".test.tsx"}
}

// IsTest tells files of tests by their name: NAME.test.js or NAME.test.ts, and the same with .mjs, .cjs, .mts, .cts, .jsx and .tsx.
func IsTest(name string) bool { return TestedName(name) != filepath.Base(name) }

// TestedName is the name of a file of tests without what marks it as one: "daily" of "plugins/daily.test.ts". Of any
// other file it is the name as it stands.
func TestedName(file string) string {
	base := filepath.Base(file)
	for _, ending := range testEndings() {
		if name, ok := strings.CutSuffix(base, ending); ok {
			return name
		}
	}
	return base
}

// TestsBeside lists the files of tests that stand beside a plugin's file and carry its name, sorted.
func TestsBeside(file string) []string {
	stem := strings.TrimSuffix(file, filepath.Ext(file))
	var tests []string
	for _, ending := range testEndings() {
		if info, err := os.Stat(stem + ending); err == nil && info.Mode().IsRegular() {
			tests = append(tests, stem+ending)
		}
	}
	slices.Sort(tests)
	return tests
}

// Package tester runs files of tests: test, expect and the helper that loads plugins on a stage and feeds them responses.
//
//	result, err := tester.Run(ctx, tester.Config{Settings: settings}, "plugins/daily.test.js")
//	for _, test := range result.Tests { fmt.Println(test.Name, test.Status) }
//
// Nothing that tests do leaves them.
//
// # Concurrency
//
// Each promise of the helper that drives plugins has a goroutine, ended when its step is done; Run waits for them.
//
// # Libraries
//
// expect is written here. npm's expect 30 was bundled and measured beside it: 344 KB against 25, more than 100 ms to be compiled
// against 9, and it needs files, paths and the terminal of Node before it compares anything.
//
// # Files
//
//   - tester.go: one file of tests, from its load to its result
//   - tester.js: the globals of a file of tests
//   - values.js: how values are shown, and which are equal
//   - expect.js: expect and its matchers
//   - suite.go: test, describe and hooks, as they are declared
//   - run.go: running what was declared
//   - plugin.go: plugins under test
//   - state.go: what a plugin under test has done
//   - response.go: the responses that tests feed
//   - watch.go: which files are tests, and waiting for a change
package tester

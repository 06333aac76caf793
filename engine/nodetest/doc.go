// Package nodetest runs scripts in Node.js, for tests that hold what scripts find here against it, and installs packages of npm.
//
//	lines := nodetest.Run(t, `console.log(1 + 1)`) // "2"
//
// Without Node.js, or with one that has other data of Unicode and locales than the tables of this tree were made from, tests are
// skipped; where everything is to be checked (the variable CI is "true", or TRACKHOOK_LONG is set) they fail instead.
//
// # Files
//
//   - nodetest.go: Node.js, and packages of npm by their versions
//   - locked.go: packages of npm that a lock file pins
package nodetest

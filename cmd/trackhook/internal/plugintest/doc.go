// Package plugintest is `trackhook plugin test`: it finds the tests of scripts, runs them, again and again when asked to,
// and prints the results for people, as JSON or as JUnit's XML.
//
//	plugin.AddCommand(plugintest.Command(worker))
//
// What runs a test is [trackhook/scripting.Test].
//
// # Concurrency
//
// The command runs on the goroutine that calls it. With --watch, so do the runs after a save.
//
// # Files
//
//   - plugintest.go: the command
//   - print.go: results for people
//   - junit.go: results for build servers
package plugintest

// Package replay is `trackhook plugin replay`: it runs the script on disk on recorded answers, beside the version that
// handled them, and prints what an edit changes.
//
//	plugin.AddCommand(replay.Command(worker))
//
// The answers come from a running host or from its data folder; what runs the scripts is [trackhook/scripting.Replay].
//
// # Concurrency
//
// The command runs on the goroutine that calls it, and starts none.
//
// # Files
//
//   - replay.go: the command
//   - select.go: which answers are meant
//   - source.go: where they come from
//   - store.go, host.go: the two sources
//   - print.go: the output
package replay

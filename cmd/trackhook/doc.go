// Command trackhook keeps sessions and events on disk, sends them to Adjust in order, and runs callbacks.
//
//	trackhook run                                  # the demo, until Ctrl-C
//	trackhook track event --event-token abc123     # in another terminal
//	trackhook plugin list
//
// `trackhook --help` lists the commands, and `trackhook COMMAND --help` says what one does. The exit code is 0, 1 for a
// failure, and 2 for a mistake in the command line or the configuration. Results go to stdout, errors and logs to
// stderr.
//
// This package holds the commands only: what they print and what they ask for. The configuration, the host that
// `trackhook run` runs, and the demo are packages in internal.
//
// # Concurrency
//
// A command runs on the main goroutine. There are two go statements. That of untilSignal, in signal.go, waits for SIGINT
// and SIGTERM, and ends with the command. That of newLogQueue, in logqueue.go, writes the log; it ends when the last line
// was taken, or with the process when nobody reads. What internal/host starts is said there.
//
// # Shutdown
//
// The first signal ends the context of the command, which then ends in order. The second ends the process at once.
//
// # Files
//
// Each command has a file that is named for it, with its help, what it does and what it prints:
//
//   - run.go, sandbox.go, config.go, version.go: the commands of these names
//   - track.go: track session, track event and track ad-revenue, which differ in a few flags
//   - queue.go: what the commands of the queue share
//   - queue_list.go, queue_show.go, queue_retry.go, queue_drop.go: the commands of these names
//   - queue_adopt.go, queue_acknowledge.go: the commands of these names
//   - report.go, report_counts.go: report counts
//   - store.go: what the commands for a data folder share
//   - store_verify.go, store_repair.go: the commands of these names
//   - plugin.go: what the commands for scripts share
//   - plugin_list.go, plugin_check.go, plugin_forget.go, plugin_init.go: the commands of these names
//   - plugin_test_cmd.go: plugin test, which cannot be called plugin_test.go
//   - plugin_test_print.go, plugin_test_junit.go: its output
//   - plugin_replay.go: plugin replay
//   - plugin_replay_select.go: which answers are meant
//   - plugin_replay_source.go: where they come from
//   - plugin_replay_store.go, plugin_replay_host.go: the two sources
//   - plugin_replay_print.go: its output
//
// The others are for all of them:
//
//   - main.go: the process, its exit codes and the list of commands
//   - usage.go: errors of usage, and commands that only group others
//   - signal.go: SIGINT and SIGTERM
//   - memory.go: the bound on memory of a binary without cgo
//   - log.go: the logger of commands that run until they are stopped
//   - settings.go: reading the configuration, for commands that need no logger
//   - logqueue.go: nobody waits for a reader of the log who is stuck
//   - client.go: how commands reach a running host
//   - confirm.go: asking before something is destroyed
//   - print.go: JSON, names and counts in the output
//   - color.go: colors, for terminals only
//   - when.go: times and durations in the output
package main

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
// This package holds the commands: what they print and what they ask for. Commands that are more than a file are packages
// in internal, and so are the configuration, the host that `trackhook run` runs, and the demo:
//
//	internal/command     what all commands share: mistakes, groups, questions, settings, the way to a running host
//	internal/terminal    JSON, cells of tables, counts, times and colors in the output
//	internal/queue       `trackhook queue`
//	internal/replay      `trackhook plugin replay`
//	internal/plugintest  `trackhook plugin test`
//	internal/config      the settings: keys, flags, variables, defaults, and what is wrong with them
//	internal/host        the assembled host
//	internal/demo        what runs without any configuration
//	internal/notify      what a service manager is told, such as systemd
//	internal/license     the licenses of what is linked in
//
// # Concurrency
//
// A command runs on the main goroutine. There are three go statements. That of untilSignal, in signal.go, waits for SIGINT
// and SIGTERM, and ends with the command. That of newLogQueue, in logqueue.go, writes the log; it ends when the last line
// was taken, or with the process when nobody reads. That of `trackhook run`, in run.go, passes SIGHUP on, and ends with the
// command. What internal/host starts is said there.
//
// While `trackhook run` runs under a service manager that waits for signs of life, internal/notify has one more.
//
// # Shutdown
//
// The first signal ends the context of the command, which then ends in order. The second ends the process at once. SIGHUP
// ends a command like that of any other program, save `trackhook run`, which reads its configuration again, and
// ends in order when the terminal that it was started from is closed.
//
// # Files
//
// Each command has a file that is named for it, with its help, what it does and what it prints:
//
//   - run.go, reload.go, sandbox.go, config.go, version.go: the commands of these names
//   - track.go: track session, track event and track ad-revenue, which differ in a few flags
//   - probe.go: app probe and endpoint probe
//   - tail.go: tail, whose lines come from the host, see engine/admin
//   - open.go: open, which signs in to the console
//   - report.go: report counts, whose numbers and CSV come from the host, see engine/admin
//   - health.go, backup.go: the commands of these names
//   - host.go: the hosts that share a database
//   - store.go: what the commands for a data folder share
//   - store_verify.go, store_repair.go: the commands of these names
//   - store_copy.go: store copy, from a data folder into a database
//   - store_schema.go: looking at the schema of a database, and bringing it up to date
//   - plugin.go: the commands for scripts
//   - plugin_list.go, plugin_check.go, plugin_forget.go, plugin_init.go: the commands of these names
//
// The others are for all of them:
//
//   - main.go: the process, its exit codes and the list of commands
//   - signal.go: SIGINT and SIGTERM
//   - hangup.go: SIGHUP, for `trackhook run`
//   - memory.go: the bound on memory of a binary without cgo
//   - log.go: the logger of commands that run until they are stopped
//   - append_unix.go: logs that are cut short while they are written
//   - append_other.go: the same, where that is not possible
//   - logqueue.go: nobody waits for a reader of the log who is stuck
package main

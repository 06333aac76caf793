// Package worker is the inside of a process that runs a version of a plugin for a host, or many that share it. They ask the host
// for all that is not their own: files of the plugin, the store, the queue. The process holds no store and listens nowhere.
//
//	os.Exit(worker.Run(os.Stdin, os.Stdout)) // returns when the host has no more use for it, or is gone
//
// # Concurrency
//
// Run receives on its own goroutine and never waits for the script there. A batch has none: that of the machine runs it, and says
// how it went, save where the host is asked to keep something first. The load has one while it lasts; the machine of the instance
// has its own. While there is one small batch after the other, all of them run on one processor.
//
// # Shutdown
//
// The process ends when what the host says ends: a worker does not outlive its host.
//
// # Files
//
//   - process.go: what the versions in a process share
//   - worker.go: the life of a version in its process
//   - batch.go: responses that it was handed, and how far they have come
//   - home.go: what is asked of the host
//   - errand.go: what a process does once, in the place of a version
//   - width.go: on how many processors it runs
//   - garbage_linux.go: how much garbage may pile up in a process that is shared
//   - limit_linux.go: what the process takes away from itself before it runs a script
//   - board_linux.go, board_other.go: where it is noted who runs
//   - memory.go: how much memory it has, where nobody else looks
//   - confine_linux.go: what the system keeps from it: files and system calls
//   - confine_other.go: the same where there is nothing of that
//   - limit_other.go: the same where systems have less of that
package worker

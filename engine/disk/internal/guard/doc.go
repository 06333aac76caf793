// Package guard stands between Pebble and a disk that fails, so that a failure never ends the process.
//
// What Pebble does with an error of the disk is final. A commit whose write to the log fails ends in Logger.Fatalf. A log
// that cannot be rotated, the usual case on a full disk, ends in a panic under a deferred Unlock of a mutex that is not
// locked at that point, which no recover can catch. Returning the error to Pebble therefore means a dead process.
//
// [FS] tells Pebble that all is well instead. The first operation that changes the disk and fails freezes it: from then on
// every change goes into memory only, and the owner is told. Nothing that Pebble writes afterwards counts, so the lie is
// safe, and it lets Pebble close in order; then the database can be opened again and recovers as after a crash at the
// moment of the failure. The lie is complete: Pebble reads back what it has written, and finds it in memory.
//
// A copy of the database is made in a folder beside it, through the same file system, because Pebble has no other. What
// fails there is returned, and freezes nothing: see [Beside].
//
// Whoever acknowledges a write looks at [FS.Failure] first, because a frozen disk says that it has synced.
//
// # Concurrency
//
// All methods may be called from many goroutines at once, save that a file is written and synced by one at a time, which
// Pebble does. The package starts no goroutine.
//
// # Files
//
//   - fs.go: the file system: what freezes it, and where a change goes then.
//   - file.go: a file that is being written.
//   - beside.go: a folder where a copy of the database is made, whose failures freeze nothing.
//   - logs.go: which logs a database must have.
//   - logger.go: what Pebble logs; a fatal error returns.
//   - panic.go: a panic of Pebble becomes an error.
package guard

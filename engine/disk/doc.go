// Package disk is the embedded [engine.Store]: one directory, no server. It keeps the queue, the log and the values in a
// Pebble database, acknowledges what is fsynced, and needs memory for what is being worked on only: a million queued
// packages or a million devices open in the time of a few, because nothing is scanned.
//
// What operators may ask ([engine.Inspector]) is read from the same keys, page by page and with bounded work for each
// page. Dead letters are never dropped to make room: over their mark nothing is taken in. Counts for the reconciliation
// are kept by the writer and are as durable as what they count.
//
// FORMAT.md describes keys, values, crash cases and what happens when the disk fails. Files, in the order of use:
// disk.go and life.go (opening, closing), write.go, build.go and sync.go (the group commit), line.go (a lane: who is next),
// append.go, turns.go, due.go and lease.go (what is leased), settle.go, count.go, log.go, cursor.go and runs.go,
// values.go, edit.go (retry, drop), damage.go (what cannot be read), inspect.go and list.go, then keep.go with trim.go,
// water.go and heal.go (what goes on in the background), internal/guard (the file system that Pebble sees) and compact.go (when
// Pebble tidies up).
//
// # Concurrency
//
// All methods of [Store] may be called from many goroutines at once. What must be durable waits for one group commit:
// the rate grows with the number of callers. What is known in memory belongs to a database, from its opening to its end,
// and is guarded by its mutex, under which nothing waits, reads or writes; what the writer needs to build batches
// belongs to its goroutine alone.
//
// There are three go statements:
//
//   - maintain (keep.go), started by [Open], ends and is waited for in [Store.Close]. It watches the marks, shortens the
//     log, drops what is too old, and opens the database again after a failure.
//   - writer.run (write.go) and database.sync (sync.go), started for each database, end and are waited for when it is closed: by
//     Close or, after a failure, by keep.
//
// Pebble has goroutines of its own, which end when the database is closed.
//
// # Shutdown
//
// [Store.Close] refuses new calls, ends those that wait for something to happen with [engine.ErrClosed], lets those that
// wait for the disk get their answer, syncs the cursors, closes the database and gives the directory free.
package disk

// Package disk keeps the queue, the log and the values of an engine on disk: it is the embedded [engine.Store], one
// directory and no server.
//
// What it has acknowledged is fsynced. It needs memory for what is being worked on only: a million queued packages or a
// million devices open in the time of a few, because nothing is scanned. The data lies in a Pebble database; FORMAT.md
// describes keys, values, crash cases and what happens when the disk fails.
//
// What operators may ask ([engine.Inspector]) is read from the same keys, page by page and with bounded work for each
// page. Dead letters are never dropped to make room: over their mark nothing is taken in. Counts for the reconciliation
// are kept by the writer and are as durable as what they count.
//
// # Usage
//
// [Open] makes the directory or opens what is there; [Store.Close] closes it. Between the two an engine uses the store, as
// the example shows. One process at a time can have a directory open.
//
// # How a call becomes durable
//
// A call that changes something is a request. It waits in the inbox; the writer takes all that wait, lets the builder write
// them into one batch, hands the batch to Pebble, and goes on with the next while the syncer waits for the disk. Then the
// syncer publishes to memory what has become true, and answers the callers. Calls that read or wait look into memory, and
// into Pebble; they never read what is not durable, save the lists, which read a snapshot.
//
// # Concurrency
//
// All methods of [Store] may be called from many goroutines at once. What must be durable waits for one group commit:
// the rate grows with the number of callers. What is known in memory belongs to a database, from its opening to its end,
// and is guarded by the mutex of live.Memory, under which nothing waits, reads, writes or logs; what is needed to build batches
// belongs to the goroutine of the writer alone.
//
// There are three go statements:
//
//   - Store.maintain, started by [Open], ends and is waited for in [Store.Close]. It watches the marks, shortens the
//     log, drops what is too old, and opens the database again after a failure.
//   - writer.run and syncer.run, started for each database, end and are waited for when it is closed: by Close or, after a
//     failure, by maintain.
//
// Pebble has goroutines of its own, which end when the database is closed.
//
// # Shutdown
//
// [Store.Close] refuses new calls, ends those that wait for something to happen with [engine.ErrClosed], lets those that
// wait for the disk get their answer, syncs the cursors, closes the database and gives the directory free.
//
// # Files
//
// A file uses only what stands in the lines above it, in its own line or in those further up; nothing goes in a circle.
//
// The rooms below, each with one promise:
//
//   - internal/format: keys and values, as FORMAT.md describes them.
//   - internal/guard: the file system and the logger that Pebble gets, so that a failing disk does not end the process.
//   - internal/read: reading keys, also where a file is damaged, and what is told of that.
//   - internal/folder: what a data folder holds and who owns it.
//   - internal/setup: how Pebble is set up and opened.
//   - internal/survey: a store that nobody has open, looked through and repaired.
//   - internal/live: what is in memory while the database is open: leases, what is due, listeners, what is taken in.
//
// What is set:
//
//   - config.go: Config and the high-water marks, with their defaults.
//   - clock.go: the clock that never runs backwards.
//
// How a batch is built:
//
//   - cache.go: the lanes and counts that the builder keeps, and which keys were not written of late.
//   - builder.go: the builder of batches, and how it reads.
//   - lane.go: a lane, read, claimed and saved.
//   - lane_order.go: who is next in a lane.
//   - count_write.go: a row of counts, changed and written; how many an app may have for a day.
//   - log_write.go: a response at the end of the log.
//
// The open database, and the store:
//
//   - group.go: something to write, and the caller that waits for it; what is committed with one fsync.
//   - inbox.go: what waits for the writer.
//   - database.go: the open database: how it ends, and how calls wait.
//   - store.go: Store, Close, and how calls enter.
//
// The verbs of [engine.Store]:
//
//   - stats.go: Stats, and refusing what is too much.
//   - damaged_package.go: a package that cannot be read: found, held, and dropped by its number.
//   - due.go: the index of what is due, Hasten and HastenLane: lanes that are due now instead of later.
//   - append.go: Append: packages put at the ends of their lanes.
//   - lease.go: Lease, and Limit: packages handed out.
//   - settle.go: Settle: what became of those that were handed out.
//   - log.go: Read and Last: the responses.
//   - runs.go, cursor.go: how listeners handled them, and how far they are.
//   - values.go: values.
//   - counts.go: the counts of days, read and forgotten.
//   - edit.go, drop.go: packages changed by people: Retry, Drop.
//   - show.go: one package by its ID, and its history.
//   - list.go, list_packages.go, list_lanes.go: pages of packages and of lanes.
//
// The goroutines, opening and healing:
//
//   - syncer.go, writer.go: the group commit.
//   - trim_log.go: responses that the log keeps no longer.
//   - expire_dead.go: dead letters that were kept for long enough.
//   - recover.go: what a database takes over from the one that failed.
//   - load.go: a database opened, and what is read then.
//   - open.go: Open, what goes on in the background, and the database opened again after a failure.
//
// A store that nobody has open:
//
//   - repair.go: Verify and Repair; Contents, for whoever takes all of it over.
//
// A copy of a store:
//
//   - backup_folder.go: where it is made, and what that must be like.
//   - backup.go: Store.Backup, while the store goes on; Backup, when nobody has it open.
package disk

// Package folder knows what a data folder holds and who owns it: it makes and locks the folder, keeps other users out, and
// looks at the files of a store before Pebble does, so that damage is never taken for a new store or for a crash.
//
//	owned, err := folder.Lock(files, dir) // or an error that names the process which has it
//	defer owned.Unlock()
//	err = folder.Check(files, guarded, dir, &log)
//	...            // Pebble opens the folder; what it says is put in the words of people by Explain
//	err = owned.Look() // is it still the one that was locked?
//
// Refusals name the file and the way on. Nothing here reads keys or values; of Pebble's files it reads the list of files and
// the frame of the log.
//
// # Concurrency
//
// [Folder.Look] and [Folder.LookAgain] may be called from many goroutines at once. All else is for one at a time. Nothing
// here starts a goroutine.
//
// # Files
//
//   - files.go: files and folders, made, read, written, copied.
//   - private.go: other users kept out.
//   - lock.go: the folder, made and locked; which process has it.
//   - manifest.go: which logs are needed, from Pebble's own list of its files.
//   - pebble_error.go: errors of Pebble in the words of people, with the file and the way on.
//   - tail.go: damage in the newest log, told from the end that a crash leaves.
//   - tables.go: tables that are missing, and the files by which a database is found.
//   - options.go: damaged options of Pebble set aside.
//   - remains.go: what lies in the folder already, and what of it must not be opened.
//   - mark.go: what was on disk a moment ago, to miss it.
//   - move.go: that what it holds is moved elsewhere.
package folder

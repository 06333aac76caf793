// Package setup says how Pebble is set up: how much memory it has, how large its files are, when it may tidy up, and where
// what it says goes. [Open] opens a database so.
//
//	db, err := setup.Open(dir, setup.Config{Files: guarded, Lock: owned.PebbleLock(), Rot: rot, Log: log})
//
// The figures were measured with the queue of a host; the comments beside them say what others cost.
//
// # Concurrency
//
// Open starts no goroutine but Pebble's own, which end when the database is closed. One timer runs a function, on a goroutine of its
// own, that looks whether a compaction that was held back may begin, and another one does so after one that has failed.
//
// # Files
//
//   - compaction.go: when Pebble may tidy up.
//   - pebble.go: Pebble's options, and why they are as they are.
package setup

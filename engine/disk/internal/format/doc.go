// Package format says how the store looks on disk: the bytes of every key and every value, and nothing about when they are
// read or written. FORMAT.md, two folders up, describes the same in prose, with the reasons; a change that an older
// program would misread raises [Version].
//
// What goes in comes out: each Append function has a Decode or Cut function that is its inverse. Values begin with a
// version byte of their own. Decoders take bytes from outside: they return an error for what no Append function can have
// written, bound what they allocate, and never panic.
//
// Key functions write over the key that they are given and return it grown, so that one buffer serves for many keys; nil
// makes a new one. Append functions append.
//
// # Concurrency
//
// All functions may be called from many goroutines at once. The package keeps no state.
//
// # Files
//
//   - version.go: the version of the whole format.
//   - keys.go: the key of each kind of entry, and the order of keys.
//   - value.go: what values are made of: numbers, texts, times, maps; the version byte.
//   - package.go: a queued package, and what its ID leads to.
//   - lane.go: the front of a lane, and what is known of its device.
//   - response.go: a response in the log, with the header that retention reads.
//   - dead.go: a dead letter.
//   - listener.go: the cursor of a listener, and how it handled responses.
//   - count.go: the counts of a day.
//   - state.go: what the store counts.
package format

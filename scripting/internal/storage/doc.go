// Package storage is localStorage: what a plugin keeps across reloads, restarts and crashes. It is bounded, it is written
// through to the store, and a version that is still loading works on a draft of it.
//
//	s, err := storage.Open(ctx, store, "count")
//	draft := storage.NewDraft(s) // what a version sees while it loads
//	err = draft.Set("n", "1")
//	err = draft.Publish()        // the version is live: from now on it writes through
//	err = s.Flush(ctx)           // on disk
//
// It knows no JavaScript.
//
// # Concurrency
//
// A [Storage] may be used from many goroutines at once; a [Draft] belongs to one. Nothing here starts a goroutine.
//
// # Files
//
//   - storage.go: what is kept, its bound, and how it gets to disk
//   - draft.go: what a version changes before it is live
package storage

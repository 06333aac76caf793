// Package contents has the nouns for all that a store holds, as another store takes it over when a host moves: what lies in a
// data folder comes into a database by them.
//
//	err := disk.Contents(ctx, disk.Config{Dir: dir}, func(held *disk.Held) error { // a contents.Source
//		return importing.Run(ctx, held, progress)
//	})
//
// They say more than [engine.Store] does, because numbers, times and what came of attempts stay as they are.
//
// # Concurrency
//
// A [Source] is read by one goroutine. Nothing here starts one.
//
// # Files
//
//	contents.go  Source, and what it tells
package contents

// Package source knows what lies in the plugins folder: which plugins there are, the files that a version was loaded
// from and the hash that names it, and whether any of them has another content now.
//
//	folder, err := source.Scan("/srv/plugins")    // which plugins there are, and what to watch
//	graph := source.NewGraph("/srv/plugins")      // the files that one version reads, each once
//	text, missing, err := graph.Read(folder.Entries[0].Path)
//	version := graph.Freeze()                     // a hash of what was read
//
// It runs nothing. It is the only room that hears of the file system's events.
//
// # Concurrency
//
// A [Graph] and a [Watcher] may be used from many goroutines at once. A watcher has one goroutine, started by
// [NewWatcher] and ended by Close, which waits for it.
//
// # Files
//
//   - scan.go: the entries of the folder, their names, and what is no plugin
//   - stray.go: what looks like a plugin and is none
//   - seen.go: what a version has read, without the texts
//   - graph.go: the files of one version, its hash, and whether the disk has changed
//   - watch.go: the events of the file system; the polling interval, for file systems without any
//   - tests.go: which files are tests
//   - overlay.go: texts that are not saved, in the place of those on disk
//   - kept.go: the source of versions that ran, as it is kept in the store for replays
package source

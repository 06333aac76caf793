// Package folder is the plugins folder as people work on it: its files are listed, read, saved, renamed and removed. The
// files on disk are the truth, and others change them at the same time: editors, deployments, git.
//
//	f := folder.New(folder.Config{Dir: "/srv/plugins"})
//	file, err := f.File("daily.js")
//	saved, err := f.Save("daily.js", scripts.Save{Text: text, Version: file.Version}) // *scripts.ConflictError: it has changed
//
// # What is never done
//
// Nothing outside of the folder is read or written, through a link neither: all goes through [os.Root]. A save never
// overwrites a version that its author has not seen. Where the system can, the new file and the old one change places in one
// step, and what has come out is compared with what was expected: when it is something else, both go back. Elsewhere the
// comparison comes right before the step. A file is never seen half written: it is written beside, under a name that the host
// does not look at, and is on disk before it takes its name.
//
// # Concurrency
//
// A [Folder] may be used from many goroutines at once. Its own changes follow each other.
//
// # Files
//
//   - folder.go: Folder, and the list of files
//   - name.go: what a path may be
//   - file.go: reading a file
//   - text.go: line ends and marks
//   - save.go: saving a file
//   - replace.go: the step in which a file takes its name
//   - exchange_linux.go: the same in one step that nothing comes between
//   - exchange_other.go: for systems without it
//   - access_unix.go, access_other.go: whether the folder can be written, and who else writes
//   - remove.go: removing files and folders
//   - rename.go: other names
//   - tree.go: what is in a folder, and its version
//   - template.go: plugins made from templates
//   - remembered.go: texts that were handed out, for conflicts
package folder

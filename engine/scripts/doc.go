// Package scripts is what people do with the scripts of a running host: look at the files, change them, and check, try and
// test what is not saved yet. It has the words for that and no more: the host's scripts are an [Editor], which package
// scripting makes, and HTTP for it is in engine/admin.
//
//	saved, err := editor.Save("daily.js", scripts.Save{Text: text, Version: file.Version})
//	if conflict, ok := errors.AsType[*scripts.ConflictError](err); ok { ... } // the disk has something else by now
//
// The types are written as JSON as they stand here; openapi.yaml of engine/admin describes them.
//
// # Names
//
// A path is relative to the plugins folder, with slashes: daily.js, daily/index.ts. The version of a file is 16 hex digits,
// over its bytes; that of a folder is over the names and versions of all in it; that of a plugin, with 8, is the one in the
// log. Lines and columns count from 1, columns in UTF-16 units; zero is not known.
//
// # Concurrency
//
// An [Editor] may be used from many goroutines at once. Values that were handed over are only read afterwards.
//
// # Files
//
//   - editor.go: Editor, and the errors that it returns
//   - file.go: the folder, its files, and changes of them
//   - draft.go: drafts, and what checks, tries and tests say
//   - surface.go: the names that scripts find
package scripts

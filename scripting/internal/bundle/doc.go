// Package bundle makes one program for goja from the files of a plugin: modules, TypeScript and packages of npm become
// plain code in memory, and every position in it leads back to the author's own line.
//
//	b, err := bundle.Build(bundle.Options{Root: dir, Entry: file, Look: graph.Read, Name: graph.Name})
//	program, err := b.Code.Compile() // a *goja.Program
//
// It is the only room that uses esbuild, and it reads nothing but through Look. What is wrong with a plugin is an [Error]
// that names file, line and column.
//
// # Concurrency
//
// Build may be called from many goroutines at once. esbuild runs its own goroutines while it lasts.
//
// # Files
//
//   - bundle.go: scripts and modules, and what each becomes
//   - build.go: one run of esbuild
//   - code.go: the code that comes out, parsed and compiled
//   - shadow.go: scripts whose names hide globals from what they require
//   - bound.go: files that are too deep or too large for a parser
//   - plain.go: scripts that need nothing of all this
//   - load.go: how files are read
//   - resolve.go: what a name in require or import means
//   - path.go: paths that must not leave the folder
//   - package.go: package.json and its exports
//   - host.go: modules that the host provides, and those it refuses
//   - exports.go: what a module exports
//   - builtins.go, builtins.js: what scripts parse and make themselves, within bounds
//   - made.go: names of modules that are made when a script runs
//   - dialect.go: which version of the SDKs a plugin was written for, by the names in it
//   - lower.go: syntax that goja does not know
//   - arguments.go: arguments in arrow functions, which goja gets wrong
//   - regexp.go: regular expressions, which goja gets wrong in places
//   - dates.go: texts of which dates are made, which goja gets wrong in places
//   - filename.go: __filename and __dirname
//   - gaps.go: what goja lacks of the standard library
//   - tree.go: walking goja's syntax tree
//   - sourcemap.go: from generated positions to the author's
//   - sourcemap_shift.go: source maps after the code has moved
//   - error.go: what is wrong with a plugin, for people
package bundle

// Package node gives scripts the modules of Node: crypto, events, stream and the others that packages of npm build on.
//
//	programs := node.NewPrograms() // once for a host
//	modules := node.New(&node.Options{VM: vm, Programs: programs, Process: process})
//	events := modules.Require("events")
//
// What is JavaScript lies in dist, one file for a module. The test of this package makes these files of those in src and
// of packages of npm, whose versions the lock file in packages pins:
//
//	go generate ./scripting/internal/node
//
// A module is compiled when a script of the host first names it, and run when one of a machine does. Those that cannot
// exist, such as fs, are there for packages that need them for some of what they do: each of their functions throws, and
// says what to do instead.
//
// # What is written here
//
// unenv is for what nobody needs to work. Where it only stands in, others or ours take its place: its util.inspect is JSON, so
// that texts are those of the console; its EventEmitter is a class, which old code cannot call without new, so that events is
// npm's; its streams read nothing, so that they are readable-stream's, which is Node's own; its hashes throw, so that they are
// Go's; it has no HTTP client. What it has of url, querystring, punycode, async_hooks and constants is used.
//
// # Concurrency
//
// [Programs] may be used from many goroutines at once; [Modules] belongs to the goroutine of its machine.
//
// # Files
//
//   - node.go: the modules of one machine
//   - table.go: which modules there are, and what to do instead of those that cannot exist
//   - programs.go: the compiled programs
//   - native.go: the Go half of modules
//   - crypto.go: hashes, random values and derived keys
//   - derive.go: scrypt, and keys that are made
//   - cipher.go: AES
//   - keys.go: public and private keys
//   - zlib.go: gzip and deflate
//   - src: what is written here; dist: what is made of it and of packages, and the licenses of these
package node

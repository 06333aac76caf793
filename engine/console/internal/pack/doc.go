// Package pack makes the files of the console's page from their sources. It has tests only: one bundles ui with the packages of npm
// that the lock file there pins, and fails when dist holds something else, and with a flag writes it:
//
//	go generate ./engine/console
//
// Nothing is installed to build or to run Trackhook: dist is built in, as it stands in the tree. The packages are installed into a
// folder of the user's cache, and the bundler is the library that plugins are bundled with.
//
// # Files
//
//   - doc.go: this comment
package pack

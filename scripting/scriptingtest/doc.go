// Package scriptingtest runs one plugin against given responses, without a server, a queue or a disk beyond a
// temporary folder: write down what the server answers, and see what the script prints and tracks.
//
// # Concurrency
//
// Tests are independent of each other and may run in parallel. Test.Run starts one goroutine, for the host, and waits
// for it.
package scriptingtest

// Package proctest tells benchmarks how long processes have run on processors.
//
//	before := proctest.CPU("self")
//	work()
//	used := proctest.CPU("self") - before
//
// # Files
//
//   - proctest.go: the time of any process
package proctest

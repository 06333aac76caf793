// Package storetest is the suite that every [engine.Store] must pass: the contracts of engine/store.go, one test each,
// and a model test that compares a store with a simple one in memory over random histories.
//
// A store's own test calls it with a function that makes an empty store and returns how to open it:
//
//	func TestStore(t *testing.T) {
//		storetest.Run(t, func(t testing.TB) storetest.Opener {
//			dir := t.TempDir()
//			return func() (engine.Store, error) { return disk.Open(disk.Config{Dir: dir}) }
//		})
//	}
//
// [RunCluster] is the half about stores that several hosts have open at once: order, acceptance exactly once, and no settlement
// by a host that has lost what it settles. [RunAlone] shows that a store of one host refuses to be opened twice.
//
// The suite closes what it opens. It waits for real time, never longer than a few hundred milliseconds in a test.
//
// Tests of what only one store has, such as crashes, build on [History], which makes random steps and knows at any time
// what the store must hold, and on [Contents], which reads what it does hold.
//
// # Concurrency
//
// Tests run one after the other. Some call a store from several goroutines at once, and wait for all of them. A [History]
// makes its steps on one goroutine; only [History.Models] may be called from others meanwhile.
//
// # Files
//
//	suite.go             Run: the list of all tests
//	harness.go           a store that can be opened again, and calls that end a test when they fail
//	samples.go           packages and settlements for tests
//	queue_append.go      tests of Append
//	queue_lease.go       tests of Lease
//	queue_limit.go       tests of Limit, and of apps that take turns
//	queue_hasten.go      tests of Hasten
//	queue_settle.go      tests of Settle
//	queue_wait.go        tests of heads that wait for a session of their device
//	log.go               tests of Read, Enroll and Commit
//	log_forget.go        tests of Forget
//	values.go            tests of values
//	inspect_packages.go  tests of Packages, Package and History
//	inspect_lanes.go     tests of Lanes
//	inspect_change.go    tests of Retry and Drop
//	inspect_counts.go    tests of Counts
//	inspect_runs.go      tests of Runs
//	store.go             tests of Stats and Close
//	model.go             Model: what a store should hold, and how steps change it
//	contents.go          Contents: what a store does hold
//	cluster.go           RunCluster and RunAlone: several stores open on the same data
//	cluster_queue.go     tests of several hosts that append and lease
//	cluster_settle.go    tests of settlements by a host that has lost what it settles
//	cluster_own.go       tests of names that one host has at a time
//	cluster_inspect.go   tests of what a host sees and changes of the others
//	cluster_history.go   random steps of several hosts, some of which are lost
//	history.go           History: random steps on a store and its model
//	history_step.go      what these steps are
package storetest

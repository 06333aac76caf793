// Package memory is the store for tests, and for programs that embed the engine and need no disk. It keeps every contract
// of [engine.Store] except that nothing survives the process, and passes the same suite as the store on disk.
//
//	store := memory.New()
//	eng, err := engine.New(engine.Config{Store: store, Deliverer: deliverer})
//
// Tests of what works on a store see and feed it without an engine: [Store.Log] writes responses as if something had been
// sent, [Store.WaitEnroll] and [Store.WaitCommit] wait for a listener, [Store.Accepted], [Store.Dead] and
// [Store.Committed] tell what has happened.
//
// Nothing is ever removed: packages that have left the queue and the whole log stay in memory, so that a test can ask
// for them. A lease looks at every lane that holds packages. That suits runs of minutes and some hundred thousand
// packages; a host that runs for days needs engine/disk.
//
// # Concurrency
//
// All methods may be called from many goroutines at once; one mutex guards everything. There is one go statement, for what a
// [Host] owns by name; it ends when that is released or lost. A
// call that waits looks again at every change of the store, and when the next package becomes due.
//
// # Shutdown
//
// Close ends the calls that wait, and all later calls of [engine.Store], with an error that wraps [engine.ErrClosed]. The
// methods for tests go on telling what the store holds. There is no opening again.
//
// # Files
//
//	store.go    Store and New, waiting for a change, Stats and Close
//	queue.go    the queue: Append, Lease, Limit, Hasten, HastenLane, Settle
//	log.go      the log and its cursors: Read, Enroll, Commit, Cursors, Forget, Last
//	values.go   values: Value, Values, SetValues
//	inspect.go  the inspector: Packages, Lanes, History, Retry, Drop, Counts, Runs
//	page.go     pages of lists that stay right while rows come and go
//	testing.go  what tests alone need: Log, WaitCommit, WaitEnroll, Committed, Accepted, Dead
//	cluster.go  Cluster: the same store, opened by several hosts
package memory

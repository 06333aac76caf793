// Package engine holds the nouns, the rules and the two loops of Trackhook. READ FIRST.
//
// # The life of a package
//
// A [Package] is one activity: a session, an event, ad revenue, or the wish to be forgotten. [Engine.Track] checks it and
// appends it to the [Store]; when Track returns nil, it is on disk. Packages of one device wait in one lane, in the
// order in which they were accepted. The sending loop ([Engine.Run], send.go) leases the heads of lanes that are due,
// lets the [Deliverer] make one attempt for each, asks the [Schedule] what follows (retry.go), and settles: in one
// durable step the store logs the [Response] and removes, re-queues or buries the package. The listening loops
// ([Engine.Listen], listen.go), one for each [Listener], read the log at their own pace, each with a cursor on disk.
//
// Nothing joins the two loops but the store: a slow listener delays only itself, a broken one loses nothing, and a
// listener that tracks a new package cannot deadlock.
//
// # Guarantees
//
//  1. A package that Track accepted is on disk, fsynced. No kill and no power cut loses it.
//  2. Packages of one device are attempted in the order in which they were accepted, one at a time. Devices do not wait
//     for each other.
//  3. Every attempt leaves a response in the log. Every listener is handed every response that was logged since it was
//     first enrolled, in the order of the log, at least once; twice only after a crash.
//  4. A package leaves the queue as delivered, as a duplicate, or as a dead letter, and in no other way.
//  5. Memory grows with the number of lanes that are being worked on, not with the queue.
//
// They hold for every store that passes the suite in engine/storetest. A package is sent twice only when the answer to
// the first attempt was lost: by the network, by a kill, or by a store that could not record it.
//
// # The house
//
// This package imports the standard library and zerolog. Each thing that the world can be made of has a folder of its
// own that imports this package and is never imported by it; the command ties them together. A test in this package
// holds the table:
//
//	engine                                        zerolog
//	engine/disk, adjust, ingest, admin, sandbox   engine, and what each needs for its own job
//	engine/storetest                              engine
//	scripting                                     engine; the only one with goja and fsnotify
//	cmd/trackhook, examples                       all of them, and a library for commands
//
// # Concurrency
//
// Everything exported may be used from many goroutines at once; values that were handed over ([Package], [Response]) are
// only read afterwards. Run and Listen block, and the caller says go. The go statements of this package are all in
// Run: Config.InFlight workers, which end when Run's context has ended and the attempt in hand is over, and one that
// settles, which ends after the workers. Run waits for them all.
//
// # Shutdown
//
// The order is: stop taking in (the caller stops its servers), end Run's context (it stops leasing, lets attempts in
// flight finish for at most Config.Drain, and settles them with a context that is not cancelled), end the contexts of the
// Listens (each finishes the call in hand and commits its cursor), and [Engine.Close], which waits for all of that,
// closes the store, and reports what is still queued. Nothing queued is dropped by a shutdown. After a kill, the next
// start finds everything in the store; attempts that were in flight are made again.
package engine

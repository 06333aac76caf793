// Package engine holds the nouns, the rules and the two loops of Trackhook: it takes packages in, keeps them in a store,
// sends them in order and as often as it takes, and hands what came of it to listeners. Read this first.
//
//	eng, err := engine.New(engine.Config{Store: store, Deliverer: deliverer})
//	go eng.Run(ctx)                  // sends until ctx ends
//	go eng.Listen(ctx, listener)     // one for each listener
//	err = eng.Track(ctx, engine.Package{Kind: engine.KindEvent, App: app, Params: params}) // nil: it is on disk
//	stats, err := eng.Close()        // shuts down, and says what is still queued
//
// # The life of a package
//
// A [Package] is one activity: a session, an event, ad revenue, the wish to be forgotten, or what may be shared of a device. [Engine.Track] checks it and
// appends it to the [Store]; when Track returns nil, it is on disk. Packages of one device wait in one lane, in the
// order in which they were accepted. The sending loop ([Engine.Run], send.go) leases the heads of lanes that are due,
// lets the [Deliverer] make one attempt for each (attempt.go), asks the [Schedule] what follows (retry.go), and settles:
// in one durable step the store logs the [Response] and removes, re-queues or buries the package. The listening loops
// ([Engine.Listen], listen.go), one for each [Listener], read the log at their own pace, each with a cursor on disk.
//
// Nothing joins the two loops but the store: a slow listener delays only itself, a broken one loses nothing, and a
// listener that tracks a new package cannot deadlock.
//
// # What is not sent just now
//
// Between leasing and sending stands the governor (govern.go, admit.go). It makes no attempt that would be wasted, and a
// head that is not attempted stays where it is: it is parked for a moment, or returned to its lane, or not leased at
// all, because the governor tells the store by [Queue.Limit] how many leases of an app are worth having. No response is
// logged and no callback runs for it.
//
//   - A blocked app (pause.go). The first [Blocked] response pauses its app alone, with one alarm and one callback; what
//     is in flight meanwhile and is refused, too, is logged as a repeat and due again at once. On the clock
//     Schedule.Blocked one lane probes. The first answer that takes the app releases it: one attempt at a time, then two,
//     four and so on. A probe without an answer proves nothing. A restart goes on with the probe: the store's values in
//     the space "engine/paused" tell which apps were blocked.
//   - An app that sends too much. The package of a 429 waits as long as the server says. When more of them come than may
//     be chance, one with a time holds the app back for that time, at most Schedule.Blocked.Max, and then the app comes
//     back like a released one. Each 429 takes one attempt off what the app may have in flight, and answers that take the
//     app give them back. One now and then slows the app a little, and nobody is told; see slowed in pause.go. Where the
//     Gate finds out how many attempts a server takes, that number meets refusals first, and the app has more credit.
//   - An endpoint that is down. A [Gate] says how many attempts each endpoint may have in flight: none while it is down,
//     one for a probe, few after a recovery, and fewer when it answers slowly. While there is little room it goes to the
//     packages that were tried least: those of devices for which the server always fails are due before all that is new,
//     and tell nothing. Heads whose time came during the outage come out at that pace; those that were attempted have the
//     jitter of their back-off besides. An app is limited by the endpoint of its events; erasure requests may have
//     another, and return to their lanes while that one is down.
//   - A device without a session, where Config.HoldEvents says so (attempt.go). The head is returned as one that waits: a
//     session overtakes it, and the session's acceptance makes it due at once. After Schedule.DeviceLimit it becomes a
//     dead letter with the outcome [WaitForDevice]. The same clock ends the wait of a package to which the server said
//     that it does not know the device.
//
// Who has mended something need not wait for these clocks: [Engine.Probe] and [Engine.ProbeEndpoint] have an app or an
// endpoint tried now, with all that waits for a later time, and begin with one attempt.
//
// [Engine.Health] tells all of that, and Config.Hooks hear of the changes.
//
// # Clocks
//
// Ages of packages are in wall time: they are compared with days. Everything that waits is computed with the monotonic
// clock: the due times of settlements carry its reading, so that a store can wait the right time whatever the system
// clock does, and the governor's times never leave the process. A system clock that jumps an hour moves the times that
// people read, and makes ages wrong by an hour, which is little beside 28 days. Times that this host gives to packages
// never go back with it, because the server refuses an event that is older than the last of its device (stamp.go).
//
// # Guarantees
//
//  1. A package that Track accepted is on disk, fsynced. No kill and no power cut loses it.
//  2. Packages of one device are attempted in the order in which they were accepted, one at a time. Devices do not wait
//     for each other.
//  3. Every attempt leaves a response in the log. Every listener is handed every response that was logged since it was
//     first enrolled, in the order of the log, at least once; twice only after a crash.
//  4. A package leaves the queue as delivered, as a duplicate, or as a dead letter. Only a person can drop it, and that
//     leaves a response in the log, too.
//  5. Memory grows with the number of lanes that are being worked on, not with the queue. An app holds at most four times
//     Config.InFlight leases, beside those of attempts that hang from before an outage or a probe.
//
// They hold for every store that passes the suite in engine/storetest; the first needs a disk, which engine/memory has
// not. A package is sent twice only when the answer to the first attempt was lost: by the network, by a kill, or by a
// store that could not record it.
//
// # The house
//
// This package imports the standard library and zerolog. Each thing that the world can be made of has a room of its own,
// which imports this package and is never imported by it; the command ties them together. A test in this package holds
// the table of who may import what.
//
//	engine            the nouns, the rules and the two loops
//	engine/disk       the store on disk, which a host uses; below it its rooms: the data folder, the bytes of keys and values,
//	                  the wall around Pebble, reading over damage, what is in memory, the repair of a store
//	engine/postgres   the store in PostgreSQL, for several hosts; below it a server for its tests
//	engine/contents   the nouns for all that a store holds, for one that takes it over
//	engine/memory     the store for tests, and for programs that need no disk
//	engine/storetest  the suite that every store must pass
//	engine/nodetest   what only tests of several rooms use: Node.js, and packages of npm
//	engine/proctest   how long processes have run, for benchmarks
//	engine/adjust     HTTP out: Adjust's S2S protocol, its answers, its servers
//	engine/ingest     HTTP in: packages from clients
//	engine/admin      HTTP for operators, and its client
//	engine/scripts    what people do with scripts while a host runs them: the words for it
//	engine/site       keeps web pages out of the doors
//	engine/console    the page at /console/, and signing in to it; below it what the page is made with
//	engine/metrics    what Prometheus is told
//	engine/sandbox    a stand-in for Adjust's server
//	scripting         plugins: the only part of the house that runs JavaScript
//	plugins           what users drop their scripts into, with the one that is shipped
//	cmd/trackhook     the command: configuration, the assembled host, all that a shell can ask for
//	examples          the library in a few lines, scripts, a balancer before several hosts, and a soak test
//
// # Concurrency
//
// Everything exported may be used from many goroutines at once; values that were handed over ([Package], [Response]) are
// only read afterwards. Run and Listen block, and the caller says go. The go statements of this package are all in
// send.go, belong to one Run, and Run waits for them all:
//
//   - the workers, which make the attempts. One is started when an attempt may be made and no other is free, so there are
//     about as many as attempts were ever in flight at once: at most Config.InFlight for each endpoint. They end when the
//     leasing has ended and the attempt in hand is over;
//   - one that settles, which ends after the workers;
//   - where several hosts have the store open, one for each app that is blocked, which waits for this host's turn to probe
//     it. They end with Run's context;
//   - the watcher's, which looks at the queue every few seconds on behalf of people. It ends with Run's context;
//   - the governor's, which alone calls Limit, logs and calls the hooks for apps and endpoints, and waits for probes. It
//     ends after the one that settles, and takes its limits back from the store.
//
// The governor's state is guarded by one lock, under which nothing is called but the Gate. A worker that has changed what
// an app may do waits until the store knows it before it settles.
//
// # Shutdown
//
// The order is: stop taking in (the caller stops its servers), end Run's context (it stops leasing, lets attempts in
// flight finish for at most Config.Drain, and settles them with a context that is not cancelled), end the contexts of the
// Listens (each finishes the call in hand and commits its cursor), and [Engine.Close], which waits for all of that,
// closes the store, and reports what is still queued. Nothing queued is dropped by a shutdown. After a kill, the next
// start finds everything in the store; attempts that were in flight are made again. So are those that Drain has cut
// short, revenue included: see cutShort in shutdown.go.
//
// # Files
//
//	config.go    Config and Schedule, with their defaults
//	engine.go    Engine: New, Track
//	package.go   Package, Kind, App, Lane
//	identity.go  the identifiers of devices, and what is none
//	check.go     what Track takes: the checks of a package, and their limits
//	address.go   IP addresses of devices, as servers and proxies write them
//	when.go      times in the forms of ISO 8601 that programs write
//	id.go        IDs of packages
//	stamp.go     times of packages, in order although the clock is set back
//	store.go     Store: the contracts of the queue, the log and the values
//	share.go     Sharer: the contract of stores that several hosts have open at once; Alone
//	inspect.go   Inspector: what operators may ask of a store
//	deliver.go   Deliverer: the contract of one attempt
//	gate.go      Gate: the contract of what knows servers
//	response.go  Response and Outcome
//	send.go      Run: the sending loop
//	attempt.go   what happens around one attempt
//	renew.go     Reschedule and Renew: clocks and tokens that are replaced while the engine works
//	probe.go     Probe and ProbeEndpoint: what people want to be tried now
//	retry.go     Backoff, and Plan: what follows from a response
//	govern.go    the governor: which leases become attempts
//	own.go       the governor: which host probes a blocked app
//	admit.go     the governor: a lease from its offer to its end
//	pause.go     the governor: blocked and slowed apps
//	held.go      packages of apps that are not served, and Adopt
//	dead.go      what people are told of dead letters
//	stall.go     what people are told of endpoints where nothing is delivered
//	oldest.go    the package that has waited longest
//	watch.go     the watcher: what people are told of the queue
//	listen.go    Listener and Listen: the listening loop
//	lost.go      what listeners have lost
//	limits.go    how many attempts endpoints take
//	health.go    Health and Hooks: what keeps packages from being sent
//	shutdown.go  Close, Config.Drain, attempts that are cut short
//	wait.go      Wait, and UntilTick: waiting for a time
//	errors.go    errors, and Quote for their texts
package engine

// Package postgres keeps the queue, the log and the values of an engine in a PostgreSQL database, 14 or newer, which several
// hosts have open at once: it is the [engine.Store] of a cluster.
//
//	store, err := postgres.Open(ctx, postgres.Config{URL: "postgres://trackhook@db.example/trackhook"})
//
// SCHEMA.md describes the tables. The statements are in sql, one below each name; the steps that make the tables are in
// migrations.
//
// # Who owns what
//
// Lanes are divided into partitions by a hash of their key, 64 as a rule, and each partition belongs to one host. A host is a
// row of the table hosts, made when it opens the store; it renews the row at a third of the lease. One that is late is
// declared lost by any other, for ever: it owns nothing any more, and its process, should it go on, begins anew with another
// row. So a host loses all that it owns at once, and the fence is one row: every change of the queue updates the row of its
// host in the same transaction, in which it fails when the host was declared lost, and holds up whoever wants to declare
// that. The epoch of a partition counts its owners; nothing depends on it.
//
// A host stops believing in its lease a tenth of it before the database does, by its own monotonic clock, which it read
// before it asked: no clock of another machine is compared with it. [Store.Holds] says so to the sender right before each
// attempt. When the database answers again and nobody has declared the host lost, it goes on with what it holds.
//
// Hosts that ask for leases have shares of the partitions; one that only accepts, or looks, owns none. A host that has more
// than its share hands some over to one that has fewer: it leases nothing more of them, and
// gives each away as soon as nothing of it is leased. At Close it gives away everything and tells the others.
//
// Lanes that were in flight at a host that was lost rest for as long as an attempt takes at most, so that nothing that is
// still on its way arrives behind its successor. Which these are is noted in flights before leases are handed out, without
// waiting for the disk, and only while there is another host.
//
// # What is in memory
//
// The book knows lanes that may have something to lease, as hints: what is next in a lane is read, by an index, when it is
// its turn, and a hint that was wrong costs that look. Hints come from four sources. A host that accepts a package of a
// partition that it owns hints itself. Of other packages it reads the streams: each host numbers what it accepts, and commits
// in the order of its numbers, so that a reader that is past a number has seen all before it; numbers of a sequence that
// all hosts share would be seen out of order. Lanes whose front was attempted or given back are in an index by due time.
// And a lane that was leased is looked at again when something was behind its front.
//
// An app has at most a window of lanes in the book. What does not fit is read when there is room again, so memory does
// not grow with the queue and a store opens at once.
//
// # How a call becomes durable
//
// One goroutine appends, as many packages in one statement as have come in meanwhile. One caller at a time settles, all of
// its call in one transaction, which is sent as a whole: a round trip. Nothing is open while anything waits. When a
// connection dies during a commit, nobody knows whether it was one: packages are appended again, because known IDs are
// skipped, and the row of the stream counts, which tells this host that it must look for what it has not heard of; a change of
// the queue is numbered and marked in the row of its host, which tells at the next one. Both rows also make one follow on the
// other that is still under way on the server.
//
// The log is numbered by one row, which is taken last in the transaction and held until its end. Numbers are then committed
// in their order and have no gaps, which a sequence cannot promise; what that costs is measured in the benchmark of the
// log's numbers. Parts of the log are tables, which are dropped whole, unless they take long to fill.
//
// A commit never notifies, because commits that do wait for each other. What the others should know is told by a
// transaction of its own, several things at once, and everybody looks for himself every second.
//
// # Times
//
// The time is that of the database. Packages that this process has given a time get that of the statement that stores them;
// due times are counted from the database's present, which a host knows from its last renewal and its monotonic clock.
//
// # When the database is away
//
// One statement that finds out tells all others: those under way are ended, new ones fail at once after a moment of waiting, and a
// goroutine looks for the database until it is back. Then all that waits goes on, at once. Leasing, reading and owning wait for as
// long as it takes, settling for a while, and accepting for two seconds; what fails wraps [engine.ErrUnavailable]. A server
// that cannot be written is no database, so with several servers in the address, the one is found that has taken over.
//
// After the database was away nobody is declared lost before the others have had a lease of time to renew.
//
// # Concurrency
//
// All methods of [Store] may be called from many goroutines at once. What is known in memory is guarded by one mutex, under
// which nothing waits. [Open] starts seven goroutines, which end and are waited for in [Store.Close]: appendLoop appends,
// ownLoop renews and shares, listenLoop hears the other hosts, notifyLoop tells them, orderLoop does what they ask, maintainLoop
// counts, shortens the log and drops what is too old, and one looks for a database that is away. The pools of connections have goroutines of their own, which end with them.
//
// # Taking over another store
//
// An [Import] brings all that another store holds into a schema that is empty. It writes some of it at a time, in transactions that
// each note in settings how far it is, so that one that was interrupted goes on; while it is not complete, no host starts.
//
// # Shutdown
//
// [Store.Close] refuses new calls, ends those that wait for something to happen with [engine.ErrClosed], lets the others
// finish, gives everything that this host owns to the others, and disconnects.
//
// # Files
//
//	config.go    Config, with its defaults
//	connect.go   the connections, what the server must be, and what it may lose
//	door.go      how statements run
//	away.go      a database that is away, and back
//	store.go     Store, Open, Close, and how calls enter
//	sql.go       the statements
//	migrate.go   the schema, made and brought up to date, and what there is of it, for people
//	codec.go     packages and responses as bytes
//	clock.go     the time of the database
//	apps.go      numbers of apps, hashes of lanes, event tokens that are counted
//	errors.go    what an error means, and what a person can do when the database cannot be opened
//	lanes.go     the book: lanes that may have something to lease
//	streams.go   the book: how far was read what hosts have accepted
//	host.go      this host: its start, its renewals, and those that were lost
//	shares.go    partitions, taken and handed over
//	claims.go    what is owned by name
//	cluster.go   what the engine asks about hosts
//	notify.go    what hosts tell each other
//	append.go    Append
//	lease.go     Lease and Limit
//	hints.go     the book, filled from the database
//	fronts.go    what is next in lanes
//	hasten.go    Hasten and HastenLane
//	settle.go    Settle, and the fence
//	columns.go   what a settlement changes, as its statements take it
//	log.go       Read, Enroll, Commit, Cursors, Forget, Runs
//	values.go    values
//	stats.go     Stats, and refusing what is too much
//	inspect.go   lists of packages
//	package.go   one package and its history
//	lanelist.go  lists of lanes
//	counts.go    devices and counts
//	edit.go      Retry, Drop
//	orders.go    what is asked of the host that owns the lanes
//	maintain.go  what one host does for all: dead letters that are too old, and more
//	parts.go     parts of the log
//	trim.go      responses that are too old or too much
//	import.go    Import: what another store holds, brought into an empty schema
//	import_rows.go
//	             the rows that an import writes
package postgres

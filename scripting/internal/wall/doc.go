// Package wall keeps a host and its scripts in different processes: it starts a worker process for a version of a plugin,
// hands responses over, does for it what it asks for and may have, and says what ended it.
//
//	v, graph, err := wall.Start(ctx, &wall.Config{Command: []string{"trackhook", "worker"}, Start: wire.Start{Plugin: "count", Entry: file, ...}, ...})
//	handled, err := v.Handle(ctx, responses)
//
// A process that dies is the version's and nobody else's: a fresh one takes over, after a pause that grows. Which response it
// was working on is known once responses go over one by one, as they do after a death; one that has ended two processes is
// set aside, which is a failed run. What dies while it loads is an error of the load.
//
// Versions with a [Pool] share a process. A worker lets few of them run at once, and notes in a file which: those are the
// suspects when it dies. Each gets a process of its own, where all is as above; one that behaves there comes back after a while.
// The others start again together, and nothing is held against them.
//
//	host: queue, HTTP, store, admin     worker (shared, or of one plugin): goja, esbuild
//	  Version a ─┐                        ┌─ worker a ── instance a
//	  Version b ─┼── house ═══ pipes ═════┼─ worker b ── instance b
//	  Version c ─┘     │     (channels)   └─ worker c ── instance c
//	                   └ reads who ran ◄──── board (a file without a name)
//	  to the worker: Load, Handle, Stop, Retire, Close, Answer    from it: Loaded, Handled, Progress, Line, Call, Retired
//	  a Call is about files of the plugin, its localStorage, devices and their locks, and packages to track
//
// A [Spare] is started ahead and holds nothing, so that a save and the end of a process wait for none to be started.
//
// What a worker asks for is checked as if it came from the script itself: it may be the script's by then.
//
// # What holds on which system
//
// Linux: the process ends with the thread that has started it. Memory is bounded by RLIMIT_DATA, and exactly by the host, which looks
// at what is resident five times a second. Cgroups are not used: only a host that was given a subtree of its own may make them, which
// most containers mount to be read only, and it would have to move itself to a leaf of that first, because memory is given out only
// where no process is. What they would bound beside is what a process takes between two looks, and RLIMIT_DATA does that. Windows: a job object ends the process with the host, lets it start no others, and bounds
// what it commits; below that the process watches its own memory. macOS and others: the process ends when its pipe closes, and
// watches its own memory; nothing bounds what it has in the moment between two looks. Files and system calls are kept from it on
// Linux alone.
//
// # Concurrency
//
// The methods of a [Version] may be called from many goroutines at once, save Handle, which is for one at a time. A process
// has three goroutines: one reads what it says, one starts it and waits for its end, and one watches its memory. A version has
// one that waits until its process has gone, and one while it retires; a call that it makes has one while it lasts.
//
// # Files
//
//   - config.go: what a version runs with, the default of its memory, and its other bounds
//   - version.go: a version in processes, from one to the next
//   - report.go: what a version tells about itself
//   - handle.go: responses, handed over, and what came of them
//   - peers.go: the versions of one plugin, and what they tell each other
//   - spare.go: the process that is started ahead
//   - pool.go: the process that plugins share, and who is out of it
//   - process.go: what a version has of a process
//   - house.go: one process of the system
//   - watch.go: how much memory it has, who moves out of it, and when it is ended
//   - board_linux.go, board_windows.go, board_other.go: the file in which a process notes who runs
//   - process_linux.go: what the system does for that
//   - process_windows.go: the same there: a job object
//   - process_other.go, cell_other.go: the same where it does less
//   - serve.go: what a process may ask for
//   - death.go: what ended a process, and which response is to blame
//   - errand.go: something that a process does once
//   - lines.go: what it prints, and how much of that
package wall
